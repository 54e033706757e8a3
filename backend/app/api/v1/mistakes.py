"""The mistake book: a learner's own mistakes by cause, and practice of one cause."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query
from fastapi import Response as HTTPResponse
from pydantic import AwareDatetime

from app.api.v1.schemas.mistakes import CauseBookOut, CauseOut, PracticeOut
from app.domain.practice import mistakes
from app.domain.srs import details
from app.http.deps import CurrentAccount, CurrentWork, Now
from app.http.problems import problems
from app.http.routing import JSONRoute
from app.questions.slips import Cause

router = APIRouter(prefix="/mistakes", tags=["practice"], route_class=JSONRoute)
MOST_CARDS = 10
OfCause = Annotated[Cause, Path(description="What the mistakes have in common.")]


@router.get("", responses=problems(401))
async def list_causes(work: CurrentWork, account: CurrentAccount, now: Now) -> list[CauseOut]:
    """Return the causes of the learner's mistakes of 180 days, the one that weighs most first."""
    standings = await mistakes.get_standings(work, account, now)
    return [CauseOut.of(standing) for standing in standings]


@router.get("/{cause}", responses=problems(401, 404))
async def get_cause(
    cause: OfCause, work: CurrentWork, account: CurrentAccount, now: Now
) -> CauseBookOut:
    """Return the learner's mistakes of one cause: what was answered, and what is right."""
    return CauseBookOut.of(await mistakes.get_book(work, account, cause, now))


@router.get("/{cause}/practice", response_model=PracticeOut, responses=problems(401, 404))
async def get_practice(
    cause: OfCause,
    work: CurrentWork,
    account: CurrentAccount,
    now: Now,
    began: Annotated[
        AwareDatetime | None,
        Query(description="When the practice began; without it, it begins now."),
    ] = None,
) -> HTTPResponse:
    """Return what to review next in five minutes of one cause.

    The cards are those of open mistakes, then forgotten words, then mistakes that were put right.
    They are reviewed as any other: POST /reviews/check, then POST /reviews/answered.
    """
    practice = await mistakes.get_practice(work, account, cause, min(began or now, now), now)
    cards = [
        await details.get_card(work, account, card, now) for card in practice.cards[:MOST_CARDS]
    ]
    answer = {
        "cause": practice.cause,
        "done": practice.done,
        "mended": practice.mended,
        "left": len(practice.cards),
        "open": practice.open,
        "is_over": practice.is_over,
        "cards": cards,
    }
    return HTTPResponse(msgspec.json.encode(answer), media_type="application/json")
