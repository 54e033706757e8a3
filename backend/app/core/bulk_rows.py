"""Rows (mappings) into records for COPY: conversions, defaults of the application, refusals."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import chain
from typing import Any, cast

from pydantic import ValidationError
from sqlalchemy import JSON, Column
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.orm import Mapper

from app.core.errors import InvalidInput
from app.core.mapped import plain_type, storable, stored_columns, table_of

Row = Mapping[str, Any]
DIALECT = dialect()  # type: ignore[no-untyped-call]
_ALSO_ACCEPTED: dict[type, tuple[type, ...]] = {float: (float, int), Decimal: (Decimal, int)}


class BulkRefused(InvalidInput):
    """A row was refused, so none was written. `row` counts from 1; None when it is not known."""

    code = "bulk_refused"

    def __init__(self, row: int | None, field: str | None, reason: str) -> None:
        place = ": ".join(filter(None, (f"row {row}" if row else "", field or "")))
        super().__init__(f"{place}: {reason}" if place else reason, field=field)
        self.row = row
        self.reason = reason


class Records:
    """Turns mappings into tuples in column order, converted as their column types say.

    The fields of the first row are the fields of all. Columns with a default of the application
    (the UUIDv7 `id`) are filled in; `number` is the row being converted, for error messages.
    """

    def __init__(self, mapper: Mapper[Any], rows: Iterable[Row]) -> None:
        self.table = table_of(mapper)
        self.number = 0
        self._columns = stored_columns(mapper)
        iterator = iter(rows)
        first = next(iterator, None)
        self._rows = iterator if first is None else chain([first], iterator)
        self._given = frozenset(first or ())
        self._require_known(self._given)
        wanted = {n: c for n, c in self._columns.items() if n in self._given or _default(c)}
        self.names = list(wanted)
        self._encoders = [(name, _encoder(column)) for name, column in wanted.items()]
        self._defaults = {n: _default(c) for n, c in wanted.items() if n not in self._given}
        self.is_empty = first is None
        if first is not None:
            self._require_complete()

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for row in self._rows:
            self.number += 1
            if row.keys() != self._given:
                self._require_known(row.keys())
                odd = min(row.keys() ^ self._given)
                raise BulkRefused(self.number, odd, "give every row the fields of the first")
            yield tuple(self._encode(name, encode, row) for name, encode in self._encoders)

    def _encode(self, name: str, encode: Callable[[Any], Any], row: Row) -> Any:
        default = self._defaults.get(name)
        try:
            return encode(row[name] if default is None else default())
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            path = ".".join(map(str, (name, *first["loc"])))
            raise BulkRefused(self.number, path, first["msg"]) from error
        except (TypeError, ValueError) as error:
            raise BulkRefused(self.number, name, str(error)) from error

    def _require_known(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self._columns:
                reason = f"no such column; there are {', '.join(self._columns)}"
                raise BulkRefused(self.number or 1, str(name), reason)

    def _require_complete(self) -> None:
        for name, column in self._columns.items():
            if not (column.nullable or column.server_default or name in self.names):
                raise BulkRefused(1, name, "is missing")


def _default(column: Column[Any]) -> Callable[[], Any] | None:
    """Return what makes the column's default in the application, if anything does."""
    default = column.default
    if default is None or not default.is_callable:
        return None
    make = cast("Callable[[Any], Any]", default.arg)  # type: ignore[attr-defined]
    return lambda: make(None)


def _encoder(column: Column[Any]) -> Callable[[Any], Any]:
    """Return the column's conversion to what the driver takes; it raises on another type."""
    convert = column.type.dialect_impl(DIALECT).bind_processor(DIALECT)
    plain = plain_type(column.type)
    wanted = str if isinstance(plain, JSON) else plain.python_type
    accepted = _ALSO_ACCEPTED.get(wanted, (wanted,))

    def encode(value: Any) -> Any:
        if value is None:
            return None
        value = convert(value) if convert else value
        if not isinstance(value, accepted) or (isinstance(value, bool) and wanted is not bool):
            raise TypeError(f"wants {wanted.__name__}, not {type(value).__name__}")
        if isinstance(value, str) and not storable(value):
            raise ValueError("holds characters that no text has")
        return value

    return encode
