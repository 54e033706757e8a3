"""Waits and times as the pages say them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

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
        return translate(language, "interval.years", n=decimal_text(days / _YEAR_DAYS, language))
    if days >= 2 * _MONTH_DAYS:
        return translate(language, "interval.months", n=decimal_text(days / _MONTH_DAYS, language))
    if days >= 1:
        return translate(language, "interval.days", n=round(days))
    if seconds >= _HOUR:
        return translate(language, "interval.hours", n=round(seconds / _HOUR))
    return translate(language, "interval.minutes", n=max(1, round(seconds / _MINUTE)))


def decimal_text(number: float, language: str) -> str:
    """Return `number` with at most one decimal, as the language writes it."""
    text = f"{number:.1f}".removesuffix(".0")
    return text.replace(".", ",") if language == "id" else text


def day_text(day: date, today: date, language: str) -> str:
    """Return a day as people say it: today, tomorrow, in 3 days, yesterday, else its date."""
    ahead = (day - today).days
    named = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(ahead)
    if named:
        return translate(language, f"day.{named}")
    if 0 < ahead < _WEEK_DAYS:
        return translate(language, "day.in_days", n=ahead)
    return date_text(day, language)


def date_text(day: date, language: str) -> str:
    """Return a date: 3 Mar 2026."""
    month = translate(language, "calendar.months").split()[day.month - 1]
    return f"{day.day} {month} {day.year}"


def clock_text(moment: datetime, timezone: str, language: str) -> str:
    """Return the time of day of a moment (aware) on the learner's clock: 07.05, or 07:05."""
    local = moment.astimezone(ZoneInfo(timezone))
    return f"{local:%H.%M}" if language == "id" else f"{local:%H:%M}"


def ahead_text(moment: datetime, now: datetime, language: str) -> str:
    """Return how long it is until a moment, in whole words: 10 minutes, 3 hours."""
    seconds = max(timedelta(0), moment - now).total_seconds()
    if seconds >= _HOUR:
        return translate(language, "day.hours", n=round(seconds / _HOUR))
    return translate(language, "home.minutes", n=max(1, round(seconds / _MINUTE)))
