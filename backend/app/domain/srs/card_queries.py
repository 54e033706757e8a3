"""SQL of cards as things that a learner adds, lists and puts away."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, text, type_coerce
from sqlalchemy.dialects.postgresql import JSONB, insert

from app.core.work import Work
from app.domain.srs.rules import LEECH_THRESHOLD
from app.models import PersonalEntry, Question, SRSCard, VocabularyEntry
from app.models.base import new_id

FIND_ITEMS = """
SELECT i.item_type, i.item_id, coalesce(v.id, q.id, p.id) IS NOT NULL AS is_there,
       CASE q.type WHEN 'reading' THEN q.id ELSE q.passage_id END AS passage_id,
       ARRAY(
           SELECT direction FROM srs_cards
           WHERE user_id = :user_id AND item_type = i.item_type AND item_id = i.item_id
       ) AS directions
FROM unnest(CAST(:types AS text[]), CAST(:ids AS uuid[])) WITH ORDINALITY
     AS i (item_type, item_id, position)
LEFT JOIN vocabulary_entries AS v ON i.item_type = 'vocabulary' AND v.id = i.item_id
LEFT JOIN questions AS q
       ON i.item_type = 'question' AND q.id = i.item_id AND q.status = 'published'
      AND q.type NOT IN ('essay', 'speaking')
LEFT JOIN personal_entries AS p
       ON i.item_type = 'personal' AND p.id = i.item_id AND p.user_id = :user_id
ORDER BY i.position
"""

FETCH_LINES = """
SELECT id, headword AS front, meaning AS back, NULL AS front_id
FROM vocabulary_entries WHERE id = ANY (:ids)
UNION ALL
SELECT id, stem, NULL, translations -> 'id' ->> 'stem' FROM questions WHERE id = ANY (:ids)
UNION ALL
SELECT id, headword, meaning, NULL
FROM personal_entries WHERE id = ANY (:ids) AND user_id = :user_id
"""


class NewCard(NamedTuple):
    """A card to be made."""

    item_type: str
    item_id: UUID
    direction: str
    passage_id: UUID | None


async def find_items(work: Work, user_id: UUID, items: Sequence[tuple[str, UUID]]) -> Sequence[Any]:
    """Return item_type, item_id, is_there, passage_id and the directions that have a card."""
    parameters = {
        "user_id": user_id,
        "types": [kind for kind, _ in items],
        "ids": [item_id for _, item_id in items],
    }
    return (await work.session.execute(text(FIND_ITEMS), parameters)).all()


async def find_first_place(work: Work, user_id: UUID) -> datetime | None:
    """Return when the card is due that waits first for its first review (idx_srs_cards_new)."""
    statement = select(func.min(SRSCard.due_at)).where(
        SRSCard.user_id == user_id, SRSCard.is_learning, SRSCard.review_count == 0
    )
    return await work.session.scalar(statement)


async def insert_cards(  # noqa: PLR0917 - whose, which, when
    work: Work,
    user_id: UUID,
    cards: Sequence[NewCard],
    first_day: date,
    due_at: datetime,
    now: datetime,
) -> int:
    """Insert cards, leaving those that exist alone; return how many are new.

    They wait in their order, which is that of their ids. Written in one order for everybody, so
    that two devices that add the same cards do not lock each other.
    """
    if not cards:
        return 0
    rows = [
        card._asdict()
        | {
            "id": new_id(),
            "user_id": user_id,
            "interval": 0,
            "next_review_date": first_day,
            "due_at": due_at,
            "created_at": now,
            "updated_at": now,
        }
        for card in cards
    ]
    rows.sort(key=lambda row: (row["item_id"], row["direction"]))
    statement = (
        insert(SRSCard)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["user_id", "item_type", "item_id", "direction"])
        .returning(SRSCard.id)
    )
    return len((await work.session.scalars(statement)).all())


def cards_of(user_id: UUID) -> Select[Any]:
    """Return the query of a learner's cards."""
    return select(SRSCard).where(SRSCard.user_id == user_id)


def count_of(user_id: UUID) -> Select[int]:
    """Return the query of how many cards a learner has."""
    return select(func.count()).select_from(SRSCard).where(SRSCard.user_id == user_id)


def in_state(state: str, today: date) -> ColumnElement[bool]:
    """Return the condition for a state of the browser."""
    conditions: dict[str, ColumnElement[bool]] = {
        "new": SRSCard.is_learning & (SRSCard.review_count == 0),
        "learning": SRSCard.is_learning & (SRSCard.review_count > 0),
        "review": ~SRSCard.is_learning,
        "suspended": SRSCard.is_suspended.is_(True),
        "buried": SRSCard.buried_until > today,
        "leech": SRSCard.lapses >= LEECH_THRESHOLD,
    }
    return conditions[state]


def about(words: str) -> ColumnElement[bool]:
    """Return the condition that a card's word or question holds `words`, in either language.

    What `search_spelling` takes for the same spelling makes no difference. Reads the items of the
    learner's cards by primary key.
    """

    def found(item_type: str, item_id: Any, *texts: Any) -> ColumnElement[bool]:
        held = exists().where(item_id == SRSCard.item_id, _hold(texts, words))
        return (SRSCard.item_type == item_type) & held

    own = exists().where(
        PersonalEntry.id == SRSCard.item_id, PersonalEntry.user_id == SRSCard.user_id
    )
    in_indonesian = type_coerce(Question.translations, JSONB)["id"]["stem"].astext
    return or_(
        found("vocabulary", VocabularyEntry.id, VocabularyEntry.headword, VocabularyEntry.meaning),
        found("question", Question.id, Question.stem, in_indonesian),
        found("personal", PersonalEntry.id, PersonalEntry.headword, PersonalEntry.meaning) & own,
    )


def _hold(texts: Sequence[Any], words: str) -> ColumnElement[bool]:
    """One of `texts` holds `words`: compounds joined on both sides, or taken apart on both."""
    text = _alike(func.concat_ws(" | ", *texts))
    # Subqueries are evaluated once, not for every card.
    wanted, joined, whole = (
        select(each).scalar_subquery()
        for each in (
            func.replace(_alike(words), "-", " "),
            func.replace(_alike(words), "-", ""),
            func.translate(_alike(words), "- ", ""),
        )
    )
    without_hyphens = func.replace(text, "-", "")
    return (whole != "") & or_(
        func.strpos(func.replace(text, "-", " "), wanted) > 0,
        func.strpos(without_hyphens, joined) > 0,
        func.strpos(without_hyphens, whole) > 0,
    )


def _alike(text: Any) -> ColumnElement[str]:
    """A text in small letters without accents and apostrophes, with one kind of hyphen."""
    return func.replace(func.unaccent(func.lancar_headword_key(text)), "'", "")


async def fetch_lines(
    work: Work, user_id: UUID, item_ids: Sequence[UUID]
) -> dict[UUID, tuple[str, str | None, str | None]]:
    """Return what a list shows of each item: headword and meaning, or a stem in both languages."""
    rows = await work.session.execute(
        text(FETCH_LINES), {"ids": list(item_ids), "user_id": user_id}
    )
    return {row.id: (row.front, row.back, row.front_id) for row in rows}
