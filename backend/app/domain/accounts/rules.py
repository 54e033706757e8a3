"""What makes an account valid: addresses, names, passwords, preferences, and the rank of roles."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from app.core.clock import is_timezone
from app.core.errors import InvalidInput
from app.models import bounds
from app.models.bounds import MOST_STEPS, STEP_MINUTES

MIN_PASSWORD_LENGTH = 8


MAX_PASSWORD_LENGTH = 256


MAX_EMAIL_LENGTH = 254  # RFC 5321, erratum 1690


MAX_LOCAL_PART_LENGTH = 64


MAX_NAME_LENGTH = 255


MAX_GOALS = 10


MAX_GOAL_LENGTH = 100


MIN_AGE, MAX_AGE = 5, 120


# What browsers accept in <input type=email> (WHATWG HTML, "valid e-mail address"), with at least
# one dot in the domain. ASCII only: no two look alike, and case folds the same everywhere.
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"


_EMAIL = re.compile(rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})+")


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


# The eight-and-more-character entries that head every list of leaked passwords, here and abroad.
COMMON_PASSWORDS = frozenset(
    """
    00000000 11111111 12121212 12341234 12344321 123123123 12345678 123456789 1234567890 1234567a
    123456abc 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 66666666 87654321 88888888 987654321 99999999 a1234567
    aa123456 abc12345 abcd1234 abcdefgh admin123 adminadmin asdfghjkl bahasainggris baseball
    bismillah bismillah1 computer football iloveyou indonesia indonesia1 indonesia123 jakarta123
    jayajaya letmein1 lancar123 merdeka45 p@ssw0rd pass1234 passw0rd password password1 password12
    password123 princess q1w2e3r4 qazwsxedc qwer1234 qwerty12 qwerty123 qwertyui qwertyuiop
    rahasia123 sayang123 sayangku sayangkamu semangat starwars sunshine superman trustno1 welcome1
    whatever
    """.split()  # noqa: SIM905 - seventy lines otherwise
)


DEMO_PASSWORD = "belajar-lancar"  # noqa: S105 - public: of accounts that development makes


_DEMO_DOMAIN = "lancar.test"  # .test is nobody's (RFC 6761): no mail arrives there


def _known_timezone(name: str) -> str:
    if not is_timezone(name):
        raise PydanticCustomError(
            "timezone_unknown", "This is not an IANA time zone, for example Asia/Jakarta."
        )
    return name


def _steps_in_text(value: object) -> object:
    """Read the text of a form: "1 10" or "1, 10" as [1, 10]."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


Steps = Annotated[
    list[Annotated[int, Field(ge=STEP_MINUTES.least, le=STEP_MINUTES.most)]],
    Field(max_length=MOST_STEPS),
    BeforeValidator(_steps_in_text),
]


class PreferenceChanges(BaseModel):
    """New values of preferences; what is absent or null stays as it is."""

    model_config = ConfigDict(extra="forbid")

    ui_language: Literal["id", "en"] | None = None
    theme: Literal["system", "light", "dark"] | None = None
    timezone: Annotated[str, AfterValidator(_known_timezone)] | None = Field(
        None, max_length=64, examples=["Asia/Makassar"]
    )
    day_cutoff_hour: int | None = bounds.DAY_CUTOFF_HOUR.field(
        description="Hour at which the learner's day begins."
    )
    daily_goal_minutes: int | None = bounds.DAILY_GOAL_MINUTES.field()
    new_cards_per_day: int | None = bounds.NEW_CARDS_PER_DAY.field()
    reviews_per_day: int | None = bounds.REVIEWS_PER_DAY.field()
    desired_retention: float | None = bounds.DESIRED_RETENTION.field(
        description="Probability of recall at which a card comes due."
    )
    learning_steps: Steps | None = Field(
        None, description="Minutes between the reviews of a new card.", examples=[[1, 10]]
    )
    relearning_steps: Steps | None = Field(
        None, description="Minutes between the reviews of a forgotten card.", examples=[[10]]
    )
    maximum_interval_days: int | None = bounds.MAXIMUM_INTERVAL_DAYS.field()
    review_order: Literal["due_date", "retrievability"] | None = Field(
        None, description="Which due cards come first: the longest due or the least remembered."
    )
    bury_siblings: bool | None = Field(
        None, description="Keep related cards, such as the two of a word, to different days."
    )
    show_streak: bool | None = None
    speech_enabled: bool | None = None
    email_reminders: bool | None = None


