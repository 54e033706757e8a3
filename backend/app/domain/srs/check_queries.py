"""The SQL of the proof that cards and days are what the logs say: one learner at a time."""

from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from app.core.statements import Nested, Statements, nothing, value
from app.core.work import Work
from app.domain.srs import log_queries
from app.domain.srs.log_queries import CardRow, EntryRow, Logged, join_logs
from app.models.base import new_id

PAGE_LEARNERS = 1_000
SQL = Statements(__file__, log_queries.SQL.parts)


class Counts(NamedTuple):
    """What `daily_activity` counts of one day's reviews."""

    reviews: int = 0
    learnt_reviews: int = 0
    new_cards: int = 0


class DayRow(NamedTuple):
    """What is stored of a day."""

    day: date
    counts: Counts


NEXT_LEARNERS = SQL.statement("next_learners", value)
FETCH_CARDS = SQL.statement("fetch_cards", Nested(CardRow))
LOCK_CARDS = SQL.statement("lock_cards", Nested(CardRow))
FETCH_LOGS = SQL.statement("fetch_logs", Nested(EntryRow))
FETCH_DAYS = SQL.statement("fetch_days", Nested(DayRow))
SET_DAY = SQL.statement("set_day", nothing)


async def learners(work: Work) -> AsyncIterator[UUID]:
    """Yield the ids of all users, a page at a time."""
    after: UUID | None = None
    while True:
        page: list[UUID] = await work.fetch(NEXT_LEARNERS, after=after, most=PAGE_LEARNERS)
        for user_id in page:
            yield user_id
        if len(page) < PAGE_LEARNERS:
            return
        after = page[-1]


async def fetch_cards(work: Work, user_id: UUID, *, locked: bool = False) -> dict[UUID, Logged]:
    """Return all cards of a learner with their logs; `locked` to the end of the transaction."""
    rows = await work.fetch(LOCK_CARDS if locked else FETCH_CARDS, user_id=user_id)
    return join_logs(rows, await work.fetch(FETCH_LOGS, user_id=user_id))


async def fetch_days(work: Work, user_id: UUID) -> dict[date, Counts]:
    """Return what is stored of a learner's days with reviews."""
    return dict(await work.fetch(FETCH_DAYS, user_id=user_id))


async def set_days(work: Work, user_id: UUID, days: Mapping[date, Counts], now: datetime) -> None:
    """Store the counts of days; what else they hold stays."""
    shared = {"user_id": user_id, "now": now}
    rows = [shared | {"id": new_id(), "day": day} | days[day]._asdict() for day in sorted(days)]
    await work.executemany(SET_DAY, rows)
