"""What a card's log replays to, and what it adds to the learner's days. Pure.

The order of arrival decides nothing: entries apply in the order of (reviewed_at, id), undone
reviews not at all, and everything else that a result depends on is stored with the entry.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple
from uuid import UUID

from msgspec import structs

from app.core.clock import LearnerDay
from app.domain.srs.rules import (
    DEFAULTS,
    EASE_START,
    CardState,
    Rating,
    Settings,
    elapsed_days,
    new_card,
    schedule,
)

Kind = Literal[
    "review", "undo", "reset", "reschedule", "import", "suspend", "unsuspend", "bury", "unbury"
]  # fmt: skip
SettingsById = Mapping[UUID | None, Settings]
"""The versions that a log refers to; None, or one that is missing, stands for the defaults."""


@dataclass(frozen=True, slots=True)
class Given:
    """What an entry sets by itself: the due moment of a reschedule, and all of it of an import."""

    due_at: datetime
    interval: int = 0
    ease_factor: Decimal = EASE_START
    repetitions: int = 0
    stability: float | None = None
    difficulty: float | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a card's log, as far as a replay depends on it.

    `day` is the learner's day of `reviewed_at`. A review has a `rating`, an undo the `target_id` of
    the entry that it takes back, a reschedule and an import what is `given`. What one action did to
    several cards shares its `action_id`.
    """

    id: UUID
    kind: Kind
    reviewed_at: datetime
    day: date
    settings_id: UUID | None = None
    rating: Rating | None = None
    fuzz_factor: float = 0.0
    duration_ms: int | None = None
    target_id: UUID | None = None
    given: Given | None = None
    action_id: UUID | None = None


class Step(NamedTuple):
    """One entry that counts, with the card as it found it and as it left it."""

    entry: Entry
    before: CardState
    after: CardState
    elapsed_days: int


class Aside(NamedTuple):
    """Whether a card is kept out of the queue, and until which of the learner's days."""

    is_suspended: bool = False
    buried_until: date | None = None


class Activity(NamedTuple):
    """What reviews add to one of the learner's days (columns of `daily_activity`)."""

    reviews: int = 0
    learnt_reviews: int = 0
    new_cards: int = 0
    duration_ms: int = 0


def steps(entries: Iterable[Entry], first: CardState, settings: SettingsById) -> list[Step]:
    """Return what each entry that counts does, in time order, to a card that began as `first`."""
    entries = list(entries)
    undone = _undone(entries)
    state, done = first, []
    for entry in _in_order(entries):
        if entry.id in undone:
            continue
        valid = settings_of(entry, settings)
        elapsed = elapsed_days(state, entry.day, valid.day)
        after = structs.replace(_apply(entry, state, valid, elapsed), revision=state.revision + 1)
        done.append(Step(entry, state, after, elapsed))
        state = after
    return done


def comes_last(entry: Entry, entries: Iterable[Entry]) -> bool:
    """Return whether an entry applies after all of `entries`."""
    return all((other.reviewed_at, other.id) < (entry.reviewed_at, entry.id) for other in entries)


def _undone(entries: Iterable[Entry]) -> set[UUID | None]:
    return {entry.target_id for entry in entries if entry.kind == "undo"}


