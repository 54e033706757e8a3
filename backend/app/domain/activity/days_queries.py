"""SQL of the figures about a learner's days."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.core.work import Work
from app.models import DailyActivity


async def fetch_days(work: Work, user_id: UUID, since: date) -> Sequence[DailyActivity]:
    """Return a learner's active days from `since` on, a range of daily_activity_user_id_day_key."""
    statement = (
        select(DailyActivity)
        .where(DailyActivity.user_id == user_id, DailyActivity.day >= since)
        .order_by(DailyActivity.day)
    )
    return (await work.session.scalars(statement)).all()
