"""Measuring two ways of doing the same, in turns, so that a busy moment hits both alike."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.statements import Statement

Operation = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rates of ours and of the floor, one pair a round; `target` is the least ratio wanted."""

    name: str
    target: float | None
    ours: list[float] = field(default_factory=list)
    raw: list[float] = field(default_factory=list)

    @property
    def ratios(self) -> list[float]:
        """Ours divided by the floor, round by round."""
        return [ours / raw for ours, raw in zip(self.ours, self.raw, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return statistics.median(self.ratios)

    @property
    def is_met(self) -> bool:
        """Whether the target, if there is one, is reached."""
        return self.target is None or self.ratio >= self.target


async def rate_for(seconds: float, tasks: int, operation: Operation) -> float:
    """Return how many operations a second `tasks` concurrent callers complete."""
    done = 0
    end = time.perf_counter() + seconds

    async def call() -> None:
        nonlocal done
        while time.perf_counter() < end:
            await operation()
            done += 1

    started = time.perf_counter()
    await asyncio.gather(*(call() for _ in range(tasks)))
    return done / (time.perf_counter() - started)


async def rate_of(operations: Sequence[Operation], tasks: int) -> float:
    """Return how many of `operations`, each done once, `tasks` callers complete a second."""
    waiting = iter(operations)

    async def call() -> None:
        for operation in waiting:
            await operation()

    started = time.perf_counter()
    await asyncio.gather(*(call() for _ in range(tasks)))
    return len(operations) / (time.perf_counter() - started)


async def in_turns(
    comparison: Comparison,
    rounds: int,
    ours: Callable[[], Awaitable[float]],
    raw: Callable[[], Awaitable[float]],
) -> Comparison:
    """Measure both sides `rounds` times, each first in every other round; return `comparison`."""
    for number in range(rounds):
        sides = [(ours, comparison.ours), (raw, comparison.raw)]
        for measure, rates in sides if number % 2 == 0 else sides[::-1]:
            rates.append(await measure())
    return comparison


async def median_ms(times: int, operation: Operation) -> float:
    """Return the median time of `operation`, one after another, in milliseconds."""
    await operation()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        await operation()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def as_sent(statement: Statement[Any], **values: object) -> tuple[Any, ...]:
    """Return a named statement as the driver takes it: its text, then its values."""
    return statement.text, *statement.values(values)
