"""What the API of progress, mastery and badges takes and returns."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.api.v1.schemas.answers import TextsOut
from app.api.v1.schemas.reviews import DurationMs
from app.domain.progress.achievements import Achievement
from app.domain.progress.completion import Completion, LessonScore, PathProgress
from app.domain.progress.lesson_summary import LessonSummary
from app.domain.progress.results import AchievementStanding, MasteryReport, Overview


class SectionsRead(BaseModel):
    """How many sections of the lesson have been read."""

    model_config = ConfigDict(extra="forbid")

    sections_read: int = Field(0, ge=0, le=1000, examples=[3])
    duration_ms: DurationMs | None = Field(
        None,
        description="Time taken to read, counted up to 3 minutes for each section read now first.",
        examples=[45_000],
    )


class Progress(BaseModel):
    """How far the learner is in a lesson."""

    model_config = ConfigDict(from_attributes=True)

    lesson_id: UUID
    status: str = Field("not_started", examples=["in_progress"])
    completion_percentage: int = Field(0, examples=[60])
    sections_read: int = Field(0, examples=[3])
    questions_attempted: int = Field(0, examples=[4])
    questions_correct: int = Field(0, description="Right at least once.", examples=[3])
    time_spent_seconds: int = Field(0, examples=[480])
    completed_at: datetime | None = None


class LessonScoreOut(BaseModel):
    """How many questions are right by the latest answers; what waits for a mark is apart."""

    model_config = ConfigDict(from_attributes=True)

    right: int = Field(examples=[3])
    graded: int = Field(examples=[4])
    waiting: int = Field(examples=[0])


class ScoredProgress(Progress):
    """How far the learner is in a lesson, and how well it went."""

    score: LessonScoreOut

    @classmethod
    def of(cls, progress: Progress, score: LessonScore) -> Self:
        """Return both together."""
        return cls(**progress.model_dump(), score=LessonScoreOut.model_validate(score))


class TypeScoreOut(BaseModel):
    """How many questions of one type are right, of those that are graded."""

    model_config = ConfigDict(from_attributes=True)

    type: str = Field(examples=["fill_blank"])
    right: int = Field(examples=[2])
    total: int = Field(examples=[3])


class LessonSummaryOut(BaseModel):
    """How a lesson went, by the latest answers; the best type comes first."""

    score: LessonScoreOut
    grade: Literal["full", "good", "fair", "hard"] = Field(
        description="All right, three quarters, half, or less."
    )
    types: list[TypeScoreOut]
    to_retry: list[UUID] = Field(description="The questions that are not right yet, in order.")

    @classmethod
    def of(cls, summary: LessonSummary) -> Self:
        """Return a summary with its questions by id."""
        return cls(
            score=LessonScoreOut.model_validate(summary.score),
            grade=summary.grade,
            types=[TypeScoreOut.model_validate(each) for each in summary.types],
            to_retry=[question.id for _, question in summary.to_retry],
        )


class NextLesson(BaseModel):
    """The lesson to offer: one begun, else where a placement test or the level says."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(validation_alias="lesson_id")
    slug: str = Field(validation_alias="lesson_slug", examples=["daily-routines"])


class StreakOut(BaseModel):
    """Days in a row with practice. A freeze forgives a missed day, by itself."""

    model_config = ConfigDict(from_attributes=True)

    days: int = Field(examples=[7])
    longest: int = Field(examples=[12])
    freezes: int = Field(
        description="Left; one is earned on every seventh day in a row, two are kept.",
        examples=[1],
    )
    is_active_today: bool


class GoalOut(BaseModel):
    """Today's goal, in minutes of practice."""

    model_config = ConfigDict(from_attributes=True)

    minutes: int = Field(examples=[9])
    goal_minutes: int = Field(examples=[15])
    is_reached: bool = Field(examples=[False])


