"""The SQL that compares progress and days with the log of attempts: see `proof_queries.sql`."""

from typing import NamedTuple
from uuid import UUID

from app.core.statements import Statements, value
from app.core.work import Work

SQL = Statements(__file__)


class Unproven(NamedTuple):
    """Whose progress, and in which lesson."""

    user_id: UUID
    lesson_id: UUID


SAMPLE_UNPROVEN_PROGRESS = SQL.statement("sample_unproven_progress", Unproven)
SAMPLE_UNPROVEN_ACTIVITY = SQL.statement("sample_unproven_activity", value)
ESTIMATE_ROWS = SQL.statement("estimate_rows", value)


async def sample_unproven_progress(work: Work, sample: int) -> list[Unproven]:
    """Return progress beyond its attempts, of about `sample` rows looked at (all, when few)."""
    percent = await _percent_of(work, "lesson_progress", sample)
    return await work.fetch(SAMPLE_UNPROVEN_PROGRESS, percent=percent, sample=sample)


async def sample_unproven_activity(work: Work, sample: int) -> list[UUID]:
    """Return learners whose days say other than the log, of about `sample` (all, when few)."""
    percent = await _percent_of(work, "users", sample)
    return await work.fetch(SAMPLE_UNPROVEN_ACTIVITY, percent=percent, sample=sample)


async def _percent_of(work: Work, table: str, sample: int) -> float:
    """Return the percentage of a table that makes `sample` rows."""
    estimate: float | None = await work.fetchrow(ESTIMATE_ROWS, name=table)
    return min(100.0, 100 * sample / estimate) if estimate and estimate > sample else 100.0
