"""Use cases of reports: a learner says what is wrong with a question, an author answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.core.errors import Conflict, InvalidInput, NotFound, raise_for
from app.core.work import Work, transactional
from app.domain.accounts.account import Account, has_role
from app.domain.practice import report_queries as queries
from app.models import ItemReport, Question
from app.models.base import new_id
from app.questions import grading
from app.questions.grades import GradedQuestion
from app.questions.types import Response
from app.questions.types.reading import ReadingResponse

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


@transactional()
async def report_item(
    work: Work,
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
    wrong: then a response that does not (any longer) fit is left out. A learner has one open report
    of a kind about a question, to which another one adds: the newer answer counts, of a reading the
    parts of both, and no comment is lost. A repeat returns what is stored.

    Raises NotFound (no such question), InvalidInput naming the field (the response does not fit,
    there is none, a comment too long), Conflict (the id is in use otherwise).
    """
    stored = await queries.find_report(work, report_id)
    if stored is not None and (stored.user_id, stored.question_id) != (
        account.user_id,
        question_id,
    ):
        raise Conflict
    if stored is not None and stored.kind == kind and stored.status != "open":
        return stored
    question = await queries.find_question(work, question_id)
    if question is None or question.status == "draft":
        raise NotFound
    graded = GradedQuestion(question.answer_key, question.options)
    given = _parsed(graded, kind, response)
    earlier = await queries.find_open(work, account.user_id, question_id, kind)
    if earlier is not None:
        given = _with_parts_of(earlier.response, given)
    try:
        return await queries.save_report(
            work,
            id=new_id() if stored is not None else report_id,
            user_id=account.user_id,
            question_id=question_id,
            kind=kind,
            response=given,
            score=None if given is None else _worth(graded, given),
            comment=_joined(earlier.comment if earlier else None, _checked("comment", comment)),
            created_at=now,
            updated_at=now,
        )
    except IntegrityError as error:  # the same report, sent twice at once
        raise_for(error, {"item_reports_pkey": Conflict()})


def _parsed(graded: GradedQuestion, kind: Kind, response: object | None) -> Response | None:
    """Return the answer that a report is about, if any."""
    if kind == "answer" and response is None:
        raise InvalidInput(
            "Send the answer that should be right.",
            "Kirim jawaban yang menurutmu benar.",
            field="response",
        )
    try:
        return None if response is None else grading.parse_response(graded, response)
    except InvalidInput:
        if kind == "answer":
            raise
        return None  # the question was changed, which may be what is reported


def _with_parts_of(earlier: Response | None, given: Response | None) -> Response | None:
    """Return the newer answer; of a reading with the parts that only the earlier one has."""
    if isinstance(earlier, ReadingResponse) and isinstance(given, ReadingResponse):
        return given.model_copy(update={"parts": earlier.parts | given.parts})
    return given or earlier


def _worth(graded: GradedQuestion, given: Response) -> Decimal | None:
    """Return what an answer is worth; of a reading the share of the parts that were answered."""
    grade = grading.grade(graded, given)
    if not isinstance(given, ReadingResponse) or not given.parts:
        return grade.score
    scores = [part.score for part in grade.parts if part.id in given.parts]
    return round(Decimal(sum(scores)) / len(scores), 3) if scores else grade.score


def _joined(earlier: str | None, comment: str | None) -> str | None:
    """Return both comments, as far as there is room; the earlier one first, unless repeated."""
    if not earlier or not comment or comment in earlier:
        return earlier or comment
    return f"{earlier}\n{comment}"[:MAX_TEXT_LENGTH]


async def list_open(work: Work, limit: int = MOST_OPEN) -> list[Report]:
    """Return open reports for authors, the most reported question first. One statement."""
    return [Report(*row) for row in await queries.list_open(work, min(limit, MOST_OPEN))]


@transactional()
async def settle(
    work: Work,
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
        work,
        report_id,
        status=decision,
        reply=_checked("reply", reply),
        settled_by=account.user_id,
        settled_at=now,
        updated_at=now,
    )
    if settled is not None:
        return settled
    if await queries.find_report(work, report_id) is None:
        raise NotFound
    raise AlreadySettled


async def count_open(work: Work, account: Account) -> int:
    """Return how many reports wait for an author's answer, 100 at most; none for a learner."""
    if not has_role(account.role, "author"):
        return 0
    return await queries.count_open(work, MOST_OPEN)


async def list_own(work: Work, account: Account, limit: int = MOST_OPEN) -> list[Report]:
    """Return the learner's own reports, the newest first, with what was decided."""
    return [Report(*row) for row in await queries.list_of(work, account.user_id, limit)]


async def has_new_replies(work: Work, account: Account, now: datetime) -> bool:
    """Return whether one of the learner's reports was answered in the last seven days."""
    return await queries.has_settled_since(work, account.user_id, now - timedelta(days=NEW_DAYS))


def _checked(field: str, value: str | None) -> str | None:
    """Return a text without the space around it, None when nothing is left; refuse a long one."""
    text = (value or "").replace("\r\n", "\n").strip()
    if len(text) > MAX_TEXT_LENGTH or "\x00" in text:
        raise InvalidInput(
            f"At most {MAX_TEXT_LENGTH} characters.",
            f"Maksimal {MAX_TEXT_LENGTH} karakter.",
            field=field,
        )
    return text or None
