"""What a learner's memory looks like: retention by week, what comes due, cards by stage."""

from datetime import date, datetime, timedelta

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.service import Account
from app.domain.srs import statistics_queries as queries

RETENTION_WEEKS = 26
FORECAST_DAYS = 30
MATURE_DAYS = 21
"""A card is mature from this interval on, as Anki counts."""


class RetentionWeek(msgspec.Struct, frozen=True):
    """Reviews of learnt cards in the week that begins on `monday`, and how many were remembered."""

    monday: date
    reviews: int
    remembered: int

    @property
    def share(self) -> float | None:
        """The share that was remembered, from 0 to 1; None without reviews."""
        return self.remembered / self.reviews if self.reviews else None


class ForecastDay(msgspec.Struct, frozen=True):
    """How many cards come due on one of the learner's days; what is late counts today."""

    day: date
    reviews: int
    new: int


class Stages(msgspec.Struct, frozen=True):
    """Cards by how well they are known; `mature` ones have an interval of MATURE_DAYS or more."""

    new: int
    learning: int
    young: int
    mature: int
    suspended: int


class MemoryFigures(msgspec.Struct, frozen=True):
    """Weeks and days without anything are in the lists too, so that they can be drawn."""

    retention: list[RetentionWeek]
    forecast: list[ForecastDay]
    stages: Stages


async def get_memory_figures(db: AsyncSession, account: Account, now: datetime) -> MemoryFigures:
    """Return the figures of RETENTION_WEEKS weeks back and FORECAST_DAYS days ahead.

    A review that was undone does not count. Three statements, each over one learner's rows.
    """
    day = account.day
    today = day.date_of(now)
    this_monday = today - timedelta(days=today.weekday())
    first_monday = this_monday - timedelta(weeks=RETENTION_WEEKS - 1)
    weeks = await queries.fetch_retention_by_week(db, account.user_id, day.start_of(first_monday))
    until = today + timedelta(days=FORECAST_DAYS)
    days = await queries.fetch_forecast(db, account.user_id, today, until)
    stages = await queries.count_by_stage(db, account.user_id, MATURE_DAYS)
    by_monday = {row.monday: RetentionWeek(*row) for row in weeks}
    by_day = {row.day: ForecastDay(*row) for row in days}
    mondays = (first_monday + timedelta(weeks=n) for n in range(RETENTION_WEEKS))
    ahead = (today + timedelta(days=n) for n in range(FORECAST_DAYS))
    return MemoryFigures(
        retention=[by_monday.get(monday, RetentionWeek(monday, 0, 0)) for monday in mondays],
        forecast=[by_day.get(each, ForecastDay(each, 0, 0)) for each in ahead],
        stages=Stages(*stages),
    )
