"""What the use cases of progress return."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.domain.activity.streaks import Streak
from app.domain.progress.achievements import Achievement
from app.domain.progress.completion import Completion, LessonPlace, LessonScore, PathProgress
from app.domain.progress.mastery import Mastery
from app.models import LessonProgress


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


@dataclass(frozen=True, slots=True)
class LatestAnswer:
    """What a learner's latest answer to a question is worth; `score` None: a teacher marks it."""

    attempt_id: UUID
    score: float | None

    @property
    def is_correct(self) -> bool:
        """Whether nothing was missing."""
        return self.score == 1
