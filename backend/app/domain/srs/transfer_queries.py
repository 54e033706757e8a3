"""The SQL of importing cards and exporting logs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Text, and_, case, cast, func, select

from app.core.statements import Nested, Statements, nothing
from app.core.work import Work
from app.models import PersonalEntry, Question, SRSCard, SRSReview, VocabularyEntry
from app.models.base import new_id

# The order of time, by idx_srs_reviews_user.
LOG_ORDER = (SRSReview.reviewed_at, SRSReview.id)

SQL = Statements(__file__)


class Item(NamedTuple):
    """Something that a card can be about; `slug` tells it from others of the same headword."""

    item_type: str
    item_id: UUID
    slug: str
    passage_id: UUID | None


class ImportedCard(NamedTuple):
    """The card that a line speaks of."""

    item_type: str
    item_id: UUID
    direction: str
    passage_id: UUID | None


class FoundRow(NamedTuple):
    """What a name may mean; `key` is how names are compared."""

    name: str
    key: str
    item: Item


class CardRow(NamedTuple):
    """A card that there is."""

    item_type: str
    item_id: UUID
    direction: str
    id: UUID


FIND_ITEMS = SQL.statement("find_items", Nested(FoundRow))
ENSURE_CARD = SQL.statement("ensure_card", nothing)
FIND_CARDS = SQL.statement("find_cards", CardRow)


async def find_items(work: Work, user_id: UUID, names: Sequence[str]) -> Mapping[str, list[Item]]:
    """Return what each of `names` (slugs and headwords, however they are typed) may mean, by name.

    A slug means what it names, even where it is the headword of other words, too.
    """
    found, named = defaultdict[str, list[Item]](list), defaultdict[str, list[Item]](list)
    for name, key, item in await work.fetch(FIND_ITEMS, user_id=user_id, names=names):
        found[name].append(item)
        if item.slug in {name, key}:
            named[name].append(item)
    return {**found, **named}


async def ensure_cards(
    work: Work,
    user_id: UUID,
    cards: Sequence[ImportedCard],
    today: date,
    now: datetime,
) -> dict[ImportedCard, UUID]:
    """Make those of `cards` that are missing, new and due today; return the ids of all."""
    ordered = sorted(cards, key=lambda card: (card.item_id, card.direction))
    shared = {"user_id": user_id, "today": today, "now": now}
    await work.executemany(
        ENSURE_CARD, [shared | {"id": new_id()} | card._asdict() for card in ordered]
    )
    rows = await work.fetch(
        FIND_CARDS,
        user_id=user_id,
        item_types=[card.item_type for card in ordered],
        item_ids=[card.item_id for card in ordered],
        directions=[card.direction for card in ordered],
    )
    ids = {(row.item_type, row.item_id, row.direction): row.id for row in rows}
    return {card: ids[card.item_type, card.item_id, card.direction] for card in cards}


def whole_log(user_id: UUID) -> Select[Any]:
    """Return the query of a learner's log; LOG_ORDER is a range of its index."""
    about = func.coalesce(
        VocabularyEntry.slug, Question.slug, PersonalEntry.headword, cast(SRSCard.item_id, Text)
    )
    r = SRSReview
    return (
        select(
            r.reviewed_at, r.day, r.kind, SRSCard.item_type, about.label("item"),
            SRSCard.direction, r.rating, r.duration_ms, r.elapsed_days,
            case((r.was_learning, "learning"), else_="review").label("state_before"),
            r.interval_before, r.ease_factor_before, r.stability_before, r.difficulty_before,
            r.interval, r.ease_factor, r.stability, r.difficulty, r.due_at, r.fuzz_factor,
            r.client_time, r.created_at, r.id, r.card_id, r.target_id,
        )
        .join(SRSCard, and_(SRSCard.id == r.card_id, SRSCard.user_id == r.user_id))
        .outerjoin(VocabularyEntry, and_(
            SRSCard.item_type == "vocabulary", VocabularyEntry.id == SRSCard.item_id))
        .outerjoin(Question, and_(
            SRSCard.item_type == "question", Question.id == SRSCard.item_id))
        .outerjoin(PersonalEntry, and_(
            SRSCard.item_type == "personal", PersonalEntry.id == SRSCard.item_id,
            PersonalEntry.user_id == user_id))
        .where(r.user_id == user_id)
    )  # fmt: skip
