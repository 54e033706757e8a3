"""What learners did: lesson progress, attempts (append-only), days, achievements, placement."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import (
    LEVELS,
    AppendOnly,
    Base,
    PrimaryKey,
    PydanticJSON,
    Timestamps,
    one_of,
)
from app.models.content import Lesson
from app.questions.types import Response

PROGRESS_STATUSES = ("not_started", "in_progress", "completed")
ATTEMPT_CONTEXTS = ("lesson", "practice", "review", "placement")
PLACEMENT_STATUSES = ("open", "finished", "abandoned")
AUDIO_TYPES = ("audio/webm", "audio/ogg", "audio/mp4", "audio/mpeg", "audio/wav")
MAX_RECORDING_BYTES = 4_194_304


class LessonProgress(Timestamps, Base):
    """How far one learner is in one lesson."""

    __tablename__ = "lesson_progress"
    __table_args__ = (
        UniqueConstraint("user_id", "lesson_id"),
        CheckConstraint(one_of("status", PROGRESS_STATUSES), name="status"),
        CheckConstraint(
            "completion_percentage >= 0 AND completion_percentage <= 100",
            name="completion_percentage",
        ),
        CheckConstraint("sections_read >= 0", name="sections_read"),
        CheckConstraint("questions_attempted >= 0", name="questions_attempted"),
        CheckConstraint(
            "questions_correct >= 0 AND questions_correct <= questions_attempted",
            name="questions_correct",
        ),
        CheckConstraint("time_spent_seconds >= 0", name="time_spent_seconds"),
        CheckConstraint("(status = 'completed') = (completed_at IS NOT NULL)", name="completed_at"),
        CheckConstraint(
            "status <> 'completed' OR completion_percentage = 100", name="completed_percentage"
        ),
        # Serves: a learner's lessons by completion (home page, statistics).
        Index("idx_lesson_progress_completion", "user_id", "completion_percentage"),
        # Serves: the foreign key, and a lesson's completion figures.
        Index(None, "lesson_id"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lessons.id", ondelete="RESTRICT"))
    status: Mapped[str] = mapped_column(String(20), server_default="not_started")
    completion_percentage: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    sections_read: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    questions_attempted: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    questions_correct: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    time_spent_seconds: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    completed_at: Mapped[datetime | None]

    lesson: Mapped[Lesson] = relationship(lazy="raise")


class QuestionAttempt(AppendOnly, Base):
    """One answer to one question. Append-only; a client may supply the id (idempotency key).

    `score` is absent until a teacher marks an essay or a recording (see `AttemptMark`); such an
    attempt is never right by itself. `shuffle_seed` is the order in which the choices were shown.
    """

    __tablename__ = "question_attempts"
    __table_args__ = (
        CheckConstraint("jsonb_typeof(response) = 'object'", name="response"),
        CheckConstraint("score BETWEEN 0 AND 1", name="score"),
        CheckConstraint("is_correct = (score IS NOT NULL AND score = 1)", name="is_correct"),
        CheckConstraint("duration_ms >= 0", name="duration_ms"),
        CheckConstraint("shuffle_seed >= 0", name="shuffle_seed"),
        CheckConstraint(one_of("context", ATTEMPT_CONTEXTS), name="context"),
        CheckConstraint(
            "(context = 'placement') = (placement_test_id IS NOT NULL)", name="placement"
        ),
        # Serves: a learner's history, activity days and streak, newest first.
        Index("idx_question_attempts_user", "user_id", text("attempted_at DESC")),
        # Serves: a learner's attempts at one question (repeat, progress of a lesson).
        Index("idx_question_attempts_user_question", "user_id", "question_id"),
        # Serves: item statistics of a question, and the foreign key.
        Index(None, "question_id"),
        # Serves: the foreign key.
        Index(None, "lesson_id", postgresql_where=text("lesson_id IS NOT NULL")),
        # Serves: a placement test asks each question once; its answers, and the foreign key.
        Index(
            "question_attempts_placement_key",
            "placement_test_id",
            "question_id",
            unique=True,
            postgresql_where=text("placement_test_id IS NOT NULL"),
        ),
        # Serves: the list of what waits for a teacher's mark, oldest first.
        Index(
            "idx_question_attempts_unmarked",
            "attempted_at",
            "id",
            postgresql_where=text("score IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="RESTRICT"))
    lesson_id: Mapped[UUID | None] = mapped_column(ForeignKey("lessons.id", ondelete="RESTRICT"))
    context: Mapped[str] = mapped_column(String(20), server_default="practice")
    response: Mapped[Response] = mapped_column(PydanticJSON(Response))
    is_correct: Mapped[bool]
    score: Mapped[Decimal | None] = mapped_column(Numeric(4, 3))
    duration_ms: Mapped[int | None] = mapped_column(Integer)
    shuffle_seed: Mapped[int | None] = mapped_column(Integer)
    placement_test_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("placement_tests.id", ondelete="CASCADE")
    )
    attempted_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class UserAchievement(Timestamps, Base):
    """A badge that a learner earned, once."""

    __tablename__ = "user_achievements"
    __table_args__ = (
        UniqueConstraint("user_id", "achievement"),
        CheckConstraint("achievement ~ '^[a-z0-9_]+$'", name="achievement"),
        CheckConstraint("jsonb_typeof(details) = 'object'", name="details"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    achievement: Mapped[str] = mapped_column(String(50))
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    earned_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class AttemptMark(Timestamps, Base):
    """A teacher's mark of an essay or a recording: points by criterion of the question's rubric.

    `corrected` is the learner's text as the teacher would have written it.
    """

    __tablename__ = "attempt_marks"
    __table_args__ = (
        UniqueConstraint("attempt_id"),
        CheckConstraint("jsonb_typeof(points) = 'object'", name="points"),
        CheckConstraint("score BETWEEN 0 AND 1", name="score"),
        # Serves: a learner's marks, newest first.
        Index("idx_attempt_marks_user", "user_id", text("created_at DESC")),
        # Serves: the foreign key.
        Index(None, "marker_id"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("question_attempts.id", ondelete="CASCADE"))
    marker_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    points: Mapped[dict[str, int]] = mapped_column(JSONB)
    score: Mapped[Decimal] = mapped_column(Numeric(4, 3))
    comment: Mapped[str | None]
    corrected: Mapped[str | None]


class Recording(Timestamps, Base):
    """What a learner said, as their device recorded it."""

    __tablename__ = "recordings"
    __table_args__ = (
        CheckConstraint(one_of("media_type", AUDIO_TYPES), name="media_type"),
        CheckConstraint(
            f"octet_length(content) BETWEEN 1 AND {MAX_RECORDING_BYTES}", name="content"
        ),
        # Serves: a learner's recordings, and the foreign key.
        Index(None, "user_id", "created_at"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    media_type: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class DailyActivity(Timestamps, Base):
    """What one learner did on one of their days; written with each answer and each review.

    `learnt_reviews` are those of cards past their learning steps (they count against the limit of
    reviews a day), `new_cards` the cards that were reviewed for the first time.
    """

    __tablename__ = "daily_activity"
    __table_args__ = (
        # Serves: the streak, the heatmap, and today's figures.
        UniqueConstraint("user_id", "day"),
        CheckConstraint(
            "correct_answers >= 0 AND correct_answers <= answers", name="correct_answers"
        ),
        CheckConstraint("learnt_reviews >= 0 AND learnt_reviews <= reviews", name="learnt_reviews"),
        CheckConstraint("new_cards >= 0 AND new_cards <= reviews", name="new_cards"),
        CheckConstraint("duration_ms >= 0", name="duration_ms"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    day: Mapped[date]
    answers: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    correct_answers: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    reviews: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    learnt_reviews: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    new_cards: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    duration_ms: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class PlacementTest(Timestamps, Base):
    """A learner's placement test; its answers are question attempts.

    `question_id` is the one being asked. A finished test has an ability estimate (logits, EAP) with
    its standard error, and the level and unit where the learner should start.
    """

    __tablename__ = "placement_tests"
    __table_args__ = (
        CheckConstraint(one_of("status", PLACEMENT_STATUSES), name="status"),
        CheckConstraint("(status = 'open') = (finished_at IS NULL)", name="finished_at"),
        CheckConstraint(
            "status <> 'finished' OR (ability IS NOT NULL AND standard_error IS NOT NULL"
            " AND level IS NOT NULL)",
            name="result",
        ),
        CheckConstraint(one_of("level", LEVELS), name="level"),
        CheckConstraint("standard_error > 0", name="standard_error"),
        CheckConstraint("finished_at >= started_at", name="finished_later"),
        # Serves: a learner has one open test.
        Index(
            "placement_tests_open_key",
            "user_id",
            unique=True,
            postgresql_where=text("status = 'open'"),
        ),
        # Serves: a learner's latest result.
        Index("idx_placement_tests_user", "user_id", text("started_at DESC")),
        # Serves: the foreign key.
        Index(None, "question_id"),
        # Serves: the foreign key.
        Index(None, "unit_id"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    status: Mapped[str] = mapped_column(String(20), server_default="open")
    question_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("questions.id", ondelete="SET NULL")
    )
    ability: Mapped[float | None] = mapped_column(Double)
    standard_error: Mapped[float | None] = mapped_column(Double)
    level: Mapped[str | None] = mapped_column(String(10))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id", ondelete="SET NULL"))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
