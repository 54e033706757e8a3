"""Cards as a learner's collection: adding, listing, putting away, starting over."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeAlias
from unicodedata import normalize
from uuid import UUID

from sqlalchemy import false, or_
from sqlalchemy.exc import IntegrityError

from app.core.characters import visible
from app.core.errors import Conflict, InvalidInput, NotFound, raise_for
from app.core.pagination import get_keyset_page
from app.core.values import storable
from app.core.work import Work, transactional
from app.domain.accounts.account import Account
from app.domain.srs import card_queries, log_queries
from app.domain.srs.card_queries import NewCard
from app.domain.srs.history import append
from app.domain.srs.log import Entry, Given
from app.domain.srs.log_queries import Logged
from app.domain.srs.results import CardPage, CardSummary
from app.domain.srs.rules import LEECH_THRESHOLD
from app.models import PersonalEntry, SRSCard
from app.models.base import new_id
from app.models.bounds import MAXIMUM_INTERVAL_DAYS
from app.models.srs import DIRECTIONS, ITEM_TYPES
from app.search.limits import search_limits

MAX_MANAGED = 500
MAX_HEADWORD_LENGTH = 255
MAX_TEXT_LENGTH = 1_000
MAX_RESCHEDULED_DAYS = MAXIMUM_INTERVAL_DAYS.most
_IN_FRONT = timedelta(milliseconds=1)

_Line: TypeAlias = tuple[str | None, str | None, str | None]
_GONE: _Line = (None, None, None)
Action = Literal["suspend", "unsuspend", "bury", "unbury", "reset", "reschedule"]
State = Literal["new", "learning", "review", "suspended", "buried", "leech"]
Sort = Literal["due", "difficulty", "lapses"]


class WordExists(Conflict):
    """The learner has added this word already."""

    code = "word_exists"
    message = "You have added this word already."
    message_id = "Kata ini sudah kamu tambahkan."


@transactional()
async def add_cards(
    work: Work,
    account: Account,
    items: Sequence[tuple[str, UUID]],
    now: datetime,
    *,
    by_hand: bool = False,
) -> int:
    """Give the learner the cards of each item (type, id) that are missing; return how many.

    A word has two, production behind recognition; a question has one. They wait in the order of
    `items` behind those that were added before, and the queue takes as many a day as the learner
    wants then. What is added `by_hand` waits in front of all others.

    Raises NotFound when an item does not exist, InvalidInput for another type.
    """
    if not {kind for kind, _ in items} <= set(ITEM_TYPES):
        raise InvalidInput(f"item_type must be one of {', '.join(ITEM_TYPES)}.", field="items")
    found = await card_queries.find_items(work, account.user_id, list(dict.fromkeys(items)))
    if not all(item.is_there for item in found):
        raise NotFound
    wanted = [(item, _missing(item)) for item in found if _missing(item)]
    place = now
    if by_hand:
        first = await card_queries.find_first_place(work, account.user_id)
        place = min(now, first - _IN_FRONT) if first else now
    cards = [
        NewCard(item.item_type, item.item_id, direction, item.passage_id)
        for item, directions in wanted
        for direction in directions
    ]
    first_day = account.day.date_of(place)
    return await card_queries.insert_cards(work, account.user_id, cards, first_day, place, now)


def _missing(item: Any) -> list[str]:
    """Return the directions in which an item (of `find_items`) has no card yet, in their order."""
    directions = DIRECTIONS[:1] if item.item_type == "question" else DIRECTIONS
    return [direction for direction in directions if direction not in item.directions]


@transactional()
async def add_personal_word(  # noqa: PLR0917 - the word as it is written down
    work: Work,
    account: Account,
    headword: str,
    meaning: str,
    example: str | None,
    now: datetime,
) -> UUID:
    """Keep a word of the learner's own, with its two cards, due from today on; return its id.

    Raises InvalidInput naming the field, or WordExists for a word that the learner has, however
    that is typed (see `PersonalEntry`).
    """
    entry = PersonalEntry(
        id=new_id(),
        user_id=account.user_id,
        headword=_clean("headword", headword, MAX_HEADWORD_LENGTH),
        meaning=_clean("meaning", meaning, MAX_TEXT_LENGTH),
        example=_clean("example", example, MAX_TEXT_LENGTH)
        if visible(example or "").strip()
        else None,
        created_at=now,
        updated_at=now,
    )
    entry_id = entry.id
    try:
        async with work.session.begin_nested():
            work.session.add(entry)
    except IntegrityError as error:
        raise_for(
            error,
            {"personal_entries_user_id_headword_key_spelling_key": WordExists(field="headword")},
        )
    await add_cards(work, account, [("personal", entry_id)], now, by_hand=True)
    return entry_id


def _clean(field: str, value: str | None, longest: int) -> str:
    """Return a text without what nobody sees, with composed letters and single spaces."""
    cleaned = normalize("NFC", " ".join(visible(value or "").split()))
    if not cleaned or len(cleaned) > longest or not storable(value or ""):
        raise InvalidInput(
            f"Write 1 to {longest} characters that can be seen.",
            f"Isi dengan 1 sampai {longest} karakter yang terlihat.",
            field=field,
        )
    return cleaned


@transactional()
async def manage_cards(
    work: Work,
    account: Account,
    action: Action,
    card_ids: Sequence[UUID],
    now: datetime,
    *,
    due_on: date | None = None,
) -> int:
    """Do something to cards (at most MAX_MANAGED), to all of them or none; return to how many.

    `suspend` takes cards out of the queue until `unsuspend`; `bury` until tomorrow or `unbury`.
    `reset` makes them new again, `reschedule` has them due on the learner's day `due_on` with their
    memory unchanged. Each card that this changes gets an entry in its log, so that all of it can be
    undone at once. Locks the cards.

    Raises NotFound when one is not the learner's, InvalidInput for too many or another day.
    """
    wanted = sorted(set(card_ids))
    if not 1 <= len(wanted) <= MAX_MANAGED:
        raise InvalidInput(f"Give 1 to {MAX_MANAGED} cards.", field="card_ids")
    if action == "reschedule":
        _require_day(due_on, account.day.date_of(now))
    cards = await log_queries.lock_cards(work, account.user_id, wanted)
    if len(cards) < len(wanted):
        raise NotFound
    entry = _entry(account, action, now, due_on)
    changed = [card_id for card_id, card in cards.items() if _changes(card, entry, due_on)]
    entries = {card_id: replace(entry, id=new_id()) for card_id in changed}
    await append(work, account, cards, entries, now)
    return len(cards)


def _require_day(due_on: date | None, today: date) -> None:
    if due_on is None or not 0 <= (due_on - today).days <= MAX_RESCHEDULED_DAYS:
        raise InvalidInput(
            "due_on must be today or a later day.",
            "due_on harus hari ini atau sesudahnya.",
            field="due_on",
        )


def _entry(account: Account, action: Action, now: datetime, due_on: date | None) -> Entry:
    given = None
    if action == "reschedule" and due_on is not None:
        given = Given(max(now, account.day.start_of(due_on)))
    return Entry(
        new_id(),
        action,
        now,
        account.day.date_of(now),
        settings_id=account.srs_settings_id,
        given=given,
        action_id=new_id(),
    )


def _changes(card: Logged, entry: Entry, due_on: date | None) -> bool:
    """Return whether an entry says anything new of a card."""
    is_buried = card.aside.buried_until is not None and card.aside.buried_until > entry.day
    match entry.kind:
        case "suspend" | "unsuspend":
            return card.aside.is_suspended != (entry.kind == "suspend")
        case "bury" | "unbury":
            return is_buried != (entry.kind == "bury")
        case "reschedule":
            return card.state.next_review_date != due_on
        case _:
            return not (card.state.is_new and card.state.stability is None)


@dataclass(frozen=True, slots=True)
class CardFilter:
    """Which cards to list; what is None does not matter. `text` is a part of the word or question.

    It may be in English or Indonesian (headword, meaning, stem), in any spelling.
    """

    state: State | None = None
    item_type: str | None = None
    direction: str | None = None
    text: str | None = None


async def list_cards(
    work: Work,
    account: Account,
    now: datetime,
    wanted: CardFilter = CardFilter(),
    *,
    sort: Sort = "due",
    limit: int = 50,
    cursor: str | None = None,
) -> CardPage:
    """Return a page (1 to 200) of the learner's cards, in two statements.

    `sort`: the soonest due first, or the most difficult (cards with a memory only), or those
    forgotten most often. Raises InvalidInput for a bad limit or a cursor of another list, and
    SearchTooSlow when looking for a text takes too long.
    """
    query = card_queries.cards_of(account.user_id)
    today = account.day.date_of(now)
    if wanted.state is not None:
        query = query.where(card_queries.in_state(wanted.state, today))
    if wanted.item_type is not None:
        query = query.where(SRSCard.item_type == wanted.item_type)
    if wanted.direction is not None:
        query = query.where(SRSCard.direction == wanted.direction)
    if wanted.text and wanted.text.strip():
        text = wanted.text.strip()
        query = query.where(card_queries.about(text) if storable(text) else false())
    order: list[Any]
    if sort == "difficulty":
        query = query.where(SRSCard.difficulty.is_not(None))
        order = [SRSCard.difficulty.desc()]
    elif sort == "lapses":
        order = [SRSCard.lapses.desc()]
    else:
        order = [SRSCard.next_review_date.asc(), SRSCard.due_at.asc()]
    async with search_limits(work.session) if wanted.text else nullcontext():
        page = await get_keyset_page(work.session, query, order, limit, cursor)
    item_ids = [card.item_id for card in page.items]
    lines = await card_queries.fetch_lines(work, account.user_id, item_ids)
    return CardPage(
        [_summary(card, lines.get(card.item_id, _GONE), today) for card in page.items],
        page.next_cursor,
        page.previous_cursor,
    )


async def count_cards(work: Work, account: Account) -> int:
    """Return how many cards the learner has (by idx_srs_cards_due)."""
    return await work.session.scalar(card_queries.count_of(account.user_id)) or 0


async def list_forgotten_words(
    work: Work, account: Account, now: datetime, limit: int
) -> list[CardSummary]:
    """Return the learner's words that they have forgotten, the most often forgotten first.

    Cards that are suspended, or buried for today, are left out. Two statements.
    """
    today = account.day.date_of(now)
    query = (
        card_queries.cards_of(account.user_id)
        .where(
            SRSCard.item_type != "question",
            SRSCard.lapses > 0,
            ~SRSCard.is_suspended,
            or_(SRSCard.buried_until.is_(None), SRSCard.buried_until <= today),
        )
        .order_by(SRSCard.lapses.desc(), SRSCard.id)
        .limit(limit)
    )
    cards = list(await work.session.scalars(query))
    if not cards:
        return []
    lines = await card_queries.fetch_lines(work, account.user_id, [card.item_id for card in cards])
    return [_summary(card, lines.get(card.item_id, _GONE), today) for card in cards]


async def get_card_summary(
    work: Work, account: Account, card_id: UUID, now: datetime
) -> CardSummary:
    """Return one card as the browser shows it, in two statements. Raises NotFound."""
    card = await work.session.scalar(
        card_queries.cards_of(account.user_id).where(SRSCard.id == card_id)
    )
    if card is None:
        raise NotFound
    lines = await card_queries.fetch_lines(work, account.user_id, [card.item_id])
    return _summary(card, lines.get(card.item_id, _GONE), account.day.date_of(now))


def _summary(card: SRSCard, line: _Line, today: date) -> CardSummary:
    is_buried = card.buried_until is not None and card.buried_until > today
    learning = "learning" if card.review_count else "new"
    return CardSummary(
        card_id=card.id,
        item_type=card.item_type,
        item_id=card.item_id,
        direction=card.direction,
        front=line[0],
        back=line[1],
        front_id=line[2],
        state=learning if card.is_learning else "review",
        is_suspended=card.is_suspended,
        is_leech=card.lapses >= LEECH_THRESHOLD,
        buried_until=card.buried_until if is_buried else None,
        next_review_date=card.next_review_date,
        due_at=card.due_at,
        interval_days=card.interval,
        stability=card.stability,
        difficulty=card.difficulty,
        lapses=card.lapses,
        review_count=card.review_count,
        last_reviewed_at=card.last_reviewed_at,
    )
