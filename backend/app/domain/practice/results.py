"""What the use cases of practice return. The structs are encoded as they are, to be sent."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec

from app.domain.english.answers import DiffPiece
from app.domain.practice.achievements import Achievement
from app.domain.practice.mastery import Mastery
from app.domain.practice.progress import Completion, LessonPlace, LessonScore, PathProgress
from app.domain.practice.rules import PartResult, Texts
from app.domain.practice.streaks import Streak
from app.models import LessonProgress


class Explanation(msgspec.Struct, frozen=True):
    """Why the answer is what it is, in the languages in which an author has said so."""

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
    """A graded answer with what the learner should know; `progress` only within a lesson.

    `score` is from 0 to 1, None while a teacher has to mark the answer. `answer` is the right
    answer as a line of text, `answer_key` the same as stored (JSON). What the answer is worth is
    what was stored; feedback and parts are left out where today's key would say otherwise.
    """

    attempt_id: UUID
    question_id: UUID
    is_correct: bool
    score: float | None
    needs_marking: bool
    feedback: tuple[Texts, ...]
    diff: tuple[DiffPiece, ...]
    parts: tuple[PartResult, ...]
    answer: Texts
    answer_key: msgspec.Raw
    explanation: Explanation
    progress: LessonStanding | None


class StoredAttempt(msgspec.Struct, frozen=True):
    """An answer as it was given (`response` is JSON) with its result.

    `run`: how many graded answers in a row, this one the last, were right within two hours; at most
    10.
    """

    lesson_id: UUID | None
    response: msgspec.Raw
    duration_ms: int | None
    shuffle_seed: int | None
    attempted_at: datetime
    run: int
    result: AnswerResult


class ShownQuestion(msgspec.Struct, frozen=True):
    """A question to be answered: no key, no explanation; `options` (JSON) in the order of the seed.

    `stem` is in English and in Indonesian, `passage` (JSON) the text of a reading that this other
    question is about. Hand `shuffle_seed` back with the answer.
    """

    id: UUID
    type: str
    level: str
    skill: str
    difficulty: int
    stem: Explanation
    options: msgspec.Raw | None
    passage: msgspec.Raw | None
    shuffle_seed: int


@dataclass(frozen=True, slots=True)
class LatestAnswer:
    """What a learner's latest answer to a question is worth; `score` None: a teacher marks it."""

    attempt_id: UUID
    score: float | None

    @property
    def is_correct(self) -> bool:
        """Whether nothing was missing."""
        return self.score == 1


@dataclass(frozen=True, slots=True)
class DailyGoal:
    """How much of today's goal is done, in whole minutes."""

    minutes: int
    goal_minutes: int

    @property
    def is_reached(self) -> bool:
        """Whether the goal of the day is reached."""
        return self.minutes >= self.goal_minutes


@dataclass(frozen=True, slots=True)
class AchievementStanding:
    """A badge as one learner has it: how much of it is `reached`, and when it was earned."""

    badge: Achievement
    reached: int
    earned_at: datetime | None


@dataclass(frozen=True, slots=True)
class MasteryReport:
    """Mastery of skills, and of topics over all skills, of which there are answers.

    `topic_names` are the topics in Indonesian.
    """

    skills: dict[str, Mastery]
    topics: dict[str, Mastery]
    topic_names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Overview:
    """A learner's standing, for the home page; today and streak are counted in the learner's days.

    `week` are those of the last seven days, today the last, on which the learner practised.
    `streak` is None when the learner does not want to see it. `accuracy` is the share of right
    answers in the last 30 days, from 0 to 1, None without any. `achievements` are codes, the first
    earned first; those of today are in `new_achievements` as well. `progress` and `scores` are of
    the lessons that were opened, by lesson; `course` is how much of all paths is done, and
    `next_lesson` the one to offer (None when all are done).
    """

    progress: dict[UUID, LessonProgress]
    scores: dict[UUID, LessonScore]
    paths: tuple[PathProgress, ...]
    course: Completion
    next_lesson: LessonPlace | None
    lessons_completed: int
    active_days: int
    week: tuple[date, ...]
    streak: Streak | None
    goal: DailyGoal
    answers_today: int
    reviews_today: int
    accuracy: float | None
    achievements: list[str]
    new_achievements: list[Achievement]
