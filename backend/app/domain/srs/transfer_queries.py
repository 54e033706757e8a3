"""SQL of importing cards and exporting logs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Text, and_, case, cast, func, select

from app.core.work import Work
from app.models import PersonalEntry, Question, SRSCard, SRSReview, VocabularyEntry
from app.models.base import new_id

# By the unique indexes of slugs; headwords by a scan of some thousand words, and the learner's own
# words by their unique index: of several spellings the one that was written, else the first.
FIND_ITEMS = """
WITH wanted AS MATERIALIZED (
    SELECT name, lancar_headword_key(name) AS key FROM unnest($2::text[]) AS name
    WHERE lancar_headword_key(name) <> ''
)
SELECT w.name, w.key, 'vocabulary' AS item_type, v.id AS item_id, v.slug, NULL::uuid AS passage_id
FROM wanted AS w JOIN vocabulary_entries AS v ON v.slug = w.key
UNION
SELECT w.name, w.key, 'vocabulary', v.id, v.slug, NULL
FROM wanted AS w JOIN vocabulary_entries AS v ON lancar_headword_key(v.headword) = w.key
UNION
SELECT w.name, w.key, 'question', q.id, q.slug,
       CASE q.type WHEN 'reading' THEN q.id ELSE q.passage_id END
FROM wanted AS w
JOIN questions AS q ON q.slug = w.key AND q.status = 'published'
                   AND q.type NOT IN ('essay', 'speaking')
UNION
SELECT w.name, w.key, 'personal', p.id, p.headword, NULL
FROM wanted AS w CROSS JOIN LATERAL (
    SELECT id, headword FROM personal_entries
    WHERE user_id = $1 AND headword_key = w.key
    ORDER BY headword = w.name DESC, spelling
    LIMIT 1
) AS p
"""

ENSURE_CARD = """
INSERT INTO srs_cards (id, user_id, item_type, item_id, direction, passage_id, "interval",
                       next_review_date, due_at, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $8, $8)
ON CONFLICT (user_id, item_type, item_id, direction) DO NOTHING
"""

# The order of time, by idx_srs_reviews_user.
LOG_ORDER = (SRSReview.reviewed_at, SRSReview.id)

FIND_CARDS = """
SELECT c.id, c.item_type, c.item_id, c.direction
FROM unnest($2::text[], $3::uuid[], $4::text[]) AS w (item_type, item_id, direction)
JOIN srs_cards AS c ON c.user_id = $1 AND c.item_type = w.item_type AND c.item_id = w.item_id
                   AND c.direction = w.direction
"""


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


async def find_items(work: Work, user_id: UUID, names: Sequence[str]) -> Mapping[str, list[Item]]:
    """Return what each of `names` (slugs and headwords, however they are typed) may mean, by name.

    A slug means what it names, even where it is the headword of other words, too.
    """
    found, named = defaultdict[str, list[Item]](list), defaultdict[str, list[Item]](list)
    for name, key, *columns in await work.raw_fetch(FIND_ITEMS, user_id, names):
        item = Item(*columns)
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
    await work.raw_executemany(
        ENSURE_CARD,
        [(new_id(), user_id, *card[:3], card.passage_id, today, now) for card in ordered],
    )
    types, item_ids, directions, _ = zip(*ordered, strict=True)
    rows = await work.raw_fetch(FIND_CARDS, user_id, types, item_ids, directions)
    ids = {tuple(row)[1:]: row[0] for row in rows}
    return {card: ids[card[:3]] for card in cards}


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
