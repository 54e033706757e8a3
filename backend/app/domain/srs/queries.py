"""SQL of the queue and of writing a review, the two hot paths: one statement each."""

from datetime import date, datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

import asyncpg

from app.core.work import Work
from app.domain.srs.log import Step
from app.domain.srs.log_queries import log_row
from app.domain.srs.rules import CardState
from app.models.base import new_id

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

BALANCED_DAYS = 120
"""How far ahead the queue says how many cards are due on each day."""
LEARN_AHEAD = "20 minutes"
"""Steps this near are shown early when nothing else is left, as Anki does."""

STATE_COLUMNS = [f'"{name}"' for name in CardState.__struct_fields__]
ITEM_COLUMNS = """
v.slug, v.headword, v.part_of_speech, v.ipa, v.level, v.meaning, v.example_en, v.example_id,
q.stem, q.type, q.options::text, q.answer_key::text, q.explanation, q.translations::text,
(SELECT r.options ->> 'passage' FROM questions AS r WHERE r.id = q.passage_id),
p.headword, p.meaning, p.example
"""
# One primary-key look-up of the item a card, and one of the reading that a question is about.
ITEMS = """
LEFT JOIN vocabulary_entries AS v ON c.item_type = 'vocabulary' AND v.id = c.item_id
LEFT JOIN questions AS q ON c.item_type = 'question' AND q.id = c.item_id
LEFT JOIN personal_entries AS p
       ON c.item_type = 'personal' AND p.id = c.item_id AND p.user_id = c.user_id
"""
_CARD = f"c.id, c.item_type, c.item_id, c.direction, {', '.join(f'c.{n}' for n in STATE_COLUMNS)}"
FACES = f"{_CARD}, {ITEM_COLUMNS}"

# The cards to be shown, as `queue`: all that are due, without what is buried or beyond the limits.
#
# Learnt cards are due on the learner's day, and every card once its moment has passed. A card's day
# is one of the time zone and cut-off that the learner had then; as clocks differ by 26 hours at
# most and cut-offs by 23, it lies up to three days after that of today. That bounds the range.
#
# `kind` is 0 for (re)learning, 1 for learnt and 2 for new cards; siblings share `item`. Of
# siblings, the first by kind and order stays; none does that has one that was reviewed today. What
# is in (re)learning always stays; steps of the next LEARN_AHEAD (3) are shown when nothing else is.
# New cards are mixed evenly with the learnt: after each tenth of today's reviews comes a tenth of
# today's new cards, those done already included. No day is kept for a new card: those that wait
# longest come first, as many as today's limit leaves.
#
# A range of idx_srs_cards_due, the day's of idx_srs_reviews_user with a look-up each, one row of
# daily_activity, and of idx_srs_cards_new as many as today's limit, with two look-ups each.
# One that is buried still holds its siblings back: whoever puts a word off wants none of it today.
_WAITS = "{0}.is_learning AND {0}.review_count = 0 AND NOT {0}.is_suspended AND {0}.due_at <= now"
_EARLIER = f"""
SELECT FROM srs_cards AS s
WHERE s.user_id = learner AND {_WAITS.format("s")}
  AND (s.next_review_date, s.due_at, s.id) < (c.next_review_date, c.due_at, c.id)
"""
_QUEUE = f"""
WITH asked AS MATERIALIZED (
    SELECT $1::uuid AS learner, $2::date AS today, $3::timestamptz AS now, $4::integer AS most_new,
           $5::integer AS most_reviews, $6::boolean AS buries, $7::boolean AS by_retrievability,
           $8::timestamptz AS day_start
), done AS MATERIALIZED (
    SELECT coalesce(max(learnt_reviews), 0) AS reviews, coalesce(max(new_cards), 0) AS news
    FROM asked JOIN daily_activity ON user_id = learner AND day = today
), seen AS MATERIALIZED (
    SELECT coalesce(c.passage_id, c.item_id) AS item, count(DISTINCT c.id) AS cards
    FROM asked
    JOIN srs_reviews AS r ON r.user_id = learner AND r.reviewed_at >= day_start
    JOIN srs_cards AS c ON c.id = r.card_id AND c.user_id = learner
    WHERE buries AND c.last_reviewed_at >= day_start
    GROUP BY item
), due AS MATERIALIZED (
    SELECT id, coalesce(passage_id, item_id) AS item, next_review_date, due_at,
           CASE WHEN NOT is_learning THEN 1 WHEN due_at <= now THEN 0 ELSE 3 END AS kind,
           CASE WHEN by_retrievability AND NOT is_learning
                THEN (next_review_date - "interval" - today) / stability ELSE 0 END AS urgency,
           (last_reviewed_at IS NOT NULL AND last_reviewed_at >= day_start)::integer AS is_seen
    FROM asked JOIN srs_cards ON user_id = learner AND next_review_date <= today + 3
    WHERE (review_count > 0 OR NOT is_learning) AND NOT is_suspended
      AND (due_at <= now + interval '{LEARN_AHEAD}'
           AND (is_learning OR due_at <= now) OR NOT is_learning AND next_review_date <= today)
      AND (buried_until IS NULL OR buried_until <= today)
), placed AS (
    SELECT *, row_number() OVER (
        PARTITION BY item ORDER BY kind, urgency, next_review_date, due_at, id
    ) AS place
    FROM due
), fresh AS (
    SELECT id, row_number() OVER (ORDER BY next_review_date, due_at, id) AS number
    FROM asked, done, LATERAL (
        SELECT c.id, c.next_review_date, c.due_at
        FROM srs_cards AS c
        WHERE c.user_id = learner AND {_WAITS.format("c")}
          AND (c.buried_until IS NULL OR c.buried_until <= today)
          AND (NOT buries
               OR coalesce(c.passage_id, c.item_id) NOT IN (SELECT item FROM due WHERE kind < 3)
              AND coalesce(c.passage_id, c.item_id) NOT IN (SELECT item FROM seen)
              AND NOT EXISTS ({_EARLIER} AND s.item_type = c.item_type AND s.item_id = c.item_id)
              AND NOT EXISTS ({_EARLIER} AND s.passage_id = c.passage_id))
        ORDER BY c.next_review_date, c.due_at, c.id
        LIMIT greatest(0, most_new - news)
    ) AS waiting
), kept AS (
    SELECT id, kind, row_number() OVER (
        PARTITION BY kind ORDER BY urgency, next_review_date, due_at, id
    ) AS number
    FROM asked, placed LEFT JOIN seen USING (item)
    WHERE NOT buries OR kind IN (0, 3) OR place = 1 AND coalesce(cards, 0) <= is_seen
    UNION ALL
    SELECT id, 2, number FROM fresh
), now_due AS (
    SELECT kept.*, CASE kind WHEN 1 THEN reviews WHEN 2 THEN news ELSE 0 END AS so_far,
           count(*) OVER (PARTITION BY kind) AS of_kind
    FROM kept, done, asked
    WHERE kind IN (0, 2) OR kind = 1 AND number <= most_reviews - reviews
), queue AS (
    SELECT * FROM now_due
    UNION ALL
    SELECT id, 0, number, 0, 1 FROM kept WHERE kind = 3 AND NOT EXISTS (SELECT FROM now_due)
)
"""  # noqa: S608 - made of constants
_COUNTS = """
(count(*) FILTER (WHERE kind = 2) {over}) AS new_cards,
(count(*) FILTER (WHERE kind = 0) {over}) AS learning_cards,
(count(*) FILTER (WHERE kind = 1) {over}) AS learnt_cards
"""

