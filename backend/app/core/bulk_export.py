"""Rows out, as JSON Lines or CSV, in constant memory."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import JSON, ColumnElement, Row, Select, Text, cast, select
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import InvalidInput
from app.core.mapped import mapper_of, plain_type, table_of

Format = Literal["jsonl", "csv"]
BATCH_ROWS = 1_000


async def bulk_export(
    session: AsyncSession,
    source: Select[Any] | type[Any],
    format: Format = "jsonl",  # noqa: A002
) -> AsyncIterator[bytes]:
    """Yield the rows of a query, or of a mapped class by primary key, 1,000 at a time.

    JSON Lines: one object a line. CSV (RFC 4180): a header, documents and arrays as JSON, NULL
    empty. Times are ISO 8601 in UTC; search vectors are left out. The rows come from a server-side
    cursor in the session's transaction, so they show one moment. Raises InvalidInput for another
    source or format.
    """
    if format not in {"jsonl", "csv"}:
        raise InvalidInput("format must be jsonl or csv", field="format")
    query = _query(source)
    columns = [c for c in query.selected_columns if not isinstance(c.type, TSVECTOR)]
    query = query.with_only_columns(*map(_selected, columns), maintain_column_froms=True)
    if format == "csv":
        yield _csv_lines([[column.name for column in columns]])
    documents = {column.name for column in columns if _is_document(column)}
    stream = await session.stream(query.execution_options(yield_per=BATCH_ROWS))
    async for rows in stream.partitions():
        if format == "csv":
            yield _csv_lines([_cell(value) for value in row] for row in rows)
        else:
            yield b"".join(_json_line(row, documents) for row in rows)


def _query(source: Select[Any] | type[Any]) -> Select[Any]:
    if isinstance(source, Select):
        return source
    mapper = mapper_of(source)
    return select(*table_of(mapper).columns).order_by(*mapper.primary_key)


def _is_document(column: ColumnElement[Any]) -> bool:
    return isinstance(plain_type(column.type), JSON)


def _selected(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Documents leave as their stored text: nothing is parsed only to be written again."""
    return cast(column, Text).label(column.name) if _is_document(column) else column


def _json_line(row: Row[Any], documents: set[str]) -> bytes:
    line = row._asdict()
    for name in documents:
        if line[name] is not None:
            line[name] = msgspec.Raw(line[name].encode())
    return msgspec.json.encode(line) + b"\n"


def _csv_lines(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    """Return what JSON says, without the quotes of a string."""
    if value is None or isinstance(value, str):
        return value or ""
    return msgspec.json.encode(value).decode().strip('"')
