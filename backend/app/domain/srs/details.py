"""One card in full, how a day of reviews went, and what a learner already has."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from app.core.errors import NotFound
from app.core.values import storable
from app.core.work import Work
from app.domain.accounts.account import Account
from app.domain.srs import details_queries, queries
from app.domain.srs.queue import due_card
from app.domain.srs.results import DueCard, LogEntry, Retention
from app.models import PersonalEntry

MAX_HISTORY = 200


class ReviewDay(msgspec.Struct, frozen=True):
    """How the learner's present day of reviews went, and what comes next.

    `retention` is of today. `next_step_at` is when a card in (re)learning is next shown, `next_day`
    the learner's day on which there is something to review again; `tomorrow` counts keep to the
    learner's limits.
    """

    reviews: int
    retention: Retention
    duration_ms: int
    next_step_at: datetime | None
    next_day: date | None
    reviews_tomorrow: int
    new_tomorrow: int


async def get_card(work: Work, account: Account, card_id: UUID, now: datetime) -> DueCard:
    """Return one card with its faces and buttons, whether it is due or not. Raises NotFound."""
    row = await queries.find_card(work, account.user_id, card_id)
    card = None if row is None else due_card(account, row, now)
    if card is None:
        raise NotFound
    return card


async def get_history(work: Work, account: Account, card_id: UUID) -> list[LogEntry]:
    """Return the last MAX_HISTORY entries of a card's log, the newest first, without undos."""
    return await details_queries.fetch_history(work, account.user_id, card_id, MAX_HISTORY)


async def get_review_day(work: Work, account: Account, now: datetime) -> ReviewDay:
    """Return how today's reviews went and what comes next; undone reviews do not count."""
    today = account.day.date_of(now)
    row = await details_queries.fetch_day(
        work, account.user_id, account.day.start_of(today), now, today, account.bury_siblings
    )
    reviews = min(row.reviews_tomorrow, account.reviews_per_day)
    new = min(row.new_tomorrow, account.new_cards_per_day)
    return ReviewDay(
        reviews=row.reviews,
        retention=Retention(row.learnt, row.remembered),
        duration_ms=row.duration_ms,
        next_step_at=row.next_step_at,
        next_day=today + timedelta(days=1) if reviews or new else row.next_day,
        reviews_tomorrow=reviews,
        new_tomorrow=new,
    )


async def find_added(
    work: Work, account: Account, items: Sequence[tuple[str, UUID]]
) -> frozenset[tuple[str, UUID]]:
    """Return those of `items` (type, id) of which the learner has a card."""
    return await details_queries.find_items_with_card(work, account.user_id, items)


async def find_own_word(work: Work, account: Account, headword: str) -> PersonalEntry | None:
    """Return the learner's own word of this headword, however it is typed, or None."""
    if not storable(headword):
        return None
    return await details_queries.find_personal_entry(work, account.user_id, headword)
