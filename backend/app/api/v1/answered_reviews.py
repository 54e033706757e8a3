"""Reviews that ask: a question's card is answered, graded and then rated."""

from fastapi import APIRouter

from app.api.v1.schemas.answered_reviews import (
    AnsweredReviewIn,
    AnsweredReviewOut,
    CheckIn,
    CheckOut,
)
from app.domain.practice import reviewing
from app.domain.practice.reviewing import AnsweredReview, CheckedAnswer
from app.http.deps import CurrentAccount, CurrentWork, Now
from app.http.hot import HotRoute
from app.http.problems import problems

hot = APIRouter(tags=["reviews"], route_class=HotRoute)


@hot.post("/reviews/check", response_model=CheckOut, responses=problems(401, 404))
async def check_answer(
    body: CheckIn, account: CurrentAccount, work: CurrentWork, now: Now
) -> CheckedAnswer:
    """Grade an answer to the question of a card, and propose a rating. Nothing is stored.

    Of a reading one `part` can be asked at a time. What a teacher marks is not asked in reviews.
    """
    del now  # every hot route is given it
    return await reviewing.check_answer(
        work, account, body.id, body.card_id, body.answer.to_domain()
    )


@hot.post("/reviews/answered", response_model=AnsweredReviewOut, responses=problems(401, 404, 409))
async def submit_answered_review(
    body: AnsweredReviewIn, account: CurrentAccount, work: CurrentWork, now: Now
) -> AnsweredReview:
    """Store a review and, in the same transaction, the answer that it was given for.

    The rating is the learner's, whatever was proposed. The answer counts as an attempt; the time
    (`duration_ms`) is counted once, with the review. Everything else is as for a plain review.
    """
    return await reviewing.submit_answered_review(
        work,
        account,
        review_id=body.id,
        card_id=body.card_id,
        rating=body.rating,
        given=body.answer.to_domain(),
        duration_ms=body.duration_ms,
        state_token=body.state_token,
        now=now,
        reviewed_at=body.reviewed_at,
    )
