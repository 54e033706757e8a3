"""What learners did: lesson progress, question attempts (append-only) and achievements."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, CreatedAt, PrimaryKey, PydanticJSON, Timestamps, one_of
from app.models.content import Lesson
from app.models.documents import Response

PROGRESS_STATUSES = ("not_started", "in_progress", "completed")
ATTEMPT_CONTEXTS = ("lesson", "practice", "review")


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


class QuestionAttempt(Base):
    """One answer to one question. Append-only; a client may supply the id (idempotency key)."""

    __tablename__ = "question_attempts"
    __table_args__ = (
        CheckConstraint("jsonb_typeof(response) = 'object'", name="response"),
        CheckConstraint("score BETWEEN 0 AND 1", name="score"),
        CheckConstraint("is_correct = (score = 1)", name="is_correct"),
        CheckConstraint("duration_ms >= 0", name="duration_ms"),
        CheckConstraint(one_of("context", ATTEMPT_CONTEXTS), name="context"),
        # Serves: a learner's history, activity days and streak, newest first.
        Index("idx_question_attempts_user", "user_id", text("attempted_at DESC")),
        # Serves: a learner's attempts at one question (repeat, progress of a lesson).
        Index("idx_question_attempts_user_question", "user_id", "question_id"),
        # Serves: item statistics of a question, and the foreign key.
        Index(None, "question_id"),
        # Serves: the foreign key.
        Index(None, "lesson_id", postgresql_where=text("lesson_id IS NOT NULL")),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="RESTRICT"))
    lesson_id: Mapped[UUID | None] = mapped_column(ForeignKey("lessons.id", ondelete="RESTRICT"))
    context: Mapped[str] = mapped_column(String(20), server_default="practice")
    response: Mapped[Response] = mapped_column(PydanticJSON(Response))
    is_correct: Mapped[bool]
    score: Mapped[Decimal] = mapped_column(Numeric(4, 3))
    duration_ms: Mapped[int | None] = mapped_column(Integer)
    attempted_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    created_at: Mapped[CreatedAt]


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
