"""What the API of recordings returns."""

from uuid import UUID

from pydantic import BaseModel, Field


class RecordingOut(BaseModel):
    """A recording that was stored; a speaking response refers to its `id`."""

    id: UUID = Field(examples=["01a20523-42ed-7032-ab00-64843a6dbddd"])
