"""The review queue: what to review next, and what each button would grant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from app.core.errors import InvalidInput
from app.core.security import signer
from app.core.work import Work
from app.domain.accounts.account import Account
from app.domain.srs import queries
from app.domain.srs.fuzz import balanced_factor, fuzz_factor
from app.domain.srs.history import settings_of
from app.domain.srs.results import (
    DueCard,
    DueCounts,
    Item,
    PersonalItem,
    Preview,
    QuestionItem,
    Queue,
    VocabularyItem,
)
from app.domain.srs.rules import CardState, Outlook, Rating, Settings

MAX_QUEUE = 100
# A token from before a column was added, which would be read with its default, is not ours.
_PURPOSE = f"review {len(CardState.__struct_fields__)}"
_STATE_END = 4 + len(CardState.__struct_fields__)
_VOCABULARY_END = _STATE_END + 8
_QUESTION_END = _VOCABULARY_END + 7
_ITEM_END = _QUESTION_END + 3
_decode_loads = msgspec.json.Decoder(dict[int, int]).decode


class _Token(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a token of the queue says; as an array it is half as long as with names."""

    user_id: UUID
    card_id: UUID
    factor: float
    state: CardState


class Shown(NamedTuple):
    """A card as the learner saw it, with the place in the fuzz range that its buttons promised."""

    state: CardState
    factor: float


async def get_queue(work: Work, account: Account, now: datetime, limit: int = 20) -> Queue:
    """Return up to `limit` (1 to 100) cards to review next, and how many there are in all.

    First the steps whose moment has come, then learnt cards (in the order of the preference
    `review_order`, up to `reviews_per_day`) evenly mixed with new ones (up to
    `new_cards_per_day`). With `bury_siblings` a card waits for another day when its word, or its
    passage, was reviewed today or comes earlier in the queue; cards in steps never wait. The
    intervals are fuzzed so that the button Good falls on the emptiest day. A card whose item was
    deleted is left out. Reads one statement, outside a transaction.
    """
    limit = max(1, min(limit, MAX_QUEUE))
    asked = _asked(account, now)
    rows = await queries.fetch_due_queue(work, asked, limit)
    if not rows:
        return Queue(DueCounts(0, 0, 0), [])
    *counts, loads_json = tuple(rows[0])[_ITEM_END:]
    loads = _loads(loads_json)
    cards = (due_card(account, tuple(row)[:_ITEM_END], now, loads) for row in rows)
    return Queue(DueCounts(*counts), [card for card in cards if card is not None])


async def count_due(work: Work, account: Account, now: datetime) -> DueCounts:
    """Return how many cards the queue holds."""
    return DueCounts(*await queries.count_due(work, _asked(account, now)))


async def count_reviewed_today(work: Work, account: Account, now: datetime) -> int:
    """Return how many reviews the learner has made on their present day."""
    return await queries.count_reviewed(work, account.user_id, account.day.date_of(now))


def _asked(account: Account, now: datetime) -> queries.Asked:
    today = account.day.date_of(now)
    return queries.Asked(
        account.user_id,
        today,
        now,
        account.new_cards_per_day,
        account.reviews_per_day,
        account.bury_siblings,
        account.review_order == "retrievability",
        account.day.start_of(today),
    )


def _loads(loads_json: str | None) -> list[int]:
    """Return how many cards are due by days from today."""
    loads = [0] * (queries.BALANCED_DAYS + 1)
    if loads_json is not None:
        for ahead, cards in _decode_loads(loads_json).items():
            loads[ahead] = cards
    return loads


def due_card(
    account: Account, row: Sequence[Any], now: datetime, loads: list[int] | None = None
) -> DueCard | None:
    """Return a row of FACES as a card with its buttons; None when its item was deleted.

    `loads` (see `balanced_factor`) is brought up to date as if the answer were Good.
    """
    item = _item(row)
    if item is None:
        return None
    card_id, item_type, item_id, direction = row[:4]
    state, settings = CardState(*row[4:_STATE_END]), settings_of(account)
    outlook = Outlook(state, now, settings)
    factor = _factor(card_id, outlook, settings, loads)
    buttons = outlook.granted(factor)
    good = buttons[Rating.GOOD].interval
    if loads and 0 < good < len(loads):
        loads[good] += 1
    token = _Token(account.user_id, card_id, factor, state)
    return DueCard(
        card_id=card_id,
        item_type=item_type,
        item_id=item_id,
        direction=direction,
        is_new=state.is_new,
        state_token=signer().sign(_PURPOSE, msgspec.to_builtins(token)),
        item=item,
        previews={
            rating: Preview(round((after.due_at - now).total_seconds()), after.interval)
            for rating, after in buttons.items()
        },
    )


def _factor(card_id: UUID, outlook: Outlook, settings: Settings, loads: list[int] | None) -> float:
    """Return the place in the fuzz range: the same for a card until it is reviewed or days fill."""
    seeded = fuzz_factor(card_id.bytes, outlook.state.revision.to_bytes(4))
    if loads is None:
        return seeded
    interval = outlook.plain_interval(Rating.GOOD)
    return balanced_factor(interval, seeded, loads, settings.maximum_interval_days)


def _item(row: Sequence[Any]) -> Item | None:
    vocabulary = row[_STATE_END:_VOCABULARY_END]
    question = row[_VOCABULARY_END:_QUESTION_END]
    personal = row[_QUESTION_END:_ITEM_END]
    if vocabulary[0] is not None:
        return VocabularyItem(*vocabulary)
    if personal[0] is not None:
        return PersonalItem(*personal)
    if question[0] is None:
        return None
    stem, kind, options, answer_key, explanation, translations, passage = question
    return QuestionItem(
        stem,
        kind,
        None if options is None else msgspec.Raw(options),
        msgspec.Raw(answer_key),
        explanation,
        msgspec.Raw(translations),
        None if passage is None else msgspec.Raw(passage),
    )


def read_token(account: Account, card_id: UUID, token: str | None) -> Shown | None:
    """Return what a token of the queue says; None when it is not ours for this learner and card.

    The token only saves a round trip, so a bad one (signed with an old SECRET_KEY, say) is no
    error.
    """
    if token is None:
        return None
    try:
        said = msgspec.convert(signer().unsign(_PURPOSE, token), _Token)
    except (InvalidInput, msgspec.ValidationError):
        return None
    if (said.user_id, said.card_id) != (account.user_id, card_id):
        return None
    return Shown(said.state, said.factor)
