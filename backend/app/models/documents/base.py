"""What every stored document shares."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
Slug = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", min_length=2, max_length=255)
]
ChoiceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,8}$")]


class Document(BaseModel):
    """Base of every stored document: unknown keys are errors, values are immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(Document):
    """The same text in English and in Indonesian; both are required."""

    en: Text
    id: Text
