"""Streaks are counted in the learner's days, and freezes forgive a few that were missed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import LearnerDay
from app.domain.activity.streaks import DAYS_FOR_A_FREEZE, MOST_FREEZES, streak

TODAY = date(2026, 3, 2)
HOUR = timedelta(hours=1)
histories = st.sets(st.integers(0, 60)).map(lambda days: _ago(*days))


def _ago(*days):
    return [TODAY - timedelta(days=day) for day in days]


def test_days_in_a_row_count():
    assert streak([], TODAY).days == 0
    assert streak(_ago(0), TODAY).days == 1
    assert streak(_ago(0, 1, 2, 4), TODAY).days == 3


def test_a_day_that_is_not_over_breaks_nothing():
    yesterday = streak(_ago(1, 2, 3), TODAY)
    assert (yesterday.days, yesterday.is_active_today) == (3, False)
    assert streak(_ago(0, 1, 2, 3), TODAY).is_active_today
    assert streak(_ago(2, 3), TODAY).days == 0


def test_the_longest_streak_is_remembered():
    assert streak(_ago(0, 1, 5, 6, 7, 8), TODAY).longest == 4


def test_seven_days_earn_a_freeze_and_two_are_kept():
    assert streak(_ago(*range(6)), TODAY).freezes == 0
    assert streak(_ago(*range(7)), TODAY).freezes == 1
    assert streak(_ago(*range(14)), TODAY).freezes == 2
    assert streak(_ago(*range(70)), TODAY).freezes == MOST_FREEZES


def test_a_freeze_forgives_a_missed_day():
    missed_yesterday = streak(_ago(*range(2, 9)), TODAY)
    assert (missed_yesterday.days, missed_yesterday.freezes) == (7, 0)
    assert missed_yesterday.frozen_days == (TODAY - timedelta(days=1),)
    on_again = streak(_ago(0, *range(2, 9)), TODAY)
    assert (on_again.days, on_again.longest) == (8, 8)
    missed_two = streak(_ago(*range(3, 10)), TODAY)
    assert (missed_two.days, missed_two.longest, missed_two.freezes) == (0, 7, 0)


def test_two_freezes_forgive_two_days_in_a_row():
    away = streak(_ago(*range(3, 17)), TODAY)
    assert (away.days, away.freezes, len(away.frozen_days)) == (14, 0, 2)


@given(st.integers(0, 400))
def test_days_without_a_gap_are_all_counted(length):
    assert streak(_ago(*range(length)), TODAY).days == length
    assert streak(_ago(*range(1, length + 1)), TODAY).days == length


@given(histories)
def test_a_streak_is_what_counting_day_by_day_makes(active):
    days = longest = freezes = 0
    frozen = []
    for day in sorted(_ago(*range(61))):
        if day in active:
            days += 1
            longest = max(longest, days)
            if days % DAYS_FOR_A_FREEZE == 0 and freezes < MOST_FREEZES:
                freezes += 1
        elif day < TODAY and days and freezes:
            freezes -= 1
            frozen.append(day)
        elif day < TODAY:
            days = 0
    found = streak(active, TODAY)
    assert (found.days, found.longest, found.freezes) == (days, longest, freezes)
    assert list(found.frozen_days) == frozen


@given(histories)
def test_practising_today_never_makes_a_streak_shorter(active):
    before, after = streak(active, TODAY), streak([*active, TODAY], TODAY)
    assert before.days <= after.days <= after.longest
    assert before.longest <= after.longest
    assert not set(after.frozen_days) & set(active)


@given(histories)
def test_what_is_frozen_stays_frozen_and_what_was_longest_stays_so(active):
    for days in range(3):
        now, later = (streak(active, TODAY + timedelta(days=n)) for n in (days, days + 1))
        assert set(now.frozen_days) <= set(later.frozen_days)
        assert now.longest == later.longest


def test_a_day_written_before_flying_west_counts():
    tomorrow = TODAY + timedelta(days=1)
    assert streak([*_ago(0, 1), tomorrow], TODAY).days == 3
    assert streak([tomorrow], TODAY).days == 1


@pytest.mark.parametrize(
    ("zone", "cutoff"),
    [
        ("Asia/Jakarta", datetime(2026, 3, 1, 21, tzinfo=UTC)),  # WIB, UTC+7
        ("Asia/Makassar", datetime(2026, 3, 1, 20, tzinfo=UTC)),  # WITA, UTC+8
        ("Asia/Jayapura", datetime(2026, 3, 1, 19, tzinfo=UTC)),  # WIT, UTC+9
        ("America/New_York", datetime(2026, 3, 2, 9, tzinfo=UTC)),  # UTC-5 in winter
        ("America/New_York", datetime(2026, 3, 8, 8, tzinfo=UTC)),  # the day clocks go forward
        ("America/New_York", datetime(2026, 11, 1, 9, tzinfo=UTC)),  # the day they go back
    ],
)
def test_a_day_begins_at_four_on_the_learners_clock(zone, cutoff):
    day = LearnerDay(zone, 4)
    before, after = day.date_of(cutoff - timedelta(seconds=1)), day.date_of(cutoff)
    assert after - before == timedelta(days=1)
    assert streak([before, after], after).days == 2


@pytest.mark.parametrize("start", [datetime(2026, 3, 6, tzinfo=UTC), datetime(2026, 10, 30, tzinfo=UTC)])  # fmt: skip
@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Jakarta"])
def test_practice_every_evening_is_a_streak_whatever_the_clocks_do(zone, start):
    day = LearnerDay(zone, 4)
    evenings = [day.start_of(day.date_of(start) + timedelta(days=n)) + 17 * HOUR for n in range(5)]
    assert (
        streak([day.date_of(evening) for evening in evenings], day.date_of(evenings[-1])).days == 5
    )


def test_practice_after_midnight_belongs_to_the_evening_before():
    jakarta = LearnerDay("Asia/Jakarta", 4)
    evening = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)  # 22:00 in Jakarta
    night = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)  # 01:30 in Jakarta, the next date
    assert jakarta.date_of(evening) == jakarta.date_of(night) == date(2026, 3, 1)
