"""Sixty days of the demo learner, and the days since at each start."""

import random
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from app.core.work import Work
from app.domain.accounts import preferences, sessions
from app.domain.accounts.account import Account
from app.domain.activity import days as activity_days
from app.domain.curriculum import lessons
from app.domain.curriculum import steps as curriculum_steps
from app.domain.marking import marks as marking
from app.domain.practice import answering, reviewing
from app.domain.practice import lessons as practice_lessons
from app.domain.practice.reviewing import GivenAnswer
from app.domain.progress import standing
from app.domain.srs import cards
from app.domain.srs import queue as srs_queue
from app.domain.srs.cards import WordExists
from app.domain.srs.results import DueCard, QuestionItem
from app.domain.srs.rules import Rating
from app.models import Question
from app.questions.grades import GradedQuestion
from app.questions.grading import empty_response, model_response, stored_question
from app.questions.types import MARKED_TYPES, TYPES, Response

LEARNER, TEACHER = "demo@lancar.test", "author@lancar.test"
_NAMES = UUID("6f1d2c1e-6f0b-4f27-9a53-0a3a2b1b7f10")
"""What the ids of the demo's answers and reviews are made from: the same each time."""
FREE_DAYS = 0.15
LESSON_EVERY = 3
HALVES = 0.25
"""The share of lessons that take two evenings."""
RIGHT, REMEMBERED = 0.8, 0.88
REVIEWS = range(10, 30)
OWN_WORDS = (
    ("deadline", "tenggat waktu", "The deadline is on Friday."),
    ("to look forward to", "menantikan", "I look forward to the weekend."),
    ("awkward", "canggung", "There was an awkward silence."),
)


@dataclass
class _Clock:
    """The time of the session, which moves as the learner works."""

    now: datetime

    def spend(self, seconds: float) -> int:
        """Let time pass; return it in milliseconds."""
        self.now += timedelta(seconds=seconds)
        return round(seconds * 1000)


