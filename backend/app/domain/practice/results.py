"""What the use cases of practice return."""

from dataclasses import dataclass
from uuid import UUID

import msgspec

from app.models import LessonProgress


class Texts(msgspec.Struct, frozen=True):
    """The same text in English and, where there is one, in Indonesian."""

    en: str | None
    id: str | None


class LessonStanding(msgspec.Struct, frozen=True):
    """How far the learner is in the lesson after an answer.

    `just_completed`: this answer was the last one open; the lesson's words became cards.
    """

    questions_attempted: int
    questions_correct: int
    completion_percentage: int
    status: str
    just_completed: bool


class AnswerResult(msgspec.Struct, frozen=True):
    """A graded answer with what the learner should know; `progress` only within a lesson."""

    attempt_id: UUID
    question_id: UUID
    is_correct: bool
    score: float
    answer: Texts
    explanation: Texts
    progress: LessonStanding | None


@dataclass(frozen=True, slots=True)
class Overview:
    """A learner's standing, for the home page.

    `accuracy` is the share of right answers in the last 30 days, from 0 to 1, None without any;
    today and the streak are counted in the learner's days.
    """

    progress: dict[UUID, LessonProgress]
    lessons_completed: int
    streak_days: int
    answers_today: int
    reviews_today: int
    accuracy: float | None
    achievements: list[str]

    @property
    def attempts_today(self) -> int:
        """Answers and reviews of today."""
        return self.answers_today + self.reviews_today
