"""Tryouts: timed sessions over a question set, and the answers given in them."""

from datetime import datetime
from decimal import Decimal
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
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, PrimaryKey, PydanticJSON, Timestamps, one_of
from app.questions.types import Response

TRYOUT_STATUSES = ("in_progress", "completed", "expired", "abandoned")


class TryoutSession(Timestamps, Base):
    """One sitting of a mock exam by one learner, with its own deadline."""

    __tablename__ = "tryout_sessions"
    __table_args__ = (
        CheckConstraint(one_of("status", TRYOUT_STATUSES), name="status"),
        CheckConstraint("expires_at > started_at", name="expires_at"),
        CheckConstraint("submitted_at >= started_at", name="submitted_at"),
        CheckConstraint(
            "(status = 'in_progress') = (submitted_at IS NULL)", name="submitted_when_ended"
        ),
        CheckConstraint("questions_total > 0", name="questions_total"),
        CheckConstraint(
            "questions_attempted >= 0 AND questions_attempted <= questions_total",
            name="questions_attempted",
        ),
        CheckConstraint(
            "questions_correct >= 0 AND questions_correct <= questions_attempted",
            name="questions_correct",
        ),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        # Serves: the one open sitting of a learner and set; a second one is refused.
        Index(
            "idx_tryout_sessions_open",
            "user_id",
            "question_set_id",
            unique=True,
            postgresql_where=text("status = 'in_progress'"),
        ),
        # Serves: a learner's sittings, newest first.
        Index("idx_tryout_sessions_user", "user_id", text("started_at DESC")),
        # Serves: results of a question set, and the foreign key.
        Index(None, "question_set_id"),
        # Serves: the sweep that closes sittings whose time is over.
        Index(
            "idx_tryout_sessions_expiry",
            "expires_at",
            postgresql_where=text("status = 'in_progress'"),
        ),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    question_set_id: Mapped[UUID] = mapped_column(
        ForeignKey("question_sets.id", ondelete="RESTRICT")
    )
    status: Mapped[str] = mapped_column(String(20), server_default="in_progress")
    started_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    expires_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    questions_total: Mapped[int] = mapped_column(Integer)
    questions_attempted: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    questions_correct: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    score: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))

    answers: Mapped[list["TryoutAnswer"]] = relationship(
        lazy="raise", order_by="TryoutAnswer.position", passive_deletes=True
    )


class TryoutAnswer(Timestamps, Base):
    """One question of a sitting; `response` is empty until the learner answers."""

    __tablename__ = "tryout_answers"
    __table_args__ = (
        UniqueConstraint("session_id", "question_id"),
        UniqueConstraint("session_id", "position"),
        CheckConstraint("position >= 1", name="position"),
        CheckConstraint("jsonb_typeof(response) = 'object'", name="response"),
        CheckConstraint("(response IS NULL) = (answered_at IS NULL)", name="answered_at"),
        CheckConstraint("score BETWEEN 0 AND 1", name="score"),
        CheckConstraint("is_correct IS NOT DISTINCT FROM (score = 1)", name="is_correct"),
        CheckConstraint("duration_ms >= 0", name="duration_ms"),
        # Serves: a learner's answers over all sittings, and the foreign key.
        Index(None, "user_id"),
        # Serves: item statistics of a question, and the foreign key.
        Index(None, "question_id"),
    )

    id: Mapped[PrimaryKey]
    session_id: Mapped[UUID] = mapped_column(ForeignKey("tryout_sessions.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="RESTRICT"))
    position: Mapped[int] = mapped_column(Integer)
    response: Mapped[Response | None] = mapped_column(PydanticJSON(Response))
    is_correct: Mapped[bool | None]
    score: Mapped[Decimal | None] = mapped_column(Numeric(4, 3))
    is_flagged: Mapped[bool] = mapped_column(server_default=text("false"))
    duration_ms: Mapped[int | None] = mapped_column(Integer)
    answered_at: Mapped[datetime | None]
