"""SQL of the proof that cards and days are what the logs say: one learner at a time."""

from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from app.core.work import Work
from app.domain.srs.log_queries import FETCH_LOG_COLUMNS, LOGGED_COLUMNS, Logged, join_logs
from app.models.base import new_id

PAGE_LEARNERS = 1_000
NEXT_LEARNERS = """
SELECT id FROM users WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2
"""
FETCH_CARDS = f"""
SELECT {LOGGED_COLUMNS} FROM srs_cards WHERE user_id = $1 ORDER BY id
"""  # noqa: S608 - made of constants
FETCH_ALL_LOGS = f"SELECT {FETCH_LOG_COLUMNS} FROM srs_reviews WHERE user_id = $1"  # noqa: S608
FETCH_DAYS = """
SELECT day, reviews, learnt_reviews, new_cards FROM daily_activity WHERE user_id = $1
"""
SET_DAY = """
INSERT INTO daily_activity (id, user_id, day, reviews, learnt_reviews, new_cards, created_at,
                            updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
ON CONFLICT (user_id, day) DO UPDATE
SET reviews = excluded.reviews, learnt_reviews = excluded.learnt_reviews,
    new_cards = excluded.new_cards, updated_at = excluded.updated_at
"""


class Counts(NamedTuple):
    """What `daily_activity` counts of one day's reviews."""

    reviews: int = 0
    learnt_reviews: int = 0
    new_cards: int = 0


async def learners(work: Work) -> AsyncIterator[UUID]:
    """Yield the ids of all users, a page at a time."""
    last: UUID | None = None
    while True:
        rows = await work.raw_fetch(NEXT_LEARNERS, last, PAGE_LEARNERS)
        for row in rows:
            yield row[0]
        if len(rows) < PAGE_LEARNERS:
            return
        last = rows[-1][0]


async def fetch_cards(work: Work, user_id: UUID, *, locked: bool = False) -> dict[UUID, Logged]:
    """Return all cards of a learner with their logs; `locked` to the end of the transaction."""
    rows = await work.raw_fetch(FETCH_CARDS + " FOR NO KEY UPDATE" * locked, user_id)
    return join_logs(rows, await work.raw_fetch(FETCH_ALL_LOGS, user_id))


async def fetch_days(work: Work, user_id: UUID) -> dict[date, Counts]:
    """Return what is stored of a learner's days with reviews."""
    rows = await work.raw_fetch(FETCH_DAYS, user_id)
    return {row[0]: Counts(*tuple(row)[1:]) for row in rows if row["reviews"]}


async def set_days(work: Work, user_id: UUID, days: Mapping[date, Counts], now: datetime) -> None:
    """Store the counts of days; what else they hold stays."""
    rows = [(new_id(), user_id, day, *days[day], now) for day in sorted(days)]
    await work.raw_executemany(SET_DAY, rows)