def _in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that are no undo in the order in which they apply."""
    counting = (entry for entry in entries if entry.kind != "undo")
    return sorted(counting, key=lambda entry: (entry.reviewed_at, entry.id))


def aside(entries: Sequence[Entry], stored: Aside) -> Aside:
    """Return whether the log keeps the card out of the queue; what it never spoke of stays.

    An entry is made only where it changes something, so the first of its kind also tells what was
    before it. A card is buried until the day after.
    """
    undone, in_order = _undone(entries), _in_order(entries)

    def last(*kinds: Kind) -> tuple[Kind, date] | None:
        told = [entry for entry in in_order if entry.kind in kinds]
        valid = [entry for entry in told if entry.id not in undone]
        if valid:
            return valid[-1].kind, valid[-1].day
        opposite = dict(zip(kinds, kinds[::-1], strict=True))
        return (opposite[told[0].kind], told[0].day) if told else None

    suspended, buried = last("suspend", "unsuspend"), last("bury", "unbury")
    until = stored.buried_until
    if buried is not None:
        until = buried[1] + timedelta(days=1) if buried[0] == "bury" else None
    return Aside(stored.is_suspended if suspended is None else suspended[0] == "suspend", until)


def settings_of(entry: Entry, settings: SettingsById) -> Settings:
    """Return the settings that an entry was made with."""
    return settings.get(entry.settings_id, DEFAULTS)


def replay(entries: Sequence[Entry], first: CardState, settings: SettingsById) -> CardState:
    """Return what the whole log makes of `first`; `revision` counts every entry."""
    return outcome(steps(entries, first, settings), first, len(entries))


def outcome(done: Sequence[Step], first: CardState, revision: int) -> CardState:
    """Return the card after `done`, at that revision."""
    return structs.replace(done[-1].after if done else first, revision=revision)


def _apply(entry: Entry, state: CardState, settings: Settings, elapsed: int) -> CardState:
    match entry.kind:
        case "review":
            assert entry.rating is not None
            return schedule(
                state, entry.rating, entry.reviewed_at, settings, entry.fuzz_factor, entry.day
            )
        case "reset":
            return new_card(entry.reviewed_at, settings.day)
        case "reschedule":
            return _rescheduled(entry, state, settings.day, elapsed)
        case "import":
            return _imported(entry, settings.day)
        case "suspend" | "unsuspend" | "bury" | "unbury":
            return state
        case _:
            raise AssertionError(entry.kind)


def _rescheduled(entry: Entry, state: CardState, day: LearnerDay, elapsed: int) -> CardState:
    """Return the card, due on another day; its interval still reaches back to the last review."""
    assert entry.given is not None
    due_on = day.date_of(entry.given.due_at)
    interval = 0 if state.is_learning else max(1, elapsed + (due_on - entry.day).days)
    return structs.replace(
        state, next_review_date=due_on, due_at=entry.given.due_at, interval=interval
    )


def _imported(entry: Entry, day: LearnerDay) -> CardState:
    given = entry.given
    assert given is not None
    return CardState(
        next_review_date=day.date_of(given.due_at),
        due_at=given.due_at,
        interval=given.interval,
        ease_factor=given.ease_factor,
        repetitions=given.repetitions,
        is_learning=False,
        stability=given.stability,
        difficulty=given.difficulty,
    )


def activity(done: Iterable[Step]) -> dict[date, Activity]:
    """Return what the reviews among `done` add to each of the learner's days."""
    days: defaultdict[date, Activity] = defaultdict(Activity)
    for entry, before, _after, _elapsed in done:
        if entry.kind == "review":
            days[entry.day] = add(
                days[entry.day],
                Activity(1, not before.is_learning, before.is_new, entry.duration_ms or 0),
            )
    return dict(days)


def add(one: Activity, other: Activity, sign: Literal[1, -1] = 1) -> Activity:
    """Return the sum of two, or with `sign` -1 their difference."""
    return Activity(*(a + sign * b for a, b in zip(one, other, strict=True)))


def change(before: Mapping[date, Activity], after: Mapping[date, Activity]) -> dict[date, Activity]:
    """Return what must be added to each day so that `before` becomes `after`."""
    changes = sum_of(after, before, -1)
    return {day: amounts for day, amounts in changes.items() if amounts != Activity()}


def sum_of(
    one: Mapping[date, Activity], other: Mapping[date, Activity], sign: Literal[1, -1] = 1
) -> dict[date, Activity]:
    """Return the sum of two, or with `sign` -1 their difference, day by day."""
    none = Activity()
    return {
        day: add(one.get(day, none), other.get(day, none), sign)
        for day in sorted(one.keys() | other.keys())
    }
