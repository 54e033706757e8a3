"""Use cases of spaced repetition: the queue, reviewing, adding cards, and proving the cards."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import LearnerDay, require_utc
from app.core.database import Database, retry
from app.core.errors import Conflict, InvalidInput, NotFound
from app.core.security import signer
from app.domain.accounts.service import Account
from app.domain.srs import queries, rules
from app.domain.srs.results import (
    DueCard,
    DueCounts,
    Preview,
    QuestionItem,
    ReviewResult,
    VocabularyItem,
)
from app.domain.srs.rules import CardState, Rating, Review
from app.models.srs import ITEM_TYPES

__all__ = [
    "AlreadyReviewed",
    "CardState",
    "DueCard",
    "DueCounts",
    "Preview",
    "QuestionItem",
    "Rating",
    "ReviewResult",
    "VocabularyItem",
    "add_cards",
    "bounded_duration",
    "count_due",
    "count_reviewed_today",
    "find_drifted_cards",
    "get_queue",
    "submit_review",
]

MAX_QUEUE = 100
MAX_DURATION_MS = 3_600_000
MAX_OFFLINE_DAYS = 30
_PURPOSE = "review"
_Token = tuple[
    UUID, UUID, date, datetime, int, Decimal, int, bool, int, int, int,
    float | None, float | None, datetime | None,
]  # fmt: skip


class AlreadyReviewed(Conflict):
    """The card was reviewed since it was shown: in another tab, say, or on another device."""

    code = "already_reviewed"
    message = "This card was already reviewed elsewhere."
    message_id = "Kartu ini sudah diulang di tempat lain."


async def get_queue(
    database: Database, account: Account, now: datetime, limit: int = 20
) -> list[DueCard]:
    """Return up to `limit` (1 to 100) cards that are due, the longest due first.

    A card whose item was deleted is left out. Reads one statement, outside a transaction.
    """
    limit = max(1, min(limit, MAX_QUEUE))
    today = account.day.date_of(now)
    rows = await retry(
        lambda: queries.fetch_due_queue(database, account.user_id, today, now, limit),
        idempotent=True,
    )
    cards = (_due_card(account, tuple(row.values()), now) for row in rows)
    return [card for card in cards if card is not None]


def _due_card(account: Account, row: tuple[Any, ...], now: datetime) -> DueCard | None:
    (card_id, item_type, item_id), columns = row[:3], row[3:15]
    vocabulary, question = row[15:23], row[23:]
    item: VocabularyItem | QuestionItem
    if vocabulary[0] is not None:
        item = VocabularyItem(*vocabulary)
    elif question[0] is not None:
        stem, kind, options, answer_key, explanation, translations = question
        item = QuestionItem(
            stem,
            kind,
            None if options is None else msgspec.Raw(options),
            msgspec.Raw(answer_key),
            explanation,
            msgspec.Raw(translations),
        )
    else:
        return None
    state = CardState(*columns)
    buttons = rules.previews(
        state, now, account.day, retention=account.desired_retention, seed=card_id
    )
    return DueCard(
        card_id=card_id,
        item_type=item_type,
        item_id=item_id,
        is_new=state.is_learning and state.review_count == 0,
        state_token=signer().sign(
            _PURPOSE, msgspec.to_builtins((account.user_id, card_id, *columns))
        ),
        item=item,
        previews={
            rating: Preview(round((after.due_at - now).total_seconds()), after.interval)
            for rating, after in buttons.items()
        },
    )


async def count_due(database: Database, account: Account, now: datetime) -> DueCounts:
    """Return how many cards are due now."""
    today = account.day.date_of(now)
    return DueCounts(
        *await retry(
            lambda: queries.count_due(database, account.user_id, today, now), idempotent=True
        )
    )


async def count_reviewed_today(database: Database, account: Account, now: datetime) -> int:
    """Return how many reviews the learner has made on their present day."""
    since = account.day.start_of(account.day.date_of(now))
    return await retry(
        lambda: queries.count_reviewed(database, account.user_id, since), idempotent=True
    )


async def submit_review(
    database: Database,
    account: Account,
    *,
    review_id: UUID,
    card_id: UUID,
    rating: Rating,
    duration_ms: int | None,
    state_token: str | None,
    now: datetime,
    reviewed_at: datetime | None = None,
) -> ReviewResult:
    """Store one review and move its card; a repeat of `review_id` returns the stored result.

    With the token of `get_queue` and nothing in between this is one statement. Otherwise (no token
    or an old one, a repeat, a review made before the last stored one) the card is locked, and a
    late review replays the card's whole log. `reviewed_at` (aware) is for reviews made offline, at
    most MAX_OFFLINE_DAYS ago; without it an old token means that the card has changed on the way.

    Raises NotFound (no such card of this learner), AlreadyReviewed (since the token was given),
    Conflict (the id is in use for something else), InvalidInput (a time out of range).
    """
    review = Review(
        review_id, Rating(rating), _time_of(reviewed_at, now), bounded_duration(duration_ms)
    )
    state = _read_token(account, card_id, state_token)

    async def submit() -> ReviewResult:
        if state is not None and not _is_late(review, state):
            after = _schedule(account, card_id, state, review)
            try:
                if await queries.write_review(database, account.user_id, card_id, review, after):
                    return _result(card_id, review, state, after)
            except asyncpg.UniqueViolationError:
                pass  # the same id is being written: below shows whose it is
        shown = None if reviewed_at else state
        return await _submit_locked(database, account, card_id, review, shown)

    return await retry(submit, idempotent=True)


def _time_of(reviewed_at: datetime | None, now: datetime) -> datetime:
    """Return when a review was made, in UTC; compares first, for the ends of time have no UTC."""
    if reviewed_at is None:
        return now
    if reviewed_at > now:
        raise InvalidInput(
            "A review cannot lie in the future.",
            "Waktu mengulang tidak boleh di masa depan.",
            field="reviewed_at",
        )
    if reviewed_at < now - timedelta(days=MAX_OFFLINE_DAYS):
        raise InvalidInput(
            f"A review can be handed in for at most {MAX_OFFLINE_DAYS} days.",
            f"Waktu mengulang paling lama {MAX_OFFLINE_DAYS} hari yang lalu.",
            field="reviewed_at",
        )
    return require_utc(reviewed_at)


def bounded_duration(duration_ms: int | None) -> int | None:
    """Return a time taken, between 0 and an hour: whoever took longer was away."""
    return None if duration_ms is None else min(max(duration_ms, 0), MAX_DURATION_MS)


def _read_token(account: Account, card_id: UUID, token: str | None) -> CardState | None:
    """Return the state in a token; None when it is not one of ours for this learner and card.

    The token only saves a round trip, so a bad one (signed with an old SECRET_KEY, say) is no
    error.
    """
    if token is None:
        return None
    try:
        payload = msgspec.convert(signer().unsign(_PURPOSE, token), _Token)
    except (InvalidInput, msgspec.ValidationError):
        return None
    owner, card, *columns = payload
    return CardState(*columns) if (owner, card) == (account.user_id, card_id) else None


def _is_late(review: Review, state: CardState) -> bool:
    return state.last_reviewed_at is not None and review.reviewed_at < state.last_reviewed_at


def _schedule(account: Account, card_id: UUID, state: CardState, review: Review) -> CardState:
    return rules.schedule(
        state,
        review.rating,
        review.reviewed_at,
        account.day,
        retention=account.desired_retention,
        seed=card_id,
    )


def _replay(account: Account, card_id: UUID, log: Sequence[Review]) -> CardState:
    """Return what a log makes of a new card, by the learner's present preferences."""
    first = rules.new_card(min(review.reviewed_at for review in log), account.day)
    return rules.replay(log, first, account.day, retention=account.desired_retention, seed=card_id)


