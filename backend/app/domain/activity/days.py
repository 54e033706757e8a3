"""What a learner did, day by day, over the last year."""

from datetime import date, datetime, timedelta

import msgspec

from app.core.work import Work
from app.domain.accounts.account import Account
from app.domain.activity import days_queries as queries

HISTORY_WEEKS = 53


class ActiveDay(msgspec.Struct, frozen=True):
    """One of the learner's days with some practice; `minutes` is the time on questions and cards.

    That time is what devices counted, at most an hour for each answer or review.
    """

    day: date
    answers: int
    correct_answers: int
    reviews: int
    minutes: float


async def get_active_days(work: Work, account: Account, now: datetime) -> list[ActiveDay]:
    """Return the days with practice in the last HISTORY_WEEKS calendar weeks, the oldest first.

    One statement over one learner's rows.
    """
    today = account.day.date_of(now)
    since = today - timedelta(days=today.weekday(), weeks=HISTORY_WEEKS - 1)
    return [
        ActiveDay(row.day, row.answers, row.correct_answers, row.reviews, row.duration_ms / 60_000)
        for row in await queries.fetch_days(work, account.user_id, since)
        if row.answers or row.reviews  # an undo may have left nothing of a day
    ]
