"""All SQL of spaced repetition. The queue and the review write are hot: one statement each."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.domain.srs.rules import CardState, Review
from app.models import SRSCard

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

# The fields of CardState, in its order.
_STATE_NAMES = (
    "next_review_date",
    "due_at",
    '"interval"',
    "ease_factor",
    "repetitions",
    "is_learning",
    "learning_step",
    "lapses",
    "review_count",
    "stability",
    "difficulty",
    "last_reviewed_at",
)
_STATE = ", ".join(_STATE_NAMES)
# Learnt cards are due on the learner's day, and every card once its moment has passed. A card's day
# is one of the time zone and cut-off that the learner had then; as clocks differ by 26 hours at
# most and cut-offs by 23, it lies up to three days after that of today. That bounds the range.
_DUE = """
user_id = $1 AND next_review_date <= $2::date + 3 AND NOT is_suspended
AND (due_at <= $3 OR NOT is_learning AND next_review_date <= $2)
"""

# A range of idx_srs_cards_due in its order (an incremental sort settles ties), cut off at the
# limit; then one primary-key look-up of the item a card.
DUE_QUEUE = f"""
WITH due AS (
    SELECT id, item_type, item_id, {_STATE}
    FROM srs_cards
    WHERE {_DUE}
    ORDER BY next_review_date, due_at, id
    LIMIT $4
)
SELECT due.*,
       v.slug, v.headword, v.part_of_speech, v.ipa, v.level, v.meaning, v.example_en, v.example_id,
       q.stem, q.type, q.options::text, q.answer_key::text, q.explanation, q.translations::text
FROM due
LEFT JOIN vocabulary_entries AS v ON due.item_type = 'vocabulary' AND v.id = due.item_id
LEFT JOIN questions AS q ON due.item_type = 'question' AND q.id = due.item_id
ORDER BY due.next_review_date, due.due_at, due.id
"""  # noqa: S608 - made of constants

# A range of idx_srs_reviews_user.
COUNT_REVIEWED = "SELECT count(*) FROM srs_reviews WHERE user_id = $1 AND reviewed_at >= $2"

COUNT_DUE = f"""
SELECT count(*) FILTER (WHERE review_count = 0 AND is_learning),
       count(*) FILTER (WHERE review_count > 0 AND is_learning),
       count(*) FILTER (WHERE NOT is_learning)
FROM srs_cards
WHERE {_DUE}
"""  # noqa: S608 - made of constants

# The card by its primary key, guarded by owner and number of reviews; then one row of the log.
# created_at is taken once the card's lock is held, so that it follows the order of the writes.
WRITE_REVIEW = """
WITH card AS (
    UPDATE srs_cards
    SET next_review_date = $7, due_at = $8, "interval" = $9, ease_factor = $10,
        repetitions = $11, is_learning = $12, learning_step = $13, lapses = $14,
        review_count = $15, stability = $16, difficulty = $17, last_reviewed_at = $18,
        updated_at = $18
    WHERE id = $1 AND user_id = $2 AND review_count = $15 - 1
      AND NOT EXISTS (SELECT FROM srs_reviews WHERE id = $3)
    RETURNING id, user_id, "interval", ease_factor, stability, difficulty, due_at
)
INSERT INTO srs_reviews (id, user_id, card_id, rating, duration_ms, reviewed_at, "interval",
                         ease_factor, stability, difficulty, due_at, created_at)
SELECT $3::uuid, user_id, id, $4::smallint, $5::integer, $6::timestamptz, "interval",
       ease_factor, stability, difficulty, due_at, clock_timestamp()
FROM card
RETURNING id
"""

LOCK_CARD = f"""
SELECT {_STATE} FROM srs_cards WHERE id = $1 AND user_id = $2 FOR NO KEY UPDATE
"""  # noqa: S608 - made of constants

FETCH_LOG = """
SELECT id, rating, reviewed_at, duration_ms, "interval", due_at
FROM srs_reviews
WHERE card_id = $1 AND user_id = $2
ORDER BY created_at, id
"""

# Cards, reviewed or with a log, each with its ratings in order and what was granted last.
DRIFT_SAMPLE = f"""
SELECT c.id, {", ".join("c." + name for name in _STATE_NAMES)},
       coalesce(l.ratings, '{{}}') AS ratings, l.reviewed_at AS logged_at,
       g.due_at AS granted_due_at, g."interval" AS granted_interval,
       g.stability AS granted_stability, g.difficulty AS granted_difficulty
FROM srs_cards AS c TABLESAMPLE SYSTEM (:percent)
LEFT JOIN LATERAL (
    SELECT array_agg(rating ORDER BY reviewed_at, created_at, id) AS ratings,
           max(reviewed_at) AS reviewed_at
    FROM srs_reviews WHERE card_id = c.id AND user_id = c.user_id
) AS l ON true
LEFT JOIN LATERAL (
    SELECT due_at, "interval", stability, difficulty
    FROM srs_reviews WHERE card_id = c.id AND user_id = c.user_id
    ORDER BY created_at DESC, id DESC LIMIT 1
) AS g ON true
WHERE c.review_count > 0 OR l.ratings IS NOT NULL
LIMIT :sample
"""  # noqa: S608 - made of constants

FIND_ITEMS = """
SELECT i.item_type, i.item_id, coalesce(v.id, q.id) IS NOT NULL AS is_there,
       c.id IS NOT NULL AS has_card
