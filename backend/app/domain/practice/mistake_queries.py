"""The SQL of the mistake book."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.models.documents import MARKED_TYPES

# The latest answers by a range of idx_question_attempts_user; of each question the last that was
# not right, then by primary keys the question, and the card by its unique key. A mistake is mended
# once a later answer was right.
MISTAKES = """
WITH recent AS MATERIALIZED (
    SELECT id, question_id, score, attempted_at
    FROM question_attempts
    WHERE user_id = :user_id AND attempted_at >= :since
      AND context <> 'placement' AND score IS NOT NULL
    ORDER BY attempted_at DESC, id DESC
    LIMIT :most_answers
), wrong AS (
    SELECT DISTINCT ON (question_id) id, question_id, attempted_at
    FROM recent
    WHERE score < 1
    ORDER BY question_id, attempted_at DESC, id DESC
), mended AS (
    SELECT question_id, max(attempted_at) AS at FROM recent WHERE score = 1 GROUP BY question_id
)
SELECT w.id AS attempt_id, w.question_id, w.attempted_at, a.response,
       coalesce(m.at > w.attempted_at, false) AS is_mended, m.at AS mended_at,
       c.id AS card_id, c.is_suspended, c.last_reviewed_at
FROM wrong AS w
JOIN question_attempts AS a ON a.id = w.id AND a.user_id = :user_id
JOIN questions AS q
  ON q.id = w.question_id AND q.status = 'published' AND q.type <> ALL (:marked)
LEFT JOIN mended AS m ON m.question_id = w.question_id
LEFT JOIN srs_cards AS c
  ON c.user_id = :user_id AND c.item_type = 'question' AND c.item_id = w.question_id
 AND c.direction = 'recognition'
ORDER BY w.attempted_at DESC, w.id DESC
LIMIT :most
"""

# As many rows as MISTAKES looks at, of one index.
COUNT_OPEN = """
WITH recent AS MATERIALIZED (
    SELECT question_id, score, attempted_at, id
    FROM question_attempts
    WHERE user_id = :user_id AND attempted_at >= :since
      AND context <> 'placement' AND score IS NOT NULL
    ORDER BY attempted_at DESC, id DESC
    LIMIT :most_answers
), latest AS (
    SELECT DISTINCT ON (question_id) question_id, score
    FROM recent
    ORDER BY question_id, attempted_at DESC, id DESC
)
SELECT count(*) FROM latest WHERE score < 1
"""


async def fetch_mistakes(
    db: AsyncSession, user_id: UUID, since: datetime, *, most_answers: int, most: int
) -> Sequence[Any]:
    """Return the rows of MISTAKES, the latest first."""
    parameters = {
        "user_id": user_id,
        "since": since,
        "most_answers": most_answers,
        "most": most,
        "marked": list(MARKED_TYPES),
    }
    return (await db.execute(text(MISTAKES), parameters)).all()


async def count_open(db: AsyncSession, user_id: UUID, since: datetime, *, most_answers: int) -> int:
    """Return how many questions the learner's latest answer to was not right."""
    parameters = {"user_id": user_id, "since": since, "most_answers": most_answers}
    return await db.scalar(text(COUNT_OPEN), parameters) or 0
