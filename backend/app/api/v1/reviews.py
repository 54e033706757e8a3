"""The review queue, reviewing, undo, and the learner's log as a file."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from app.api.v1.schemas.reviews import (
    ExportQuery,
    Queue,
    QueueQuery,
    ReviewIn,
    ReviewOut,
    UndoIn,
    UndoOut,
)
from app.domain.srs import queue, results, reviewing, transfer, undoing
from app.domain.srs.results import ReviewResult, UndoResult
from app.http.deps import CurrentAccount, CurrentWork, Now
from app.http.downloads import download
from app.http.hot import HotRoute
from app.http.problems import problems
from app.http.routing import JSONRoute

router = APIRouter(tags=["reviews"], route_class=JSONRoute)
hot = APIRouter(tags=["reviews"], route_class=HotRoute)
_MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


@hot.get("/reviews/due", response_model=Queue, responses=problems(401))
async def get_due_reviews(
    query: Annotated[QueueQuery, Query()],
    account: CurrentAccount,
    work: CurrentWork,
    now: Now,
) -> results.Queue:
    """Return the cards to review next, with what each rating would grant.

    Steps whose time has come are first, then learnt cards mixed with new ones, within the limits of
    the day. What was shown is granted: hand the card's `state_token` back.
    """
    return await queue.get_queue(work, account, now, query.limit)


@hot.post("/reviews", response_model=ReviewOut, responses=problems(401, 404, 409))
async def submit_review(
    body: ReviewIn, account: CurrentAccount, work: CurrentWork, now: Now
) -> ReviewResult:
    """Store a review and move its card. A repeat of the same `id` returns the stored result.

    A card that was reviewed since its `state_token` was given is refused with 409 and the code
    `already_reviewed`, unless the review was made offline (`reviewed_at`): go on to the next card.
    Reviews made offline may come in any order.
    """
    return await reviewing.submit_review(
        work,
        account,
        review_id=body.id,
        card_id=body.card_id,
        rating=body.rating,
        duration_ms=body.duration_ms,
        state_token=body.state_token,
        now=now,
        reviewed_at=body.reviewed_at,
    )


@hot.post("/reviews/undo", response_model=UndoOut, responses=problems(401, 409))
async def undo_review(
    body: UndoIn, account: CurrentAccount, work: CurrentWork, now: Now
) -> UndoResult:
    """Take back what the learner did last within 24 hours, with all that it changed.

    That is a review, an action on cards (suspend, bury, reset, reschedule, …, all its cards at
    once) or an import, made on any device. Once more with another `id` takes back what was done
    before it; an undo cannot be undone. Refused with 409 and the code `nothing_to_undo` when there
    is nothing left.
    """
    return await undoing.undo_last_action(work, account, body.id, now)


@router.get(
    "/reviews/export",
    response_class=StreamingResponse,
    responses=problems(401)
    | {
        200: {
            "description": "The whole log in time order, one entry a line.",
            "content": {
                "text/csv": {"schema": {"type": "string"}},
                "application/x-ndjson": {"schema": {"type": "string"}},
            },
        }
    },
)
async def export_reviews(
    query: Annotated[ExportQuery, Query()], account: CurrentAccount, work: CurrentWork
) -> StreamingResponse:
    """Download every entry of the learner's review log, as CSV or JSON Lines."""
    chunks = transfer.export_reviews(work, account, query.format)
    name, media_type = f"lancar-reviews.{query.format}", _MEDIA_TYPES[query.format]
    return await download(chunks, name, media_type, account.user_id)
