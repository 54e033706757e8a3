"""Use cases of reports: a learner says what is wrong with a question, an author answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import Conflict, InvalidInput, NotFound, raise_for
from app.domain.accounts.service import Account
from app.domain.practice import report_queries as queries
from app.domain.practice import rules
from app.domain.practice.rules import GradedQuestion
from app.models import ItemReport, Question

MAX_TEXT_LENGTH = 1_000
MOST_OPEN = 100
NEW_DAYS = 7

Kind = Literal["answer", "question"]
Decision = Literal["accepted", "declined"]


class AlreadySettled(Conflict):
    """Somebody else has answered the report."""

    code = "already_settled"
    message = "This report was answered already."
    message_id = "Laporan ini sudah dijawab."


@dataclass(frozen=True, slots=True)
class Report:
    """A report with its question; `reports`: how many are open about that question."""

    report: ItemReport
    question: Question
    reports: int = 1


async def report_item(
    db: AsyncSession,
    account: Account,
    *,
    report_id: UUID,
    question_id: UUID,
    kind: Kind,
    response: object | None,
    comment: str | None,
    now: datetime,
) -> ItemReport:
    """Store what a learner reports, with their answer and what it is worth by today's key.

    "answer" says that the response (any JSON) should be right, "question" that something else is
    wrong. A learner has one open report of a kind about a question: another one takes its place. A
    repeat of `report_id` returns what is stored.

    Raises NotFound (no such question), InvalidInput naming the field (the response does not fit,
    there is none, a comment too long), Conflict (the id is in use otherwise).
    """
    stored = await queries.find_report(db, report_id)
    if stored is not None:
        if stored.user_id != account.user_id or stored.question_id != question_id:
            raise Conflict
        return stored
    question = await queries.find_question(db, question_id)
    if question is None or question.status == "draft":
        raise NotFound
    if kind == "answer" and response is None:
        raise InvalidInput(
            "Send the answer that should be right.",
            "Kirim jawaban yang menurutmu benar.",
            field="response",
        )
    graded = GradedQuestion(question.answer_key, question.options)
    parsed = None if response is None else rules.parse_response(graded, response)
    try:
        return await queries.save_report(
            db,
            id=report_id,
            user_id=account.user_id,
            question_id=question_id,
            kind=kind,
            response=parsed,
            score=None if parsed is None else rules.grade(graded, parsed).score,
            comment=_checked("comment", comment),
            created_at=now,
            updated_at=now,
        )
    except IntegrityError as error:  # the same report, sent twice at once
        raise_for(error, {"item_reports_pkey": Conflict()})


async def list_open(db: AsyncSession, limit: int = MOST_OPEN) -> list[Report]:
    """Return open reports for authors, the most reported question first. One statement."""
    return [Report(*row) for row in await queries.list_open(db, min(limit, MOST_OPEN))]


async def settle(
    db: AsyncSession,
    account: Account,
    report_id: UUID,
    *,
    decision: Decision,
    reply: str | None,
    now: datetime,
) -> ItemReport:
    """Accept or decline a report, with a word to the learner. `account` is an author.

    Grades stay as they are. Raises NotFound, AlreadySettled, InvalidInput (a reply too long).
    """
    settled = await queries.settle(
        db,
        report_id,
        status=decision,
        reply=_checked("reply", reply),
        settled_by=account.user_id,
        settled_at=now,
        updated_at=now,
    )
    if settled is not None:
        return settled
    if await queries.find_report(db, report_id) is None:
        raise NotFound
    raise AlreadySettled


async def list_own(db: AsyncSession, account: Account, limit: int = MOST_OPEN) -> list[Report]:
    """Return the learner's own reports, the newest first, with what was decided."""
    return [Report(*row) for row in await queries.list_of(db, account.user_id, limit)]


async def has_new_replies(db: AsyncSession, account: Account, now: datetime) -> bool:
    """Tell whether one of the learner's reports was answered in the last seven days."""
    return await queries.has_settled_since(db, account.user_id, now - timedelta(days=NEW_DAYS))


def _checked(field: str, value: str | None) -> str | None:
    """Return a text without the space around it, None when nothing is left; refuse a long one."""
    text = (value or "").strip()
    if len(text) > MAX_TEXT_LENGTH or "\x00" in text:
        raise InvalidInput(
            f"At most {MAX_TEXT_LENGTH} characters.",
            f"Maksimal {MAX_TEXT_LENGTH} karakter.",
            field=field,
        )
    return text or None
