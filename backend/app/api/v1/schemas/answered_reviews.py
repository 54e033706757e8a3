"""What reviews that ask take and return. The answers are msgspec's; these describe them."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.api.v1.schemas.answers import ATTEMPT_ID, RESPONSE_EXAMPLES, AnswerOut
from app.api.v1.schemas.reviews import DurationMs, RatingIn, ReviewIn, ReviewOut
from app.domain.practice.reviewing import GivenAnswer
from app.questions.types import Response

CARD_ID = "01a20523-42ed-7032-ab00-64843a6dbdde"


class GivenAnswerIn(BaseModel):
    """An answer to the question of a card."""

    model_config = ConfigDict(extra="forbid")

    response: Response = Field(
        description="Of the question's type, or of the type of its `part`.",
        examples=RESPONSE_EXAMPLES,
    )
    part: str | None = Field(
        None,
        max_length=40,
        description="The id of the part of a reading that was asked, if not all of it was.",
        examples=[None],
    )
    duration_ms: DurationMs | None = Field(None, description="Time taken until it was given.")
    shuffle_seed: int | None = Field(
        None,
        ge=0,
        lt=2**31,
        description="The order in which the choices were shown, if it is one of ours.",
        examples=[1_804_289_383],
    )

    def to_domain(self) -> GivenAnswer:
        """Return it as practice takes it."""
        return GivenAnswer(self.response, self.duration_ms, self.shuffle_seed, self.part)


class CheckIn(BaseModel):
    """An answer to be graded before its card is rated; nothing of it is stored."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="That of the review that will follow.", examples=[ATTEMPT_ID])
    card_id: UUID = Field(examples=[CARD_ID])
    answer: GivenAnswerIn


class CheckOut(BaseModel):
    """The grade, and the rating that it proposes."""

    answer: AnswerOut
    proposed_rating: RatingIn = Field(
        description="Wrong or partly right: 1. Right but misspelt or slow: 2. Right: 3.",
        examples=[3],
    )
    slow_seconds: int | None = Field(
        description="The limit that a right answer missed, when it counts as slow.", examples=[None]
    )


class AnsweredReviewIn(ReviewIn):
    """A review with the answer that it was given for. Sent again with its `id`, it counts once."""

    answer: GivenAnswerIn


class AnsweredReviewOut(BaseModel):
    """What the review granted, and the answer as it is stored: an attempt of the same id."""

    review: ReviewOut
    answer: AnswerOut | None = Field(
        description="Null when it is no attempt: a part of a reading, say."
    )
