"""Rows (mappings) into records for COPY: conversions, defaults of the application, refusals."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, cast

from pydantic import ValidationError
from sqlalchemy import JSON, Column
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.orm import Mapper

from app.core.errors import InvalidInput
from app.core.mapped import stored_columns, table_of
from app.core.values import fitting, plain_type

Row = Mapping[str, Any]
DIALECT = dialect()  # type: ignore[no-untyped-call]


class BulkRefused(InvalidInput):
    """A row was refused, so none was written. `row` counts from 1; None when it is not known."""

    code = "bulk_refused"

    def __init__(self, row: int | None, field: str | None, reason: str) -> None:
        place = ": ".join(filter(None, (f"row {row}" if row else "", field or "")))
        super().__init__(f"{place}: {reason}" if place else reason, field=field)
        self.row = row
        self.reason = reason


def require_rows(rows: object) -> None:
    """Raise InvalidInput for what cannot be rows at all."""
    if not isinstance(rows, Iterable) or isinstance(rows, str | bytes | Mapping):
        raise InvalidInput("rows must be mappings of values by column name", field="rows")


class Records:
    """Turns mappings into tuples in column order, converted as their column types say.

    The fields of the first row are the fields of all. Columns with a default of the application
    (the UUIDv7 `id`) are filled in; `number` is the row being converted, for error messages.
    """

    def __init__(self, mapper: Mapper[Any], rows: Iterable[Row]) -> None:
        self.table = table_of(mapper)
        self.number = 0
        self._columns = stored_columns(mapper)
        require_rows(rows)
        iterator = iter(rows)
        first = next(iterator, None)
        self._rows = iterator if first is None else chain([first], iterator)
        self._given = frozenset(first if isinstance(first, Mapping) else ())
        if first is not None:
            self._require_row(first)
            self._require_known(self._given)
        wanted = {n: c for n, c in self._columns.items() if n in self._given or _default(c)}
        self.names = list(wanted)
        self._converters = {
            name: column.type.dialect_impl(DIALECT).bind_processor(DIALECT)
            for name, column in wanted.items()
        }
        self._defaults = {n: _default(c) for n, c in wanted.items() if n not in self._given}
        self.is_empty = first is None
        if first is not None:
            self._require_complete()

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return (record for _, record in self.pairs())

    def pairs(self) -> Iterator[tuple[dict[str, Any], tuple[Any, ...]]]:
        """Yield each row as SQLAlchemy takes it, of the right types, and as COPY does."""
        for row in self._rows:
            self.number += 1
            self._require_row(row)
            fitted = {name: self._value(name, row) for name in self.names}
            yield fitted, tuple(self._converted(name, fitted[name]) for name in self.names)

    def _require_row(self, row: Row) -> None:
        if not isinstance(row, Mapping):
            kind = type(row).__name__
            raise BulkRefused(self.number or 1, None, f"give values by column name, not {kind}")
        if row.keys() != self._given:
            self._require_known(row.keys())
            odd = min(row.keys() ^ self._given)
            raise BulkRefused(self.number, odd, "give every row the fields of the first")

    def _value(self, name: str, row: Row) -> Any:
        default = self._defaults.get(name)
        value = row[name] if default is None else default()
        column_type = self._columns[name].type
        if value is None or isinstance(plain_type(column_type), JSON):
            return value
        try:
            return fitting(column_type, value)
        except (TypeError, ValueError) as error:
            raise BulkRefused(self.number, name, str(error)) from error

    def _converted(self, name: str, value: Any) -> Any:
        convert = self._converters[name]
        if value is None or convert is None:
            return value
        try:
            return convert(value)
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
