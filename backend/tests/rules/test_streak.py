"""Streaks are counted in the learner's days."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import LearnerDay
from app.domain.practice.rules import streak_days

TODAY = date(2026, 3, 2)


def _ago(*days):
    return [TODAY - timedelta(days=day) for day in days]


def test_days_in_a_row_count():
    assert streak_days([], TODAY) == 0
    assert streak_days(_ago(0), TODAY) == 1
    assert streak_days(_ago(0, 1, 2, 4), TODAY) == 3


def test_a_day_that_is_not_over_breaks_nothing():
    assert streak_days(_ago(1, 2, 3), TODAY) == 3
    assert streak_days(_ago(2, 3), TODAY) == 0


@given(st.integers(0, 400), st.sets(st.integers(0, 800)))
def test_a_streak_is_as_long_as_its_run(length, other):
    beyond = {day for day in other if day > length}
    assert streak_days(_ago(*range(length), *beyond), TODAY) == length


def test_practice_after_midnight_belongs_to_the_evening_before():
    jakarta = LearnerDay("Asia/Jakarta", 4)
    evening = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)  # 22:00 in Jakarta
    night = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)  # 01:30 in Jakarta, the next date
    assert jakarta.date_of(evening) == jakarta.date_of(night) == date(2026, 3, 1)
