"""Reports: sent from the feedback on an answer, answered by authors, read by the learner."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from app.core.errors import InvalidInput
from app.domain.practice import reporting
from app.domain.practice.reporting import Report
from app.http.deps import CurrentWork, require_role
from app.web.reported import asked_in
from app.web.time_texts import day_text
from app.web.visit import Learner, LearnerVisit, local_path, see_other

router = APIRouter(prefix="/reports")

FOR_AUTHORS = [Depends(require_role("author"))]


@router.post("")
async def send_report(
    visit: Learner,
    work: CurrentWork,
    *,
    report_id: Annotated[UUID, Form()],
    question_id: Annotated[UUID, Form()],
    kind: Annotated[Literal["answer", "question"], Form()],
    response: Annotated[str, Form()] = "",
    comment: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Store a report and thank for it, in place of its form or on a page with the way back."""
    try:
        await reporting.report_item(
            work,
            visit.account,
            report_id=report_id,
            question_id=question_id,
            kind=kind,
            response=_json(response),
            comment=comment,
            now=visit.now,
        )
    except InvalidInput as error:
        problem = error.text(visit.language)
    else:
        problem = ""
    template = "partials/report_sent.html" if visit.is_htmx else "report_sent.html"
    return visit.page(
        template,
        section="home",
        problem=problem,
        back=local_path(back),
        report_id=report_id,
        question_id=question_id,
        response=response,
        comment=comment,
        is_wrong=kind == "answer",
    )


def _json(text: str) -> Any:
    """Return the answer that a form brings along; None when there is none."""
    try:
        return msgspec.json.decode(text) if text else None
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput(field="response") from error


@router.get("", dependencies=FOR_AUTHORS)
async def show_open(visit: Learner, work: CurrentWork, saved: str = "") -> Response:
    """List what learners report, the most reported question first."""
    return await _open_page(visit, work, saved=saved == "true")


async def _open_page(
    visit: LearnerVisit,
    work: CurrentWork,
    *,
    status: int = 200,
    saved: bool = False,
    problem: str = "",
    typed: Mapping[UUID, str] | None = None,
) -> Response:
    found = await reporting.list_open(work)
    return visit.page(
        "reports.html",
        section="settings",
        reports=[_shown(visit, report) for report in found],
        most_characters=reporting.MAX_TEXT_LENGTH,
        status=status,
        saved=saved,
        problem=problem,
        typed=typed or {},
    )


@router.post("/{report_id}", dependencies=FOR_AUTHORS)
async def settle(
    visit: Learner,
    work: CurrentWork,
    report_id: UUID,
    *,
    decision: Annotated[Literal["accepted", "declined"], Form()],
    reply: Annotated[str, Form()] = "",
) -> Response:
    """Accept or decline a report, and go back to the list; a reply that is refused stays there."""
    try:
        await reporting.settle(
            work, visit.account, report_id, decision=decision, reply=reply, now=visit.now
        )
    except InvalidInput as error:
        return await _open_page(
            visit, work, status=422, problem=error.text(visit.language), typed={report_id: reply}
        )
    return see_other("/reports?saved=true")


@router.get("/mine")
async def show_own(visit: Learner, work: CurrentWork) -> Response:
    """List the learner's own reports, the newest first, with what authors said."""
    found = await reporting.list_own(work, visit.account)
    return visit.page(
        "reports_own.html", section="home", reports=[_shown(visit, report) for report in found]
    )


def _shown(visit: LearnerVisit, found: Report) -> dict[str, Any]:
    """Return what pages show of a report, in the visitor's language."""
    report, day = found.report, visit.account.day
    return {
        "found": found,
        "asked": asked_in(report, found.question, visit.language),
        "sent_on": day_text(day.date_of(report.created_at), day.date_of(visit.now), visit.language),
    }
