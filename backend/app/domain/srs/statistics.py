"""What a learner's memory looks like: retention by week, what comes due, cards by stage."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from app.core.work import Work
from app.domain.accounts.account import Account
from app.domain.srs import statistics_queries as queries
from app.domain.srs.queue import count_due
from app.domain.srs.results import DueCounts, ForecastDay, Retention, Stages

RETENTION_WEEKS = 26
FORECAST_DAYS = 30
MATURE_DAYS = 21
"""A card is mature from this interval on, as Anki counts."""


class RetentionWeek(Retention, frozen=True, kw_only=True):
    """The retention of the week that begins on `monday`."""

    monday: date


class MemoryFigures(msgspec.Struct, frozen=True):
    """Weeks and days without anything are in the lists too, so that they can be drawn."""

    retention: list[RetentionWeek]
    forecast: list[ForecastDay]
    stages: Stages


class CardFigures(msgspec.Struct, frozen=True):
    """Cards by stage, those that the queue offers now, and the retention of the last days."""

    stages: Stages
    due: DueCounts
    retention: Retention


async def get_memory_figures(work: Work, account: Account, now: datetime) -> MemoryFigures:
    """Return the figures of RETENTION_WEEKS weeks back and FORECAST_DAYS days ahead.

    A review that was undone does not count. Four statements, each over one learner's rows.
    """
    today = account.day.date_of(now)
    this_monday = today - timedelta(days=today.weekday())
    first_monday = this_monday - timedelta(weeks=RETENTION_WEEKS - 1)
    retained = await _fetch_retention(work, account, first_monday)
    until = today + timedelta(days=FORECAST_DAYS)
    days = await queries.fetch_forecast(
        work, account.user_id, today, now, until, buries=account.bury_siblings
    )
    now_due = await count_due(work, account, now)
    by_day = {each.day: each for each in days}
    mondays = (first_monday + timedelta(weeks=n) for n in range(RETENTION_WEEKS))
    ahead = [today + timedelta(days=n) for n in range(FORECAST_DAYS)]
    due = [by_day.get(each, ForecastDay(each, 0, 0)) for each in ahead]
    return MemoryFigures(
        retention=[_week_of(monday, retained) for monday in mondays],
        forecast=within_limit(due, account.new_cards_per_day, now_due.new),
        stages=await _count_stages(work, account),
    )


async def get_card_figures(work: Work, account: Account, now: datetime, days: int) -> CardFigures:
    """Return the learner's cards as they are now, and the retention of the last `days` days.

    Three statements.
    """
    since = account.day.date_of(now) - timedelta(days=days - 1)
    return CardFigures(
        stages=await _count_stages(work, account),
        due=await count_due(work, account, now),
        retention=_sum_of((await _fetch_retention(work, account, since)).values()),
    )


async def _count_stages(work: Work, account: Account) -> Stages:
    return await queries.count_by_stage(work, account.user_id, MATURE_DAYS)


async def _fetch_retention(work: Work, account: Account, since: date) -> dict[date, Retention]:
    """Return the retention of each of the learner's days from `since` on, in one statement."""
    began = account.day.start_of(since)
    return await queries.fetch_retention_by_day(work, account.user_id, since, began)


def _week_of(monday: date, retained: Mapping[date, Retention]) -> RetentionWeek:
    days = (monday + timedelta(days=n) for n in range(7))
    whole = _sum_of(retained[day] for day in days if day in retained)
    return RetentionWeek(whole.reviews, whole.remembered, monday=monday)


def _sum_of(parts: Iterable[Retention]) -> Retention:
    found = list(parts)
    return Retention(sum(part.reviews for part in found), sum(part.remembered for part in found))


def within_limit(due: Sequence[ForecastDay], per_day: int, offered: int) -> list[ForecastDay]:
    """Return the days with no more new cards on each than `per_day`; the others wait.

    `due` has each new card on the first day on which it may be shown. Today's are as many as are
    `offered`: what was met today and the siblings of today's reviews leave no more.
    """
    waiting, room = 0, offered
    forecast = []
    for day in due:
        waiting += day.new
        shown = min(waiting, room)
        forecast.append(ForecastDay(day.day, day.reviews, shown))
        waiting -= shown
        room = per_day
    return forecast
