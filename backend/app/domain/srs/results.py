"""What the use cases of spaced repetition return, ready to be encoded."""

from datetime import date, datetime
from uuid import UUID

import msgspec

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
    """The two faces of a question card; the JSON columns stay encoded, to be passed on."""

    stem: str
    type: str
    options: msgspec.Raw | None
    answer_key: msgspec.Raw
    explanation: str | None
    translations: msgspec.Raw


class Preview(msgspec.Struct, frozen=True):
    """What one button would do: wait `seconds`; `interval_days` is 0 for steps within a day."""

    seconds: int
    interval_days: int


class DueCard(msgspec.Struct, frozen=True):
    """A card to review now. `state_token` makes the review one round trip; hand it back."""

    card_id: UUID
    item_type: str
    item_id: UUID
    is_new: bool
    state_token: str
    item: VocabularyItem | QuestionItem
    previews: dict[Rating, Preview]


class DueCounts(msgspec.Struct, frozen=True):
    """Cards due now: never seen, in (re)learning steps, and learnt ones."""

    new: int
    learning: int
    review: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.new + self.learning + self.review


class ReviewResult(msgspec.Struct, frozen=True):
    """What a review granted. `is_leech`: forgotten so often that the card wants attention."""

    review_id: UUID
    card_id: UUID
    rating: Rating
    interval_days: int
    next_review_date: date
    due_at: datetime
    is_leech: bool
