"""How a card's memory fades between its reviews: the forgetting curve of FSRS-6. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from fsrs.scheduler import DEFAULT_PARAMETERS

_DECAY = -DEFAULT_PARAMETERS[20]
_FACTOR = 0.9 ** (1 / _DECAY) - 1
_DAY_SECONDS = 86_400


class Fading(NamedTuple):
    """A stretch between two reviews: it begins at 1 and fades by `stability` (days) until `end`."""

    start: datetime
    end: datetime
    stability: float


def retrievability(stability: float, elapsed_days: float) -> float:
    """Return the probability of remembering after `elapsed_days` without a review, 0 to 1.

    FSRS-6's power curve, with the default parameters: 0.9 after `stability` days.

    >>> round(retrievability(10, 10), 3)
    0.9
    """
    return float((1 + _FACTOR * max(0.0, elapsed_days) / stability) ** _DECAY)


def fadings(reviews: Sequence[tuple[datetime, float | None]], until: datetime) -> list[Fading]:
    """Return the stretches of a memory, from the reviews (when, stability after it) in time order.

    The last one ends at `until`. Without a stability (after a reset) nothing is remembered.
    """
    ends = [when for when, _ in reviews[1:]] + [until]
    return [
        Fading(start, end, stability)
        for (start, stability), end in zip(reviews, ends, strict=True)
        if stability is not None and end > start
    ]


def days_between(start: datetime, end: datetime) -> float:
    """Return the days from one moment to another."""
    return (end - start).total_seconds() / _DAY_SECONDS
