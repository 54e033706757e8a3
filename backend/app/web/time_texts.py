"""Numbers, waits and times as the pages say them: CLDR's texts where they are what people write.

The short units of waits are our own (`messages.toml`): CLDR shortens jam to j and hari to hr.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_timedelta
from babel.numbers import format_decimal

from app.web.i18n import translate

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_MONTH_DAYS, _YEAR_DAYS = 30, 365
_WEEK_DAYS = 7


def wait_text(language: str, *, days: float = 0, seconds: float = 0) -> str:
    """Return a wait in its largest fitting unit: 10 min, 3 h, 4 d, 2 mo, 1.5 y.

    With `days` (of the learner) the `seconds` do not matter.
    """
    days = days or seconds / _DAY
    if days >= _YEAR_DAYS:
        return translate(language, "interval.years", n=number_text(days / _YEAR_DAYS, language))
    if days >= 2 * _MONTH_DAYS:
        return translate(language, "interval.months", n=number_text(days / _MONTH_DAYS, language))
    if days >= 1:
        return translate(language, "interval.days", n=round(days))
    if seconds >= _HOUR:
        return translate(language, "interval.hours", n=round(seconds / _HOUR))
    return translate(language, "interval.minutes", n=max(1, round(seconds / _MINUTE)))


@lru_cache(maxsize=4096)
def number_text(number: float, language: str) -> str:
    """Return a number, its thousands apart and at most one decimal, as the language writes it."""
    return format_decimal(number, "#,##0.#", language)


def day_text(day: date, today: date, language: str) -> str:
    """Return a day as people say it: today, tomorrow, in 3 days, yesterday, else its date."""
    ahead = (day - today).days
    named = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(ahead)
    if named:
        return translate(language, f"day.{named}")
    if 0 < ahead < _WEEK_DAYS:
        return translate(language, "day.in_days", n=ahead)
    return date_text(day, language)


@lru_cache(maxsize=4096)
def date_text(day: date, language: str, pattern: str = "d MMM y") -> str:
    """Return a date, 3 Mar 2026, or what a pattern of CLDR asks for: MMM is Mar, EEE is Tue."""
    return format_date(day, pattern, language)


def clock_text(moment: datetime, timezone: str, language: str) -> str:
    """Return the time of day of a moment (aware) on the learner's clock: 07.05, or 07:05."""
    return format_skeleton("Hm", moment, ZoneInfo(timezone), locale=language)


def ahead_text(moment: datetime, now: datetime, language: str) -> str:
    """Return how long it is until a moment, in whole words: 10 minutes, 3 hours."""
    wait = max(timedelta(minutes=1), moment - now)
    return format_timedelta(wait, "minute", threshold=1, locale=language)
