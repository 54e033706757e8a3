"""What the tests of spaced repetition share: one stored learner and what they do with cards."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.domain.accounts.account import Account
from app.domain.accounts.preferences import update_preferences
from app.domain.srs import cards, checking, details, reviewing, undoing
from app.domain.srs import queue as srs_queue
from app.domain.srs.results import Queue, ReviewResult, UndoResult
from app.domain.srs.rules import CardState
from app.models import DailyActivity, SRSCard, SRSReview, UserPreferences
from app.models.base import new_id
from tests.factories import make_account, make_card, make_user, make_vocabulary
from tests.work import work_on

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
LEARNT = {"is_learning": False, "interval": 4, "stability": 4.0, "difficulty": 5.0}


@dataclass
class Study:
    """A learner at work, on real commits."""

    database: Database
    session: AsyncSession
    account: Account

    async def other(self, **fields: Any) -> "Study":
        """Return another learner."""
        return await begin_study(self.database, self.session, **fields)

    async def prefer(self, **changes: Any) -> None:
        """Change preferences as the settings page does."""
        self.account = await update_preferences(work_on(self.session), self.account, changes, NOW)
        await self.session.commit()

    async def add(self, *rows: Any) -> None:
        """Store rows."""
        self.session.add_all(rows)
        await self.session.commit()

    async def add_card(self, **fields: Any) -> UUID:
        """Store a card, of a new word if no item is given, and return its id."""
        if "item_id" not in fields:
            word = make_vocabulary()
            self.session.add(word)
            await self.session.flush()
            fields["item_id"] = word.id
        card = make_card(self.account.user_id, **fields)
        self.session.add(card)
        await self.session.commit()
        return card.id

    async def queue(self, now: datetime = NOW, limit: int = 20) -> Queue:
        """Return the queue."""
        return await srs_queue.get_queue(work_on(self.database), self.account, now, limit)

    async def shown(self, now: datetime = NOW) -> list[UUID]:
        """Return the ids of the queue's cards, which its counts must agree with."""
        queue = await self.queue(now, 100)
        counts = await srs_queue.count_due(work_on(self.database), self.account, now)
        assert queue.counts == counts
        assert counts.total == len(queue.cards)
        return [card.card_id for card in queue.cards]

    async def token(self, card_id: UUID, now: datetime = NOW) -> str:
        """Return the state token of a card as it is now."""
        return (
            await details.get_card(work_on(self.database), self.account, card_id, now)
        ).state_token

    async def submit(
        self, card_id: UUID, rating: int = 3, *, now: datetime = NOW, **fields: Any
    ) -> ReviewResult:
        """Submit a review."""
        return await reviewing.submit_review(
            work_on(self.database),
            self.account,
            **{
                "review_id": new_id(),
                "card_id": card_id,
                "rating": rating,
                "duration_ms": 1500,
                "state_token": None,
                "now": now,
            }
            | fields,
        )

    async def undo(self, now: datetime = NOW, undo_id: UUID | None = None) -> UndoResult:
        """Take the last review back."""
        return await undoing.undo_last_action(
            work_on(self.database), self.account, undo_id or new_id(), now
        )

    async def manage(self, action: str, *card_ids: UUID, now: datetime = NOW, **more: Any) -> int:
        """Do something to cards."""
        return await cards.manage_cards(
            work_on(self.database), self.account, action, card_ids, now, **more
        )

    async def card(self, card_id: UUID) -> SRSCard:
        """Return a card as it is stored now."""
        return await self.session.get_one(SRSCard, card_id, populate_existing=True)

    async def state(self, card_id: UUID) -> CardState:
        """Return the scheduling columns of a card."""
        card = await self.card(card_id)
        return CardState(**{name: getattr(card, name) for name in CardState.__struct_fields__})

    async def log(self, card_id: UUID) -> list[SRSReview]:
        """Return the log of a card in the order of its writing."""
        statement = (
            select(SRSReview)
            .where(SRSReview.card_id == card_id)
            .order_by(SRSReview.created_at, SRSReview.id)
        )
        return list(await self.session.scalars(statement))

    async def days(self) -> dict[date, tuple[int, int, int, int]]:
        """Return reviews, learnt reviews, new cards and milliseconds of each day with any."""
        rows = await self.session.scalars(
            select(DailyActivity)
            .where(DailyActivity.user_id == self.account.user_id, DailyActivity.reviews > 0)
            .execution_options(populate_existing=True)
        )
        return {
            row.day: (row.reviews, row.learnt_reviews, row.new_cards, row.duration_ms)
            for row in rows
        }

    async def check(self) -> list[str]:
        """Return what the check finds wrong, of all learners."""
        await self.session.commit()
        return (await checking.check_logs(work_on(self.database), NOW)).findings


async def begin_study(database: Database, session: AsyncSession, **fields: Any) -> Study:
    """Store a learner with the default preferences."""
    user = make_user(preferences=UserPreferences(), **fields)
    session.add(user)
    await session.commit()
    return Study(database, session, make_account(user))
