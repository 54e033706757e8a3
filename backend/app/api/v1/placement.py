"""The placement test: one question at a time, then the unit to start in."""

from http import HTTPStatus

from fastapi import APIRouter

from app.api.v1.schemas.placement import PlacementAnswerIn, PlacementOut
from app.domain.placement import test as placement
from app.http.deps import CurrentAccount, CurrentWork, Now
from app.http.problems import problems
from app.http.routing import JSONRoute

router = APIRouter(prefix="/placement-tests", tags=["placement"], route_class=JSONRoute)


@router.post("", status_code=HTTPStatus.CREATED, responses=problems(401, 409))
async def begin(work: CurrentWork, account: CurrentAccount, now: Now) -> PlacementOut:
    """Begin a placement test, or go on with the one that is open, on whichever device it was."""
    return PlacementOut.of(await placement.begin(work, account, now))


@router.get("/current", responses=problems(401, 404))
async def get_current(work: CurrentWork, account: CurrentAccount, now: Now) -> PlacementOut:
    """Return the open test with its question; without one, the latest test that was finished."""
    return PlacementOut.of(await placement.get_latest(work, account, now))


@router.post("/current/answers", responses=problems(401, 404, 409))
async def submit_answer(
    body: PlacementAnswerIn, work: CurrentWork, account: CurrentAccount, now: Now
) -> PlacementOut:
    """Answer the question being asked; what comes back holds the next one or the result.

    Each question counts once. The last answer sets the learner's level.
    """
    standing = await placement.submit_answer(
        work,
        account,
        attempt_id=body.id,
        question_id=body.question_id,
        response=body.response,
        duration_ms=body.duration_ms,
        now=now,
    )
    return PlacementOut.of(standing)


@router.delete("/current", status_code=HTTPStatus.NO_CONTENT, responses=problems(401, 404))
async def abandon(work: CurrentWork, account: CurrentAccount, now: Now) -> None:
    """Stop the open test without a result. Another one can be begun at any time."""
    await placement.abandon(work, account, now)
