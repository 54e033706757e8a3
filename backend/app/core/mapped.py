"""Reading mapped classes that arrive as arguments: their columns, and filters over them."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import asyncpg
from sqlalchemy import ARRAY, JSON, Column, ColumnElement, Table, any_, cast, inspect, or_
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.exc import DBAPIError, NoInspectionAvailable, StatementError
from sqlalchemy.orm import Mapper

from app.core.arguments import fitting_argument, require_kind
from app.core.errors import InvalidInput
from app.core.values import plain_type

MAX_FILTER_VALUES = 1_000

# Of class 22 (data exception): what the server says of a value that does not fit its column.
_BAD_VALUE = (asyncpg.DataError, asyncpg.exceptions.DataError)


def mapper_of(model: Any) -> Mapper[Any]:
    """Return the mapper of a mapped class; raise InvalidInput (field `model`) for anything else."""
    try:
        mapper = inspect(model)
    except NoInspectionAvailable:
        mapper = None
    if not isinstance(mapper, Mapper):
        raise InvalidInput(f"{model!r} is not a mapped class", field="model")
    return mapper


def table_of(mapper: Mapper[Any]) -> Table:
    """Return the table of a mapped class."""
    assert isinstance(mapper.local_table, Table)
    return mapper.local_table


def stored_columns(mapper: Mapper[Any]) -> dict[str, Column[Any]]:
    """Return the columns that can be written, by name: all but the generated ones."""
    return {column.name: column for column in table_of(mapper).columns if column.computed is None}


def conditions(mapper: Mapper[Any], filters: Mapping[str, Any] | None) -> list[ColumnElement[bool]]:
    """Return `column = value` for each filter; a list means any of its values, None means NULL.

    Raises InvalidInput for a column that the model lacks or that holds a document, for a value of
    another type than the column's (see `values.fitting`), and for more than 1,000 values.
    """
    allowed = {
        name: column
        for name, column in stored_columns(mapper).items()
        if not isinstance(plain_type(column.type), ARRAY | JSON | TSVECTOR)
    }
    require_kind("filters", {} if filters is None else filters, Mapping, "values by column name")
    found: list[ColumnElement[bool]] = []
    for name, value in (filters or {}).items():
        if name not in allowed:
            raise InvalidInput(
                f"no filter {name!r}; there are {', '.join(sorted(allowed))}", field=str(name)
            )
        column = allowed[name]
        if isinstance(value, list | tuple | set | frozenset):
            found.append(_any_of(column, value))
        else:
            wanted = None if value is None else fitting_argument(name, column.type, value)
            found.append(column == wanted)
    return found


def _any_of(column: Column[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """One parameter, however many values: a statement for each number of them would be kept."""
    if len(values) > MAX_FILTER_VALUES:
        raise InvalidInput(
            f"{column.name} takes at most {MAX_FILTER_VALUES} values", field=column.name
        )
    wanted = [
        fitting_argument(column.name, column.type, value) for value in values if value is not None
    ]
    condition = column == any_(cast(wanted, ARRAY(column.type)))
    return or_(condition, column.is_(None)) if None in values else condition


@contextmanager
def refusing_bad_values(field: str) -> Iterator[None]:
    """Raise InvalidInput (naming `field`) for a value that its column cannot take."""
    try:
        yield
    except DBAPIError as error:
        cause = error.orig.__cause__ if error.orig else None
        if not isinstance(cause, _BAD_VALUE):
            raise
        raise InvalidInput(str(cause), field=field) from error
    except StatementError as error:
        raise InvalidInput(str(error.orig), field=field) from error
