"""The SQL of the queue and of writing a review, the two hot paths: see `queries.sql`."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from app.core.statements import Nested, Statements, value
from app.core.work import Work
from app.domain.srs.log import Step
from app.domain.srs.log_queries import log_row
from app.domain.srs.results import DueCounts, PersonalItem, VocabularyItem
from app.domain.srs.rules import CardState
from app.models.base import new_id

BALANCED_DAYS = 120
"""How far ahead the queue says how many cards are due on each day."""
SQL = Statements(__file__)


class QuestionRow(msgspec.Struct, frozen=True):
    """The two faces of a question card, documents as JSON."""

    stem: str
    type: str
    options: str | None
    answer_key: str
    explanation: str | None
    translations: str
    passage: str | None


class CardRow(msgspec.Struct, frozen=True):
    """A card with its item; without one when that was deleted."""

    id: UUID
    item_type: str
    item_id: UUID
    direction: str
    state: CardState
    vocabulary: VocabularyItem | None
    question: QuestionRow | None
    personal: PersonalItem | None


class DueRow(msgspec.Struct, frozen=True):
    """A card of the queue, and what the queue holds; `loads` (by days, as JSON) with the first."""

    card: CardRow
    counts: DueCounts
    loads: str | None


class Asked(NamedTuple):
    """What the queue depends on.

    `today` is the learner's day of `now`, `day_start` its first moment.
    """

    user_id: UUID
    today: date
    now: datetime
    new_cards_per_day: int
    reviews_per_day: int
    bury_siblings: bool
    by_retrievability: bool
    day_start: datetime


DUE_QUEUE = SQL.statement("due_queue", Nested(DueRow))
COUNT_DUE = SQL.statement("count_due", DueCounts)
FIND_CARD = SQL.statement("find_card", Nested(CardRow))
COUNT_REVIEWED = SQL.statement("count_reviewed", value)
WRITE_REVIEW = SQL.statement("write_review", value)


async def fetch_due_queue(work: Work, asked: Asked, limit: int) -> list[DueRow]:
    """Return the cards to review next, in turn.

    A hot path: one statement, in autocommit, straight from the driver.
    """
    return await work.fetch(DUE_QUEUE, most=limit, days_ahead=BALANCED_DAYS, **asked._asdict())


async def count_due(work: Work, asked: Asked) -> DueCounts:
    """Return how many cards the queue holds."""
    counts = await work.fetchrow(COUNT_DUE, **asked._asdict())
    assert counts is not None
    return counts


async def count_reviewed(work: Work, user_id: UUID, day: date) -> int:
    """Return how many reviews the learner made on one of their days."""
    return await work.fetchrow(COUNT_REVIEWED, user_id=user_id, day=day) or 0


async def find_card(work: Work, user_id: UUID, card_id: UUID) -> CardRow | None:
    """Return a card of this learner with its item."""
    return await work.fetchrow(FIND_CARD, card_id=card_id, user_id=user_id)


async def write_review(  # noqa: PLR0917 - who, what, when
    work: Work,
    user_id: UUID,
    card_id: UUID,
    step: Step,
    client_time: datetime | None,
    now: datetime,
) -> bool:
    """Store a review, the card as it is after it, and the day's figures, in one round trip.

    Returns whether it was written: not when another entry of the log came first, or lies later.
    Raises asyncpg.UniqueViolationError when the id of the review is in use.
    A hot path: one data-modifying statement is the whole transaction.
    """
    _, before, after, _ = step
    written = await work.fetchrow(
        WRITE_REVIEW,
        idempotent=True,
        **log_row(step, user_id, card_id, client_time, now),
        next_review_date=after.next_review_date,
        lapses=after.lapses,
        review_count=after.review_count,
        revision=after.revision,
        activity_id=new_id(),
        learnt_reviews=int(not before.is_learning),
        new_cards=int(before.is_new),
    )
    return written is not None
