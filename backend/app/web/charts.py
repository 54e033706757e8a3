"""Geometry of the charts: from figures to places in a drawing. `macros/charts.html` draws them.

Lengths are in units of the drawing's viewBox, which is as wide as a phone's column: text in it is
read at its size there, and a little larger on a desktop.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH = 350
PLOT_LEFT = 30
PLOT_TOP = 8
PLOT_HEIGHT = 120
CELL, CELL_GAP = 11, 3
HEATMAP_TOP, HEATMAP_LEFT = 16, 26
LEVELS = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of a heatmap; `level` 0 (nothing) to 4 (as much as on the best days)."""

    x: int
    y: int
    level: int
    day: date
    value: int


@dataclass(frozen=True, slots=True)
class Heatmap:
    """Days in columns of weeks, Monday at the top, the present week at the right.

    `months` are the first Mondays of months: their names stand above.
    """

    width: int
    height: int
    cells: list[Cell]
    months: list[Cell]


def heatmap(values: Mapping[date, int], today: date, weeks: int = 53) -> Heatmap:
    """Return the heatmap of the last `weeks` weeks; a missing day counts 0.

    The levels are quarters of the value that nine of ten active days stay within, so that one
    marathon does not bleach all other days.
    """
    first = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    active = sorted(values[day] for day in days if values.get(day, 0) > 0)
    most = active[math.ceil(0.9 * len(active)) - 1] if active else 1
    step = CELL + CELL_GAP
    cells = [
        Cell(
            x=HEATMAP_LEFT + (day - first).days // 7 * step,
            y=HEATMAP_TOP + day.weekday() * step,
            level=min(LEVELS, math.ceil(LEVELS * values.get(day, 0) / most)),
            day=day,
            value=values.get(day, 0),
        )
        for day in days
    ]
    return Heatmap(
        width=HEATMAP_LEFT + weeks * step,
        height=HEATMAP_TOP + 7 * step,
        cells=cells,
        months=[cell for cell in cells[::7] if cell.day.day <= 7],  # noqa: PLR2004 - the first week
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a column, from `y` down."""

    y: float
    height: float
    series: int


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart; `index` is the place of its figures."""

    x: float
    width: float
    index: int
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Line:
    """A horizontal line of the scale."""

    y: float
    value: float


@dataclass(frozen=True, slots=True)
class Columns:
    """A column chart; `ticks` are the indexes of the columns that have room for a label."""

    width: int
    height: int
    baseline: float
    columns: list[Column]
    scale: list[Line]
    ticks: list[int]
    target: float | None


def columns(
    rows: Sequence[Sequence[float]],
    *,
    top: float | None = None,
    target: float | None = None,
    labels: int = 6,
) -> Columns:
    """Return a chart with a column for each of `rows`, whose values (0 or more) are stacked.

    The scale ends at `top`, or at a round number above the highest column. `target` draws a line at
    that value. At most about `labels` columns get a label, counted back from the last one.
    """
    highest = top or round_up(max((sum(row) for row in rows), default=0))
    room = (WIDTH - PLOT_LEFT) / max(1, len(rows))
    baseline = PLOT_TOP + PLOT_HEIGHT

    def height(value: float) -> float:
        return round(PLOT_HEIGHT * min(value, highest) / highest, 2)

    drawn = []
    for index, row in enumerate(rows):
        parts, y = [], float(baseline)
        for series, value in enumerate(row):
            if value > 0:
                y -= height(value)
                parts.append(Part(round(y, 2), height(value), series))
        x = PLOT_LEFT + index * room + 0.15 * room
        drawn.append(Column(round(x, 2), round(0.7 * room, 2), index, parts))
    every = max(1, math.ceil(len(rows) / labels))
    return Columns(
        width=WIDTH,
        height=baseline + 18,
        baseline=baseline,
        columns=drawn,
        scale=[Line(baseline - height(highest * n / 2), highest * n / 2) for n in (0, 1, 2)],
        ticks=[index for index in range(len(rows)) if (len(rows) - 1 - index) % every == 0],
        target=None if target is None else baseline - height(target),
    )


def round_up(value: float) -> float:
    """Return the next even round number (2, 4, 6, 8, 10, 20, 40, …) at or above `value`."""
    if value <= 2:  # noqa: PLR2004 - the smallest scale that has a whole middle
        return 2
    power = 10 ** math.floor(math.log10(value))
    return next(float(step * power) for step in (1, 2, 4, 6, 8, 10) if step * power >= value)