# The next cards in turn, each with its item; with the first, how many cards there are in all and
# how many are due on each of the next days (by days from today).
DUE_QUEUE = f"""
{_QUEUE}, page AS (
    SELECT id, {_COUNTS.format(over="OVER ()")}, row_number() OVER (
        ORDER BY kind > 0, (so_far + number - 0.5) / (so_far + of_kind), kind, number
    ) AS turn
    FROM queue
    ORDER BY turn
    LIMIT $9
), load AS (
    SELECT next_review_date - today AS ahead, count(*) AS cards
    FROM asked JOIN srs_cards ON user_id = learner
     AND next_review_date BETWEEN today + 1 AND today + {BALANCED_DAYS}
    GROUP BY ahead
)
SELECT {FACES}, new_cards, learning_cards, learnt_cards,
       CASE turn WHEN 1 THEN (SELECT json_object_agg(ahead, cards) FROM load)::text END
FROM page JOIN srs_cards AS c ON c.id = page.id AND c.user_id = $1
{ITEMS}
ORDER BY turn
"""  # noqa: S608 - made of constants

COUNT_DUE = f"{_QUEUE} SELECT {_COUNTS.format(over='')} FROM queue"  # noqa: S608 - made of constants

ONE_CARD = f"""
SELECT {FACES} FROM srs_cards AS c {ITEMS} WHERE c.id = $1 AND c.user_id = $2
"""  # noqa: S608 - made of constants

# A row of daily_activity.
COUNT_REVIEWED = "SELECT reviews FROM daily_activity WHERE user_id = $1 AND day = $2"

LOG_COLUMNS = {
    "id": "uuid", "user_id": "uuid", "card_id": "uuid", "kind": "text", "rating": "smallint",
    "target_id": "uuid", "reviewed_at": "timestamptz", "client_time": "timestamptz", "day": "date",
    "elapsed_days": "integer", "duration_ms": "integer", "fuzz_factor": "float8",
    "settings_id": "uuid", "interval_before": "integer", "was_learning": "boolean",
    "ease_factor_before": "numeric", "stability_before": "float8", "difficulty_before": "float8",
    "due_at_before": "timestamptz", '"interval"': "integer", "is_learning": "boolean",
    "learning_step": "smallint", "repetitions": "integer", "ease_factor": "numeric",
    "stability": "float8", "difficulty": "float8", "due_at": "timestamptz",
    "created_at": "timestamptz",
}  # fmt: skip
_PLACES = {name: f"${n}::{kind}" for n, (name, kind) in enumerate(LOG_COLUMNS.items(), 1)}
_NEXT = len(LOG_COLUMNS)

