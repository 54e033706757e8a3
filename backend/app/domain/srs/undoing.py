"""Taking back what the learner did last: a review, or anything else that the log tells of."""

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from app.core.errors import Conflict
from app.core.work import Work, transactional
from app.domain.accounts.account import Account
from app.domain.srs import log_queries, queries
from app.domain.srs.history import append
from app.domain.srs.log import Entry
from app.domain.srs.log_queries import DoneAction
from app.domain.srs.queue import due_card
from app.domain.srs.results import UndoResult
from app.domain.srs.reviewing import MAX_OFFLINE_DAYS
from app.models.base import new_id

UNDO_HOURS = 24


class NothingToUndo(Conflict):
    """The learner has done nothing lately that is still in force."""

    code = "nothing_to_undo"
    message = "Nothing of the last 24 hours is left to undo. What was undone stays undone."
    message_id = (
        "Tidak ada lagi yang bisa diurungkan dari 24 jam terakhir. Yang sudah diurungkan tetap "
        "begitu."
    )


@transactional(idempotent=True)
async def undo_last_action(
    work: Work, account: Account, undo_id: UUID, now: datetime
) -> UndoResult:
    """Take back what the learner did last, on any device, with all that it changed.

    That is a review, or what was done to cards at once: suspended, buried, brought back, reset,
    rescheduled, imported. It stays in the log, with entries that take it back; cards and days are
    what they were without it. Another undo takes back what was done before it; an undo cannot be
    undone. A repeat of `undo_id` takes nothing more back. Locks the learner, then the cards.

    Raises NothingToUndo when the last UNDO_HOURS hours have nothing left, Conflict when the id is
    in use for something else.
    """
    await log_queries.lock_learner(work, account.user_id)
    action = await log_queries.find_undone(work, account.user_id, undo_id)
    is_repeat = action is not None
    if action is None:
        action = await _find_last(work, account, now)
    entries = await log_queries.find_action_entries(work, account.user_id, action)
    if not is_repeat:
        try:
            await _undo(work, account, undo_id, entries, now)
        except asyncpg.UniqueViolationError as error:
            raise Conflict from error  # the id belongs to an entry of another learner
    return await _result(work, account, undo_id, action, entries, now)


async def _find_last(work: Work, account: Account, now: datetime) -> DoneAction:
    since = now - timedelta(hours=UNDO_HOURS)
    made_since = since - timedelta(days=MAX_OFFLINE_DAYS)
    action = await log_queries.find_last_action(work, account.user_id, since, made_since)
    if action is None:
        raise NothingToUndo
    return action


async def _undo(
    work: Work,
    account: Account,
    undo_id: UUID,
    entries: dict[UUID, UUID],
    now: datetime,
) -> None:
    """Add an undo of each entry to the log of its card; the first has the id of the request."""
    cards = await log_queries.lock_cards(work, account.user_id, list(entries))
    undos = {
        card_id: Entry(
            new_id() if number else undo_id,
            "undo",
            now,
            account.day.date_of(now),
            settings_id=account.srs_settings_id,
            target_id=entries[card_id],
        )
        for number, card_id in enumerate(cards)
    }
    await append(work, account, cards, undos, now)


async def _result(  # noqa: PLR0917 - what was undone, for whom, when
    work: Work,
    account: Account,
    undo_id: UUID,
    action: DoneAction,
    entries: dict[UUID, UUID],
    now: datetime,
) -> UndoResult:
    card = None
    if len(entries) == 1:
        row = await queries.find_card(work, account.user_id, action.card_id)
        assert row is not None
        card = due_card(account, row, now)
    return UndoResult(
        undo_id=undo_id,
        action=action.kind,
        changed=len(entries),
        review_id=action.id if action.kind == "review" else None,
        card=card,
    )
