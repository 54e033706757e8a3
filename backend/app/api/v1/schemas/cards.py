"""What the cards API takes and returns. The hot answers are msgspec's; these describe them."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.api.v1.schemas.reviews import Direction, ItemType
from app.core.pagination import MAX_PER_PAGE
from app.domain.srs.cards import MAX_MANAGED, Action, Sort, State

SM2_EXAMPLE = """item,ease,interval,repetitions,last_reviewed,direction
teacher-noun,2.5,12,4,2026-02-20,recognition
breakfast,2.1,30,6,,
"""


class CardItem(BaseModel):
    """Something to remember."""

    model_config = ConfigDict(extra="forbid")

    item_type: ItemType = Field(examples=["vocabulary"])
    item_id: UUID = Field(examples=["01a20523-42ed-7032-ab00-64843a6dbddf"])


class CardsIn(BaseModel):
    """Things to remember, the first to be shown first."""

    model_config = ConfigDict(extra="forbid")

    items: list[CardItem] = Field(min_length=1, max_length=100)
    by_hand: bool = Field(False, description="In front of all cards that wait to be shown first.")


class CardsAdded(BaseModel):
    """How many cards are new; a word has two."""

    added: int = Field(examples=[8])


class PersonalWordIn(BaseModel):
    """A word met in some text."""

    model_config = ConfigDict(extra="forbid")

    headword: str = Field(max_length=500, examples=["to wing it"])
    meaning: str = Field(max_length=2_000, examples=["melakukan sesuatu tanpa persiapan"])
    example: str | None = Field(
        None, max_length=2_000, examples=["I had no notes, so I winged it."]
    )


class PersonalWordAdded(BaseModel):
    """The word as something to remember; it has two cards, due from today on."""

    item_id: UUID


class CardsQuery(BaseModel):
    """Which cards are wanted, in which order."""

    state: State | None = Field(None, description="buried and leech are cards that are so now.")
    item_type: ItemType | None = Field(None, description="What the cards are about.")
    direction: Direction | None = Field(None, description="What the cards ask for.")
    text: str | None = Field(
        None,
        max_length=100,
        description="A part of the word, its meaning, or the question, in either language; letter "
        "case, accents, apostrophes and hyphens make no difference.",
        examples=["teach"],
    )
    sort: Sort = Field(
        "due",
        description="The soonest due first, the most difficult (cards with a memory only), or "
        "those forgotten most often.",
    )
    limit: int = Field(50, ge=1, le=MAX_PER_PAGE, description="Most cards to return.")
    cursor: str | None = Field(None, max_length=2_000, description="Of the page before or after.")


class CardOut(BaseModel):
    """One card of the collection."""

    card_id: UUID
    item_type: ItemType
    item_id: UUID
    direction: Direction
    front: str | None = Field(description="Headword or stem.", examples=["teacher"])
    back: str | None = Field(description="Meaning; absent for questions.", examples=["guru"])
    front_id: str | None = Field(description="A question's stem in Indonesian.", examples=[None])
    state: Literal["new", "learning", "review"]
    is_suspended: bool
    is_leech: bool = Field(description="Forgotten eight times or more.")
    buried_until: date | None = Field(description="The learner's day on which it is back.")
    next_review_date: date
    due_at: datetime
    interval_days: int = Field(description="0 while learning.", examples=[12])
    stability: float | None = Field(description="Days until recall falls to 90 %.", examples=[12.5])
    difficulty: float | None = Field(description="From 1 to 10.", examples=[5.1])
    lapses: int = Field(examples=[1])
    review_count: int = Field(examples=[7])
    last_reviewed_at: datetime | None


class CardsPage(BaseModel):
    """A page of cards; a cursor is null where there is nothing further."""

    items: list[CardOut]
    next_cursor: str | None = Field(examples=["eyJrIjoxfQ.c2lnbmVk"])
    previous_cursor: str | None = Field(examples=[None])


class CardsAction(BaseModel):
    """What to do to cards: to all of them, or to none when one is not the learner's."""

    model_config = ConfigDict(extra="forbid")

    action: Action = Field(
        description="suspend: out of the queue until unsuspend. bury: until tomorrow, or unbury. "
        "reset: new again. reschedule: due on `due_on`, the memory unchanged.",
        examples=["reschedule"],
    )
    card_ids: Annotated[list[UUID], Field(min_length=1, max_length=MAX_MANAGED)]
    due_on: date | None = Field(
        None, description="Only of reschedule: today or a later day.", examples=["2026-12-24"]
    )


class CardsChanged(BaseModel):
    """How many cards it was done to."""

    changed: int = Field(examples=[2])


class ReschedulingOut(BaseModel):
    """What rescheduling by the settings of today moves."""

    cards: int = Field(description="Learnt cards that are due on another day.", examples=[240])
    due_today: int = Field(description="How many of them are due today.", examples=[31])


class ImportIn(BaseModel):
    """Cards of a program that schedules by SM-2."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["csv", "jsonl"] = "csv"
    content: str = Field(
        description="CSV with a header, or one JSON object a line: item (a slug or a headword), "
        "ease (1.3 to 5), interval (days), and optionally repetitions, last_reviewed and "
        "direction.",
        examples=[SM2_EXAMPLE],
    )


class ImportOut(BaseModel):
    """What was taken over."""

    imported: int = Field(examples=[2])
    skipped: int = Field(
        description="Left alone: reviewed here already, or imported before.", examples=[0]
    )
