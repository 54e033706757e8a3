"""One learner's figures, in one statement over the tables by name (core knows no models)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import require_utc
from app.core.errors import NotFound

RECENT_DAYS = 30
MATURE_INTERVAL_DAYS = 21
"""A card is mature from an interval of three weeks on (Anki's definition)."""


@dataclass(frozen=True, slots=True)
class UserStatistics:
    """A learner's figures at one moment; days are the learner's own (time zone and cut-off hour).

    Shares are from 0 to 1, and None when there is nothing to share. `retention` is the share of
    reviews of mature cards, in the last 30 days, that were not rated Again. `streak_days` counts
    the days studied without a gap up to today, or up to yesterday while today is still open.
    """

    lessons_started: int
    lessons_completed: int
    average_completion: float
    questions_attempted: int
    questions_correct: int
    accuracy: float | None
    cards_total: int
    cards_due: int
    cards_learning: int
    cards_mature: int
    reviews_last_30_days: int
    retention: float | None
    streak_days: int
    study_days: int
    achievements: int


# Each part reads one table through an index that begins with user_id. Of the review log, reviews
# count that were not taken back.
_STATISTICS = text(
    """
WITH learner AS (
    SELECT u.id, coalesce(p.timezone, 'Asia/Jakarta') AS zone,
        make_interval(hours => coalesce(p.day_cutoff_hour, 4)) AS cutoff
    FROM users AS u LEFT JOIN user_preferences AS p ON p.user_id = u.id
    WHERE u.id = :user_id
), day AS (
    SELECT ((CAST(:now AS timestamptz) AT TIME ZONE zone) - cutoff)::date AS today,
        (((CAST(:now AS timestamptz) AT TIME ZONE zone) - cutoff)::date - :recent_days + 1 + cutoff)
            AT TIME ZONE zone AS recent_from
    FROM learner
), lessons AS (
    SELECT count(*) AS started, count(*) FILTER (WHERE status = 'completed') AS completed,
        coalesce(avg(completion_percentage), 0)::float8 AS completion
    FROM lesson_progress WHERE user_id = :user_id AND status <> 'not_started'
), attempts AS (
    SELECT count(*) AS attempted, count(*) FILTER (WHERE is_correct) AS correct
    FROM question_attempts WHERE user_id = :user_id AND attempted_at <= :now
), cards AS (
    SELECT count(*) AS total,
        count(*) FILTER (
            WHERE NOT is_suspended AND next_review_date <= (SELECT today FROM day)
        ) AS due,
        count(*) FILTER (WHERE is_learning AND review_count > 0) AS learning,
        count(*) FILTER (WHERE "interval" >= :mature) AS mature
    FROM srs_cards WHERE user_id = :user_id
), made AS (
    SELECT r.reviewed_at, r.rating > 1 AS is_recalled, r.interval_before >= :mature AS was_mature
    FROM srs_reviews AS r
    WHERE r.user_id = :user_id AND r.kind = 'review' AND r.reviewed_at <= :now
        AND NOT EXISTS (SELECT FROM srs_reviews AS u WHERE u.target_id = r.id)
), reviews AS (
    SELECT count(*) AS total, avg(is_recalled::int) FILTER (WHERE was_mature)::float8 AS retention
    FROM made WHERE reviewed_at >= (SELECT recent_from FROM day)
), studied AS (
    SELECT DISTINCT ((moment AT TIME ZONE zone) - cutoff)::date AS date
    FROM learner CROSS JOIN LATERAL (
        SELECT attempted_at AS moment FROM question_attempts
            WHERE user_id = :user_id AND attempted_at <= :now
        UNION ALL
        SELECT reviewed_at FROM made
    ) AS activity
), runs AS (
    SELECT date, date + row_number() OVER (ORDER BY date DESC)::int AS run FROM studied
), streak AS (
    SELECT count(*) AS days FROM runs WHERE run = (
        SELECT run FROM runs WHERE date >= (SELECT today FROM day) - 1 ORDER BY date DESC LIMIT 1
    )
)
SELECT lessons.started, lessons.completed, lessons.completion,
    attempts.attempted, attempts.correct,
    attempts.correct::float8 / nullif(attempts.attempted, 0),
    cards.total, cards.due, cards.learning, cards.mature,
    reviews.total, reviews.retention, streak.days, (SELECT count(*) FROM studied),
    (SELECT count(*) FROM user_achievements WHERE user_id = :user_id)
FROM learner, lessons, attempts, cards, reviews, streak
"""
).bindparams(
    bindparam("user_id", type_=PG_UUID(as_uuid=True)),
    bindparam("now", type_=TIMESTAMP(timezone=True)),
    recent_days=RECENT_DAYS,
    mature=MATURE_INTERVAL_DAYS,
)


async def get_user_statistics(
    session: AsyncSession, user_id: UUID, now: datetime
) -> UserStatistics:
    """Return the learner's figures at `now` (aware). Raises NotFound for an unknown user."""
    parameters = {"user_id": user_id, "now": require_utc(now)}
    row = (await session.execute(_STATISTICS, parameters)).one_or_none()
    if row is None:
        raise NotFound
    return UserStatistics(*row)