class BadgeOut(BaseModel):
    """A badge, with its texts in both languages."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(examples=["first_lesson"])
    title: TextsOut = Field(examples=[{"en": "First lesson", "id": "Pelajaran pertama"}])
    description: TextsOut = Field(
        examples=[{"en": "Finish a lesson.", "id": "Selesaikan satu pelajaran."}]
    )

    @classmethod
    def of(cls, badge: Achievement) -> Self:
        """Return a badge as it is sent."""
        return cls.model_validate(badge)


class AchievementOut(BaseModel):
    """A badge as the learner has it."""

    badge: BadgeOut
    reached: int = Field(description="How much of `threshold` is done.", examples=[1])
    threshold: int = Field(examples=[1])
    earned_at: datetime | None

    @classmethod
    def of(cls, standing: AchievementStanding) -> Self:
        """Return a badge as the learner has it."""
        return cls(
            badge=BadgeOut.of(standing.badge),
            reached=standing.reached,
            threshold=standing.badge.threshold,
            earned_at=standing.earned_at,
        )


class CompletionOut(BaseModel):
    """How many lessons of how many are completed."""

    lessons: int = Field(examples=[4])
    completed: int = Field(examples=[3])
    share: float = Field(description="From 0 to 1.", examples=[0.75])
    completed_at: datetime | None

    @classmethod
    def of(cls, completion: Completion) -> Self:
        """Return a completion as it is sent."""
        return cls.model_validate(completion, from_attributes=True)


class OverviewOut(BaseModel):
    """The learner's standing, in the learner's days."""

    streak: StreakOut | None = Field(
        description="Null for learners who do not want to see it (preference `show_streak`)."
    )
    goal: GoalOut
    answers_today: int = Field(examples=[12])
    reviews_today: int = Field(examples=[20])
    active_days: int = Field(description="Days with practice, in all.", examples=[23])
    week: list[date] = Field(
        description="Those of the last seven days, today the last, with practice.",
        examples=[["2026-11-25", "2026-11-27"]],
    )
    accuracy: float | None = Field(
        description="Share of right answers in the last 30 days.", examples=[0.86]
    )
    lessons_completed: int = Field(examples=[3])
    achievements: list[str] = Field(
        description="Codes, the first earned first.", examples=[["first_lesson", "streak_7"]]
    )
    new_achievements: list[BadgeOut] = Field(description="Those earned today.")
    progress: list[ScoredProgress]
    course: CompletionOut = Field(description="Of all paths together.")
    next_lesson: NextLesson | None = Field(description="Null when all lessons are completed.")

    @classmethod
    def of(cls, overview: Overview) -> Self:
        """Return an overview as it is sent."""
        return cls(
            streak=StreakOut.model_validate(overview.streak) if overview.streak else None,
            goal=GoalOut.model_validate(overview.goal),
            answers_today=overview.answers_today,
            reviews_today=overview.reviews_today,
            active_days=overview.active_days,
            week=list(overview.week),
            accuracy=overview.accuracy,
            lessons_completed=overview.lessons_completed,
            achievements=overview.achievements,
            new_achievements=[BadgeOut.of(badge) for badge in overview.new_achievements],
            progress=[
                ScoredProgress.of(
                    Progress.model_validate(row), overview.scores.get(lesson_id, LessonScore())
                )
                for lesson_id, row in overview.progress.items()
            ],
            course=CompletionOut.of(overview.course),
            next_lesson=overview.next_lesson and NextLesson.model_validate(overview.next_lesson),
        )


class UnitProgressOut(BaseModel):
    """How much of a unit is done."""

    id: UUID
    slug: str = Field(examples=["first-steps"])
    level: str = Field(examples=["A1"])
    completion: CompletionOut


class PathProgressOut(BaseModel):
    """How much of a path and of each of its units is done."""

    id: UUID
    slug: str = Field(examples=["general-english"])
    completion: CompletionOut
    units: list[UnitProgressOut]

    @classmethod
    def of(cls, path: PathProgress) -> Self:
        """Return the progress in a path as it is sent."""
        return cls.model_validate(path, from_attributes=True)


class MasteryOut(BaseModel):
    """The share of such questions that the learner would answer right now, from 0 to 1.

    It lies between `low` and `high` with a probability of 80 %. The three are null while there are
    fewer than five answers.
    """

    skill: str | None = Field(
        description="Null for a topic, which takes all skills together.", examples=["grammar"]
    )
    topic: TextsOut | None = Field(description="Null for the whole skill.")
    answers: int = Field(description="The evidence: a question counts once a day.", examples=[24])
    estimate: float | None = Field(examples=[0.78])
    low: float | None = Field(examples=[0.67])
    high: float | None = Field(examples=[0.88])


class MasteryReportOut(BaseModel):
    """Mastery by skill, and by topic, from the answers of the last 180 days."""

    skills: list[MasteryOut]
    topics: list[MasteryOut]

    @classmethod
    def of(cls, report: MasteryReport) -> Self:
        """Return a report as it is sent."""
        return cls(
            skills=[
                MasteryOut(skill=skill, topic=None, **asdict(found))
                for skill, found in report.skills.items()
            ],
            topics=[
                MasteryOut(
                    skill=None,
                    topic=TextsOut(en=topic, id=report.topic_names[topic]),
                    **asdict(found),
                )
                for topic, found in report.topics.items()
            ],
        )
