"""Streaks: days in a row with some practice, and the freezes that forgive a missed one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

DAYS_FOR_A_FREEZE = 7
MOST_FREEZES = 2
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Streak:
    """A learner's streak on one of their days.

    `days` counts the days with practice of the present streak (a frozen day is not counted, and
    breaks nothing), `longest` those of the longest one so far. `freezes` are left for days that
    will be missed; `frozen_days` were missed and forgiven, the first one first.
    """

    days: int
    longest: int
    freezes: int
    frozen_days: tuple[date, ...]
    is_active_today: bool


def streak(active_days: Iterable[date], today: date) -> Streak:
    """Return the learner's streak from the days on which they practised (the learner's own days).

    Every seventh day of a streak earns a freeze, of which two at most are kept. A missed day uses
    one by itself; without one it ends the streak. Today is not over, so it is never missed. A day
    after `today` (stored before the learner flew west) counts as any other.
    """
    days = sorted(set(active_days))
    length = longest = freezes = 0
    frozen: list[date] = []
    for day, next_day in pairwise([*days, max(today, days[-1] + _DAY)] if days else ()):
        length += 1
        longest = max(longest, length)
        if length % DAYS_FOR_A_FREEZE == 0:
            freezes = min(freezes + 1, MOST_FREEZES)
        missed = (next_day - day).days - 1
        used = min(missed, freezes)
        frozen += [day + n * _DAY for n in range(1, used + 1)]
        freezes -= used
        if used < missed:
            length = 0
    return Streak(length, longest, freezes, tuple(frozen), today in days)
