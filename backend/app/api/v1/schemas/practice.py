"""What the practice API takes and returns. The hot answers are msgspec's; these describe them."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.api.v1.schemas.reviews import DurationMs
from app.models.documents import Response


class AnswerIn(BaseModel):
    """One answer. Make `id` once and send it again after a failure: it is stored once."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(
        description="Chosen by the client, best a UUIDv7.",
        examples=["01a20523-42ed-7032-ab00-64843a6dbddd"],
    )
    question_id: UUID = Field(examples=["01a20523-42ed-7032-ab00-64843a6dbdde"])
    lesson_id: UUID | None = Field(None, description="The lesson in which it was asked, if any.")
    response: Response = Field(
        description="Of the question's type.",
        examples=[
            {"type": "multiple_choice", "choice": "b"},
            {"type": "multiple_answer", "choices": ["a", "c"]},
            {"type": "true_false", "value": True},
            {"type": "fill_blank", "gaps": ["is"]},
            {"type": "short_answer", "text": "She is a teacher."},
            {"type": "matching", "pairs": {"l1": "r2", "l2": "r1"}},
            {"type": "ordering", "order": ["t2", "t1", "t3"]},
        ],
    )
    duration_ms: DurationMs | None = None


class TextsOut(BaseModel):
    """The same text in English and, where there is one, in Indonesian."""

    en: str | None = Field(examples=["Use “is” with he, she and it."])
    id: str | None = Field(examples=["Pakai “is” untuk he, she, dan it."])


class LessonStandingOut(BaseModel):
    """How far the learner is in the lesson now."""

    questions_attempted: int = Field(examples=[4])
    questions_correct: int = Field(examples=[3])
    completion_percentage: int = Field(examples=[60])
    status: str = Field(examples=["in_progress"])
    just_completed: bool = Field(
        description="This answer was the last one open; the lesson's words became cards.",
        examples=[False],
    )


class AnswerOut(BaseModel):
    """The grade, the right answer and why."""

    attempt_id: UUID
    question_id: UUID
    is_correct: bool
    score: float = Field(description="From 0 to 1; 1 is right.", examples=[1.0])
    answer: TextsOut
    explanation: TextsOut
    progress: LessonStandingOut | None = Field(description="Only within a lesson.")


class SectionsRead(BaseModel):
    """How many sections of the lesson have been read."""

    model_config = ConfigDict(extra="forbid")

    sections_read: int = Field(0, ge=0, le=1000, examples=[3])


class Progress(BaseModel):
    """How far the learner is in a lesson."""

    model_config = ConfigDict(from_attributes=True)

    lesson_id: UUID
    status: str = Field("not_started", examples=["in_progress"])
    completion_percentage: int = Field(0, examples=[60])
    sections_read: int = Field(0, examples=[3])
    questions_attempted: int = Field(0, examples=[4])
    questions_correct: int = Field(0, examples=[3])
    time_spent_seconds: int = Field(0, examples=[480])
    completed_at: datetime | None = None


class OverviewOut(BaseModel):
    """The learner's standing, in the learner's days."""

    streak_days: int = Field(examples=[7])
    answers_today: int = Field(examples=[12])
    reviews_today: int = Field(examples=[20])
    accuracy: float | None = Field(
        description="Share of right answers in the last 30 days.", examples=[0.86]
    )
    lessons_completed: int = Field(examples=[3])
    achievements: list[str] = Field(examples=[["first_lesson", "streak_7"]])
    progress: list[Progress]