class DemoLearner:
    """Studies as somebody would: most days, a lesson now and then, and not without mistakes."""

    def __init__(self, work: Work, account: Account, teacher: Account | None) -> None:
        self.work, self.account, self.teacher = work, account, teacher

    async def study(self, day: date, until: datetime) -> None:
        """Study in the evening of a day, unless it is a free one; nothing lies after `until`."""
        rng = random.Random(f"{_NAMES}/{day}")  # noqa: S311 - a pastime
        if rng.random() < FREE_DAYS:
            return
        zone = ZoneInfo(self.account.timezone)
        evening = datetime(day.year, day.month, day.day, 19, rng.randrange(60), tzinfo=zone)
        clock = _Clock(min(evening, until - timedelta(minutes=45)))
        if day.toordinal() % LESSON_EVERY == 0:
            await self._take_lesson(rng, clock)
        await self._review(rng, clock, rng.choice(REVIEWS))
        await standing.award_achievements(self.work, self.account, clock.now)

    async def _take_lesson(self, rng: random.Random, clock: _Clock) -> None:
        """Go on with the next lesson; every now and then only with the first half of it."""
        overview = await standing.get_overview(self.work, self.account, clock.now)
        place = overview.next_lesson
        if place is None:
            return
        if place.level > self.account.level:  # the level below is finished
            self.account = await preferences.change_level(
                self.work, self.account, place.level, clock.now
            )
        detail = await lessons.get_lesson(self.work, place.lesson_slug)
        begun = overview.progress.get(place.lesson_id)
        steps = detail.steps
        if begun:
            first = curriculum_steps.next_open(
                steps, begun.sections_read, begun.questions_attempted
            )
            steps = steps[steps.index(first) :] if first else []
        if rng.random() < HALVES:
            steps = steps[: len(steps) // 2]
        for step in steps:
            if step.kind == "section":
                duration = clock.spend(rng.uniform(35, 110))
                await practice_lessons.open_lesson(
                    self.work,
                    self.account,
                    place.lesson_id,
                    clock.now,
                    sections_read=step.number,
                    duration_ms=duration,
                )
            else:
                await self._answer(detail.questions[step.number - 1], place.lesson_id, rng, clock)

    async def _answer(
        self, question: Question, lesson_id: UUID, rng: random.Random, clock: _Clock
    ) -> None:
        graded = GradedQuestion(question.answer_key, question.options)
        is_right = question.type in MARKED_TYPES or rng.random() < RIGHT
        response = _answer(graded, rng, is_right=is_right)
        duration = clock.spend(rng.uniform(8, 40))
        attempt_id = uuid5(_NAMES, f"{self.account.user_id}/{question.slug}/{clock.now}")
        await answering.submit_answer(
            self.work,
            self.account,
            attempt_id=attempt_id,
            question_id=question.id,
            lesson_id=lesson_id,
            response=response.model_dump(mode="json"),
            duration_ms=duration,
            now=clock.now,
        )
        if TYPES[question.type].written(response) and self.teacher is not None:
            await self._mark(attempt_id, rng, clock.now + timedelta(hours=3))

    async def _mark(self, attempt_id: UUID, rng: random.Random, now: datetime) -> None:
        """Have the demo teacher mark an essay the same evening."""
        assert self.teacher is not None
        found = await marking.get_marking(self.work, self.teacher, attempt_id)
        points = {each.id: max(1, each.points - rng.randrange(2)) for each in found.rubric}
        await marking.save_mark(
            self.work,
            self.teacher,
            attempt_id,
            points=points,
            comment="Bagus, alurnya jelas! Perhatikan lagi kata sandang di depan kata benda.",
            now=now,
        )

    async def _review(self, rng: random.Random, clock: _Clock, most: int) -> None:
        """Review what is due, up to `most` cards."""
        done = 0
        while done < most:
            queue = await srs_queue.get_queue(self.work, self.account, clock.now, limit=most - done)
            if not queue.cards:
                return
            for card in queue.cards:
                duration = clock.spend(rng.uniform(6, 22))
                review_id = uuid5(_NAMES, f"{self.account.user_id}/{card.card_id}/{clock.now}")
                rating = _rating(rng)
                await reviewing.submit_answered_review(
                    self.work,
                    self.account,
                    review_id=review_id,
                    card_id=card.card_id,
                    rating=rating,
                    given=_given(card, rating, rng),
                    duration_ms=duration,
                    state_token=card.state_token,
                    now=clock.now,
                )
                done += 1


def _given(card: DueCard, rating: Rating, rng: random.Random) -> GivenAnswer | None:
    """Return the answer that a rating is given for; None for a word, which is only remembered."""
    if not isinstance(card.item, QuestionItem):
        return None
    item = card.item
    question = stored_question(bytes(item.answer_key), item.options and bytes(item.options))
    answer = _answer(question, rng, is_right=rating != Rating.AGAIN)
    return GivenAnswer(answer.model_dump(mode="json"))


def _rating(rng: random.Random) -> Rating:
    if rng.random() > REMEMBERED:
        return Rating.AGAIN
    return rng.choices([Rating.HARD, Rating.GOOD, Rating.EASY], weights=[15, 75, 10])[0]


async def write_history(work: Work, now: datetime, days: int) -> int:
    """Let the demo learner study on each of the last `days` days since they last did.

    The days before the last one with practice are left alone, and so is a learner whom somebody has
    given another history. Returns how many days were looked at; cards of today are left due.
    """
    account = await sessions.get_account_of(work, LEARNER)
    teacher = await sessions.get_account_of(work, TEACHER)
    today = account.day.date_of(now)
    first = today - timedelta(days=days)
    active = await activity_days.get_active_days(work, account, now)
    is_new = not active
    if active:
        first = max(first, active[-1].day + timedelta(days=1))
    learner = DemoLearner(work, account, teacher)
    if is_new:
        began = now - timedelta(days=days)
        learner.account = await _enrol(work, account, began)
        await _add_words(work, account, began)
    lived = [first + timedelta(days=n) for n in range((today - first).days)]
    for day in lived:
        await learner.study(day, now)
    return len(lived)


async def _enrol(work: Work, account: Account, now: datetime) -> Account:
    """Answer the questions of the first minute as the demo learner would."""
    await preferences.change_goals(work, account, ["work"], now)
    await preferences.change_birth_year(work, account, 1998, now)
    return await preferences.update_preferences(
        work, account, {"daily_goal_minutes": 10, "new_cards_per_day": 8}, now
    )


async def _add_words(work: Work, account: Account, now: datetime) -> None:
    for headword, meaning, example in OWN_WORDS:
        with suppress(WordExists):
            await cards.add_personal_word(work, account, headword, meaning, example, now)


def _answer(question: GradedQuestion, rng: random.Random, *, is_right: bool) -> Response:
    """Return an answer that is right, or wrong as people are; what is spoken is skipped."""
    kind = TYPES[question.key.type]
    if kind.has_upload:
        return empty_response(kind.name)
    wrong: Response = kind.wrong_response(question.key, question.options, rng)
    return model_response(question.key) if is_right else wrong
