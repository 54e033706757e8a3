"""Scheduling: FSRS-6 in the learner's days, with steps within a day, fuzz and the SM-2 columns.

FSRS-6 is Jarrett Ye's model (github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm), with
its default parameters, as the `fsrs` package computes it. Days, fuzz and ease are decided here.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID

import fsrs
from fsrs.scheduler import DEFAULT_PARAMETERS

from app.core.clock import LearnerDay, require_utc

LEARNING_STEPS = (timedelta(minutes=1), timedelta(minutes=10))
RELEARNING_STEPS = (timedelta(minutes=10),)
MAXIMUM_INTERVAL_DAYS = 36_500
DEFAULT_RETENTION = 0.9
LEECH_THRESHOLD = 8
EASE_START, EASE_FLOOR, EASE_CEILING = Decimal("2.50"), Decimal("1.30"), Decimal("5.00")

# (from, to, share) in days: how far fuzz may move an interval, added up over the ranges (Anki's).
_FUZZ_RANGES = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, math.inf, 0.05))
_SHORTEST_FUZZED_DAYS = 2.5


class Rating(IntEnum):
    """How well the learner remembered, by the button that was pressed."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


_EASE_CHANGE = {
    Rating.AGAIN: Decimal("-0.20"),
    Rating.HARD: Decimal("-0.15"),
    Rating.GOOD: Decimal(0),
    Rating.EASY: Decimal("0.15"),
}


@dataclass(frozen=True, slots=True)
class CardState:
    """What the scheduler knows of one card: the scheduling columns of `srs_cards`.

    `interval` is in whole days of the learner, 0 while learning; `repetitions` counts passes since
    the last Again; `lapses` counts how often a learnt card was forgotten; `stability` is in days,
    `difficulty` from 1 to 10. A card in learning that has lapses is relearning.
    """

    next_review_date: date
    due_at: datetime
    interval: int = 0
    ease_factor: Decimal = EASE_START
    repetitions: int = 0
    is_learning: bool = True
    learning_step: int = 0
    lapses: int = 0
    review_count: int = 0
    stability: float | None = None
    difficulty: float | None = None
    last_reviewed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """One review of one card, as its log keeps it."""

    id: UUID
    rating: Rating
    reviewed_at: datetime
    duration_ms: int | None = None


def new_card(due_at: datetime, day: LearnerDay) -> CardState:
    """Return a card that was never reviewed, first shown at `due_at` (aware)."""
    return CardState(next_review_date=day.date_of(due_at), due_at=require_utc(due_at))


def schedule(
    state: CardState,
    rating: Rating,
    now: datetime,
    day: LearnerDay,
    *,
    retention: float = DEFAULT_RETENTION,
    seed: UUID | None = None,
) -> CardState:
    """Return the card after a review at `now` (aware).

    `retention` is the share of reviews that should succeed, 0.70 to 0.97. `seed` (the card's id)
    turns fuzz on; without it intervals are FSRS's own. Raises ValueError for a naive `now`.
    """
    wanted = tuple(Rating)[:rating]
    return _outcomes(state, wanted, now, day, retention=retention, seed=seed)[rating]


def previews(
    state: CardState,
    now: datetime,
    day: LearnerDay,
    *,
    retention: float = DEFAULT_RETENTION,
    seed: UUID | None = None,
) -> dict[Rating, CardState]:
    """Return what each of the four buttons would do; arguments as for `schedule`."""
    return _outcomes(state, tuple(Rating), now, day, retention=retention, seed=seed)


def replay(
    reviews: Iterable[Review],
    first: CardState,
    day: LearnerDay,
    *,
    retention: float = DEFAULT_RETENTION,
    seed: UUID | None = None,
) -> CardState:
    """Return what a card's whole log makes of `first`, in the order of the reviews' times.

    Reviews of the same instant keep the order in which they are given, which should be that of
    their writing; other arguments as for `schedule`.
    """
    state = first
    for review in sorted(reviews, key=lambda review: review.reviewed_at):
        state = schedule(
            state, review.rating, review.reviewed_at, day, retention=retention, seed=seed
        )
    return state


def _outcomes(
    state: CardState,
    ratings: tuple[Rating, ...],
    now: datetime,
    day: LearnerDay,
    *,
    retention: float,
    seed: UUID | None,
) -> dict[Rating, CardState]:
    """Return the card after each of `ratings` (ascending), keeping Hard < Good < Easy.

    One factor fuzzes all buttons, so a longer interval never becomes the shorter one; where
    rounding makes two different intervals equal, the longer moves up by a day.
    """
    now = require_utc(now)
    card = _fsrs_card(state, now, day)
    factor = None if seed is None else fuzz_factor(seed, state.review_count)
    outcomes, latest = {}, now
    plain = granted = 0
    for rating in ratings:
        after, _ = _scheduler(retention).review_card(card, fsrs.Rating(rating), now)
        wait = after.due - now
        if after.state == fsrs.State.Review:
            longer = wait.days > plain
            shortest = granted + 1 if granted and longer else granted
            plain = wait.days
            days = fuzzed_interval(plain, factor, 1, MAXIMUM_INTERVAL_DAYS)
            granted = min(max(days, shortest), MAXIMUM_INTERVAL_DAYS)
            due_on = day.date_of(now) + timedelta(days=granted)
            # A step of a shorter button may reach a little into the next day.
            due_at, interval = max(day.start_of(due_on), latest), granted
        else:
            due_at, interval = now + wait, 0
            due_on = day.date_of(due_at)
        latest = due_at
        outcomes[rating] = _after(state, rating, after, now, (due_on, due_at, interval))
    return outcomes