def _result(card_id: UUID, review: Review, before: CardState, after: CardState) -> ReviewResult:
    return ReviewResult(
        review_id=review.id,
        card_id=card_id,
        rating=review.rating,
        interval_days=after.interval,
        next_review_date=after.next_review_date,
        due_at=after.due_at,
        is_leech=after.lapses > before.lapses and rules.is_leech(after.lapses),
    )


async def _submit_locked(
    database: Database, account: Account, card_id: UUID, review: Review, shown: CardState | None
) -> ReviewResult:
    """Store a review in a transaction that holds the card's lock, or return the stored one.

    `shown` is the card as the learner saw it, when the review is of that card and no older one.
    """
    user_id = account.user_id
    try:
        async with database.driver() as connection, connection.transaction():
            before = await queries.lock_card(connection, user_id, card_id)
            if before is None:
                raise NotFound
            rows = await queries.fetch_log(connection, user_id, card_id)
            log = [Review(row[0], Rating(row[1]), row[2], row[3]) for row in rows]
            for number, row in enumerate(rows):
                if row["id"] == review.id:
                    return _stored_result(account, card_id, log[: number + 1], row)
            if shown is not None and shown.review_count < before.review_count:
                raise AlreadyReviewed
            if _is_late(review, before):
                after = _replay(account, card_id, [*log, review])
            else:
                after = _schedule(account, card_id, before, review)
            if not await queries.write_review_on(connection, user_id, card_id, review, after):
                raise Conflict  # the id belongs to another card, whose ever it is
            return _result(card_id, review, before, after)
    except asyncpg.UniqueViolationError as error:
        raise Conflict from error


