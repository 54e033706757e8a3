"""Billing: subscriptions and the append-only record of payment events."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import AppendOnly, Base, PrimaryKey, Timestamps, one_of

PLANS = ("monthly", "quarterly", "yearly")
SUBSCRIPTION_STATUSES = ("trialing", "active", "past_due", "cancelled", "expired")
CURRENT_STATUSES = ("trialing", "active", "past_due")
TRANSACTION_TYPES = ("charge", "refund")
TRANSACTION_STATUSES = ("pending", "succeeded", "failed", "expired")


class Subscription(Timestamps, Base):
    """A learner's paid (or trial) access, from `starts_at` up to, not including, `ends_at`."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        CheckConstraint(one_of("plan", PLANS), name="plan"),
        CheckConstraint(one_of("status", SUBSCRIPTION_STATUSES), name="status"),
        CheckConstraint("ends_at > starts_at", name="ends_at"),
        CheckConstraint("trial_ends_at > starts_at", name="trial_ends_at"),
        CheckConstraint(
            "status <> 'trialing' OR trial_ends_at IS NOT NULL", name="trialing_has_end"
        ),
        CheckConstraint("cancelled_at >= starts_at", name="cancelled_at"),
        CheckConstraint(
            "status <> 'cancelled' OR cancelled_at IS NOT NULL", name="cancelled_has_time"
        ),
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        # Serves: the entitlement check; at most one current subscription a learner.
        Index(
            "idx_subscriptions_current",
            "user_id",
            unique=True,
            postgresql_where=text(one_of("status", CURRENT_STATUSES)),
        ),
        # Serves: a learner's billing history, and the foreign key.
        Index("idx_subscriptions_user", "user_id", text("starts_at DESC")),
        # Serves: the renewal and expiry sweep.
        Index(
            "idx_subscriptions_renewal",
            "ends_at",
            postgresql_where=text(one_of("status", CURRENT_STATUSES)),
        ),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    plan: Mapped[str] = mapped_column(String(50))
    status: Mapped[str] = mapped_column(String(20))
    price: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    currency: Mapped[str] = mapped_column(String(3), server_default="IDR")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    trial_ends_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    auto_renew: Mapped[bool] = mapped_column(server_default=text("true"))


class PaymentTransaction(AppendOnly, Base):
    """One event of one payment, as the provider reported it. Append-only: a change is a new row."""

    __tablename__ = "payment_transactions"
    __table_args__ = (
        # A provider repeats its notifications; the repeat is refused here.
        UniqueConstraint(
            *("provider", "provider_reference", "type", "status"),
            name="payment_transactions_notification_key",  # the usual name would be too long
        ),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint(one_of("type", TRANSACTION_TYPES), name="type"),
        CheckConstraint(one_of("status", TRANSACTION_STATUSES), name="status"),
        CheckConstraint("jsonb_typeof(details) = 'object'", name="details"),
        # Serves: a learner's payments, newest first, and the foreign key.
        Index("idx_payment_transactions_user", "user_id", text("occurred_at DESC")),
        # Serves: the payments of a subscription, and the foreign key.
        Index(None, "subscription_id"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    subscription_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("subscriptions.id", ondelete="RESTRICT")
    )
    type: Mapped[str] = mapped_column(String(20), server_default="charge")
    status: Mapped[str] = mapped_column(String(20))
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    currency: Mapped[str] = mapped_column(String(3), server_default="IDR")
    provider: Mapped[str] = mapped_column(String(50))
    provider_reference: Mapped[str] = mapped_column(String(255))
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    occurred_at: Mapped[datetime]
