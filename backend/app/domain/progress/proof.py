"""Whether progress and days are what the log of attempts says, for `manage_db.py check`."""

from uuid import UUID

from app.core.work import Work
from app.domain.progress import proof_queries as queries


async def find_unproven_progress(work: Work, sample: int = 1000) -> list[queries.Unproven]:
    """Return progress, of about `sample` rows looked at, beyond its attempts.

    Progress may count no more questions, and no more right ones, than the log of attempts holds.
    """
    return await queries.sample_unproven_progress(work, sample)


async def find_unproven_activity(work: Work, sample: int = 1000) -> list[UUID]:
    """Return the learners, of about `sample` looked at, whose days do not add up to their log."""
    return await queries.sample_unproven_activity(work, sample)
