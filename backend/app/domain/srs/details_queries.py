"""The SQL of one card in full, of a day of reviews, and of what a learner already has."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, tuple_

from app.core.statements import Statements
from app.core.work import Work
from app.domain.srs import log_queries
from app.domain.srs.results import LogEntry
from app.models import PersonalEntry, SRSCard

SQL = Statements(__file__, log_queries.SQL.parts)


class DayRow(NamedTuple):
    """How many reviews a day had, those of learnt cards apart, and what comes next."""

    reviews: int
    learnt: int
    remembered: int
    duration_ms: int
    next_step_at: datetime | None
    reviews_tomorrow: int
    new_tomorrow: int
    next_day: date | None


FETCH_HISTORY = SQL.statement("fetch_history", LogEntry)
FETCH_DAY = SQL.statement("fetch_day", DayRow)


async def fetch_history(work: Work, user_id: UUID, card_id: UUID, limit: int) -> list[LogEntry]:
    """Return the newest entries of a card's log but for undos, the newest first."""
    return await work.fetch(FETCH_HISTORY, card_id=card_id, user_id=user_id, most=limit)


async def fetch_day(  # noqa: PLR0917 - whose day, and as of when
    work: Work, user_id: UUID, began: datetime, now: datetime, today: date, buries: bool
) -> DayRow:
    """Return the figures of the learner's day that `began`, and what comes next."""
    row = await work.fetchrow(
        FETCH_DAY, user_id=user_id, began=began, now=now, today=today, buries=buries
    )
    assert row is not None
    return row


async def find_items_with_card(
    work: Work, user_id: UUID, items: Sequence[tuple[str, UUID]]
) -> frozenset[tuple[str, UUID]]:
    """Return those of `items` that have a card (srs_cards_user_id_item_type_item_id_…_key)."""
    statement = select(SRSCard.item_type, SRSCard.item_id).where(
        SRSCard.user_id == user_id, tuple_(SRSCard.item_type, SRSCard.item_id).in_(items)
    )
    return frozenset((kind, item_id) for kind, item_id in await work.session.execute(statement))


async def find_personal_entry(work: Work, user_id: UUID, headword: str) -> PersonalEntry | None:
    """Return the learner's own word that is compared like `headword`, the first of its spellings.

    By personal_entries_user_id_headword_key_spelling_key.
    """
    statement = (
        select(PersonalEntry)
        .where(
            PersonalEntry.user_id == user_id,
            PersonalEntry.headword_key == func.lancar_headword_key(headword),
            PersonalEntry.headword_key != "",
        )
        .order_by(PersonalEntry.spelling)
        .limit(1)
    )
    return await work.session.scalar(statement)
