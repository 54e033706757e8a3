"""Geometry of the charts: everything within the drawing, nothing out of proportion."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.web.charts import (
    CELL,
    LEVELS,
    PLOT_HEIGHT,
    PLOT_LEFT,
    PLOT_TOP,
    WIDTH,
    columns,
    heatmap,
    round_up,
)

TODAY = date(2026, 11, 23)  # a Monday
values = st.floats(0, 1e6, allow_nan=False)


@given(
    st.dictionaries(st.dates(date(2025, 10, 1), TODAY), st.integers(0, 500)),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_a_heatmap_has_each_day_once_and_within_its_bounds(found, today):
    chart = heatmap(found, today)
    days = [cell.day for cell in chart.cells]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert days[0].weekday() == 0
    assert days[-1] == today
    assert 52 * 7 < len(days) <= 53 * 7
    for cell in chart.cells:
        assert cell.value == found.get(cell.day, 0)
        assert (cell.level == 0) == (cell.value == 0)
        assert 0 <= cell.level <= LEVELS
        assert 0 <= cell.x <= chart.width - CELL
        assert 0 <= cell.y <= chart.height - CELL
    assert len({(cell.x, cell.y) for cell in chart.cells}) == len(days)


def test_one_marathon_does_not_bleach_the_other_days():
    ordinary = {TODAY - timedelta(days=n): 20 for n in range(1, 40)}
    chart = heatmap({**ordinary, TODAY: 2_000}, TODAY)
    assert {cell.level for cell in chart.cells if cell.value} == {LEVELS}


def test_a_month_is_marked_where_its_first_monday_stands():
    chart = heatmap({}, TODAY)
    marked = {mark.x: mark.day.month for mark in chart.months}
    november = next(cell for cell in chart.cells if cell.day == date(2026, 11, 2))
    assert marked[november.x] == 11
    assert len(chart.months) in {12, 13}


@given(st.lists(st.lists(values, min_size=1, max_size=3), max_size=60))
def test_columns_stand_on_the_baseline_side_by_side_and_as_high_as_their_values(rows):
    chart = columns(rows)
    highest = chart.scale[-1].value
    assert len(chart.columns) == len(rows)
    right = float(PLOT_LEFT)
    for column, row in zip(chart.columns, rows, strict=True):
        assert column.x >= right - 0.01
        right = column.x + column.width
        total = sum(part.height for part in column.parts)
        assert total == pytest.approx(PLOT_HEIGHT * sum(row) / highest, abs=0.05)
        assert all(part.y >= PLOT_TOP - 0.1 for part in column.parts)
    assert right <= WIDTH + 0.01


@given(st.integers(1, 400), st.integers(1, 12))
def test_the_last_column_is_labelled_and_labels_stay_few(count, labels):
    ticks = columns([(1.0,)] * count, labels=labels).ticks
    assert ticks[-1] == count - 1
    assert len(ticks) <= labels


@given(st.floats(0, 1e9) | st.integers(0, 1000).map(float))
@example(5.0)
def test_a_scale_ends_above_its_values_and_not_far_above(value):
    end = round_up(value)
    assert end >= value
    assert end <= max(2, 2 * value)
    assert (end / 2).is_integer()
