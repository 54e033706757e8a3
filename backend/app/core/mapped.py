"""Reading mapped classes that arrive as arguments: their columns, and filters over them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ARRAY, JSON, Column, ColumnElement, Table, TypeDecorator, inspect
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.exc import DBAPIError, NoInspectionAvailable, StatementError
from sqlalchemy.orm import Mapper
from sqlalchemy.types import TypeEngine

from app.core.errors import InvalidInput

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


def plain_type(column_type: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return the type beneath a TypeDecorator."""
    return column_type.impl_instance if isinstance(column_type, TypeDecorator) else column_type


def conditions(mapper: Mapper[Any], filters: Mapping[str, Any] | None) -> list[ColumnElement[bool]]:
    """Return `column = value` for each filter; a list means any of its values, None means NULL.

    Raises InvalidInput for a column that the model lacks or that holds a document, and for a value
    of another type than the column's (an id and a date may be given as text).
    """
    allowed = {
        name: column
        for name, column in stored_columns(mapper).items()
        if not isinstance(plain_type(column.type), ARRAY | JSON | TSVECTOR)
    }
    found: list[ColumnElement[bool]] = []
    for name, value in (filters or {}).items():
        if name not in allowed:
            raise InvalidInput(
                f"no filter {name!r}; there are {', '.join(sorted(allowed))}", field=str(name)
            )
        column = allowed[name]
        if isinstance(value, list | tuple | set | frozenset):
            found.append(column.in_([_fitting(column, item) for item in value]))
        else:
            found.append(column.is_(None) if value is None else column == _fitting(column, value))
    return found


def _fitting(column: Column[Any], value: Any) -> Any:
    wanted = plain_type(column.type).python_type
    if isinstance(value, str):
        if wanted is str and not storable(value):
            raise InvalidInput(f"{column.name} holds characters no text has", field=column.name)
        if wanted is UUID:
            try:
                return UUID(value)
            except ValueError as error:
                raise InvalidInput(f"{column.name} is no UUID", field=column.name) from error
        if wanted in {int, float, bool}:
            raise InvalidInput(f"{column.name} wants {wanted.__name__}", field=column.name)
    elif wanted is str or (isinstance(value, bool) and wanted is not bool):
        raise InvalidInput(f"{column.name} wants {wanted.__name__}", field=column.name)
    return value


def storable(text: str) -> bool:
    """Tell whether PostgreSQL can store `text`: no NUL, no lone surrogate."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


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