SCHEDULING = (
    "desired_retention",
    "learning_steps",
    "relearning_steps",
    "maximum_interval_days",
    "timezone",
    "day_cutoff_hour",
)
"""The preferences of which `srs_settings` keeps every version."""


_REFUSED_STEPS = (
    "Give at most 10 whole numbers of minutes from 1 to 1440, such as 1 10.",
    "Isi paling banyak 10 angka menit dari 1 sampai 1440, misalnya 1 10.",
)


_REFUSED_PREFERENCES = {
    "ui_language": ("Choose Indonesian or English.", "Pilih bahasa Indonesia atau Inggris."),
    "theme": ("Choose one of the themes.", "Pilih salah satu tema."),
    "timezone": (
        "This is not an IANA time zone, for example Asia/Jakarta.",
        "Ini bukan zona waktu IANA, misalnya Asia/Jakarta.",
    ),
    "day_cutoff_hour": (
        "Give a whole hour from 0 to 23.",
        "Isi dengan jam bulat dari 0 sampai 23.",
    ),
    "daily_goal_minutes": (
        "Give a whole number of minutes from 1 to 480.",
        "Isi dengan jumlah menit dari 1 sampai 480, tanpa koma.",
    ),
    "new_cards_per_day": (
        "Give a whole number of cards from 0 to 1000.",
        "Isi dengan jumlah kartu dari 0 sampai 1000, tanpa koma.",
    ),
    "desired_retention": (
        "Give a number from 0.70 to 0.97.",
        "Isi dengan angka dari 0,70 sampai 0,97.",
    ),
    "reviews_per_day": (
        "Give a whole number of reviews from 0 to 9999.",
        "Isi dengan jumlah ulangan dari 0 sampai 9999, tanpa koma.",
    ),
    "learning_steps": _REFUSED_STEPS,
    "relearning_steps": _REFUSED_STEPS,
    "maximum_interval_days": (
        "Give a whole number of days from 1 to 36500.",
        "Isi dengan jumlah hari dari 1 sampai 36500, tanpa koma.",
    ),
    "review_order": ("Choose one of the orders.", "Pilih salah satu urutan."),
    "bury_siblings": ("Choose on or off.", "Pilih aktif atau nonaktif."),
    "show_streak": ("Choose on or off.", "Pilih aktif atau nonaktif."),
    "speech_enabled": ("Choose on or off.", "Pilih aktif atau nonaktif."),
    "email_reminders": ("Choose on or off.", "Pilih aktif atau nonaktif."),
}


_UNKNOWN_PREFERENCE = ("There is no such preference.", "Pengaturan ini tidak ada.")


