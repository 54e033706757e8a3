"""Review histories made by the scheduler itself, to be shifted in time and shared by many cards.

Scheduling two million cards one by one would take an hour. A few hundred learners-worth of real
histories, cut where a card is today, are as varied, and every card is what its log replays to.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from app.core.clock import LearnerDay
from app.domain.srs import rules
from app.domain.srs.rules import CardState, Rating

HISTORIES = 400
LONGEST_DAYS = 400
FIRST_DAY = date(2024, 1, 1)
"""Histories begin on this day; only distances from it count."""

_DAY = LearnerDay()
_RATINGS = (Rating.AGAIN, Rating.HARD, Rating.GOOD, Rating.EASY)
_SHARES = (10, 12, 65, 13)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as whole UTC days after FIRST_DAY, and the time of day as PostgreSQL reads it."""

    days: int
    time: str

    @classmethod
    def of(cls, moment: datetime) -> "Moment":
        """Return `moment` (UTC) relative to FIRST_DAY."""
        return cls((moment.date() - FIRST_DAY).days, moment.strftime("%H:%M:%S.%f+00"))


@dataclass(frozen=True, slots=True)
class Stage:
    """A card after one review of its history: everything but the shift in time."""

    reviewed: Moment
    due: Moment
    due_day: int  # the learner's day of `due`, in days after FIRST_DAY
    is_learning: bool
    scheduling: str  # the columns of SCHEDULING, tab-separated
    scheduling_without_log: str  # the same of a card imported from elsewhere
    log: str  # the columns of LOGGED, tab-separated


SCHEDULING = (
    "interval", "ease_factor", "repetitions", "is_learning", "learning_step", "lapses",
    "review_count", "stability", "difficulty",
)  # fmt: skip
LOGGED = ("rating", "duration_ms", "interval", "ease_factor", "stability", "difficulty")


@dataclass(frozen=True, slots=True)
class History:
    """One card's life of about a year, from its first review on FIRST_DAY."""

    first: Moment
    stages: list[Stage]
    days: list[int]  # the day of each stage's review, after FIRST_DAY

    def reviews_until(self, days: int) -> int:
        """Return how many reviews were made up to and including that day after FIRST_DAY."""
        return bisect_right(self.days, days)


def make_histories(random: Random) -> list[History]:
    """Return HISTORIES histories of learners who review on the day a card is due, or soon after."""
    return [_history(random) for _ in range(HISTORIES)]


def _history(random: Random) -> History:
    hour = min(22.9, max(6.0, random.gauss(19, 3)))  # most people study in the evening
    start = _DAY.start_of(FIRST_DAY) + timedelta(hours=hour - _DAY.cutoff_hour)
    seed = UUID(int=random.getrandbits(128))
    state = rules.new_card(start, _DAY)
    now, end = start, start + timedelta(days=LONGEST_DAYS)
    stages = []
    while now < end:
        rating = random.choices(_RATINGS, _SHARES)[0]
        state = rules.schedule(state, rating, now, _DAY, seed=seed)
        stages.append(_stage(state, rating, random.randint(1_500, 20_000)))
        now = _next_visit(random, now, state)
    return History(Moment.of(start), stages, [stage.reviewed.days for stage in stages])


def _next_visit(random: Random, now: datetime, state: CardState) -> datetime:
    if state.is_learning:
        return max(state.due_at, now + timedelta(seconds=30))
    late = random.choices((0, 1, 2, 5), (80, 12, 5, 3))[0]
    evening = timedelta(hours=random.uniform(2, 18))
    return (state.due_at + timedelta(days=late) + evening).astimezone(UTC)


def _stage(state: CardState, rating: Rating, duration_ms: int) -> Stage:
    assert state.last_reviewed_at is not None
    memory = (state.stability, state.difficulty)

    def scheduling(review_count: int) -> str:
        return _fields(
            state.interval,
            state.ease_factor,
            state.repetitions,
            state.is_learning,
            state.learning_step,
            state.lapses,
            review_count,
            *memory,
        )

    return Stage(
        reviewed=Moment.of(state.last_reviewed_at),
        due=Moment.of(state.due_at),
        due_day=(state.next_review_date - FIRST_DAY).days,
        is_learning=state.is_learning,
        scheduling=scheduling(state.review_count),
        scheduling_without_log=scheduling(0),
        log=_fields(int(rating), duration_ms, state.interval, state.ease_factor, *memory),
    )


def _fields(*values: object) -> str:
    return "\t".join(map(str, values))
