"""Whether a value is one that a column can hold, said before the driver or the server is asked."""

import math
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, SmallInteger, String, TypeDecorator
from sqlalchemy.types import TypeEngine

from app.core.clock import require_utc


def plain_type(column_type: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return the type beneath a TypeDecorator."""
    return column_type.impl_instance if isinstance(column_type, TypeDecorator) else column_type


def storable(text: str) -> bool:
    """Return whether PostgreSQL can store `text`: no NUL, no lone surrogate."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def fitting(column_type: TypeEngine[Any], value: Any) -> Any:
    """Return `value` as a column of `column_type` (no document) takes it.

    An id, a date and a time with its zone may be given as text; nothing else is converted. Raises
    TypeError or ValueError, saying what is wanted.
    """
    plain = plain_type(column_type)
    if isinstance(plain, ARRAY):
        return _array(plain, value)
    wanted = plain.python_type
    read = _READERS.get(wanted)
    if read is not None and isinstance(value, str):
        return read(value)
    if not isinstance(value, _ACCEPTED.get(wanted, wanted)) or _is_narrower(value, wanted):
        raise TypeError(f"wants {_NAMES.get(wanted, wanted.__name__)}, not {type(value).__name__}")
    check = _CHECKS.get(wanted)
    if check is not None:
        check(plain, value)
    return require_utc(value, "the time") if isinstance(value, datetime) else value


def _array(plain: Any, value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise TypeError(f"wants a list, not {type(value).__name__}; give [{value!r:.40}]")
    if None in value:
        raise ValueError("holds null; leave it out of the list")
    return [fitting(plain.item_type, item) for item in value]


def _is_narrower(value: Any, wanted: type) -> bool:
    """Return whether only Python takes `value` for `wanted`: a bool as an int, a time as a day."""
    return (isinstance(value, bool) and wanted is not bool) or (
        isinstance(value, datetime) and wanted is date
    )


def _whole_number(plain: TypeEngine[Any], value: int) -> None:
    bits = 16 if isinstance(plain, SmallInteger) else 64 if isinstance(plain, BigInteger) else 32
    if not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
        raise ValueError(f"is out of range: it must be from -2^{bits - 1} to 2^{bits - 1} - 1")


def _text(plain: TypeEngine[Any], value: str) -> None:
    if not storable(value):
        raise ValueError("holds characters that no text has")
    longest = plain.length if isinstance(plain, String) else None
    if longest is not None and len(value) > longest:
        raise ValueError(f"is too long: {len(value)} characters, of at most {longest}")


def _number(_plain: TypeEngine[Any], value: float | Decimal) -> None:
    if not math.isfinite(value):
        raise ValueError("is no number that can be stored")


def _time(text: str) -> datetime:
    try:
        return require_utc(datetime.fromisoformat(text), "the time")
    except (ValueError, OverflowError) as error:
        raise ValueError("wants a time with its zone, such as 2026-01-31T12:00:00+00:00") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("wants a date, such as 2026-01-31") from error


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise ValueError("is no UUID") from error


_READERS: dict[type, Callable[[str], Any]] = {datetime: _time, date: _day, UUID: _id}
_ACCEPTED: dict[type, tuple[type, ...]] = {float: (float, int), Decimal: (Decimal, int)}
_NAMES: dict[type, str] = {datetime: "a time with its zone", date: "a date", UUID: "a UUID"}
_CHECKS: dict[type, Callable[[Any, Any], None]] = {
    int: _whole_number, str: _text, float: _number, Decimal: _number,
}  # fmt: skip
