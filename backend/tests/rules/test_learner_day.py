"""Learners' days part time without gap or overlap, whatever the clocks of their zone do."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from app.core.clock import LearnerDay

DAY, SECOND, MICROSECOND = timedelta(days=1), timedelta(seconds=1), timedelta(microseconds=1)
FIRST, LAST, STEP = datetime(1844, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC), 30 * DAY


@cache
def transitions() -> list[tuple[str, datetime]]:
    """Return one moment (and zone) of each way in which clocks were ever changed.

    Days depend on the offsets before and after and on the time of day, not on the year.
    """
    ways = {}
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        for moment, before, after in _changes(zone):
            local = moment.astimezone(zone)
            ways.setdefault((before, after, local.time()), (name, moment))
    return list(ways.values())


def _changes(zone: ZoneInfo) -> Iterator[tuple[datetime, timedelta, timedelta]]:
    moments = [FIRST + n * STEP for n in range((LAST - FIRST) // STEP)]
    offsets = [moment.astimezone(zone).utcoffset() for moment in moments]
    for (low, before), (high, after) in pairwise(zip(moments, offsets, strict=True)):
        if before != after:
            yield _first_with(zone, after, low, high), before, after


def _first_with(zone: ZoneInfo, offset: timedelta, low: datetime, high: datetime) -> datetime:
    """Return the first moment after `low` with this offset, which `high` has."""
    while high - low > SECOND:
        middle = low + (high - low) // (2 * SECOND) * SECOND
        low, high = (
            (low, middle) if middle.astimezone(zone).utcoffset() == offset else (middle, high)
        )
    return high


def test_there_are_clocks_of_every_kind():
    changes = {
        moment.astimezone(ZoneInfo(name)).utcoffset()
        - (moment - SECOND).astimezone(ZoneInfo(name)).utcoffset()
        for name, moment in transitions()
    }
    assert {DAY, -DAY, timedelta(hours=1), timedelta(hours=-1), timedelta(minutes=30)} <= changes
    assert len(transitions()) > 700


@pytest.mark.parametrize("cutoff_hour", range(24))
def test_days_part_time_at_every_change_of_the_clocks(cutoff_hour):
    for name, moment in transitions():
        day = LearnerDay(name, cutoff_hour)
        first = day.date_of(moment - 3 * DAY)
        starts = {first + n * DAY: day.start_of(first + n * DAY) for n in range(8)}
        for (date_, start), (_, end) in pairwise(starts.items()):
            assert start <= end, (name, date_)
            if start == end:
                continue  # a date that this zone never had
            assert day.date_of(start) == day.date_of(end - MICROSECOND) == date_, (name, date_)
        for n in range(-5, 6):
            near = moment + n * timedelta(minutes=17)
            on = day.date_of(near)
            assert starts[on] <= near < starts[on + DAY], (name, near)


@pytest.mark.parametrize(
    ("zone", "cutoff_hour", "day", "start"),
    [
        # Clocks go from 2:45 to 3:45: 3:00 is not read on them that night.
        ("Pacific/Chatham", 3, date(2026, 9, 27), datetime(2026, 9, 26, 14, 0, tzinfo=UTC)),
        ("Antarctica/Troll", 2, date(2026, 3, 29), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("Europe/Berlin", 2, date(2026, 3, 29), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        # An hour is read twice: the day begins the first time, and does not begin again.
        ("Europe/Berlin", 2, date(2026, 10, 25), datetime(2026, 10, 25, 0, 0, tzinfo=UTC)),
        ("Antarctica/Troll", 2, date(2026, 10, 25), datetime(2026, 10, 25, 0, 0, tzinfo=UTC)),
        # Half an hour: from 2:00 to 2:30, and back from 2:00 to 1:30.
        ("Australia/Lord_Howe", 2, date(2026, 10, 4), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", 2, date(2026, 4, 5), datetime(2026, 4, 4, 15, 30, tzinfo=UTC)),
        # Dates that were left out: they begin, at the latest, when they are over.
        ("Pacific/Apia", 4, date(2011, 12, 30), datetime(2011, 12, 30, 10, 0, tzinfo=UTC)),
        ("Pacific/Apia", 4, date(2011, 12, 31), datetime(2011, 12, 30, 14, 0, tzinfo=UTC)),
        ("Pacific/Apia", 0, date(2011, 12, 31), datetime(2011, 12, 30, 10, 0, tzinfo=UTC)),
        ("Pacific/Kwajalein", 4, date(1993, 8, 21), datetime(1993, 8, 21, 12, 0, tzinfo=UTC)),
        ("Asia/Jakarta", 4, date(2026, 3, 2), datetime(2026, 3, 1, 21, 0, tzinfo=UTC)),
    ],
)
def test_a_day_begins_when_the_clock_first_reads_its_hour_or_a_later_one(
    zone, cutoff_hour, day, start
):
    assert LearnerDay(zone, cutoff_hour).start_of(day) == start


def test_a_day_that_has_begun_is_not_over_because_the_clocks_go_back():
    """In Troll the hours from 1 to 3 are read twice: 2:00 comes, and 1:30 once more after it."""
    troll = LearnerDay("Antarctica/Troll", 2)
    start = troll.start_of(date(2026, 10, 25))
    for minutes in range(0, 300, 10):
        assert troll.date_of(start + timedelta(minutes=minutes)) == date(2026, 10, 25)
