"""The time zones that the settings offer: Indonesia's first, then where many Indonesians live."""

from babel.dates import get_timezone_location

INDONESIAN = (
    ("Asia/Jakarta", "WIB (Jakarta, Medan, Pontianak)"),
    ("Asia/Makassar", "WITA (Makassar, Denpasar, Balikpapan)"),
    ("Asia/Jayapura", "WIT (Jayapura, Ambon, Sorong)"),
)
ABROAD = (
    "Asia/Kuala_Lumpur",
    "Asia/Singapore",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Tokyo",
    "Asia/Seoul",
    "Asia/Riyadh",
    "Asia/Dubai",
    "Europe/Istanbul",
    "Europe/Berlin",
    "Europe/Amsterdam",
    "Europe/London",
    "Australia/Perth",
    "Australia/Sydney",
    "America/New_York",
    "America/Los_Angeles",
    "UTC",
)


def timezone_choices(present: str, language: str) -> list[tuple[str, str]]:
    """Return (IANA name, label) of each zone to offer, the `present` one always among them."""
    choices = [*INDONESIAN, *((name, _city(name, language)) for name in ABROAD)]
    if present not in dict(choices):
        choices.append((present, _city(present, language)))
    return choices


def _city(name: str, language: str) -> str:
    return get_timezone_location(name, language, return_city=True)
