"""The SQL of the latest answers in lessons."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from app.core.work import Work
from app.domain.progress.results import LatestAnswer

# By idx_question_attempts_user_question: lessons' questions, and the learner's attempts in them.
LATEST_ANSWERS = """
SELECT DISTINCT ON (lq.lesson_id, a.question_id)
       lq.lesson_id, a.question_id, a.id AS attempt_id, coalesce(m.score, a.score)::float8 AS score
FROM lesson_questions AS lq
JOIN lessons AS l ON l.id = lq.lesson_id
JOIN questions AS q ON q.id = lq.question_id AND q.status = 'published'
JOIN question_attempts AS a
  ON a.user_id = :user_id AND a.question_id = lq.question_id
 AND a.lesson_id IN (lq.lesson_id, l.split_from_id)
LEFT JOIN attempt_marks AS m ON m.attempt_id = a.id AND m.user_id = a.user_id
WHERE lq.lesson_id = ANY (:lesson_ids)
ORDER BY lq.lesson_id, a.question_id, a.attempted_at DESC, a.id DESC
"""


async def fetch_latest_answers(
    work: Work, user_id: UUID, lesson_ids: Sequence[UUID]
) -> dict[UUID, dict[UUID, LatestAnswer]]:
    """Return what LATEST_ANSWERS finds, by the lesson's id and the question's."""
    found: defaultdict[UUID, dict[UUID, LatestAnswer]] = defaultdict(dict)
    if lesson_ids:
        parameters = {"user_id": user_id, "lesson_ids": list(lesson_ids)}
        for row in await work.session.execute(text(LATEST_ANSWERS), parameters):
            found[row.lesson_id][row.question_id] = LatestAnswer(row.attempt_id, row.score)
    return found
