"""What a learner's latest answers in a lesson are worth."""

from uuid import UUID

from app.core.work import Work
from app.domain.accounts.account import Account
from app.domain.progress import latest_answers_queries as queries
from app.domain.progress.completion import LessonScore, lesson_score
from app.domain.progress.results import LatestAnswer


async def get_latest_answers(
    work: Work, account: Account, lesson_id: UUID
) -> dict[UUID, LatestAnswer]:
    """Return what the learner's latest answers in a lesson are worth, by question, at once."""
    return (await queries.fetch_latest_answers(work, account.user_id, [lesson_id])).get(
        lesson_id, {}
    )


async def get_score(work: Work, account: Account, lesson_id: UUID) -> LessonScore:
    """Return what the learner's latest answers in a lesson amount to, in one statement."""
    latest = await get_latest_answers(work, account, lesson_id)
    return lesson_score(answer.score for answer in latest.values())
