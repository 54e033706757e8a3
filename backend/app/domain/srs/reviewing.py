"""Reviewing a card, also late and more than once."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import asyncpg
from msgspec import structs

from app.core.clock import require_utc
from app.core.errors import Conflict, InvalidInput, NotFound
from app.core.work import Work, transactional
from app.domain.accounts.account import Account
from app.domain.srs import log, log_queries, queries
from app.domain.srs.fuzz import fuzz_factor
from app.domain.srs.history import append, first_state, settings_of
from app.domain.srs.log import Entry, Step
from app.domain.srs.log_queries import Logged
from app.domain.srs.queue import Shown, read_token
from app.domain.srs.results import ReviewResult
from app.domain.srs.rules import Rating, elapsed_days, is_leech, schedule

MAX_DURATION_MS = 3_600_000
MAX_OFFLINE_DAYS = 30
CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far a device's clock may be behind ours when it reviews a card that was just made."""

Alongside: TypeAlias = Callable[[Work, Entry], Awaitable[None]]
"""What else a review stores, in its transaction and once; the entry says when it was made."""


class AlreadyReviewed(Conflict):
    """The card was reviewed since it was shown: in another tab, say, or on another device."""

    code = "already_reviewed"
    message = "This card was already reviewed elsewhere."
    message_id = "Kartu ini sudah diulang di tempat lain."


async def submit_review(
    work: Work,
    account: Account,
    *,
    review_id: UUID,
    card_id: UUID,
    rating: Rating,
    duration_ms: int | None,
    state_token: str | None,
    now: datetime,
    reviewed_at: datetime | None = None,
    alongside: Alongside | None = None,
) -> ReviewResult:
    """Store a review and move its card; a repeat of `review_id` returns the stored result.

    With the token of `get_queue` and nothing in between this is one statement. Otherwise (no token
    or an old one, a repeat, an entry of the same moment or later, something to be stored
    `alongside`) the card is locked and its whole log replayed, so that the order of arrival does
    not matter. `reviewed_at` (aware) is the
    device's clock, for reviews made offline, at most MAX_OFFLINE_DAYS ago; a clock ahead of ours is
    taken for ours, and one that is behind it by no more than CLOCK_TOLERANCE when the card was made
    for that moment. Without it an old token means that the card has changed on the way.

    Raises NotFound (no such card of this learner), AlreadyReviewed (since the token was given),
    Conflict (the id is in use for something else), InvalidInput (a time out of range).
    """
    if reviewed_at is not None and reviewed_at < now - timedelta(days=MAX_OFFLINE_DAYS):
        return await _find_stored(work, account, card_id, review_id)
    shown = read_token(account, card_id, state_token)
    when = _time_of(reviewed_at, now)
    review = Entry(
        review_id,
        "review",
        when,
        account.day.date_of(when),
        settings_id=account.srs_settings_id,
        rating=Rating(rating),
        fuzz_factor=shown.factor if shown else fuzz_factor(card_id.bytes, review_id.bytes),
        duration_ms=bounded_duration(duration_ms),
    )

    if shown is not None and alongside is None:
        step = _next_step(account, shown, review)
        try:
            if await queries.write_review(work, account.user_id, card_id, step, reviewed_at, now):
                return _result(card_id, step)
        except asyncpg.UniqueViolationError:
            pass  # the id is in use: below shows whose it is
    try:
        return await _submit_locked(
            work, account, card_id, review, shown, reviewed_at, now, alongside
        )
    except asyncpg.UniqueViolationError as error:
        raise Conflict from error  # the id belongs to another card, anybody's


def _time_of(reviewed_at: datetime | None, now: datetime) -> datetime:
    """Return when a review counts as made, in UTC."""
    if reviewed_at is None:
        return now
    try:
        return min(require_utc(reviewed_at), now)
    except OverflowError as error:  # the last hours of the year 9999, west of Greenwich
        raise InvalidInput(
            "This time is not one.", "Waktu ini tidak ada.", field="reviewed_at"
        ) from error


def bounded_duration(duration_ms: int | None) -> int | None:
    """Return a time taken, between 0 and an hour: a longer one was a break."""
    return None if duration_ms is None else min(max(duration_ms, 0), MAX_DURATION_MS)


