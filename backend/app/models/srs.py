"""Spaced repetition: cards (the present state) and reviews (the append-only log)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, CreatedAt, PrimaryKey, Timestamps, one_of

ITEM_TYPES = ("vocabulary", "question")


class SRSCard(Timestamps, Base):
    """One learner's memory of one item (a vocabulary entry or a question).

    `interval` is in whole days of the learner (0 while learning); `next_review_date` is the
    learner's day on which it is due, `due_at` the moment, for steps within a day. `stability`
    (days) and `difficulty` (1 to 10) are FSRS's; both are absent until the first review.
    `review_count` counts the rows of the log and guards concurrent writes.
    """

    __tablename__ = "srs_cards"
    __table_args__ = (
        UniqueConstraint("user_id", "item_type", "item_id"),
        CheckConstraint(one_of("item_type", ITEM_TYPES), name="item_type"),
        CheckConstraint('"interval" >= 0', name="interval"),
        CheckConstraint("ease_factor BETWEEN 1.3 AND 5.0", name="ease_factor"),
        CheckConstraint("repetitions >= 0", name="repetitions"),
        CheckConstraint("lapses >= 0", name="lapses"),
        CheckConstraint("review_count >= 0", name="review_count"),
        CheckConstraint("learning_step >= 0", name="learning_step"),
        CheckConstraint("stability > 0", name="stability"),
        CheckConstraint("difficulty BETWEEN 1 AND 10", name="difficulty"),
        CheckConstraint("(stability IS NULL) = (difficulty IS NULL)", name="memory"),
        CheckConstraint("(review_count = 0) = (last_reviewed_at IS NULL)", name="last_reviewed_at"),
        # Serves: the due queue (user_id = ?, next_review_date <= today).
        Index("idx_srs_cards_due", "user_id", "next_review_date"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    item_type: Mapped[str] = mapped_column(String(50))
    item_id: Mapped[UUID]
    interval: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    ease_factor: Mapped[Decimal] = mapped_column(Numeric(4, 2), server_default=text("2.5"))
    repetitions: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    next_review_date: Mapped[date]
    is_learning: Mapped[bool] = mapped_column(server_default=text("true"))
    is_suspended: Mapped[bool] = mapped_column(server_default=text("false"))
    due_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    learning_step: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    lapses: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    review_count: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    stability: Mapped[float | None] = mapped_column(Double)
    difficulty: Mapped[float | None] = mapped_column(Double)
    last_reviewed_at: Mapped[datetime | None]

    reviews: Mapped[list["SRSReview"]] = relationship(lazy="raise", passive_deletes=True)


class SRSReview(Base):
    """One review of one card. Append-only; the id may come from the client (idempotency key).

    A card is what its reviews replay to: the columns after `duration_ms` record what was granted.
    """

    __tablename__ = "srs_reviews"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 4", name="rating"),
        CheckConstraint("duration_ms >= 0", name="duration_ms"),
        CheckConstraint('"interval" >= 0', name="interval"),
        CheckConstraint("ease_factor BETWEEN 1.3 AND 5.0", name="ease_factor"),
        CheckConstraint("stability > 0", name="stability"),
        CheckConstraint("difficulty BETWEEN 1 AND 10", name="difficulty"),
        # Serves: replay of one card's log in order, and the foreign key.
        Index("idx_srs_reviews_card", "card_id", "reviewed_at"),
        # Serves: a learner's activity (reviews today, streak, retention).
        Index("idx_srs_reviews_user", "user_id", "reviewed_at"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    card_id: Mapped[UUID] = mapped_column(ForeignKey("srs_cards.id", ondelete="CASCADE"))
    rating: Mapped[int] = mapped_column(SmallInteger)
    reviewed_at: Mapped[datetime]
    duration_ms: Mapped[int | None] = mapped_column(Integer)
    interval: Mapped[int] = mapped_column(Integer)
    ease_factor: Mapped[Decimal] = mapped_column(Numeric(4, 2))
    stability: Mapped[float] = mapped_column(Double)
    difficulty: Mapped[float] = mapped_column(Double)
    due_at: Mapped[datetime]
    created_at: Mapped[CreatedAt]
