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
from app.domain.srs import log, rules
from app.domain.srs.log import Entry, Step
from app.domain.srs.rules import CardState, Rating
from tools.volume.rows import NULL

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
    """One review of a history, and the card after it: everything but the shift in time."""

    reviewed: Moment
    day: int  # the learner's day of the review, in days after FIRST_DAY
    was_due: Moment
    due: Moment
    due_day: int  # the learner's day of `due`
    is_learning: bool
    is_first: bool
    was_learnt: bool
    duration_ms: int
    scheduling: str  # the columns of SCHEDULING, tab-separated
    log: str  # the columns of LOGGED, tab-separated
    imported: str  # SCHEDULING of a card whose memory came from elsewhere
    import_log: str  # LOGGED of the entry that brought it


SCHEDULING = (
    "interval", "ease_factor", "repetitions", "is_learning", "learning_step", "lapses",
    "review_count", "revision", "stability", "difficulty",
)  # fmt: skip
LOGGED = (
    "kind", "rating", "elapsed_days", "duration_ms", "fuzz_factor", "interval_before",
    "was_learning", "ease_factor_before", "stability_before", "difficulty_before", "interval",
    "is_learning", "learning_step", "repetitions", "ease_factor", "stability", "difficulty",
)  # fmt: skip


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
    state = rules.new_card(start, _DAY)
    now, end = start, start + timedelta(days=LONGEST_DAYS)
    stages: list[Stage] = []
    while now < end:
        entry = Entry(
            UUID(int=len(stages)),
            "review",
            now,
            _DAY.date_of(now),
            rating=random.choices(_RATINGS, _SHARES)[0],
            fuzz_factor=random.random(),
            duration_ms=random.randint(1_500, 20_000),
        )
        (step,) = log.steps([entry], state, {})
        stages.append(_stage(step))
        state = step.after
        now = _next_visit(random, now, state)
    return History(Moment.of(start), stages, [stage.reviewed.days for stage in stages])


def _next_visit(random: Random, now: datetime, state: CardState) -> datetime:
    if state.is_learning:
        return max(state.due_at, now + timedelta(seconds=30))
    late = random.choices((0, 1, 2, 5), (80, 12, 5, 3))[0]
    evening = timedelta(hours=random.uniform(2, 18))
    return (state.due_at + timedelta(days=late) + evening).astimezone(UTC)


def _stage(step: Step) -> Stage:
    entry, before, after, elapsed_days = step
    memory = after.stability, after.difficulty
    known = after.interval, after.ease_factor, after.repetitions
    return Stage(
        reviewed=Moment.of(entry.reviewed_at),
        day=(entry.day - FIRST_DAY).days,
        was_due=Moment.of(before.due_at),
        due=Moment.of(after.due_at),
        due_day=(after.next_review_date - FIRST_DAY).days,
        is_learning=after.is_learning,
        is_first=before.is_new,
        was_learnt=not before.is_learning,
        duration_ms=entry.duration_ms or 0,
        scheduling=_fields(
            *known, after.is_learning, after.learning_step, after.lapses, after.review_count,
            after.revision, *memory,
        ),
        log=_fields(
            entry.kind, entry.rating, elapsed_days, entry.duration_ms, entry.fuzz_factor,
            before.interval, before.is_learning, before.ease_factor, before.stability,
            before.difficulty, after.interval, after.is_learning, after.learning_step,
            after.repetitions, after.ease_factor, *memory,
        ),
        imported=_fields(*known, False, 0, 0, 0, 1, *memory),
        import_log=_fields(
            "import", None, 0, None, 0, 0, True, rules.EASE_START, None, None, after.interval,
            False, 0, after.repetitions, after.ease_factor, *memory,
        ),
    )  # fmt: skip


def _fields(*values: object) -> str:
    return "\t".join(NULL if value is None else str(value) for value in values)