def check_preferences(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the preferences to write, as their columns hold them.

    Text is read as its column's type, so that a form's fields can be given as they are. Raises
    InvalidInput, naming the first field that is unknown or out of range.
    """
    try:
        return PreferenceChanges.model_validate(changes).model_dump(exclude_none=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = str(first["loc"][0])
        messages = _REFUSED_PREFERENCES.get(field, _UNKNOWN_PREFERENCE)
        raise InvalidInput(*messages, field=field) from error


def normalise_email(email: str) -> str:
    """Return `email` trimmed and in lower case; raise InvalidInput when it is no address."""
    address = email.strip().lower()
    local_part = address.partition("@")[0]
    if (
        len(address) > MAX_EMAIL_LENGTH
        or len(local_part) > MAX_LOCAL_PART_LENGTH
        or not _EMAIL.fullmatch(address)
    ):
        raise InvalidInput(
            "This is not an e-mail address.", "Ini bukan alamat email.", field="email"
        )
    return address


def check_name(full_name: str) -> str:
    """Return the name with single spaces.

    Raises InvalidInput when it is empty, too long or has unprintable characters.
    """
    name = " ".join(full_name.split())
    if not name:
        raise InvalidInput("Please give a name.", "Isi nama dulu, ya.", field="full_name")
    if len(name) > MAX_NAME_LENGTH or _CONTROL.search(name):
        raise InvalidInput(
            "This name is too long or has unprintable characters.",
            "Nama ini terlalu panjang atau berisi karakter yang tidak dapat ditampilkan.",
            field="full_name",
        )
    return name


def check_goals(goals: Sequence[str]) -> list[str]:
    """Return what the learner studies for, in single spaces; raise InvalidInput beyond a list."""
    cleaned = [" ".join(goal.split()) for goal in goals]
    if len(cleaned) > MAX_GOALS or not all(
        goal and len(goal) <= MAX_GOAL_LENGTH and not _CONTROL.search(goal) for goal in cleaned
    ):
        raise InvalidInput(
            f"Give at most {MAX_GOALS} goals of at most {MAX_GOAL_LENGTH} characters.",
            f"Isi paling banyak {MAX_GOALS} tujuan, masing-masing maksimal {MAX_GOAL_LENGTH} "
            "karakter.",
            field="learning_goals",
        )
    return cleaned


def check_birth_year(year: int, today: date) -> int:
    """Return the year of birth of somebody who is 5 to 120 years old this year.

    Raises InvalidInput, naming the years that are possible.
    """
    oldest, youngest = today.year - MAX_AGE, today.year - MIN_AGE
    if not oldest <= year <= youngest:
        raise InvalidInput(
            f"Give the four digits of a year from {oldest} to {youngest}.",
            f"Isi dengan empat angka tahun, dari {oldest} sampai {youngest}.",
            field="birth_year",
        )
    return year


def check_password(password: str, email: str) -> None:
    """Raise InvalidInput unless `password` may protect the account of `email`.

    Length and a list of known bad ones, no rules about character classes (NIST SP 800-63B, 5.1.1).
    """
    if len(password) < MIN_PASSWORD_LENGTH:
        raise InvalidInput(
            "A password needs at least 8 characters.",
            "Kata sandi minimal 8 karakter.",
            field="password",
        )
    if len(password) > MAX_PASSWORD_LENGTH:
        raise InvalidInput(
            "A password has at most 256 characters.",
            "Kata sandi maksimal 256 karakter.",
            field="password",
        )
    folded = password.strip().casefold()
    if not folded:
        raise InvalidInput(
            "A password cannot consist of spaces alone.",
            "Kata sandi tidak boleh hanya berisi spasi.",
            field="password",
        )
    if folded in COMMON_PASSWORDS or len(set(folded)) == 1:
        raise InvalidInput(
            "This password is among the first that are tried. Choose another one.",
            "Kata sandi ini terlalu mudah ditebak. Pilih yang lain.",
            field="password",
        )
    if folded in {email, email.partition("@")[0]}:
        raise InvalidInput(
            "The password must differ from the e-mail address.",
            "Kata sandi tidak boleh sama dengan alamat email.",
            field="password",
        )


def is_demo_email(email: str) -> bool:
    """Return whether a normalised address is one that only development makes accounts for."""
    domain = email.rpartition("@")[2]
    return domain == _DEMO_DOMAIN or domain.endswith(f".{_DEMO_DOMAIN}")


def is_public_password(password: str) -> bool:
    """Return whether anybody can read this password in the source code."""
    return unicodedata.normalize("NFC", password) == DEMO_PASSWORD


def refuse_demo(email: str, password: str) -> None:
    """Raise InvalidInput for what development accounts are made of; for use in production."""
    if is_demo_email(email):
        raise InvalidInput(
            f"Addresses at {_DEMO_DOMAIN} are for development only.",
            f"Alamat di {_DEMO_DOMAIN} hanya untuk pengembangan.",
            field="email",
        )
    if is_public_password(password):
        raise InvalidInput(
            "This password is published with Lancar. Choose another one.",
            "Kata sandi ini tercantum di kode Lancar. Pilih yang lain.",
            field="password",
        )


def _check_choice(field: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise InvalidInput(f"{field} must be one of {', '.join(allowed)}.", field=field)
