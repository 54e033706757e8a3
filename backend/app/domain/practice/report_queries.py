"""All SQL of reports. Open ones are read for all learners: authors answer anybody's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.core.work import Work
from app.models import ItemReport, Question

_OPEN = ItemReport.status == "open"


async def find_question(work: Work, question_id: UUID) -> Question | None:
    """Return a question, published or withdrawn since."""
    return await work.session.get(Question, question_id, populate_existing=True)


async def find_report(work: Work, report_id: UUID) -> ItemReport | None:
    """Return a report, whose ever it is."""
    return await work.session.get(ItemReport, report_id, populate_existing=True)


async def find_open(work: Work, user_id: UUID, question_id: UUID, kind: str) -> ItemReport | None:
    """Return the open report of a kind that a learner has about a question."""
    statement = select(ItemReport).where(
        ItemReport.user_id == user_id,
        ItemReport.question_id == question_id,
        ItemReport.kind == kind,
        _OPEN,
    )
    return (await work.session.scalars(statement)).one_or_none()


async def save_report(work: Work, **values: Any) -> ItemReport:
    """Store a report; of the same learner, question and kind the open one is brought up to date."""
    renewed = {name: values[name] for name in ("response", "score", "comment", "updated_at")}
    statement = (
        insert(ItemReport)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["user_id", "question_id", "kind"], index_where=_OPEN, set_=renewed
        )
        .returning(ItemReport)
        .execution_options(populate_existing=True)
    )
    return (await work.session.scalars(statement)).one()


async def list_open(work: Work, limit: int) -> Sequence[tuple[ItemReport, Question, int]]:
    """Return open reports, those about the most reported questions first, then the oldest."""
    total = func.count().over(partition_by=ItemReport.question_id)
    statement = (
        select(ItemReport, Question, total)
        .join(Question, Question.id == ItemReport.question_id)
        .where(_OPEN)
        .order_by(total.desc(), ItemReport.question_id, ItemReport.created_at, ItemReport.id)
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in await work.session.execute(statement)]


async def count_open(work: Work, most: int) -> int:
    """Return how many reports are open, `most` at most."""
    found = select(ItemReport.id).where(_OPEN).limit(most).subquery()
    return await work.session.scalar(select(func.count()).select_from(found)) or 0


async def settle(work: Work, report_id: UUID, **values: Any) -> ItemReport | None:
    """Write the decision about an open report; None when it is not open, or there is none."""
    statement = (
        update(ItemReport)
        .where(ItemReport.id == report_id, _OPEN)
        .values(**values)
        .returning(ItemReport)
        .execution_options(populate_existing=True)
    )
    return (await work.session.scalars(statement)).one_or_none()


async def list_of(work: Work, user_id: UUID, limit: int) -> Sequence[tuple[ItemReport, Question]]:
    """Return a learner's reports with their questions, the newest first."""
    statement = (
        select(ItemReport, Question)
        .join(Question, Question.id == ItemReport.question_id)
        .where(ItemReport.user_id == user_id)
        .order_by(ItemReport.created_at.desc(), ItemReport.id.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in await work.session.execute(statement)]


async def has_settled_since(work: Work, user_id: UUID, moment: datetime) -> bool:
    """Tell whether one of a learner's reports was answered since `moment`."""
    found = exists().where(ItemReport.user_id == user_id, ItemReport.settled_at >= moment)
    return bool(await work.session.scalar(select(found)))
