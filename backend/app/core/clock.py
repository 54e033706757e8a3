"""The only place that reads the wall clock, and the learner's day. Rules take both as arguments."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones


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
        """Return the learner's calendar day of `moment` (aware)."""
        local = require_utc(moment).astimezone(ZoneInfo(self.timezone))
        # Wall-clock arithmetic on purpose: the cut-off is an hour on the learner's clock.
        return (local.replace(tzinfo=None) - timedelta(hours=self.cutoff_hour)).date()

    def start_of(self, day: date) -> datetime:
        """Return the first moment, in UTC, of the learner's `day`."""
        local = datetime(
            day.year, day.month, day.day, self.cutoff_hour, tzinfo=ZoneInfo(self.timezone)
        )
        return local.astimezone(UTC)


def is_timezone(name: str) -> bool:
    """Tell whether `name` is an IANA time zone known here."""
    return name in available_timezones()
