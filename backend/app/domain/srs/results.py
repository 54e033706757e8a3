"""What the use cases of spaced repetition return, ready to be encoded."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from app.domain.srs.log import Kind
from app.domain.srs.rules import Rating


class VocabularyItem(msgspec.Struct, frozen=True):
    """The two faces of a vocabulary card."""

    slug: str
    headword: str
    part_of_speech: str
    ipa: str
    level: str
    meaning: str
    example_en: str
    example_id: str


class QuestionItem(msgspec.Struct, frozen=True):
    """The two faces of a question card; the JSON columns stay encoded, to be passed on.

    `passage` is the text of a reading that this other question is about, if it is.
    """

    stem: str
    type: str
    options: msgspec.Raw | None
    answer_key: msgspec.Raw
    explanation: str | None
    translations: msgspec.Raw
    passage: msgspec.Raw | None = None


class PersonalItem(msgspec.Struct, frozen=True):
    """The two faces of a word that the learner added."""

    headword: str
    meaning: str
    example: str | None


Item = VocabularyItem | QuestionItem | PersonalItem


class Preview(msgspec.Struct, frozen=True):
    """What one button would do: wait `seconds`; `interval_days` is 0 for steps within a day."""

    seconds: int
    interval_days: int


class DueCard(msgspec.Struct, frozen=True):
    """A card to review now. `state_token` makes the review one round trip; hand it back.

    `direction` is "recognition" (what does it mean?) or "production" (how is it said?).
    """

    card_id: UUID
    item_type: str
    item_id: UUID
    direction: str
    is_new: bool
    state_token: str
    item: Item
    previews: dict[Rating, Preview]


class DueCounts(msgspec.Struct, frozen=True):
    """Cards to review now: never seen, in (re)learning steps, and learnt ones."""

    new: int
    learning: int
    review: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.new + self.learning + self.review


class Queue(msgspec.Struct, frozen=True):
    """The cards to review next, in turn, and how many there are in all."""

    counts: DueCounts
    cards: list[DueCard]


class ReviewResult(msgspec.Struct, frozen=True):
    """What a review granted. `is_leech`: forgotten so often that the card wants attention."""

    review_id: UUID
    card_id: UUID
    rating: Rating
    interval_days: int
    next_review_date: date
    due_at: datetime
    is_leech: bool


class UndoResult(msgspec.Struct, frozen=True):
    """What was taken back: a review, or what was done to `changed` cards at once.

    `action` is the kind of its entries in the log, `review_id` the review that it was. `card` is
    the one that it was about, to be shown again; None for several, or when its item was deleted.
    """

    undo_id: UUID
    action: Kind
    changed: int
    review_id: UUID | None
    card: DueCard | None


class LogEntry(msgspec.Struct, frozen=True):
    """One entry of a card's log. Intervals are in days, `stability` too; an undone one is kept."""

    kind: str
    rating: int | None
    reviewed_at: datetime
    day: date
    elapsed_days: int
    duration_ms: int | None
    interval_before: int
    interval: int
    was_learning: bool
    is_learning: bool
    stability: float | None
    due_at: datetime
    is_undone: bool


class Retention(msgspec.Struct, frozen=True):
    """Reviews of learnt cards (not in learning or relearning steps): how many were remembered."""

    reviews: int = 0
    remembered: int = 0

    @property
    def share(self) -> float | None:
        """The share that was remembered, from 0 to 1; None without reviews."""
        return self.remembered / self.reviews if self.reviews else None


class ForecastDay(msgspec.Struct, frozen=True):
    """How many cards come due on one of the learner's days; what is late counts today.

    New ones come as many a day as the learner wants now, today those that the queue offers.
    """

    day: date
    reviews: int
    new: int


class Stages(msgspec.Struct, frozen=True):
    """Cards by how well they are known; `mature` ones have an interval of MATURE_DAYS or more."""

    new: int
    learning: int
    young: int
    mature: int
    suspended: int

    @property
    def total(self) -> int:
        """All cards."""
        return self.new + self.learning + self.young + self.mature + self.suspended


class Rescheduling(msgspec.Struct, frozen=True):
    """How many learnt cards move to another day, and how many of them to today."""

    cards: int
    due_today: int


class CardSummary(msgspec.Struct, frozen=True):
    """One card in the browser. `buried_until` is the learner's day on which it is back.

    `front_id` is the stem of a question in Indonesian.
    """

    card_id: UUID
    item_type: str
    item_id: UUID
    direction: str
    front: str | None
    back: str | None
    front_id: str | None
    state: str
    is_suspended: bool
    is_leech: bool
    buried_until: date | None
    next_review_date: date
    due_at: datetime
    interval_days: int
    stability: float | None
    difficulty: float | None
    lapses: int
    review_count: int
    last_reviewed_at: datetime | None


class CardPage(msgspec.Struct, frozen=True):
    """A page of the browser; a cursor is None where there is nothing further."""

    items: list[CardSummary]
    next_cursor: str | None
    previous_cursor: str | None
