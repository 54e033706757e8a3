"""Questions as they are asked, and answers: the hot ones are msgspec's, these describe them."""

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.api.v1.schemas.reviews import DurationMs
from app.models import Question
from app.questions.documents.base import Passage
from app.questions.types import TYPES, AnswerKey, Options, Response

RESPONSE_EXAMPLES = [{"type": name, **kind.example} for name, kind in TYPES.items()]
ATTEMPT_ID = "01a20523-42ed-7032-ab00-64843a6dbddd"


class AnswerIn(BaseModel):
    """One answer. Make `id` once and send it again after a failure: it is stored once."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="Chosen by the client, best a UUIDv7.", examples=[ATTEMPT_ID])
    question_id: UUID = Field(examples=["01a20523-42ed-7032-ab00-64843a6dbdde"])
    lesson_id: UUID | None = Field(None, description="The lesson in which it was asked, if any.")
    response: Response = Field(
        description="Of the question's type; nothing answered is a response too.",
        examples=RESPONSE_EXAMPLES,
    )
    duration_ms: DurationMs | None = None
    shuffle_seed: int | None = Field(
        None,
        ge=0,
        lt=2**31,
        description="The order in which the choices were shown, as it came with the question.",
        examples=[1_804_289_383],
    )


class TextsOut(BaseModel):
    """The same text in English and, where there is one, in Indonesian."""

    en: str | None = Field(examples=["Use “is” with he, she and it."])
    id: str | None = Field(examples=["Pakai “is” untuk he, she, dan it."])


class LessonStandingOut(BaseModel):
    """How far the learner is in the lesson now."""

    questions_attempted: int = Field(examples=[4])
    questions_correct: int = Field(description="Right at least once.", examples=[3])
    completion_percentage: int = Field(examples=[60])
    status: str = Field(examples=["in_progress"])
    just_completed: bool = Field(
        description="This answer was the last one open; the lesson's words became cards.",
        examples=[False],
    )


class DiffPieceOut(BaseModel):
    """A stretch of a typed answer beside the key, both as they were written."""

    kind: Literal["same", "missing", "extra", "wrong", "typo"] = Field(examples=["wrong"])
    expected: str = Field(examples=["goes"])
    given: str = Field(examples=["go"])


class PartOut(BaseModel):
    """What one gap, pair or sub-question earned."""

    id: str = Field(
        description="The number of a gap from 1, the left item of a pair, the id of a part.",
        examples=["1"],
    )
    is_correct: bool
    score: float = Field(examples=[1.0])
    expected: TextsOut
    feedback: list[TextsOut]
    diff: list[DiffPieceOut]
    parts: list["PartOut"] = Field(
        description="The gaps or pairs of a sub-question.", examples=[[]]
    )


class AnswerOut(BaseModel):
    """The grade, the right answer and why."""

    attempt_id: UUID
    question_id: UUID
    is_correct: bool
    score: float | None = Field(
        description="From 0 to 1; 1 is right. Null until a teacher has marked it.", examples=[1.0]
    )
    needs_marking: bool = Field(examples=[False])
    feedback: list[TextsOut] = Field(description="What to change and why.")
    diff: list[DiffPieceOut] = Field(description="What differs in a typed answer.")
    parts: list[PartOut] = Field(description="By gap, pair or sub-question, where there are any.")
    answer: TextsOut = Field(description="The right answer, to be shown.")
    answer_key: AnswerKey = Field(examples=[{"type": "multiple_choice", "choice": "b"}])
    explanation: TextsOut
    progress: LessonStandingOut | None = Field(description="Only within a lesson.")


class AttemptOut(BaseModel):
    """An answer as it was given, with its result."""

    lesson_id: UUID | None
    response: Response = Field(examples=RESPONSE_EXAMPLES[:1])
    duration_ms: int | None = Field(examples=[4200])
    shuffle_seed: int | None = Field(examples=[1_804_289_383])
    attempted_at: datetime
    run: int = Field(
        description="Graded answers in a row, this one the last, that were right within two hours; "
        "at most 10.",
        examples=[3],
    )
    result: AnswerOut


class ShownQuestionOut(BaseModel):
    """A question to be answered. Hand `shuffle_seed` back with the answer."""

    id: UUID
    type: str = Field(examples=["multiple_choice"])
    level: str = Field(examples=["A1"])
    skill: str = Field(examples=["grammar"])
    difficulty: int = Field(description="From 1 (easy) to 5 (hard).", examples=[2])
    stem: TextsOut
    options: Options | None = Field(
        description="What is offered, in the order of the seed.",
        examples=[
            {
                "type": "multiple_choice",
                "choices": [{"id": "b", "text": "is"}, {"id": "a", "text": "am"}],
            }
        ],
    )
    passage: Passage | None = Field(
        None,
        description="The text of another question, a reading, that this one is about.",
        examples=[None],
    )
    shuffle_seed: int = Field(examples=[1_804_289_383])

    @classmethod
    def of(cls, question: Question, options: Options | None, seed: int) -> Self:
        """Return a question as it is sent, its `options` in the order of `seed`."""
        translation = question.translations.id
        return cls(
            id=question.id,
            type=question.type,
            level=question.level,
            skill=question.skill,
            difficulty=question.difficulty,
            stem=TextsOut(en=question.stem, id=translation.stem if translation else None),
            options=options,
            shuffle_seed=seed,
        )
