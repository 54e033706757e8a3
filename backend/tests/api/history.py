"""A learner's month with everything that figures are counted from."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.database import Database
from app.domain.accounts.account import Account
from app.domain.accounts.preferences import update_preferences
from app.domain.practice import lessons as practice_lessons
from app.domain.srs import cards as srs_cards
from app.domain.srs import queue as srs_queue
from app.domain.srs import reviewing, transfer, undoing
from app.domain.srs.rules import Rating
from app.models.base import new_id
from tests.db.learning import RIGHT, WRONG, answer
from tests.factories import make_question, make_vocabulary
from tests.work import work_on

DAY = timedelta(days=1)
SKIPPED = {"type": "multiple_choice"}
PRACTISED = (*range(20, 9, -1), *range(8, -1, -1))
"""Days ago; one of them, nine days ago, was missed and is forgiven by a freeze."""


@dataclass
class Month:
    """What a learner did in the month before `now`."""

    database: Database
    account: Account
    now: datetime

    async def live(self, lessons) -> None:
        """Answer, review, undo, reset, put aside, import, move to another time zone, and so on."""
        await self._add_words()
        for ago in PRACTISED:
            if ago == 5:
                await self._prefer(timezone="America/New_York")
            moment = self.now - ago * DAY
            async with self.database.sessions.begin() as session:
                question = make_question()
                session.add(question)
            response = (RIGHT, WRONG, SKIPPED)[ago % 3]
            await answer(self.database, self.account, question, response, now=moment)
            await self._review(moment)
        await self._study(*lessons[0])
        await self._study(*lessons[0])  # once more
        await self._put_aside()

    async def _prefer(self, **changes) -> None:
        async with self.database.sessions.begin() as session:
            self.account = await update_preferences(
                work_on(session), self.account, changes, self.now
            )

    async def _add_words(self) -> None:
        moment = self.now - 20 * DAY
        async with self.database.sessions.begin() as session:
            words = [make_vocabulary() for _ in range(40)]
            words += [make_vocabulary(slug=f"old-{n}-noun") for n in range(3)]
            session.add_all(words)
            await session.flush()
            items = [("vocabulary", word.id) for word in words[:40]]
            await srs_cards.add_cards(work_on(session), self.account, items, moment)
            await srs_cards.add_personal_word(
                work_on(session), self.account, "alpha", "kata", None, moment
            )
        content = "item,ease,interval\nold-0-noun,2.5,40\nold-1-noun,2.5,60\nold-2-noun,2.5,15"
        await transfer.import_sm2(work_on(self.database), self.account, content, moment)

    async def _review(self, moment: datetime) -> None:
        queue = await srs_queue.get_queue(work_on(self.database), self.account, moment, limit=9)
        for number, card in enumerate(queue.cards):
            await reviewing.submit_review(
                work_on(self.database), self.account, review_id=new_id(), card_id=card.card_id,
                rating=Rating((3, 4, 4, 1, 3)[(number + moment.day) % 5]), duration_ms=20_000,
                state_token=card.state_token, now=moment + number * timedelta(seconds=30),
            )  # fmt: skip
        if queue.cards and moment.day % 3 == 0:
            later = moment + timedelta(minutes=20)
            await undoing.undo_last_action(work_on(self.database), self.account, new_id(), later)

    async def _study(self, lesson, questions) -> None:
        for number, question in enumerate(questions):
            response = WRONG if number == 1 else RIGHT
            if question.type == "essay":
                response = {"type": "essay", "text": "I am Sari."}
            await answer(
                self.database, self.account, question, response, lesson=lesson, now=self.now
            )
        async with self.database.sessions.begin() as session:
            await practice_lessons.finish_lesson(
                work_on(session), self.account, lesson.id, self.now
            )

    async def _put_aside(self) -> None:
        async with self.database.sessions() as session:
            page = await srs_cards.list_cards(work_on(session), self.account, self.now, limit=200)
        seen = [card for card in page.items if card.review_count]
        new = [card for card in page.items if not card.review_count]
        tomorrow = self.account.day.date_of(self.now) + DAY
        for action, cards, more in (
            ("suspend", [seen[0], new[0]], {}), ("bury", [seen[1], new[1]], {}),
            ("reset", [seen[2]], {}), ("reschedule", [seen[3]], {"due_on": tomorrow}),
        ):  # fmt: skip
            ids = [card.card_id for card in cards]
            await srs_cards.manage_cards(
                work_on(self.database), self.account, action, ids, self.now, **more
            )
