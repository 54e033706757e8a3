"""The SQL of the mistake book."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.core.work import Work
from app.questions.types import MARKED_TYPES

# Whether an answer says anything: some text, or a verdict. One that was skipped says nothing.
_SAYS_SOMETHING = r"""
jsonb_path_exists(response - 'type', '$.** ? ((@.type() == "string" && @ like_regex "\\S")
                                              || @.type() == "boolean")')
"""

# The latest answers by a range of idx_question_attempts_user; of each question the last that was
# not right. A mistake is mended once a later answer was right.
_WRONG = f"""
WITH recent AS MATERIALIZED (
    SELECT id, question_id, score, attempted_at
    FROM (
        SELECT id, question_id, score, attempted_at, response
        FROM question_attempts
        WHERE user_id = :user_id AND attempted_at >= :since AND attempted_at < :until
          AND context <> 'placement' AND score IS NOT NULL
        ORDER BY attempted_at DESC, id DESC
        LIMIT :most_answers
    ) AS latest
    WHERE score = 1 OR {_SAYS_SOMETHING}
), wrong AS (
    SELECT DISTINCT ON (question_id) id, question_id, attempted_at
    FROM recent
    WHERE score < 1
    ORDER BY question_id, attempted_at DESC, id DESC
), mended AS (
    SELECT question_id, max(attempted_at) AS at FROM recent WHERE score = 1 GROUP BY question_id
)
"""  # noqa: S608 - made of constants
# What has no card can be practised nowhere, so that it is no open mistake.
_ASKED = """
JOIN questions AS q
  ON q.id = w.question_id AND q.status = 'published' AND q.type <> ALL (:marked)
JOIN srs_cards AS c
  ON c.user_id = :user_id AND c.item_type = 'question' AND c.item_id = w.question_id
 AND c.direction = 'recognition'
LEFT JOIN mended AS m ON m.question_id = w.question_id
"""

# By primary keys the answer and the question, by its unique key the card.
MISTAKES = f"""
{_WRONG}
SELECT w.id AS attempt_id, w.question_id, w.attempted_at, a.response,
       coalesce(m.at > w.attempted_at, false) AS is_mended,
       c.id AS card_id, c.is_suspended, c.buried_until, c.last_reviewed_at
FROM wrong AS w
JOIN question_attempts AS a ON a.id = w.id AND a.user_id = :user_id
{_ASKED}
ORDER BY w.attempted_at DESC, w.id DESC
LIMIT :most
"""  # noqa: S608 - made of constants

COUNT_OPEN = f"""
{_WRONG}
SELECT count(*) FROM wrong AS w {_ASKED} WHERE m.at IS NULL OR m.at <= w.attempted_at
"""  # noqa: S608 - made of constants


async def fetch_mistakes(
    work: Work,
    user_id: UUID,
    since: datetime,
    until: datetime,
    *,
    most_answers: int,
    most: int,
) -> Sequence[Any]:
    """Return the rows of MISTAKES from `since` on, before `until`, the latest first."""
    parameters = {
        "user_id": user_id,
        "since": since,
        "until": until,
        "most_answers": most_answers,
        "most": most,
        "marked": list(MARKED_TYPES),
    }
    return (await work.session.execute(text(MISTAKES), parameters)).all()


async def count_open(
    work: Work, user_id: UUID, since: datetime, until: datetime, *, most_answers: int
) -> int:
    """Return how many rows of MISTAKES are not mended."""
    parameters = {
        "user_id": user_id,
        "since": since,
        "until": until,
        "most_answers": most_answers,
        "marked": list(MARKED_TYPES),
    }
    return await work.session.scalar(text(COUNT_OPEN), parameters) or 0
