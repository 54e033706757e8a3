"""What the API of the placement test takes and returns."""

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.api.v1.schemas.answers import ATTEMPT_ID, RESPONSE_EXAMPLES, ShownQuestionOut
from app.api.v1.schemas.curriculum import BothLanguages, LevelOut
from app.api.v1.schemas.reviews import DurationMs
from app.domain.placement.test import MOST_ITEMS, Placement, Standing
from app.questions.types import Response


class PlacementAnswerIn(BaseModel):
    """The answer to the question being asked. Send the same `id` again after a failure."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="Chosen by the client, best a UUIDv7.", examples=[ATTEMPT_ID])
    question_id: UUID = Field(examples=["01a20523-42ed-7032-ab00-64843a6dbdde"])
    response: Response | None = Field(
        description="Of the question's type; null says “I don't know”.", examples=RESPONSE_EXAMPLES
    )
    duration_ms: DurationMs | None = None


class StartingUnit(BaseModel):
    """The unit to start in."""

    id: UUID
    slug: str = Field(examples=["everyday-life"])
    title: BothLanguages


class PlacementResultOut(BaseModel):
    """Where to start, and how the learner's ability was estimated."""

    level: LevelOut
    unit: StartingUnit | None = Field(description="Null when it is not there any longer.")
    ability: float = Field(
        description="On a scale on which learners have mean 0 and standard deviation 1.",
        examples=[-0.42],
    )
    standard_error: float = Field(examples=[0.29])
    finished_at: datetime

    @classmethod
    def of(cls, result: Placement) -> Self:
        """Return the result of a finished test."""
        test, unit = result.test, result.unit
        start = None
        if unit is not None:
            translation = unit.translations.id
            title = BothLanguages(en=unit.title, id=translation.title if translation else None)
            start = StartingUnit(id=unit.id, slug=unit.slug, title=title)
        return cls.model_validate(
            {
                "level": test.level,
                "unit": start,
                "ability": test.ability,
                "standard_error": test.standard_error,
                "finished_at": test.finished_at,
            }
        )


class PlacementOut(BaseModel):
    """How far a placement test is. It does not say which answers were right."""

    id: UUID
    status: Literal["open", "finished"] = Field(examples=["open"])
    answered: int = Field(examples=[3])
    most: int = Field(MOST_ITEMS, description="It has no more questions.", examples=[MOST_ITEMS])
    question: ShownQuestionOut | None = Field(description="To be answered next, while it is open.")
    result: PlacementResultOut | None = Field(description="Once it is finished.")
    started_at: datetime

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """Return the standing of a test."""
        test = standing.test
        return cls.model_validate(
            {
                "id": test.id,
                "status": test.status,
                "answered": standing.answered,
                "question": _question(standing),
                "result": PlacementResultOut.of(standing.result) if standing.result else None,
                "started_at": test.started_at,
            }
        )


def _question(standing: Standing) -> ShownQuestionOut | None:
    question = standing.question
    if question is None:
        return None
    return ShownQuestionOut.of(question, standing.options, standing.seed)