def _stored_result(
    account: Account, card_id: UUID, log: list[Review], row: asyncpg.Record
) -> ReviewResult:
    """Return the result of the last review of `log`; its `row` holds what was granted."""
    review, after = log[-1], _replay(account, card_id, log)
    before = _replay(account, card_id, log[:-1]) if log[:-1] else replace(after, lapses=0)
    granted = replace(
        after,
        interval=row["interval"],
        due_at=row["due_at"],
        next_review_date=account.day.date_of(row["due_at"]),
    )
    return _result(card_id, review, before, granted)


async def add_cards(
    db: AsyncSession, account: Account, items: Sequence[tuple[str, UUID]], now: datetime
) -> int:
    """Give the learner a card for each item (type, id) that has none; return how many are new.

    The first of `items` are shown first: today, as far as the learner's `new_cards_per_day` allows,
    then on the days after. No day is given more unseen cards than that, so a learner who is away
    for long finds those of several days. With 0 nothing is added. Raises NotFound when an item
    does not exist, InvalidInput for another type.
    """
    if not {kind for kind, _ in items} <= set(ITEM_TYPES):
        raise InvalidInput(f"item_type must be one of {', '.join(ITEM_TYPES)}.", field="items")
    found = await queries.find_items(db, account.user_id, list(dict.fromkeys(items)))
    if not all(item.is_there for item in found):
        raise NotFound
    missing = [(item.item_type, item.item_id) for item in found if not item.has_card]
    today = account.day.date_of(now)
    assigned = await queries.count_unseen_by_day(db, account.user_id, today)
    days = rules.spread_new_cards(assigned, len(missing), today, account.new_cards_per_day)
    if not days:
        return 0
    cards = [
        {
            "user_id": account.user_id,
            "item_type": item_type,
            "item_id": item_id,
            "interval": 0,
            "next_review_date": first_day,
            "due_at": max(now, account.day.start_of(first_day)),
            "created_at": now,
            "updated_at": now,
        }
        for (item_type, item_id), first_day in zip(missing, days, strict=True)
    ]
    cards.sort(key=lambda card: card["item_id"])  # two devices lock in the same order
    return await queries.insert_cards(db, cards)


async def find_drifted_cards(db: AsyncSession, sample: int = 1000) -> list[UUID]:
    """Return the cards, of about `sample` looked at, that are not what their log replays to.

    Counts, ease and steps must equal those of a replay (they depend on the ratings alone). The
    memory and the due date also depend on the time zone and retention that the learner had then:
    they must equal what the review that was written last granted.
    """
    rows = await queries.sample_cards_with_logs(db, sample)
    return [card.id for card in rows if not _is_explained(card)]


def _is_explained(card: Any) -> bool:
    """Tell whether the log explains a card (a row of DRIFT_SAMPLE)."""
    if card.review_count != len(card.ratings) or card.last_reviewed_at != card.logged_at:
        return False
    replayed = rules.new_card(card.logged_at, LearnerDay())
    for rating in card.ratings:
        replayed = rules.schedule(replayed, Rating(rating), card.logged_at, LearnerDay())
    counted = ("ease_factor", "repetitions", "is_learning", "learning_step", "lapses")
    granted = ("due_at", "interval", "stability", "difficulty")
    return (
        all(getattr(card, name) == getattr(replayed, name) for name in counted)
        and all(getattr(card, name) == getattr(card, f"granted_{name}") for name in granted)
        and abs(card.next_review_date - card.due_at.date()) <= timedelta(days=1)
    )