def _after(
    state: CardState,
    rating: Rating,
    after: fsrs.Card,
    now: datetime,
    due: tuple[date, datetime, int],
) -> CardState:
    """Return the columns after a review: `after` is FSRS's card, `due` (day, moment, interval)."""
    was_learnt = not state.is_learning
    next_review_date, due_at, interval = due
    return CardState(
        next_review_date=next_review_date,
        due_at=due_at,
        interval=interval,
        ease_factor=_next_ease(state.ease_factor, rating) if was_learnt else state.ease_factor,
        repetitions=0 if rating == Rating.AGAIN else state.repetitions + 1,
        is_learning=after.state != fsrs.State.Review,
        learning_step=after.step or 0,
        lapses=state.lapses + (was_learnt and rating == Rating.AGAIN),
        review_count=state.review_count + 1,
        stability=after.stability,
        difficulty=after.difficulty,
        last_reviewed_at=now,
    )


def _next_ease(ease: Decimal, rating: Rating) -> Decimal:
    """Return the SM-2 ease as Anki moves it; learning steps leave it alone."""
    return min(EASE_CEILING, max(EASE_FLOOR, ease + _EASE_CHANGE[rating]))


def _fsrs_card(state: CardState, now: datetime, day: LearnerDay) -> fsrs.Card:
    """Return the package's card, its last review as many times 24 hours ago as learner's days.

    The package counts whole 24 hours; people count nights. An explicit id also keeps it from
    sleeping a millisecond to invent one.
    """
    last_review = None
    if state.stability is not None:
        if state.last_reviewed_at is not None:
            last_day = day.date_of(state.last_reviewed_at)
        else:  # imported without a log: reviewed one interval before it is due
            last_day = state.next_review_date - timedelta(days=state.interval)
        last_review = now - max(day.date_of(now) - last_day, timedelta(0))
    if not state.is_learning:
        phase, step = fsrs.State.Review, None
    else:
        phase = fsrs.State.Relearning if state.lapses else fsrs.State.Learning
        step = state.learning_step
    return fsrs.Card(
        card_id=0,
        state=phase,
        step=step,
        stability=state.stability,
        difficulty=state.difficulty,
        due=now,
        last_review=last_review,
    )


@lru_cache(maxsize=64)
def _scheduler(retention: float) -> fsrs.Scheduler:
    return fsrs.Scheduler(
        desired_retention=retention,
        learning_steps=LEARNING_STEPS,
        relearning_steps=RELEARNING_STEPS,
        maximum_interval=MAXIMUM_INTERVAL_DAYS,
        enable_fuzzing=False,
    )


def fuzz_factor(seed: UUID, repetition: int) -> float:
    """Return a number from 0 up to, not including, 1: the same for a card and repetition always."""
    digest = blake2b(seed.bytes + repetition.to_bytes(4), digest_size=8).digest()
    return (int.from_bytes(digest) >> 11) / 2**53


def fuzzed_interval(interval: float, factor: float | None, minimum: int, maximum: int) -> int:
    """Return an interval in whole days near `interval` days, within Anki's fuzz range.

    `factor` (0 to 1, exclusive) picks the day within the range; None only rounds. Intervals below
    2.5 days are not fuzzed. The range is that of Anki's scheduler (rslib, states/fuzz.rs).
    """
    interval = min(max(interval, minimum), maximum)
    if factor is None or interval < _SHORTEST_FUZZED_DAYS:
        return _half_up(interval)
    reach = 1 + sum(
        share * max(0.0, min(interval, end) - start) for start, end, share in _FUZZ_RANGES
    )
    shortest = max(minimum, _half_up(interval - reach))
    longest = min(maximum, _half_up(interval + reach))
    return shortest + math.floor(factor * (longest - shortest + 1))


def _half_up(days: float) -> int:
    return math.floor(days + 0.5)


def is_leech(lapses: int, threshold: int = LEECH_THRESHOLD) -> bool:
    """Tell whether a lapse makes (or confirms) a leech: at the threshold, then at every half more.

    With 8: at 8, 12, 16, … lapses.
    """
    return lapses >= threshold and (lapses - threshold) % max(1, math.ceil(threshold / 2)) == 0


def seed_from_sm2(
    ease: float, interval_days: float, retention: float = DEFAULT_RETENTION
) -> tuple[float, float]:
    """Return (stability in days, difficulty 1 to 10) for a card known only by its SM-2 numbers.

    The stability is that with which `interval_days` meets `retention`; the difficulty is the one
    at which FSRS would multiply it by `ease` next (after fsrs-rs, memory_state_from_sm2).
    """
    parameters = DEFAULT_PARAMETERS
    decay = -parameters[20]
    stability = max(
        0.001,
        interval_days * (0.9 ** (1 / decay) - 1) / (retention ** (1 / decay) - 1),
    )
    growth = (
        math.exp(parameters[8])
        * stability ** -parameters[9]
        * math.expm1((1 - retention) * parameters[10])
    )
    return stability, min(10.0, max(1.0, 11 - (ease - 1) / growth))


def spread_new_cards(
    assigned: Mapping[date, int], count: int, today: date, per_day: int
) -> list[date]:
    """Return the learner's days on which `count` new cards are first shown, the earliest first.

    No day is given more than `per_day` unseen cards, those `assigned` already included. With
    `per_day` 0 the learner wants no new cards, and the list is empty.
    """
    days: list[date] = []
    day = today
    while per_day and len(days) < count:
        free = max(0, per_day - assigned.get(day, 0))
        days.extend([day] * min(free, count - len(days)))
        day += timedelta(days=1)
    return days
