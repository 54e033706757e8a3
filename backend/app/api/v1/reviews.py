"""The review queue, reviewing, and adding cards."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, status

from app.api.deps import DB, CurrentAccount, CurrentDatabase, Now
from app.api.hot import HotRoute
from app.api.problems import problems
from app.api.v1.schemas.reviews import (
    CardsAdded,
    CardsIn,
    Queue,
    QueueQuery,
    ReviewIn,
    ReviewOut,
)
from app.domain.srs import service

router = APIRouter(tags=["reviews"])
_hot = APIRouter(route_class=HotRoute)


class DueQueue(msgspec.Struct, frozen=True):
    """The answer of GET /reviews/due, described by `Queue`."""

    counts: service.DueCounts
    cards: list[service.DueCard]


@_hot.get("/reviews/due", response_model=Queue, responses=problems(401))
async def get_due_reviews(
    query: Annotated[QueueQuery, Query()],
    account: CurrentAccount,
    database: CurrentDatabase,
    now: Now,
) -> DueQueue:
    """Return the cards that are due, with what each rating would grant."""
    return DueQueue(
        counts=await service.count_due(database, account, now),
        cards=await service.get_queue(database, account, now, query.limit),
    )


@_hot.post("/reviews", response_model=ReviewOut, responses=problems(401, 404, 409))
async def submit_review(
    body: ReviewIn, account: CurrentAccount, database: CurrentDatabase, now: Now
) -> service.ReviewResult:
    """Store a review and move its card. A repeat of the same `id` returns the stored result.

    A card that was reviewed since its `state_token` was given is refused with 409 and the code
    `already_reviewed`, unless the review was made offline (`reviewed_at`): go on to the next card.
    """
    return await service.submit_review(
        database,
        account,
        review_id=body.id,
        card_id=body.card_id,
        rating=body.rating,
        duration_ms=body.duration_ms,
        state_token=body.state_token,
        now=now,
        reviewed_at=body.reviewed_at,
    )


@router.post("/cards", status_code=status.HTTP_201_CREATED, responses=problems(401, 404))
async def add_cards(body: CardsIn, db: DB, account: CurrentAccount, now: Now) -> CardsAdded:
    """Add cards for words or questions; those that exist are left alone.

    They are first shown on the next days that have room (the preference `new_cards_per_day`).
    """
    items = [(item.item_type, item.item_id) for item in body.items]
    return CardsAdded(added=await service.add_cards(db, account, items, now))


router.include_router(_hot)
