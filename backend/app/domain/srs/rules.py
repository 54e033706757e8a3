"""Scheduling: FSRS-6 in the learner's days, with steps within a day, fuzz and the SM-2 columns.

FSRS-6 is Jarrett Ye's model (github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm), with
its default parameters, as the `fsrs` package computes it. Days, fuzz and ease are decided here.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import IntEnum
from functools import lru_cache

import fsrs
import msgspec
from fsrs.scheduler import DEFAULT_PARAMETERS

from app.core.clock import LearnerDay, require_utc
from app.domain.srs.fuzz import fuzzed_interval
from app.models import bounds

LEECH_THRESHOLD = 8
EASE_START, EASE_FLOOR, EASE_CEILING = Decimal("2.50"), Decimal("1.30"), Decimal("5.00")


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


def minutes(steps: Iterable[int]) -> tuple[timedelta, ...]:
    """Return steps, which are stored in minutes."""
    return tuple(timedelta(minutes=step) for step in steps)


@dataclass(frozen=True, slots=True)
class Settings:
    """What scheduling depends on besides the card; the defaults are those of `srs_settings`.

    `retention` is the share of reviews that should succeed. Steps are the waits
    within a day before a new (or forgotten) card is learnt; without any it is learnt at once.
    """

    retention: float = float(bounds.DESIRED_RETENTION.usual)
    learning_steps: tuple[timedelta, ...] = minutes(bounds.LEARNING_STEPS)
    relearning_steps: tuple[timedelta, ...] = minutes(bounds.RELEARNING_STEPS)
    maximum_interval_days: int = bounds.MAXIMUM_INTERVAL_DAYS.usual
    day: LearnerDay = field(default_factory=LearnerDay)


DEFAULTS = Settings()


class CardState(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What the scheduler knows of one card: the scheduling columns of `srs_cards`.

    `interval` is in whole days of the learner, 0 while learning; `repetitions` counts passes since
    the last Again; `lapses` counts how often a learnt card was forgotten; `stability` is in days,
    `difficulty` from 1 to 10. A card in learning that has lapses is relearning. `review_count`
    counts the reviews that made it what it is, `revision` the rows of its log.
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
    revision: int = 0

    @property
    def is_new(self) -> bool:
        """Whether the learner has not seen it yet."""
        return self.is_learning and self.review_count == 0


def new_card(due_at: datetime, day: LearnerDay) -> CardState:
    """Return a card that was never reviewed, first shown at `due_at` (aware)."""
    return CardState(next_review_date=day.date_of(due_at), due_at=require_utc(due_at))


def schedule(  # noqa: PLR0917 - the card, what happened, and by which settings
    state: CardState,
    rating: Rating,
    now: datetime,
    settings: Settings = DEFAULTS,
    factor: float | None = None,
    today: date | None = None,
) -> CardState:
    """Return the card after a review at `now` (aware).

    `factor` (0 to 1, exclusive) is the place of the interval in its fuzz range; without it
    intervals are FSRS's own. `today` is the learner's day of `now` where it is known already.
    Raises ValueError for a naive `now`.
    """
    return Outlook(state, now, settings, tuple(Rating)[:rating], today).granted(factor)[rating]


def previews(
    state: CardState, now: datetime, settings: Settings = DEFAULTS, factor: float | None = None
) -> dict[Rating, CardState]:
    """Return what each of the four buttons would do; arguments as for `schedule`."""
    return Outlook(state, now, settings).granted(factor)


class Outlook:
    """What ratings (ascending, from Again on) would make of a card now, before any fuzz."""

    def __init__(
        self,
        state: CardState,
        now: datetime,
        settings: Settings = DEFAULTS,
        ratings: tuple[Rating, ...] = tuple(Rating),
        today: date | None = None,
    ) -> None:
        self.state = state
        self.now = require_utc(now)
        self.settings = settings
        self.today = settings.day.date_of(now) if today is None else today
        scheduler = _scheduler(
            settings.retention,
            settings.learning_steps,
            settings.relearning_steps,
            settings.maximum_interval_days,
        )
        card = _fsrs_card(state, self.now, elapsed_days(state, self.today, settings.day))
        self._after = {
            rating: scheduler.review_card(card, fsrs.Rating(rating), self.now)[0]
            for rating in ratings
        }

    def plain_interval(self, rating: Rating) -> int:
        """Return FSRS's own interval in days; 0 for a step within a day."""
        after = self._after[rating]
        return (after.due - self.now).days if after.state == fsrs.State.Review else 0

    def granted(self, factor: float | None) -> dict[Rating, CardState]:
        """Return the card after each rating, keeping Hard < Good < Easy.

        One factor fuzzes all buttons, so a longer interval never becomes the shorter one; where
        rounding makes two different intervals equal, the longer moves up by a day. No wait, steps
        included, reaches beyond the day of the maximum interval.
        """
        maximum, day = self.settings.maximum_interval_days, self.settings.day
        last_day = self.today + timedelta(days=maximum)
        outcomes = {}
        latest_on, latest = self.today, self.now
        plain = granted = 0
        for rating, after in self._after.items():
            if after.state == fsrs.State.Review:
                wait = self.plain_interval(rating)
                shortest = granted + 1 if granted and wait > plain else granted
                plain = wait
                granted = min(max(fuzzed_interval(wait, factor, 1, maximum), shortest), maximum)
                # Steps of the shorter buttons may reach into the next days.
                due_on = max(self.today + timedelta(days=granted), latest_on)
                due_at = max(day.start_of(due_on), latest)
                granted = interval = (due_on - self.today).days
            else:
                due_at, interval = after.due, 0
                due_on = day.date_of(due_at)
                if due_on > last_day:
                    due_on, due_at = last_day, max(day.start_of(last_day), latest)
            latest_on, latest = due_on, due_at
            outcomes[rating] = _after(
                self.state, rating, after, self.now, (due_on, due_at, interval)
            )
        return outcomes


