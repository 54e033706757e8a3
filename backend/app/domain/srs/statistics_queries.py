"""The SQL of the figures about a learner's memory: see `statistics_queries.sql`."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from app.core.statements import Nested, Statements
from app.core.work import Work
from app.domain.srs import log_queries
from app.domain.srs.results import ForecastDay, Retention, Stages

SQL = Statements(__file__, log_queries.SQL.parts)


class RetentionRow(NamedTuple):
    """The retention of one of the learner's days."""

    day: date
    retention: Retention


FETCH_RETENTION_BY_DAY = SQL.statement("fetch_retention_by_day", Nested(RetentionRow))
FETCH_FORECAST = SQL.statement("fetch_forecast", ForecastDay)
COUNT_BY_STAGE = SQL.statement("count_by_stage", Stages)


async def fetch_retention_by_day(
    work: Work, user_id: UUID, since: date, began: datetime
) -> dict[date, Retention]:
    """Return the retention of the days from `since` on, which `began` then."""
    rows = await work.fetch(FETCH_RETENTION_BY_DAY, user_id=user_id, since=since, began=began)
    return dict(rows)


async def fetch_forecast(
    work: Work, user_id: UUID, today: date, now: datetime, until: date, *, buries: bool
) -> list[ForecastDay]:
    """Return the days before `until` on which cards come due, in their order."""
    return await work.fetch(
        FETCH_FORECAST, user_id=user_id, today=today, now=now, until=until, buries=buries
    )


async def count_by_stage(work: Work, user_id: UUID, mature: int) -> Stages:
    """Return how well the learner's cards are known, `mature` from that interval on."""
    stages = await work.fetchrow(COUNT_BY_STAGE, user_id=user_id, mature=mature)
    assert stages is not None
    return stages
