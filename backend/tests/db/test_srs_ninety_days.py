"""Fifty learners for ninety days, some of them offline: in the end every card is its log."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from app.core.clock import LearnerDay
from app.core.database import Database
from app.domain.accounts.preferences import update_preferences
from app.domain.srs import cards as srs_cards
from app.domain.srs import checking
from app.domain.srs.results import DueCard
from app.domain.srs.reviewing import MAX_OFFLINE_DAYS
from app.domain.srs.undoing import NothingToUndo
from app.models import SRSCard, SRSReview
from tests.db.study import Study, begin_study
from tests.factories import make_vocabulary
from tests.work import work_on

LEARNERS, DAYS, WORDS = 50, 90, 12
START = datetime(2026, 1, 15, 0, 0, tzinfo=UTC)  # New York's clocks go forward on 8 March
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "America/New_York")
RATINGS, SHARES = (1, 2, 3, 4), (15, 10, 60, 15)
SESSION_SHARE = 0.6
TOGETHER = 8


@dataclass
class Learner:
    """One learner's devices: what is online goes out at once, what is not waits in the outbox."""

    study: Study
    random: Random
    outbox: list[dict[str, Any]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)

    def new_id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    async def live(self, database: Database) -> None:
        """Study for the ninety days; in the end every device has sent what it has."""
        async with database.sessions() as session:
            self.study.session = session
            for number in range(DAYS):
                day = START + timedelta(days=number)
                if self.random.random() < SESSION_SHARE:
                    await self.sit_down(day + timedelta(hours=self.random.uniform(0, 20)))
                if self.random.random() < 0.01:
                    await self.change_settings()
                if self.random.random() < 0.01:
                    await self.put_right(day + timedelta(hours=21))
            await self.go_online(START + timedelta(days=DAYS))

    async def sit_down(self, now: datetime) -> None:
        is_offline = self.random.random() < 0.25
        for card in (await self.study.queue(now, limit=self.random.randint(3, 6))).cards:
            now += timedelta(seconds=self.random.randint(5, 90))
            await self.rate(card, now, is_offline=is_offline)
        if not is_offline and self.random.random() < 0.15:
            await self.undo(now + timedelta(seconds=3))
        if self.outbox and self.random.random() < 0.4:
            await self.go_online(now + timedelta(minutes=self.random.randint(1, 600)))

    async def rate(self, card: DueCard, now: datetime, *, is_offline: bool) -> None:
        review = {
            "card_id": card.card_id,
            "rating": self.random.choices(RATINGS, SHARES)[0],
            "review_id": self.new_id(),
            "duration_ms": self.random.randint(800, 30_000),
            "state_token": card.state_token if self.random.random() < 0.9 else None,
        }
        if is_offline:
            wrong_clock = timedelta(minutes=self.random.choice((0, 0, 0, -7, 30)))
            self.outbox.append(review | {"reviewed_at": now + wrong_clock})
            return
        await self.send(review, now)
        if self.random.random() < 0.1:  # the answer was lost on the way
            await self.send(self.random.choice(self.sent), now)
            self.happened["sent twice"] += 1

    async def send(self, review: dict[str, Any], now: datetime) -> None:
        await self.study.submit(**review, now=now)
        self.sent.append(review)
        self.happened["reviews"] += 1

    async def go_online(self, now: datetime) -> None:
        """Send what waited, in any order, some of it twice."""
        waiting, self.outbox = self.outbox, []
        waiting += self.random.sample(waiting, len(waiting) // 3)
        self.random.shuffle(waiting)
        for made in waiting:
            review = made
            if review["reviewed_at"] > now - timedelta(days=MAX_OFFLINE_DAYS):
                if self.random.random() < 0.3:  # the device has fetched its queue anew
                    token = await self.study.token(review["card_id"], now)
                    review = made | {"state_token": token}
                await self.send(review, now)
                self.happened["late"] += 1

    async def undo(self, now: datetime) -> None:
        undo_id = self.new_id()
        for _ in range(self.random.randint(1, 2)):
            try:
                await self.study.undo(now, undo_id)
            except NothingToUndo:
                return
            self.happened["undone"] += 1

    async def change_settings(self) -> None:
        changes = {
            "desired_retention": self.random.choice((0.8, 0.85, 0.9, 0.95)),
            "timezone": self.random.choice(ZONES),
            "learning_steps": self.random.choice(([1, 10], [], [5, 30, 120])),
        }
        study = self.study
        study.account = await update_preferences(
            work_on(study.session), study.account, changes, START
        )
        await study.session.commit()
        self.happened["new settings"] += 1

    async def put_right(self, now: datetime) -> None:
        cards = select(SRSCard.id).where(SRSCard.user_id == self.study.account.user_id)
        ids = sorted(await self.study.session.scalars(cards))
        await self.study.session.commit()
        picked = self.random.sample(ids, 3)
        action = self.random.choice(("reset", "reschedule", "bury"))
        due_on = self.study.account.day.date_of(now) + timedelta(days=self.random.randint(0, 30))
        await self.study.manage(action, *picked, now=now, due_on=due_on)
        self.happened[action] += 1


async def test_after_ninety_days_every_card_and_every_day_is_what_the_logs_say(
    fresh_database: Database,
):
    learners = []
    async with fresh_database.sessions() as session:
        words = [make_vocabulary() for _ in range(WORDS)]
        session.add_all(words)
        for number in range(LEARNERS):
            study = await begin_study(fresh_database, session)
            zone = ZONES[number % len(ZONES)]
            if zone != LearnerDay().timezone:
                await study.prefer(timezone=zone)
            items = [("vocabulary", word.id) for word in words]
            await srs_cards.add_cards(work_on(session), study.account, items, START)
            await session.commit()
            learners.append(Learner(study, Random(number)))
    turn = asyncio.Semaphore(TOGETHER)

    async def live(learner: Learner) -> None:
        async with turn:
            await learner.live(fresh_database)

    await asyncio.gather(*map(live, learners))
    happened = sum((learner.happened for learner in learners), Counter())
    assert happened["reviews"] > LEARNERS * DAYS
    assert min(happened.values()) >= 5
    assert len(happened) == 8, happened

    found = await checking.check_logs(work_on(fresh_database), START + timedelta(days=DAYS))
    assert (found.findings, found.learners) == ([], LEARNERS)
    assert found.cards == LEARNERS * WORDS * 2
    async with fresh_database.sessions() as session:
        logged = (await session.scalars(select(SRSReview.id))).all()
        assert found.entries == len(logged)
        reviewed = {review["review_id"] for learner in learners for review in learner.sent}
        assert reviewed <= set(logged)  # nothing that a device was told is stored is missing
        assert await _days_by_sql(session) == await _days_as_stored(session)


async def _days_by_sql(session) -> list[Any]:
    """Count the days once more, in another way: from the log alone."""
    counted = """
        SELECT user_id, day, count(*), coalesce(sum(duration_ms), 0)
        FROM srs_reviews AS r
        WHERE kind = 'review' AND NOT EXISTS (SELECT FROM srs_reviews WHERE target_id = r.id)
        GROUP BY user_id, day ORDER BY user_id, day
    """
    return list((await session.execute(text(counted))).all())


async def _days_as_stored(session) -> list[Any]:
    stored = """
        SELECT user_id, day, reviews, duration_ms FROM daily_activity
        WHERE reviews > 0 ORDER BY user_id, day
    """
    return list((await session.execute(text(stored))).all())
