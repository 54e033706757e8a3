"""The SQL of the mistake book: see `mistake_queries.sql`."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from app.core.statements import Statements, value
from app.core.work import Work
from app.questions.types import MARKED_TYPES

SQL = Statements(__file__)


class MistakeRow(NamedTuple):
    """The latest wrong answer to a question (`response` as JSON), and the question's card."""

    attempt_id: UUID
    question_id: UUID
    attempted_at: datetime
    response: str
    is_mended: bool
    card_id: UUID
    is_suspended: bool
    buried_until: date | None
    last_reviewed_at: datetime | None


FETCH_MISTAKES = SQL.statement("fetch_mistakes", MistakeRow)
COUNT_OPEN = SQL.statement("count_open", value)


async def fetch_mistakes(
    work: Work, user_id: UUID, since: datetime, until: datetime, *, most_answers: int, most: int
) -> list[MistakeRow]:
    """Return mistakes from `since` on, before `until`, the latest first."""
    return await work.fetch(
        FETCH_MISTAKES,
        user_id=user_id,
        since=since,
        until=until,
        most_answers=most_answers,
        most=most,
        marked=MARKED_TYPES,
    )


async def count_open(
    work: Work, user_id: UUID, since: datetime, until: datetime, *, most_answers: int
) -> int:
    """Return how many mistakes of that time are not mended."""
    count: int | None = await work.fetchrow(
        COUNT_OPEN,
        user_id=user_id,
        since=since,
        until=until,
        most_answers=most_answers,
        marked=MARKED_TYPES,
    )
    return count or 0
