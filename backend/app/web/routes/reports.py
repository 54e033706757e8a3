"""Reports: sent from the feedback on an answer, answered by authors, read by the learner."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from app.api.deps import DB, require_role
from app.core.errors import DomainError
from app.domain.practice import reporting
from app.domain.practice.reporting import Report
from app.web.feedback import answer_lines
from app.web.rendering import stem_in
from app.web.responses import response_lines
from app.web.time_texts import day_text
from app.web.visit import Learner, LearnerVisit, local_path, see_other

router = APIRouter(prefix="/reports")

FOR_AUTHORS = [Depends(require_role("author"))]


@router.post("")
async def send_report(
    visit: Learner,
    db: DB,
    *,
    report_id: Annotated[UUID, Form()],
    question_id: Annotated[UUID, Form()],
    kind: Annotated[Literal["answer", "question"], Form()],
    response: Annotated[str, Form()] = "",
    comment: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Store a report and thank for it, in place of its form or on a page with the way back."""
    problem = ""
    try:
        await reporting.report_item(
            db,
            visit.account,
            report_id=report_id,
            question_id=question_id,
            kind=kind,
            response=_json(response),
            comment=comment,
            now=visit.now,
        )
    except DomainError as error:
        problem = error.text(visit.language)
    template = "partials/report_sent.html" if visit.is_htmx else "report_sent.html"
    return visit.page(template, section="home", problem=problem, back=local_path(back))


def _json(text: str) -> Any:
    """Return the answer that a form brings along; None when there is none."""
    try:
        return msgspec.json.decode(text) if text else None
    except msgspec.DecodeError:
        return None


@router.get("", dependencies=FOR_AUTHORS)
async def show_open(visit: Learner, db: DB, saved: str = "") -> Response:
    """List what learners report, the most reported question first."""
    found = await reporting.list_open(db)
    return visit.page(
        "reports.html",
        section="settings",
        reports=[_shown(visit, report) for report in found],
        saved=saved == "true",
        most_characters=reporting.MAX_TEXT_LENGTH,
    )


@router.post("/{report_id}", dependencies=FOR_AUTHORS)
async def settle(
    visit: Learner,
    db: DB,
    report_id: UUID,
    *,
    decision: Annotated[Literal["accepted", "declined"], Form()],
    reply: Annotated[str, Form()] = "",
) -> Response:
    """Accept or decline a report, and go back to the list."""
    await reporting.settle(
        db, visit.account, report_id, decision=decision, reply=reply, now=visit.now
    )
    return see_other("/reports?saved=true")


@router.get("/mine")
async def show_own(visit: Learner, db: DB) -> Response:
    """List the learner's own reports, the newest first, with what authors said."""
    found = await reporting.list_own(db, visit.account)
    return visit.page(
        "reports_own.html", section="home", reports=[_shown(visit, report) for report in found]
    )


def _shown(visit: LearnerVisit, found: Report) -> dict[str, Any]:
    """Return what pages show of a report, in the visitor's language."""
    report, question, day = found.report, found.question, visit.account.day
    today = day.date_of(visit.now)
    given = report.response
    return {
        "found": found,
        "stem": stem_in(question, visit.language),
        "text": getattr(question.options, "text", ""),
        "given": [] if given is None else response_lines(given, question.options),
        "answer": answer_lines(question.answer_key, question.options, visit.language),
        "sent_on": day_text(day.date_of(report.created_at), today, visit.language),
    }