def _next_step(account: Account, shown: Shown, review: Entry) -> Step:
    """Return what a review does that comes after all others."""
    assert review.rating is not None
    state, settings = shown.state, settings_of(account)
    after = schedule(
        state, review.rating, review.reviewed_at, settings, review.fuzz_factor, review.day
    )
    return Step(review, state, after, elapsed_days(state, review.day, settings.day))


def _result(card_id: UUID, step: Step) -> ReviewResult:
    entry, before, after, _ = step
    assert entry.rating is not None
    return ReviewResult(
        review_id=entry.id,
        card_id=card_id,
        rating=entry.rating,
        interval_days=after.interval,
        next_review_date=after.next_review_date,
        due_at=after.due_at,
        is_leech=after.lapses > before.lapses and is_leech(after.lapses),
    )


@transactional(idempotent=True)
async def _submit_locked(  # noqa: PLR0917 - as submit_review
    work: Work,
    account: Account,
    card_id: UUID,
    review: Entry,
    shown: Shown | None,
    reviewed_at: datetime | None,
    now: datetime,
    alongside: Alongside | None,
) -> ReviewResult:
    """Store a review in a transaction that holds the card's lock, or return the stored one."""
    cards = await log_queries.lock_cards(work, account.user_id, [card_id])
    if card_id not in cards:
        raise NotFound
    card = cards[card_id]
    if review.id in card.written_at:
        return await _stored_result(work, account, card_id, card, review.id)
    if reviewed_at is None and _has_changed(card, shown):
        raise AlreadyReviewed
    if reviewed_at is not None and review.reviewed_at < card.created_at:
        review = _no_older_than(card.created_at, review, account)
    done = await append(work, account, cards, {card_id: review}, now, reviewed_at)
    if alongside is not None:
        await alongside(work, review)
    return _result(card_id, done[card_id].step)


def _has_changed(card: Logged, shown: Shown | None) -> bool:
    """Return whether a card is scheduled otherwise than it was shown: reviewed since, say."""
    if shown is None:
        return False
    return card.state != structs.replace(shown.state, revision=card.state.revision)


def _no_older_than(created_at: datetime, review: Entry, account: Account) -> Entry:
    """Return the review as made with its card, if its clock may be that slow; refuse an older."""
    if review.reviewed_at < created_at - CLOCK_TOLERANCE:
        raise InvalidInput(
            "This is before the card was added, so it cannot have been reviewed then. Check the "
            "clock of the device.",
            "Waktu ini sebelum kartunya ditambahkan, jadi kartu belum bisa diulang saat itu. "
            "Periksa jam perangkatmu.",
            field="reviewed_at",
        )
    return replace(review, reviewed_at=created_at, day=account.day.date_of(created_at))


@transactional(idempotent=True)
async def _find_stored(
    work: Work, account: Account, card_id: UUID, review_id: UUID
) -> ReviewResult:
    """Return the result of a review of long ago that was handed in in time; refuse another."""
    cards = await log_queries.lock_cards(work, account.user_id, [card_id])
    if card_id in cards and review_id in cards[card_id].written_at:
        return await _stored_result(work, account, card_id, cards[card_id], review_id)
    raise InvalidInput(
        f"A review can be handed in for at most {MAX_OFFLINE_DAYS} days.",
        f"Waktu mengulang paling lama {MAX_OFFLINE_DAYS} hari yang lalu.",
        field="reviewed_at",
    )


async def _stored_result(
    work: Work, account: Account, card_id: UUID, card: Logged, review_id: UUID
) -> ReviewResult:
    """Return what a stored review granted when it was written, whatever arrived since."""
    written = card.written_at[review_id]
    entries = [
        entry
        for entry in card.entries
        if card.written_at[entry.id] <= written and entry.target_id != review_id
    ]
    settings = await log_queries.fetch_settings(work, account.user_id, [card])
    done = log.steps(entries, first_state(card, settings), settings)
    step = next((step for step in done if step.entry.id == review_id), None)
    if step is None or step.entry.kind != "review":
        raise Conflict  # the id of an undo, say
    return _result(card_id, step)