FROM unnest(CAST(:types AS text[]), CAST(:ids AS uuid[])) WITH ORDINALITY
     AS i (item_type, item_id, position)
LEFT JOIN vocabulary_entries AS v ON i.item_type = 'vocabulary' AND v.id = i.item_id
LEFT JOIN questions AS q
       ON i.item_type = 'question' AND q.id = i.item_id AND q.status = 'published'
LEFT JOIN srs_cards AS c
       ON c.user_id = :user_id AND c.item_type = i.item_type AND c.item_id = i.item_id
ORDER BY i.position
"""


async def fetch_due_queue(
    database: Database, user_id: UUID, today: date, now: datetime, limit: int
) -> list[asyncpg.Record]:
    """Return the cards that are due, longest first, each with its item: see DUE_QUEUE.

    Columns: id, item_type, item_id, the fields of CardState, eight of a vocabulary entry, six of
    a question (its jsonb as text); those of the other kind are NULL. `today` is the learner's day.
    A hot path: one statement, in autocommit, straight from the driver.
    """
    async with database.driver() as connection:
        return await connection.fetch(DUE_QUEUE, user_id, today, now, limit)


async def count_due(
    database: Database, user_id: UUID, today: date, now: datetime
) -> tuple[int, int, int]:
    """Return how many new cards, cards in (re)learning and learnt cards are due."""
    async with database.driver() as connection:
        row = await connection.fetchrow(COUNT_DUE, user_id, today, now)
    assert row is not None
    return row[0], row[1], row[2]


async def count_reviewed(database: Database, user_id: UUID, since: datetime) -> int:
    """Return how many reviews the learner has made since a moment."""
    async with database.driver() as connection:
        return int(await connection.fetchval(COUNT_REVIEWED, user_id, since))


async def write_review(
    database: Database, user_id: UUID, card_id: UUID, review: Review, after: CardState
) -> bool:
    """Store a review, and the card as it is `after` it, in one round trip.

    Returns whether it was written: not when another review came first, or when the id is known.
    Raises asyncpg.UniqueViolationError when the same id is being written at this moment.
    A hot path: one data-modifying statement is the whole transaction.
    """
    async with database.driver() as connection:
        return await write_review_on(connection, user_id, card_id, review, after)


async def write_review_on(
    connection: Connection, user_id: UUID, card_id: UUID, review: Review, after: CardState
) -> bool:
    """Do `write_review` on a connection, in its transaction if there is one."""
    written = await connection.fetchval(
        WRITE_REVIEW,
        card_id,
        user_id,
        review.id,
        review.rating,
        review.duration_ms,
        review.reviewed_at,
        after.next_review_date,
        after.due_at,
        after.interval,
        after.ease_factor,
        after.repetitions,
        after.is_learning,
        after.learning_step,
        after.lapses,
        after.review_count,
        after.stability,
        after.difficulty,
        after.last_reviewed_at,
    )
    return written is not None


async def lock_card(connection: Connection, user_id: UUID, card_id: UUID) -> CardState | None:
    """Return a card of this learner, locked (FOR NO KEY UPDATE) to the end of the transaction."""
    row = await connection.fetchrow(LOCK_CARD, card_id, user_id)
    return None if row is None else CardState(*row)


async def fetch_log(connection: Connection, user_id: UUID, card_id: UUID) -> list[asyncpg.Record]:
    """Return the reviews of a card in the order in which they were written."""
    return await connection.fetch(FETCH_LOG, card_id, user_id)


async def find_items(
    db: AsyncSession, user_id: UUID, items: Sequence[tuple[str, UUID]]
) -> Sequence[Any]:
    """Return item_type, item_id, is_there and has_card of each of `items`, in their order."""
    parameters = {
        "user_id": user_id,
        "types": [kind for kind, _ in items],
        "ids": [item_id for _, item_id in items],
    }
    return (await db.execute(text(FIND_ITEMS), parameters)).all()


async def count_unseen_by_day(db: AsyncSession, user_id: UUID, today: date) -> dict[date, int]:
    """Return how many cards that were never reviewed are first due on each day from `today`."""
    statement = (
        select(SRSCard.next_review_date, func.count())
        .where(
            SRSCard.user_id == user_id,
            SRSCard.next_review_date >= today,
            SRSCard.review_count == 0,
        )
        .group_by(SRSCard.next_review_date)
    )
    return dict((await db.execute(statement)).all())


async def insert_cards(db: AsyncSession, cards: list[dict[str, Any]]) -> int:
    """Insert cards, leaving those that exist alone; return how many are new."""
    statement = (
        insert(SRSCard)
        .values(cards)
        .on_conflict_do_nothing(index_elements=["user_id", "item_type", "item_id"])
        .returning(SRSCard.id)
    )
    return len((await db.scalars(statement)).all())


async def sample_cards_with_logs(db: AsyncSession, sample: int) -> Sequence[Any]:
    """Return about `sample` cards (all, when there are few) in the shape of DRIFT_SAMPLE."""
    estimate = await db.scalar(
        text("SELECT reltuples FROM pg_class WHERE oid = 'srs_cards'::regclass")
    )
    percent = min(100.0, 150 * sample / estimate) if estimate and estimate > sample else 100.0
    result = await db.execute(text(DRIFT_SAMPLE), {"percent": percent, "sample": sample})
    return result.all()
