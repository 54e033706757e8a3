"""SQL of one card in full, of a day of reviews, and of what a learner already has."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg
from sqlalchemy import func, select, tuple_

from app.core.work import Work
from app.models import PersonalEntry, SRSCard

# A range of idx_srs_reviews_card, newest first; whether a review was undone, by
# srs_reviews_target_id_key.
HISTORY = """
SELECT kind, rating, reviewed_at, day, elapsed_days, duration_ms, interval_before, "interval",
       was_learning, is_learning, stability, due_at,
       EXISTS (
           SELECT FROM srs_reviews AS u WHERE u.target_id = r.id AND u.user_id = r.user_id
       ) AS is_undone
FROM srs_reviews AS r
WHERE card_id = $1 AND user_id = $2 AND kind <> 'undo'
ORDER BY reviewed_at DESC, id DESC
LIMIT $3
"""

# A range of idx_srs_reviews_user (a day's reviews carry the day, see RETENTION_BY_DAY), one of
# idx_srs_cards_due (up to tomorrow) and the first card after that.
DAY = """
WITH made AS (
    SELECT count(*) AS reviews, count(*) FILTER (WHERE NOT was_learning) AS learnt,
           count(*) FILTER (WHERE NOT was_learning AND rating > 1) AS remembered,
           coalesce(sum(duration_ms), 0)::bigint AS duration_ms
    FROM srs_reviews AS r
    WHERE user_id = $1 AND day = $4 AND kind = 'review'
      AND reviewed_at >= $2::timestamptz - interval '3 days'
      AND NOT EXISTS (
          SELECT FROM srs_reviews AS u WHERE u.target_id = r.id AND u.user_id = r.user_id
      )
), soon AS (
    SELECT min(due_at) FILTER (WHERE is_learning AND review_count > 0 AND due_at > $3)
               AS next_step_at,
           count(*) FILTER (WHERE NOT is_learning OR review_count > 0) AS reviews_tomorrow,
           CASE WHEN $5 THEN count(DISTINCT coalesce(passage_id, item_id))
                    FILTER (WHERE is_learning AND review_count = 0)
                ELSE count(*) FILTER (WHERE is_learning AND review_count = 0) END AS new_tomorrow
    FROM srs_cards
    WHERE user_id = $1 AND next_review_date <= $4::date + 1 AND NOT is_suspended
      AND (buried_until IS NULL OR buried_until <= $4::date + 1)
)
SELECT made.*, soon.*, (
    SELECT min(next_review_date) FROM srs_cards
    WHERE user_id = $1 AND next_review_date > $4::date + 1 AND NOT is_suspended
) AS next_day
FROM made, soon
"""


async def fetch_history(
    work: Work, user_id: UUID, card_id: UUID, limit: int
) -> list[asyncpg.Record]:
    """Return the newest entries of a card's log but for undos, the newest first: HISTORY."""
    return await work.raw_fetch(HISTORY, card_id, user_id, limit)


async def fetch_day(  # noqa: PLR0917 - whose day, and as of when
    work: Work, user_id: UUID, began: datetime, now: datetime, today: date, buries: bool
) -> asyncpg.Record:
    """Return the figures of the learner's day that `began`, and what comes next: DAY.

    With `buries` siblings come on different days.
    """
    row = await work.raw_fetchrow(DAY, user_id, began, now, today, buries)
    assert row is not None
    return row


async def find_items_with_card(
    work: Work, user_id: UUID, items: Sequence[tuple[str, UUID]]
) -> frozenset[tuple[str, UUID]]:
    """Return those of `items` that have a card (srs_cards_user_id_item_type_item_id_…_key)."""
    statement = select(SRSCard.item_type, SRSCard.item_id).where(
        SRSCard.user_id == user_id, tuple_(SRSCard.item_type, SRSCard.item_id).in_(items)
    )
    return frozenset((kind, item_id) for kind, item_id in await work.session.execute(statement))


async def find_personal_entry(work: Work, user_id: UUID, headword: str) -> PersonalEntry | None:
    """Return the learner's own word that is compared like `headword`, the first of its spellings.

    By personal_entries_user_id_headword_key_spelling_key.
    """
    statement = (
        select(PersonalEntry)
        .where(
            PersonalEntry.user_id == user_id,
            PersonalEntry.headword_key == func.lancar_headword_key(headword),
            PersonalEntry.headword_key != "",
        )
        .order_by(PersonalEntry.spelling)
        .limit(1)
    )
    return await work.session.scalar(statement)