def granted_interval(stability: float, settings: Settings, factor: float | None) -> int:
    """Return in how many days a memory of `stability` days is due, at this place in the fuzz range.

    >>> granted_interval(10.0, DEFAULTS, None)
    10
    """
    decay = -DEFAULT_PARAMETERS[20]
    days = stability * (settings.retention ** (1 / decay) - 1) / (0.9 ** (1 / decay) - 1)
    plain = min(max(round(days), 1), settings.maximum_interval_days)
    return fuzzed_interval(plain, factor, 1, settings.maximum_interval_days)


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
        revision=state.revision + 1,
    )


def _next_ease(ease: Decimal, rating: Rating) -> Decimal:
    """Return the SM-2 ease as Anki moves it; learning steps leave it alone."""
    return min(EASE_CEILING, max(EASE_FLOOR, ease + _EASE_CHANGE[rating]))


def elapsed_days(state: CardState, today: date, day: LearnerDay) -> int:
    """Return how many of the learner's days ago the card was last reviewed; 0 when it never was.

    Both days are of the zone and cut-off in use today: people count nights where they are.
    """
    if state.last_reviewed_at is not None:
        last_day = day.date_of(state.last_reviewed_at)
    elif state.stability is not None:  # imported: reviewed one interval before it is due
        last_day = state.next_review_date - timedelta(days=state.interval)
    else:
        return 0
    return max(0, (today - last_day).days)


def _fsrs_card(state: CardState, now: datetime, elapsed: int) -> fsrs.Card:
    """Return the package's card, its last review as many times 24 hours ago as learner's days.

    The package counts whole 24 hours; people count nights. An explicit id also keeps it from
    sleeping a millisecond to invent one.
    """
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
        last_review=None if state.stability is None else now - timedelta(days=elapsed),
    )


@lru_cache(maxsize=256)
def _scheduler(
    retention: float,
    learning_steps: tuple[timedelta, ...],
    relearning_steps: tuple[timedelta, ...],
    maximum_interval_days: int,
) -> fsrs.Scheduler:
    return fsrs.Scheduler(
        desired_retention=retention,
        learning_steps=learning_steps,
        relearning_steps=relearning_steps,
        maximum_interval=maximum_interval_days,
        enable_fuzzing=False,
    )


def is_leech(lapses: int, threshold: int = LEECH_THRESHOLD) -> bool:
    """Return whether a lapse makes (or confirms) a leech: at the threshold, then every half more.

    With 8: at 8, 12, 16, … lapses.
    """
    return lapses >= threshold and (lapses - threshold) % max(1, math.ceil(threshold / 2)) == 0


def seed_from_sm2(
    ease: float, interval_days: float, retention: float = DEFAULTS.retention
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
