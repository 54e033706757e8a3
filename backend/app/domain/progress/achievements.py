"""Badges: which there are (`achievements.toml`), and which ones a learner's totals deserve."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

_FILE = Path(__file__).with_name("achievements.toml")
STREAK_MEASURE = "longest_streak"


@dataclass(frozen=True, slots=True)
class Totals:
    """What badges are earned with; every figure is of the learner's whole time here.

    Days are the learner's own. `perfect_lessons` are completed ones with every question answered
    right in the end, except what a teacher marks; `learnt_words` have a review interval of three
    weeks or more, `own_words` were added by the learner, and `goal_days` are those on which the
    present daily goal was reached.
    """

    lessons_completed: int = 0
    perfect_lessons: int = 0
    units_completed: int = 0
    levels_completed: int = 0
    skills_practised: int = 0
    answers: int = 0
    right_answers: int = 0
    reviews: int = 0
    learnt_words: int = 0
    own_words: int = 0
    active_days: int = 0
    longest_streak: int = 0
    goal_days: int = 0
    study_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Achievement:
    """A badge: earned when `measure` (a field of Totals) reaches `threshold`.

    `title` and `description` are by language: "en" and "id".
    """

    code: str
    measure: str
    threshold: int
    title: dict[str, str]
    description: dict[str, str]

    def reached(self, totals: Totals) -> int:
        """Return how much of `threshold` the learner has reached, at most all of it."""
        value: int = getattr(totals, self.measure)
        return min(value, self.threshold)

    def is_earned(self, totals: Totals) -> bool:
        """Return whether `totals` deserve the badge."""
        return self.reached(totals) == self.threshold

    @property
    def is_about_streak(self) -> bool:
        """Whether it is hidden with the streak."""
        return self.measure == STREAK_MEASURE


def _read() -> tuple[Achievement, ...]:
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))["achievement"]
    return tuple(Achievement(**entry) for entry in entries)


ACHIEVEMENTS = _read()
MEASURES = tuple(field.name for field in fields(Totals))


def highest(measure: str) -> int:
    """Return the highest threshold of a measure: nobody needs to count beyond it."""
    return max(badge.threshold for badge in ACHIEVEMENTS if badge.measure == measure)


def earned(totals: Totals) -> list[Achievement]:
    """Return the badges that the learner's totals deserve, in the order of `ACHIEVEMENTS`."""
    return [badge for badge in ACHIEVEMENTS if badge.is_earned(totals)]
