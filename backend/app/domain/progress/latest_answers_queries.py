"""The SQL of the latest answers in lessons: see `latest_answers_queries.sql`."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from app.core.statements import Nested, Statements
from app.core.work import Work
from app.domain.progress.results import LatestAnswer

SQL = Statements(__file__)


class LatestRow(NamedTuple):
    """The latest answer to a question in a lesson."""

    lesson_id: UUID
    question_id: UUID
    answer: LatestAnswer


FETCH_LATEST_ANSWERS = SQL.statement("fetch_latest_answers", Nested(LatestRow))


async def fetch_latest_answers(
    work: Work, user_id: UUID, lesson_ids: Sequence[UUID]
) -> dict[UUID, dict[UUID, LatestAnswer]]:
    """Return the latest answers in lessons, by the lesson's id and the question's."""
    found: defaultdict[UUID, dict[UUID, LatestAnswer]] = defaultdict(dict)
    if lesson_ids:
        for lesson_id, question_id, answer in await work.fetch(
            FETCH_LATEST_ANSWERS, user_id=user_id, lesson_ids=lesson_ids
        ):
            found[lesson_id][question_id] = answer
    return found
