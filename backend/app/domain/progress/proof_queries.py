"""The SQL that compares progress and days with the log of attempts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from app.core.work import Work

# A learner's progress must be borne out by the log of attempts: the counts never exceed it. The
# attempts of each sampled row are read by an index that begins with user_id.
UNPROVEN_PROGRESS = """
SELECT p.user_id, p.lesson_id
FROM lesson_progress AS p TABLESAMPLE SYSTEM (:percent)
LEFT JOIN LATERAL (
    SELECT count(DISTINCT question_id) AS attempted,
           count(DISTINCT question_id) FILTER (WHERE is_correct) AS correct
    FROM question_attempts
    WHERE user_id = p.user_id
      AND lesson_id IN (p.lesson_id, (SELECT split_from_id FROM lessons WHERE id = p.lesson_id))
) AS log ON true
WHERE p.questions_attempted > log.attempted OR p.questions_correct > log.correct
LIMIT :sample
"""


# A learner's days must add up to the log of attempts. In all, and not day by day: an attempt does
# not say which of the learner's days it was. (Reviews do: they are checked with their cards.)
UNPROVEN_ACTIVITY = """
SELECT u.id
FROM (SELECT id FROM users TABLESAMPLE SYSTEM (:percent) LIMIT :sample) AS u
CROSS JOIN LATERAL (
    SELECT coalesce(sum(answers), 0) AS answers, coalesce(sum(correct_answers), 0) AS correct
    FROM daily_activity WHERE user_id = u.id
) AS days
CROSS JOIN LATERAL (
    SELECT count(*) AS answers, count(*) FILTER (WHERE is_correct) AS correct
    FROM question_attempts WHERE user_id = u.id
) AS log
WHERE (days.answers, days.correct) <> (log.answers, log.correct)
ORDER BY u.id
"""


async def sample_unproven_progress(work: Work, sample: int) -> list[tuple[UUID, UUID]]:
    """Return the rows of UNPROVEN_PROGRESS, of about `sample` looked at (all, when few)."""
    percent = await _percent_of(work, "lesson_progress", sample)
    rows = await work.session.execute(
        text(UNPROVEN_PROGRESS), {"percent": percent, "sample": sample}
    )
    return [(user_id, lesson_id) for user_id, lesson_id in rows]


async def sample_unproven_activity(work: Work, sample: int) -> Sequence[UUID]:
    """Return the learners of UNPROVEN_ACTIVITY, of about `sample` looked at (all, when few)."""
    percent = await _percent_of(work, "users", sample)
    parameters = {"percent": percent, "sample": sample}
    return (await work.session.scalars(text(UNPROVEN_ACTIVITY), parameters)).all()


async def _percent_of(work: Work, table: str, sample: int) -> float:
    """Return the percentage of a table that makes `sample` rows."""
    statement = text("SELECT reltuples FROM pg_class WHERE oid = CAST(:name AS regclass)")
    estimate = await work.session.scalar(statement, {"name": table})
    return min(100.0, 100 * sample / estimate) if estimate and estimate > sample else 100.0
