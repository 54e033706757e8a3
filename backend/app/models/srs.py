"""Spaced repetition: cards (the present state), their log, settings, and learners' own words."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
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

from app.models import bounds
from app.models.base import AppendOnly, Base, PrimaryKey, Timestamps, Title, one_of

ITEM_TYPES = ("vocabulary", "question", "personal")
DIRECTIONS = ("recognition", "production")
LOG_KINDS = (
    "review", "undo", "reset", "reschedule", "import", "suspend", "unsuspend", "bury", "unbury",
)  # fmt: skip


class SRSCard(Timestamps, Base):
    """One learner's memory of one item: a vocabulary entry, a question or a word of their own.

    Words have two cards: `recognition` asks for the meaning, `production` for the English.
    `interval` is in whole days of the learner (0 while learning); `next_review_date` is the
    learner's day on which it is due, `due_at` the moment, for steps within a day; of a new card,
    its place among those that wait. `stability` (days) and `difficulty` (1 to 10) are FSRS's; both
    are absent until the first review. `review_count` counts the reviews in the log, `revision` its
    rows of any kind: it guards concurrent writes. `buried_until` is the learner's day on which a
    buried card is back. `passage_id` is the reading question whose passage a question is about:
    such cards are siblings, as are the two of a word.
    """

    __tablename__ = "srs_cards"
    __table_args__ = (
        UniqueConstraint("user_id", "item_type", "item_id", "direction"),
        CheckConstraint(one_of("item_type", ITEM_TYPES), name="item_type"),
        CheckConstraint(one_of("direction", DIRECTIONS), name="direction"),
        CheckConstraint(
            "item_type <> 'question' OR direction = 'recognition'", name="question_direction"
        ),
        CheckConstraint("passage_id IS NULL OR item_type = 'question'", name="passage"),
        CheckConstraint('"interval" >= 0', name="interval"),
        CheckConstraint("ease_factor BETWEEN 1.3 AND 5.0", name="ease_factor"),
        CheckConstraint("repetitions >= 0", name="repetitions"),
        CheckConstraint("lapses >= 0 AND (lapses = 0 OR stability IS NOT NULL)", name="lapses"),
        CheckConstraint("review_count >= 0", name="review_count"),
        CheckConstraint("revision >= review_count", name="revision"),
        CheckConstraint("learning_step >= 0", name="learning_step"),
        CheckConstraint("stability > 0", name="stability"),
        CheckConstraint("difficulty BETWEEN 1 AND 10", name="difficulty"),
        CheckConstraint("(stability IS NULL) = (difficulty IS NULL)", name="memory"),
        CheckConstraint("(review_count = 0) = (last_reviewed_at IS NULL)", name="last_reviewed_at"),
        # Serves: the due queue (user_id = ?, next_review_date <= today).
        Index("idx_srs_cards_due", "user_id", "next_review_date"),
        # Serves: the new cards in the queue, those that wait longest first.
        Index(
            "idx_srs_cards_new",
            "user_id",
            "next_review_date",
            "due_at",
            "id",
            postgresql_where=text("is_learning AND review_count = 0"),
        ),
        # Serves: the siblings of a question about a passage.
        Index(
            "idx_srs_cards_passage",
            "user_id",
            "passage_id",
            postgresql_where=text("passage_id IS NOT NULL"),
        ),
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
    revision: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    stability: Mapped[float | None] = mapped_column(Double)
    difficulty: Mapped[float | None] = mapped_column(Double)
    last_reviewed_at: Mapped[datetime | None]
    direction: Mapped[str] = mapped_column(String(20), server_default="recognition")
    passage_id: Mapped[UUID | None]
    buried_until: Mapped[date | None]

    reviews: Mapped[list["SRSReview"]] = relationship(lazy="raise", passive_deletes=True)


class SRSReview(AppendOnly, Base):
    """One entry of a card's log. Append-only; the id may come from the client (idempotency key).

    A card is what its log replays to. `kind`: a `review`; an `undo` of the entry `target_id`; a
    `reset` to a new card; a `reschedule` (due again at `due_at`, memory unchanged); the `import` of
    a memory without its reviews; `suspend` and `bury` take a card out of the queue, `unsuspend` and
    `unbury` bring it back. What was done to several cards at once shares its `action_id`, and is
    undone at once. `reviewed_at` is when it counts as made: the device's clock
    (`client_time`) where there was one, never ahead of the server's (`created_at`); `day` is the
    learner's day of that moment and `elapsed_days` their days since the review before. The columns
    that end in `_before` are the card as the entry found it, those without as it left it.
    `fuzz_factor` (0 to 1) says where in the fuzz range the interval lies, `settings_id` which
    settings applied (none: the defaults).
    """

    __tablename__ = "srs_reviews"
    __table_args__ = (
        CheckConstraint(one_of("kind", LOG_KINDS), name="kind"),
        CheckConstraint("rating BETWEEN 1 AND 4", name="rating"),
        CheckConstraint("(kind = 'review') = (rating IS NOT NULL)", name="rated"),
        CheckConstraint("(kind = 'undo') = (target_id IS NOT NULL)", name="target"),
        CheckConstraint("duration_ms >= 0", name="duration_ms"),
        CheckConstraint("elapsed_days >= 0", name="elapsed_days"),
        CheckConstraint("fuzz_factor >= 0 AND fuzz_factor < 1", name="fuzz_factor"),
        CheckConstraint('"interval" >= 0', name="interval"),
        CheckConstraint("ease_factor BETWEEN 1.3 AND 5.0", name="ease_factor"),
        CheckConstraint("stability > 0", name="stability"),
        CheckConstraint("difficulty BETWEEN 1 AND 10", name="difficulty"),
        CheckConstraint("(stability IS NULL) = (difficulty IS NULL)", name="memory"),
        CheckConstraint("learning_step >= 0", name="learning_step"),
        CheckConstraint("repetitions >= 0", name="repetitions"),
        # Serves: replay of one card's log in order, and the foreign key.
        Index("idx_srs_reviews_card", "card_id", "reviewed_at"),
        # Serves: a learner's activity (reviews today, retention, history).
        Index("idx_srs_reviews_user", "user_id", "reviewed_at"),
        # Serves: a review is undone once, and the foreign key.
        Index(
            "srs_reviews_target_id_key",
            "target_id",
            unique=True,
            postgresql_where=text("target_id IS NOT NULL"),
        ),
        # Serves: the foreign key.
        Index(None, "settings_id", postgresql_where=text("settings_id IS NOT NULL")),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    card_id: Mapped[UUID] = mapped_column(ForeignKey("srs_cards.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12), server_default="review")
    rating: Mapped[int | None] = mapped_column(SmallInteger)
    target_id: Mapped[UUID | None] = mapped_column(ForeignKey("srs_reviews.id", ondelete="CASCADE"))
    reviewed_at: Mapped[datetime]
    client_time: Mapped[datetime | None]
    day: Mapped[date]
    elapsed_days: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    duration_ms: Mapped[int | None] = mapped_column(Integer)
    fuzz_factor: Mapped[float] = mapped_column(Double, server_default=text("0"))
    settings_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("srs_settings.id", ondelete="CASCADE")
    )
    interval_before: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    was_learning: Mapped[bool] = mapped_column(server_default=text("true"))
    ease_factor_before: Mapped[Decimal | None] = mapped_column(Numeric(4, 2))
    stability_before: Mapped[float | None] = mapped_column(Double)
    difficulty_before: Mapped[float | None] = mapped_column(Double)
    due_at_before: Mapped[datetime | None]
    interval: Mapped[int] = mapped_column(Integer)
    is_learning: Mapped[bool] = mapped_column(server_default=text("false"))
    learning_step: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    repetitions: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    ease_factor: Mapped[Decimal] = mapped_column(Numeric(4, 2))
    stability: Mapped[float | None] = mapped_column(Double)
    difficulty: Mapped[float | None] = mapped_column(Double)
    due_at: Mapped[datetime]
    action_id: Mapped[UUID | None]


class SRSSettings(AppendOnly, Base):
    """One version of what a learner's scheduling depends on. Append-only; the newest one is in use.

    Reviews refer to the version that they were scheduled with, so that a log replays to the same
    card whatever the learner prefers today. Steps are in minutes. The defaults are those of a
    learner who never changed anything, and of a review without a version.
    """

    __tablename__ = "srs_settings"
    __table_args__ = (
        bounds.DESIRED_RETENTION.check("desired_retention"),
        bounds.steps_check("learning_steps"),
        bounds.steps_check("relearning_steps"),
        bounds.MAXIMUM_INTERVAL_DAYS.check("maximum_interval_days"),
        CheckConstraint("timezone <> ''", name="timezone"),
        bounds.DAY_CUTOFF_HOUR.check("day_cutoff_hour"),
        # Serves: the newest version of a learner, and the foreign key.
        Index(None, "user_id", "id"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    desired_retention: Mapped[Decimal] = mapped_column(
        Numeric(3, 2), server_default=bounds.DESIRED_RETENTION.default
    )
    learning_steps: Mapped[list[int]] = mapped_column(
        ARRAY(Integer), server_default=bounds.steps_default(bounds.LEARNING_STEPS)
    )
    relearning_steps: Mapped[list[int]] = mapped_column(
        ARRAY(Integer), server_default=bounds.steps_default(bounds.RELEARNING_STEPS)
    )
    maximum_interval_days: Mapped[int] = mapped_column(
        Integer, server_default=bounds.MAXIMUM_INTERVAL_DAYS.default
    )
    timezone: Mapped[str] = mapped_column(String(64), server_default="Asia/Jakarta")
    day_cutoff_hour: Mapped[int] = mapped_column(
        SmallInteger, server_default=bounds.DAY_CUTOFF_HOUR.default
    )


class PersonalEntry(Timestamps, Base):
    """A word that one learner added themselves, met in some text.

    `headword_key` is what words are compared by: one word however its letters, apostrophes, hyphens
    and spaces are typed. `spelling` is 1; only words that were stored before they were compared so
    may have more of them.
    """

    __tablename__ = "personal_entries"
    __table_args__ = (
        UniqueConstraint("user_id", "headword_key", "spelling"),
        CheckConstraint("btrim(headword) <> ''", name="headword"),
        CheckConstraint("headword_key <> '' OR spelling > 1", name="headword_key"),
        CheckConstraint("spelling >= 1", name="spelling"),
        CheckConstraint("btrim(meaning) <> ''", name="meaning"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    headword: Mapped[Title]
    meaning: Mapped[str]
    example: Mapped[str | None]
    spelling: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    headword_key: Mapped[str | None] = mapped_column(
        Computed("lancar_headword_key(headword)", persisted=True)
    )
