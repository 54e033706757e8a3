"""Teachers' marks of essays and recordings, and the learner's view of them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from app.api.v1.schemas.marking import AnswersToMark, AnswerToMark, MarkIn
from app.domain.accounts.account import Account
from app.domain.marking import marks as marking
from app.http.deps import CurrentAccount, CurrentWork, Now, require_role
from app.http.problems import problems
from app.http.routing import JSONRoute

router = APIRouter(tags=["marking"], route_class=JSONRoute)

Teacher = Annotated[Account, Depends(require_role("author"))]
AttemptId = Annotated[UUID, Path(description="The attempt's `id`.")]
Limit = Annotated[int, Query(ge=1, le=100, description="Most answers to return.")]
Cursor = Annotated[
    str | None, Query(max_length=1_000, description="`next_cursor` or `previous_cursor`.")
]


@router.get("/marking", responses=problems(401, 403))
async def list_waiting(
    work: CurrentWork, account: Teacher, limit: Limit = 20, cursor: Cursor = None
) -> AnswersToMark:
    """Return the answers that wait for a mark, the oldest first. For teachers."""
    return AnswersToMark.of(await marking.list_waiting(work, account, limit=limit, cursor=cursor))


@router.get("/marking/{attempt_id}", responses=problems(401, 403, 404, 409))
async def get_marking(attempt_id: AttemptId, work: CurrentWork, account: Teacher) -> AnswerToMark:
    """Return one answer to be marked, or marked already. For teachers."""
    return AnswerToMark.of(await marking.get_marking(work, account, attempt_id))


@router.put("/attempts/{attempt_id}/mark", responses=problems(401, 403, 404, 409))
async def save_mark(
    attempt_id: AttemptId, body: MarkIn, work: CurrentWork, account: Teacher, now: Now
) -> AnswerToMark:
    """Give an answer points for each criterion, or correct them. For teachers, not their own."""
    saved = await marking.save_mark(
        work,
        account,
        attempt_id,
        points=body.points,
        comment=body.comment,
        corrected=body.corrected,
        now=now,
    )
    return AnswerToMark.of(saved)


@router.get("/me/marks", responses=problems(401))
async def list_marks(
    work: CurrentWork, account: CurrentAccount, limit: Limit = 20, cursor: Cursor = None
) -> AnswersToMark:
    """Return the learner's own answers that were marked, the latest mark first."""
    return AnswersToMark.of(await marking.list_marks(work, account, limit=limit, cursor=cursor))
