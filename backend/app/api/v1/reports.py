"""Reports: learners say what is wrong with a question, authors answer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from app.api.v1.schemas.reports import DecisionIn, OpenReport, ReportIn, ReportOut
from app.domain.accounts.account import Account
from app.domain.practice import reporting
from app.http.deps import CurrentAccount, CurrentWork, Now, require_role
from app.http.problems import problems
from app.http.routing import JSONRoute

router = APIRouter(tags=["reports"], route_class=JSONRoute)

Author = Annotated[Account, Depends(require_role("author"))]
ReportId = Annotated[UUID, Path(description="The report's `id`.")]
Limit = Annotated[int, Query(ge=1, le=reporting.MOST_OPEN, description="Most reports to return.")]


@router.post("/reports", status_code=201, responses=problems(401, 404, 409))
async def report_item(
    body: ReportIn, work: CurrentWork, account: CurrentAccount, now: Now
) -> ReportOut:
    """Report a question, or an answer that should be right; another report takes its place."""
    stored = await reporting.report_item(
        work,
        account,
        report_id=body.id,
        question_id=body.question_id,
        kind=body.kind,
        response=body.response,
        comment=body.comment,
        now=now,
    )
    return ReportOut.of(stored)


@router.get("/reports", responses=problems(401, 403))
async def list_open_reports(
    work: CurrentWork, account: Author, limit: Limit = 20
) -> list[OpenReport]:
    """Return open reports, those about the most reported questions first. For authors."""
    del account
    return [OpenReport.of(found) for found in await reporting.list_open(work, limit)]


@router.put("/reports/{report_id}/decision", responses=problems(401, 403, 404, 409))
async def settle_report(
    report_id: ReportId, body: DecisionIn, work: CurrentWork, account: Author, now: Now
) -> ReportOut:
    """Accept or decline a report, with a word to the learner. For authors."""
    settled = await reporting.settle(
        work, account, report_id, decision=body.status, reply=body.reply, now=now
    )
    return ReportOut.of(settled)


@router.get("/me/reports", responses=problems(401))
async def list_own_reports(
    work: CurrentWork, account: CurrentAccount, limit: Limit = 20
) -> list[ReportOut]:
    """Return the learner's own reports, the newest first, with what was decided."""
    return [ReportOut.of(found.report) for found in await reporting.list_own(work, account, limit)]
