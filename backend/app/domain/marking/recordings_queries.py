"""All SQL of recordings."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from app.core.statements import Statements, value
from app.core.work import Work
from app.models import Recording

SQL = Statements(__file__)
IS_OWNED = SQL.statement("is_owned", value)


async def count_since(work: Work, user_id: UUID, since: datetime) -> int:
    """Return how many recordings a learner has sent since a moment."""
    statement = (
        select(func.count())
        .select_from(Recording)
        .where(Recording.user_id == user_id, Recording.created_at >= since)
    )
    return await work.session.scalar(statement) or 0


async def find_with_content(work: Work, recording_id: UUID, owner: UUID | None) -> Recording | None:
    """Return a recording with its bytes, of the learner `owner`; None: of anybody."""
    statement = (
        select(Recording).where(Recording.id == recording_id).options(undefer(Recording.content))
    )
    if owner is not None:
        statement = statement.where(Recording.user_id == owner)
    return (await work.session.scalars(statement)).one_or_none()


async def is_owned(work: Work, user_id: UUID, recording_id: UUID) -> bool:
    """Tell whether a recording is this learner's, by recordings_pkey."""
    return bool(await work.fetchrow(IS_OWNED, recording_id=recording_id, user_id=user_id))
