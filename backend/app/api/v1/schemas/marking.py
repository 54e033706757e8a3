"""What the API of marking takes and returns."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.api.v1.schemas.answers import RESPONSE_EXAMPLES, TextsOut
from app.api.v1.schemas.curriculum import CursorPage, LevelOut
from app.core.pagination import KeysetPage
from app.domain.marking.marks import MAX_COMMENT_LENGTH, MAX_TEXT_LENGTH, Marking
from app.questions.documents.base import ChoiceId
from app.questions.marked import Criterion
from app.questions.types import Response

_RUBRIC = [
    {
        "id": "task",
        "name": {"en": "Answers the task", "id": "Menjawab tugas"},
        "points": 4,
    }
]
Comment = Annotated[str, Field(max_length=MAX_COMMENT_LENGTH, pattern=r"^[^\x00]*$")]

Corrected = Annotated[str, Field(max_length=MAX_TEXT_LENGTH, pattern=r"^[^\x00]*$")]


class MarkIn(BaseModel):
    """Points for every criterion of the question's rubric, and what to tell the learner."""

    model_config = ConfigDict(extra="forbid")

    points: dict[ChoiceId, int] = Field(
        description="By the criterion's id, from 0 to its most.", examples=[{"task": 3}]
    )
    comment: Comment | None = Field(None, examples=["Ceritanya jelas. Periksa lagi bentuk lampau."])
    corrected: Corrected | None = Field(
        None, description="An essay as it should be.", examples=["I went to Malang last week."]
    )


class MarkOut(BaseModel):
    """A teacher's mark."""

    attempt_id: UUID
    score: float = Field(description="Points of all points, from 0 to 1.", examples=[0.75])
    points: dict[str, int] = Field(examples=[{"task": 3}])
    comment: str | None = Field(examples=["Ceritanya jelas. Periksa lagi bentuk lampau."])
    corrected: str | None = Field(examples=["I went to Malang last week."])
    marked_at: datetime

    @classmethod
    def of(cls, marking: Marking) -> Self | None:
        """Return the mark of `marking`, if there is one."""
        mark = marking.mark
        if mark is None:
            return None
        return cls(
            attempt_id=mark.attempt_id,
            score=float(mark.score),
            points=mark.points,
            comment=mark.comment,
            corrected=mark.corrected,
            marked_at=mark.updated_at,
        )


class AnswerToMark(BaseModel):
    """An answer that a teacher marks. The learner is not named: marks must not depend on that."""

    attempt_id: UUID
    question_id: UUID
    type: Literal["essay", "speaking"] = Field(examples=["essay"])
    level: LevelOut
    stem: TextsOut
    rubric: list[Criterion] = Field(examples=[_RUBRIC])
    response: Response = Field(examples=RESPONSE_EXAMPLES[-2:])
    attempted_at: datetime
    mark: MarkOut | None

    @classmethod
    def of(cls, marking: Marking) -> Self:
        """Return `marking` as the API shows it."""
        attempt, question = marking.attempt, marking.question
        translation = question.translations.id
        shown: dict[str, Any] = {
            "attempt_id": attempt.id,
            "question_id": question.id,
            "type": question.type,
            "level": question.level,
            "stem": TextsOut(en=question.stem, id=translation.stem if translation else None),
            "rubric": marking.rubric,
            "response": attempt.response,
            "attempted_at": attempt.attempted_at,
            "mark": MarkOut.of(marking),
        }
        return cls.model_validate(shown)


class AnswersToMark(CursorPage[AnswerToMark]):
    """A page of answers."""

    @classmethod
    def of(cls, page: KeysetPage[Marking]) -> Self:
        """Return `page` as the API shows it."""
        return cls(
            items=[AnswerToMark.of(marking) for marking in page.items],
            next_cursor=page.next_cursor,
            previous_cursor=page.previous_cursor,
        )
