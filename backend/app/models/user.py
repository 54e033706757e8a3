"""Accounts: users, their preferences and their sign-in sessions."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models import bounds
from app.models.base import LEVELS, Base, PrimaryKey, Timestamps, Title, one_of

ROLES = ("learner", "author", "admin")
UI_LANGUAGES = ("id", "en")
THEMES = ("system", "light", "dark")
REVIEW_ORDERS = ("due_date", "retrievability")


class User(Timestamps, Base):
    """A person with an account: learner, author or admin."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("email = lower(email) AND email LIKE '%_@_%'", name="email"),
        CheckConstraint("btrim(full_name) <> ''", name="full_name"),
        CheckConstraint(one_of("current_level", LEVELS), name="current_level"),
        CheckConstraint(one_of("role", ROLES), name="role"),
        CheckConstraint("birth_year BETWEEN 1900 AND 2200", name="birth_year"),
        # Serves: the operator's list and counts of active learners, by level.
        Index("idx_users_active", "current_level", postgresql_where=text("is_active")),
    )

    id: Mapped[PrimaryKey]
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password_hash: Mapped[Title]
    full_name: Mapped[Title]
    current_level: Mapped[str] = mapped_column(String(10), server_default="A1")
    learning_goals: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    is_verified: Mapped[bool] = mapped_column(server_default=text("false"))
    is_premium: Mapped[bool] = mapped_column(server_default=text("false"))
    role: Mapped[str] = mapped_column(String(20), server_default="learner")

    preferences: Mapped["UserPreferences"] = relationship(
        back_populates="user", lazy="raise", passive_deletes=True
    )


class UserPreferences(Timestamps, Base):
    """How one learner wants to study; one row a user, made at sign-up.

    Steps are in minutes. What scheduling depends on is kept in `srs_settings` as well, a row a
    change.
    """

    __tablename__ = "user_preferences"
    __table_args__ = (
        CheckConstraint(one_of("ui_language", UI_LANGUAGES), name="ui_language"),
        CheckConstraint(one_of("theme", THEMES), name="theme"),
        CheckConstraint("timezone <> ''", name="timezone"),
        bounds.DAY_CUTOFF_HOUR.check("day_cutoff_hour"),
        bounds.DAILY_GOAL_MINUTES.check("daily_goal_minutes"),
        bounds.NEW_CARDS_PER_DAY.check("new_cards_per_day"),
        bounds.REVIEWS_PER_DAY.check("reviews_per_day"),
        bounds.DESIRED_RETENTION.check("desired_retention"),
        bounds.steps_check("learning_steps"),
        bounds.steps_check("relearning_steps"),
        bounds.MAXIMUM_INTERVAL_DAYS.check("maximum_interval_days"),
        CheckConstraint(one_of("review_order", REVIEW_ORDERS), name="review_order"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    ui_language: Mapped[str] = mapped_column(String(5), server_default="id")
    theme: Mapped[str] = mapped_column(String(10), server_default="system")
    timezone: Mapped[str] = mapped_column(String(64), server_default="Asia/Jakarta")
    day_cutoff_hour: Mapped[int] = mapped_column(
        SmallInteger, server_default=bounds.DAY_CUTOFF_HOUR.default
    )
    daily_goal_minutes: Mapped[int] = mapped_column(
        Integer, server_default=bounds.DAILY_GOAL_MINUTES.default
    )
    new_cards_per_day: Mapped[int] = mapped_column(
        Integer, server_default=bounds.NEW_CARDS_PER_DAY.default
    )
    reviews_per_day: Mapped[int] = mapped_column(
        Integer, server_default=bounds.REVIEWS_PER_DAY.default
    )
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
    review_order: Mapped[str] = mapped_column(String(20), server_default="due_date")
    bury_siblings: Mapped[bool] = mapped_column(server_default=text("true"))
    show_streak: Mapped[bool] = mapped_column(server_default=text("true"))
    speech_enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    email_reminders: Mapped[bool] = mapped_column(server_default=text("false"))

    user: Mapped[User] = relationship(back_populates="preferences", lazy="raise")


class UserSession(Timestamps, Base):
    """A sign-in. The cookie holds a random token, the row only its SHA-256."""

    __tablename__ = "user_sessions"
    __table_args__ = (
        CheckConstraint("octet_length(token_hash) = 32", name="token_hash"),
        CheckConstraint("expires_at > created_at", name="expires_at"),
        # Serves: a user's list of devices, sign-out everywhere, and the foreign key.
        Index(None, "user_id"),
        # Serves: the sweep of expired sessions.
        Index(None, "expires_at"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_agent: Mapped[str | None] = mapped_column(String(255))
    expires_at: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="raise")
