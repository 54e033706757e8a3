"""Moving what is learnt to the days that the settings of today grant: offered, never by itself."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from app.core.work import Work, transactional
from app.domain.accounts.account import Account
from app.domain.srs import log_queries
from app.domain.srs.history import append, settings_of
from app.domain.srs.log import Entry, Given
from app.domain.srs.log_queries import Learnt
from app.domain.srs.results import Rescheduling
from app.domain.srs.rules import granted_interval
from app.models.base import new_id


async def count_to_reschedule(work: Work, account: Account, now: datetime) -> Rescheduling:
    """Return how many cards `reschedule_all` would move."""
    cards = await log_queries.fetch_learnt(work, account.user_id)
    return _counted(_moves(account, cards, now), account.day.date_of(now))


@transactional()
async def reschedule_all(work: Work, account: Account, now: datetime) -> Rescheduling:
    """Move every learnt card to the day that its memory and today's settings grant.

    That is what its last review would have granted with them, today if that day is over; cards
    that stay where they are get no entry in their log. One action, so one undo takes it all back.
    Locks the learner's learnt cards.
    """
    cards = await log_queries.fetch_learnt(work, account.user_id, locked=True)
    moves = _moves(account, cards, now)
    logged = {card_id: cards[card_id].card for card_id in moves}
    await append(work, account, logged, _entries(account, moves, now), now)
    return _counted(moves, account.day.date_of(now))


def _moves(account: Account, cards: Mapping[UUID, Learnt], now: datetime) -> dict[UUID, date]:
    """Return on which day each card would be due that is due on another one."""
    today, settings = account.day.date_of(now), settings_of(account)
    moves = {}
    for card_id, (card, factor) in cards.items():
        state = card.state
        assert state.stability is not None
        last_day = state.next_review_date - timedelta(days=state.interval)
        if state.last_reviewed_at is not None:
            last_day = account.day.date_of(state.last_reviewed_at)
        interval = granted_interval(state.stability, settings, factor)
        due_on = max(today, last_day + timedelta(days=interval))
        if due_on != max(today, state.next_review_date):
            moves[card_id] = due_on
    return moves


def _entries(account: Account, moves: Mapping[UUID, date], now: datetime) -> dict[UUID, Entry]:
    action_id, today = new_id(), account.day.date_of(now)
    return {
        card_id: Entry(
            new_id(),
            "reschedule",
            now,
            today,
            settings_id=account.srs_settings_id,
            given=Given(max(now, account.day.start_of(due_on))),
            action_id=action_id,
        )
        for card_id, due_on in moves.items()
    }


def _counted(moves: Mapping[UUID, date], today: date) -> Rescheduling:
    return Rescheduling(len(moves), sum(due_on == today for due_on in moves.values()))