# The card by its primary key, guarded by its owner, by the number of its log's entries, none of
# which may be of this moment or later (idx_srs_reviews_card), and by being no younger than what a
# device's clock says; then one row of the log, and the day.
WRITE_REVIEW = f"""
WITH card AS (
    UPDATE srs_cards
    SET "interval" = {_PLACES['"interval"']}, is_learning = {_PLACES["is_learning"]},
        learning_step = {_PLACES["learning_step"]}, repetitions = {_PLACES["repetitions"]},
        ease_factor = {_PLACES["ease_factor"]}, stability = {_PLACES["stability"]},
        difficulty = {_PLACES["difficulty"]}, due_at = {_PLACES["due_at"]},
        last_reviewed_at = {_PLACES["reviewed_at"]}, updated_at = {_PLACES["created_at"]},
        next_review_date = ${_NEXT + 1}, lapses = ${_NEXT + 2}, review_count = ${_NEXT + 3},
        revision = ${_NEXT + 4}
    WHERE id = {_PLACES["card_id"]} AND user_id = {_PLACES["user_id"]}
      AND revision = ${_NEXT + 4} - 1
      AND ({_PLACES["client_time"]} IS NULL OR created_at <= {_PLACES["reviewed_at"]})
      AND NOT EXISTS (
          SELECT FROM srs_reviews
          WHERE card_id = {_PLACES["card_id"]} AND reviewed_at >= {_PLACES["reviewed_at"]}
      )
    RETURNING id
), activity AS (
    INSERT INTO daily_activity AS a (id, user_id, day, reviews, learnt_reviews, new_cards,
                                     duration_ms, created_at, updated_at)
    SELECT ${_NEXT + 5}::uuid, {_PLACES["user_id"]}, {_PLACES["day"]}, 1,
           ${_NEXT + 6}::integer, ${_NEXT + 7}::integer, coalesce({_PLACES["duration_ms"]}, 0),
           {_PLACES["created_at"]}, {_PLACES["created_at"]}
    FROM card
    ON CONFLICT (user_id, day) DO UPDATE
    SET reviews = a.reviews + 1, learnt_reviews = a.learnt_reviews + excluded.learnt_reviews,
        new_cards = a.new_cards + excluded.new_cards,
        duration_ms = a.duration_ms + excluded.duration_ms, updated_at = excluded.updated_at
)
INSERT INTO srs_reviews ({", ".join(LOG_COLUMNS)})
SELECT {", ".join(_PLACES.values())} FROM card
RETURNING id
"""  # noqa: S608 - made of constants


class Asked(NamedTuple):
    """What the queue depends on, in the order of its parameters.

    `today` is the learner's day of `now`, `day_start` its first moment.
    """

    user_id: UUID
    today: date
    now: datetime
    new_cards_per_day: int
    reviews_per_day: int
    bury_siblings: bool
    by_retrievability: bool
    day_start: datetime


async def fetch_due_queue(work: Work, asked: Asked, limit: int) -> list[asyncpg.Record]:
    """Return the cards to review next, in turn: see DUE_QUEUE.

    Columns: those of FACES (see `fetch_card`); then how many new, learning and learnt cards there
    are, and with the first row how many cards are due by days from today, as JSON.
    A hot path: one statement, in autocommit, straight from the driver.
    """
    return await work.raw_fetch(DUE_QUEUE, *asked, limit)


async def count_due(work: Work, asked: Asked) -> tuple[int, int, int]:
    """Return how many new cards, cards in (re)learning and learnt cards the queue holds."""
    row = await work.raw_fetchrow(COUNT_DUE, *asked)
    assert row is not None
    return row[0], row[1], row[2]


async def count_reviewed(work: Work, user_id: UUID, day: date) -> int:
    """Return how many reviews the learner made on one of their days."""
    return await work.raw_fetchval(COUNT_REVIEWED, user_id, day) or 0


async def fetch_card(work: Work, user_id: UUID, card_id: UUID) -> asyncpg.Record | None:
    """Return a card of this learner with its item.

    Columns: id, item_type, item_id, direction, the fields of CardState, eight of a vocabulary
    entry, six of a question (its jsonb as text), three of a personal entry; those of the other
    kinds are NULL.
    """
    return await work.raw_fetchrow(ONE_CARD, card_id, user_id)


async def write_review(  # noqa: PLR0917 - who, what, when
    work: Work,
    user_id: UUID,
    card_id: UUID,
    step: Step,
    client_time: datetime | None,
    now: datetime,
) -> bool:
    """Store a review, the card as it is after it, and the day's figures, in one round trip.

    Returns whether it was written: not when another entry of the log came first, or lies later.
    Raises asyncpg.UniqueViolationError when the id of the review is in use.
    A hot path: one data-modifying statement is the whole transaction.
    """
    _, before, after, _ = step
    written = await work.raw_fetchval(
        WRITE_REVIEW,
        *log_row(step, user_id, card_id, client_time, now).values(),
        after.next_review_date,
        after.lapses,
        after.review_count,
        after.revision,
        new_id(),
        int(not before.is_learning),
        int(before.is_new),
        idempotent=True,
    )
    return written is not None
