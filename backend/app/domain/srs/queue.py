"""The review queue: what to review next, and what each button would grant."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from app.core.errors import InvalidInput
from app.core.security import signer
from app.core.work import Work
from app.domain.accounts.account import Account
from app.domain.srs import queries
from app.domain.srs.fuzz import balanced_factor, fuzz_factor
from app.domain.srs.history import settings_of
from app.domain.srs.queries import CardRow, QuestionRow
from app.domain.srs.results import (
    DueCard,
    DueCounts,
    Preview,
    QuestionItem,
    Queue,
)
from app.domain.srs.rules import CardState, Outlook, Rating, Settings

MAX_QUEUE = 100
# A token from before a column was added, which would be read with its default, is not ours.
_PURPOSE = f"review {len(CardState.__struct_fields__)}"
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
    loads = _loads(rows[0].loads)
    cards = (due_card(account, row.card, now, loads) for row in rows)
    return Queue(rows[0].counts, [card for card in cards if card is not None])


async def count_due(work: Work, account: Account, now: datetime) -> DueCounts:
    """Return how many cards the queue holds."""
    return await queries.count_due(work, _asked(account, now))


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
    account: Account, row: CardRow, now: datetime, loads: list[int] | None = None
) -> DueCard | None:
    """Return a card with its buttons; None when its item was deleted.

    `loads` (see `balanced_factor`) is brought up to date as if the answer were Good.
    """
    item = row.vocabulary or row.personal or _question(row.question)
    if item is None:
        return None
    state, settings = row.state, settings_of(account)
    outlook = Outlook(state, now, settings)
    factor = _factor(row.id, outlook, settings, loads)
    buttons = outlook.granted(factor)
    good = buttons[Rating.GOOD].interval
    if loads and 0 < good < len(loads):
        loads[good] += 1
    token = _Token(account.user_id, row.id, factor, state)
    return DueCard(
        card_id=row.id,
        item_type=row.item_type,
        item_id=row.item_id,
        direction=row.direction,
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


def _question(row: QuestionRow | None) -> QuestionItem | None:
    if row is None:
        return None
    return QuestionItem(
        row.stem,
        row.type,
        None if row.options is None else msgspec.Raw(row.options),
        msgspec.Raw(row.answer_key),
        row.explanation,
        msgspec.Raw(row.translations),
        None if row.passage is None else msgspec.Raw(row.passage),
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
