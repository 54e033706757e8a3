"""SQL of the figures about a learner's memory."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.core.work import Work

# A range of idx_srs_reviews_user; whether a review was undone, by srs_reviews_target_id_key. A
# review's day is one of the time zone that the learner had then: up to three days off its moment.
RETENTION_BY_DAY = """
SELECT r.day, count(*) AS reviews, count(*) FILTER (WHERE r.rating > 1) AS remembered
FROM srs_reviews AS r
WHERE r.user_id = :user_id AND r.reviewed_at >= CAST(:began AS timestamptz) - interval '3 days'
  AND r.day >= :since AND r.kind = 'review' AND NOT r.was_learning
  AND NOT EXISTS (SELECT FROM srs_reviews AS u WHERE u.target_id = r.id AND u.user_id = r.user_id)
GROUP BY r.day
ORDER BY r.day
"""

# A range of idx_srs_cards_due. As in the queue, a card is there once its moment has passed, also
# where its day, that of another time zone, is still to come. New cards by the first day on which
# each may be shown: where siblings are kept to different days, the second a day after the first.
FORECAST = """
SELECT day, count(*) FILTER (WHERE NOT is_new) AS reviews, count(*) FILTER (WHERE is_new) AS new
FROM (
    SELECT greatest(
               CASE WHEN due_at > :now THEN next_review_date END, buried_until, CAST(:today AS date)
           )
           + CASE WHEN is_new AND :buries THEN (row_number() OVER (
               PARTITION BY is_new, coalesce(passage_id, item_id)
               ORDER BY next_review_date, due_at, id) - 1)::integer ELSE 0 END AS day,
           is_new
    FROM srs_cards CROSS JOIN LATERAL (SELECT is_learning AND review_count = 0) AS new (is_new)
    WHERE user_id = :user_id AND next_review_date < CAST(:until AS date) AND NOT is_suspended
      AND coalesce(buried_until, CAST(:today AS date)) < CAST(:until AS date)
) AS cards
WHERE day < CAST(:until AS date)
GROUP BY day
ORDER BY day
"""

# All cards of one learner, by idx_srs_cards_due.
COUNT_BY_STAGE = """
SELECT count(*) FILTER (WHERE NOT is_suspended AND review_count = 0 AND is_learning) AS new,
       count(*) FILTER (WHERE NOT is_suspended AND review_count > 0 AND is_learning) AS learning,
       count(*) FILTER (WHERE NOT is_suspended AND NOT is_learning AND "interval" < :mature)
           AS young,
       count(*) FILTER (WHERE NOT is_suspended AND NOT is_learning AND "interval" >= :mature)
           AS mature,
       count(*) FILTER (WHERE is_suspended) AS suspended
FROM srs_cards
WHERE user_id = :user_id
"""


async def fetch_retention_by_day(
    work: Work, user_id: UUID, since: date, began: datetime
) -> Sequence[Any]:
    """Return day, reviews and remembered from the day `since` on, which `began`: see above."""
    parameters = {"user_id": user_id, "since": since, "began": began}
    return (await work.session.execute(text(RETENTION_BY_DAY), parameters)).all()


async def fetch_forecast(
    work: Work, user_id: UUID, today: date, now: datetime, until: date, *, buries: bool
) -> Sequence[Any]:
    """Return day, reviews and new of each day before `until` with cards due: FORECAST."""
    parameters = {
        "user_id": user_id,
        "today": today,
        "now": now,
        "until": until,
        "buries": buries,
    }
    return (await work.session.execute(text(FORECAST), parameters)).all()


async def count_by_stage(work: Work, user_id: UUID, mature: int) -> Any:
    """Return how many cards are new, learning, young, mature and suspended: COUNT_BY_STAGE."""
    parameters = {"user_id": user_id, "mature": mature}
    return (await work.session.execute(text(COUNT_BY_STAGE), parameters)).one()
