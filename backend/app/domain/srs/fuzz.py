"""Where in its fuzz range an interval lies: Anki's ranges, a seeded place, or the emptiest day."""

import math
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

# (from, to, share) in days: how far fuzz may move an interval, added up over the ranges (Anki's).
_FUZZ_RANGES = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, math.inf, 0.05))
_SHORTEST_FUZZED_DAYS = 2.5


def fuzz_factor(*seed: bytes) -> float:
    """Return a number from 0 up to, not including, 1 (53 bits): the same for a seed, always."""
    digest = blake2b(b"".join(seed), digest_size=8).digest()
    return (int.from_bytes(digest) >> 11) / 2**53


def fuzzed_interval(interval: float, factor: float | None, minimum: int, maximum: int) -> int:
    """Return an interval in whole days near `interval` days, within Anki's fuzz range.

    `factor` (0 to 1, exclusive) picks the day within the range; None only rounds. Intervals below
    2.5 days are not fuzzed.
    """
    interval = min(max(interval, minimum), maximum)
    if factor is None or interval < _SHORTEST_FUZZED_DAYS:
        return _half_up(interval)
    shortest, longest = fuzz_range(interval, minimum, maximum)
    return shortest + math.floor(factor * (longest - shortest + 1))


@lru_cache(maxsize=4096)
def fuzz_range(interval: float, minimum: int, maximum: int) -> tuple[int, int]:
    """Return the shortest and longest interval, in days, that fuzz may make of `interval` days.

    The range is that of Anki's scheduler (rslib, states/fuzz.rs), for intervals from 2.5 days on.
    """
    reach = 1 + sum(
        share * max(0.0, min(interval, end) - start) for start, end, share in _FUZZ_RANGES
    )
    return max(minimum, _half_up(interval - reach)), min(maximum, _half_up(interval + reach))


def balanced_factor(interval: int, seeded: float, loads: Sequence[int], maximum: int) -> float:
    """Return the factor with which `interval` days fall on the emptiest day of their fuzz range.

    `loads[n]` is how many cards are due n days from today; of days equally empty the one nearest
    to what `seeded` picks is taken. Without fuzz, or where the range goes beyond the known days,
    `seeded` stays.
    """
    if interval < _SHORTEST_FUZZED_DAYS:
        return seeded
    shortest, longest = fuzz_range(interval, 1, maximum)
    if longest >= len(loads):
        return seeded
    width = longest - shortest + 1
    own = math.floor(seeded * width)
    best = min(range(width), key=lambda place: (loads[shortest + place], abs(place - own)))
    return seeded if best == own else (best + 0.5) / width


def _half_up(days: float) -> int:
    return math.floor(days + 0.5)
