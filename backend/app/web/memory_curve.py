"""The drawing of a card's memory: a line that fades after each review and jumps up at the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.srs.curve import Fading, days_between, fadings, retrievability
from app.domain.srs.results import LogEntry

WIDTH, HEIGHT = 350, 130
LEFT, RIGHT, TOP, BOTTOM = 34, 342, 8, 108
_POINTS = 24
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class MemoryCurve:
    """Lines as SVG points, in units of the drawing.

    `past` is drawn up to now, `future` from now to the day on which the card is due; `dots` are
    the reviews. `now` is the chance of remembering at this moment, from 0 to 1. `scale` has three
    levels as a percentage and their height: from a half up, unless the memory fell below that.
    """

    past: list[str]
    future: str
    dots: list[float]
    now_x: float
    goal_y: float
    now: float
    scale: list[tuple[int, float]]


def memory_curve(
    log: Sequence[LogEntry], due_at: datetime, now: datetime, goal: float
) -> MemoryCurve | None:
    """Return the curve of a card from its log (newest first); None while there is no memory.

    `goal` is the learner's desired retention, 0 to 1.
    """
    kept = [entry for entry in reversed(log) if not entry.is_undone]
    moments = [(entry.reviewed_at, entry.stability) for entry in kept if _leaves_trace(entry)]
    if not moments or moments[-1][1] is None:
        return None
    begin, end = moments[0][0], max(due_at, now)
    span = days_between(begin, end) or 1.0

    stretches = fadings(moments, end)
    last = stretches[-1] if stretches else Fading(moments[-1][0], end, moments[-1][1])
    lowest = min((_remembered(each, each.end) for each in stretches), default=1.0)
    floor = _HALF if min(lowest, goal) >= _HALF else 0.0

    def x(moment: datetime) -> float:
        return round(LEFT + (RIGHT - LEFT) * days_between(begin, moment) / span, 1)

    def y(share: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (share - floor) / (1 - floor), 1)

    def points(fading: Fading, start: datetime, stop: datetime) -> str:
        steps = [start + (stop - start) * n / _POINTS for n in range(_POINTS + 1)]
        return " ".join(f"{x(each)},{y(_remembered(fading, each))}" for each in steps)

    return MemoryCurve(
        past=[
            points(each, each.start, min(each.end, now)) for each in stretches if each.start < now
        ],
        future=points(last, now, end) if now < end else "",
        dots=[x(moment) for moment, stability in moments if stability is not None],
        now_x=x(now),
        goal_y=y(goal),
        now=_remembered(last, now),
        scale=[(round(100 * share), y(share)) for share in (1.0, (1 + floor) / 2, floor)],
    )


def _leaves_trace(entry: LogEntry) -> bool:
    return entry.kind in {"review", "reset", "import"}


def _remembered(fading: Fading, moment: datetime) -> float:
    return retrievability(fading.stability, days_between(fading.start, moment))
