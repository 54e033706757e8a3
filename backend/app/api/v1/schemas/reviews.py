"""What the reviews API takes and returns. The hot answers are msgspec's; these describe them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticKnownError

from app.domain.srs.queue import MAX_QUEUE
from app.domain.srs.reviewing import MAX_DURATION_MS, MAX_OFFLINE_DAYS
from app.domain.srs.rules import Rating
from app.questions.documents.base import Passage
from app.questions.types import AnswerKey, Options


def _whole(value: Any) -> Any:
    """Refuse what only equals a number: Pydantic takes true and 3.0 for members of an IntEnum."""
    if type(value) is not int:
        raise PydanticKnownError("int_type")
    return value


RatingIn = Annotated[Rating, BeforeValidator(_whole)]
DurationMs = Annotated[
    int, Field(ge=0, le=MAX_DURATION_MS, description="Time taken.", examples=[4200])
]
STATE_TOKEN = "eyJzdGF0ZSI6Im5ldyJ9.c2lnbmVk"  # noqa: S105 - an example
ItemType = Literal["vocabulary", "question", "personal"]
Direction = Literal["recognition", "production"]
UndoneAction = Literal[
    "review", "suspend", "unsuspend", "bury", "unbury", "reset", "reschedule", "import"
]


class QueueQuery(BaseModel):
    """How much of the queue is wanted."""

    limit: int = Field(20, ge=1, le=MAX_QUEUE, description="Most cards to return.")


class VocabularyFaces(BaseModel):
    """A word, its meaning and an example."""

    slug: str = Field(examples=["teacher"])
    headword: str = Field(examples=["teacher"])
    part_of_speech: str = Field(examples=["noun"])
    ipa: str = Field(examples=["/ˈtiːtʃə/"])
    level: str = Field(examples=["A1"])
    meaning: str = Field(examples=["guru"])
    example_en: str = Field(examples=["My teacher is from Bandung."])
    example_id: str = Field(examples=["Guru saya berasal dari Bandung."])


class QuestionFaces(BaseModel):
    """A question with its answer key; `/reviews/check` grades an answer to it."""

    stem: str = Field(examples=["She ___ a teacher."])
    type: str = Field(examples=["multiple_choice"])
    options: Options | None
    answer_key: AnswerKey = Field(examples=[{"type": "multiple_choice", "choice": "b"}])
    explanation: str | None
    translations: dict[str, Any]
    passage: Passage | None = Field(
        description="The text of another question, a reading, that this one is about.",
        examples=[None],
    )


class PersonalFaces(BaseModel):
    """A word that the learner added."""

    headword: str = Field(examples=["to wing it"])
    meaning: str = Field(examples=["melakukan sesuatu tanpa persiapan"])
    example: str | None = Field(examples=["I had no notes, so I winged it."])


class ButtonPreview(BaseModel):
    """What a rating would grant: a wait, in whole days where it is at least one."""

    seconds: int = Field(examples=[600])
    interval_days: int = Field(description="0 for steps within a day.", examples=[0])


class DueCardOut(BaseModel):
    """A card that is due. Hand `state_token` back with the review."""

    card_id: UUID
    item_type: ItemType
    item_id: UUID
    direction: Direction = Field(
        description="recognition asks for the meaning, production for the English."
    )
    is_new: bool
    state_token: str = Field(examples=[STATE_TOKEN])
    item: VocabularyFaces | QuestionFaces | PersonalFaces
    previews: dict[Literal["1", "2", "3", "4"], ButtonPreview] = Field(
        description="By rating: 1 Again, 2 Hard, 3 Good, 4 Easy.",
        examples=[
            {
                "1": {"seconds": 60, "interval_days": 0},
                "2": {"seconds": 600, "interval_days": 0},
                "3": {"seconds": 345_600, "interval_days": 4},
                "4": {"seconds": 1_036_800, "interval_days": 12},
            }
        ],
    )


class DueCountsOut(BaseModel):
    """How many cards are to be reviewed now, by the learner's limits."""

    new: int = Field(examples=[5])
    learning: int = Field(examples=[2])
    review: int = Field(examples=[13])


class Queue(BaseModel):
    """The cards to review next, in turn, and how many there are in all."""

    counts: DueCountsOut
    cards: list[DueCardOut]


class ReviewIn(BaseModel):
    """One review. Make `id` once and send it again after a failure: it is stored once."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(
        description="Chosen by the client, best a UUIDv7.",
        examples=["01a20523-42ed-7032-ab00-64843a6dbddd"],
    )
    card_id: UUID = Field(examples=["01a20523-42ed-7032-ab00-64843a6dbdde"])
    rating: RatingIn = Field(description="1 Again, 2 Hard, 3 Good, 4 Easy.", examples=[3])
    duration_ms: DurationMs | None = None
    state_token: str | None = Field(
        None,
        max_length=2_000,
        examples=[STATE_TOKEN],
        description="The card's, from the queue. Keeps a card from being reviewed twice.",
    )
    reviewed_at: AwareDatetime | None = Field(
        None,
        description="The device's time when it was made, if that was offline: at most "
        f"{MAX_OFFLINE_DAYS} days ago, and not before the card was added. A clock ahead of the "
        "server's is taken for the server's.",
    )


class ReviewOut(BaseModel):
    """What a review granted."""

    review_id: UUID
    card_id: UUID
    rating: Rating
    interval_days: int = Field(description="0 for steps within a day.", examples=[4])
    next_review_date: date
    due_at: datetime
    is_leech: bool = Field(description="Forgotten so often that the card wants attention.")


class UndoIn(BaseModel):
    """Taking the last action back. Make `id` once: sent again, it takes no further one back."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(
        description="Chosen by the client, best a UUIDv7.",
        examples=["01a20523-42ed-7032-ab00-64843a6dbde0"],
    )


class UndoOut(BaseModel):
    """What was taken back, and its card, to be shown again."""

    undo_id: UUID
    action: UndoneAction = Field(description="What was done last.", examples=["review"])
    changed: int = Field(description="How many cards are as they were before.", examples=[1])
    review_id: UUID | None = Field(description="The review, if it was one.")
    card: DueCardOut | None = Field(
        description="Absent when several cards changed, or when its item was deleted."
    )


class ExportQuery(BaseModel):
    """The form of an export."""

    format: Literal["csv", "jsonl"] = Field(
        "csv", description="CSV with a header, or one JSON object a line."
    )
