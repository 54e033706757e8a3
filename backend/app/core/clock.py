"""The only place that reads the wall clock, and the learner's day. Rules take both as arguments."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


def utcnow() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)


def require_utc(value: datetime, name: str = "datetime") -> datetime:
    """Return `value` in UTC; raise ValueError when it carries no time zone."""
    if value.tzinfo is None:
        raise ValueError(f"{name} is naive; give it a time zone, for example datetime.now(UTC)")
    return value.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class LearnerDay:
    """How one learner counts days: an IANA time zone and the hour at which a new day begins.

    With the default cut-off at 04:00, a review at 01:30 still belongs to the evening before.
    """

    timezone: str = "Asia/Jakarta"
    cutoff_hour: int = 4

    def date_of(self, moment: datetime) -> date:
        """Return the learner's calendar day of `moment` (aware): the last one that has begun."""
        local = require_utc(moment).astimezone(ZoneInfo(self.timezone))
        # Wall-clock arithmetic on purpose: the cut-off is an hour on the learner's clock.
        day = (local.replace(tzinfo=None) - timedelta(hours=self.cutoff_hour)).date()
        # A clock that was put back reads an hour of yesterday; today does not begin twice.
        return day + _DAY if day < date.max and self.start_of(day + _DAY) <= moment else day

    def start_of(self, day: date) -> datetime:
        """Return the first moment, in UTC, of the learner's `day`.

        It is the first at which their clock reads the cut-off hour of that date, or a later time:
        where clocks jump over that hour, the moment of the jump. So one day ends as the next
        begins. A date that a zone left out has a day without length, or what is left of it.
        """
        return _start_of(self.timezone, self.cutoff_hour, day)


@lru_cache(maxsize=4096)
def _start_of(timezone: str, cutoff_hour: int, day: date) -> datetime:
    zone = ZoneInfo(timezone)
    wanted = datetime.combine(day, time(cutoff_hour))
    start, other = (wanted.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    # The hour is read once (both are the same), twice (the first counts), or jumped over: then
    # `other` lies before the jump and `start` after it.
    while start - other > _SECOND:
        middle = other + (start - other) // (2 * _SECOND) * _SECOND
        if middle.astimezone(zone).replace(tzinfo=None) < wanted:
            other = middle
        else:
            start = middle
    return start


def is_timezone(name: str) -> bool:
    """Return whether `name` is an IANA time zone known here."""
    return name in available_timezones()
