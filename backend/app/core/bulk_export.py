"""Rows out, as JSON Lines or CSV, in constant memory."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Literal, get_args

import msgspec
from sqlalchemy import (
    JSON,
    ColumnElement,
    Row,
    Select,
    Text,
    Tuple,
    cast,
    literal,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import QueryableAttribute

from app.core.arguments import require_one_of
from app.core.database import Database, retry
from app.core.mapped import mapper_of, table_of
from app.core.spreadsheets import BYTE_ORDER_MARK, csv_rows
from app.core.values import plain_type

Format = Literal["jsonl", "csv", "excel"]
BATCH_ROWS = 1_000


async def bulk_export(
    session: AsyncSession,
    source: Select[Any] | type[Any],
    format: Format = "jsonl",  # noqa: A002
) -> AsyncIterator[bytes]:
    """Yield the rows of a query, or of a mapped class by primary key, 1,000 at a time.

    JSON Lines: one object a line. CSV (RFC 4180): a header, documents and arrays as JSON, NULL
    empty, an apostrophe before what a spreadsheet would run. "excel" is CSV as Excel reads it with
    Indonesian settings. Times are ISO 8601 in UTC; search vectors are left out. The rows come from
    a server-side cursor in the session's transaction, so they show one moment. Raises InvalidInput
    for another source or format.
    """
    lines = _Lines(_query(source), format)
    if header := lines.header():
        yield header
    stream = await session.stream(lines.query.execution_options(yield_per=BATCH_ROWS))
    async for rows in stream.partitions():
        yield lines.of(rows)


async def export_pages(
    database: Database,
    query: Select[Any],
    key: Sequence[QueryableAttribute[Any]],
    format: Format = "jsonl",  # noqa: A002
) -> AsyncIterator[bytes]:
    """Yield the rows of a query as `bulk_export` does, for readers who may be slow.

    Each page of 1,000 is read by itself, and again after a passing fault: no connection is held
    while what was yielded is on its way, and all exports together use two at most. `key` names
    columns of the query that are unique together and never NULL. The rows come in their order, each
    once, as far as they went at the beginning.
    Raises as `bulk_export`.
    """
    lines = _Lines(query.order_by(None), format)
    place = tuple_(*key)
    last = query.order_by(None).order_by(*(column.desc() for column in key)).limit(1)
    end = await _read(database, last)
    yield lines.header()
    if not end:
        return
    pages = lines.query.order_by(*key).limit(BATCH_ROWS).where(place <= _place_of(end[0], key))
    rows = await _read(database, pages)
    while rows:
        yield lines.of(rows)
        rows = await _read(database, pages.where(place > _place_of(rows[-1], key)))


async def _read(database: Database, query: Select[Any]) -> Sequence[Row[Any]]:
    async def read() -> Sequence[Row[Any]]:
        async with database.export_turns, database.read_sessions() as session:
            rows: Sequence[Row[Any]] = (await session.execute(query)).all()
            return rows

    return await retry(read, idempotent=True)


def _place_of(row: Row[Any], key: Sequence[QueryableAttribute[Any]]) -> Tuple:
    """Return where a row stands in the order of `key`."""
    return tuple_(*(literal(getattr(row, str(column.key)), column.type) for column in key))


class _Lines:
    """A query, its documents as their stored text, and the form of its rows as bytes."""

    def __init__(self, query: Select[Any], kind: Format) -> None:
        require_one_of("format", kind, get_args(Format))
        columns = [c for c in query.selected_columns if not isinstance(c.type, TSVECTOR)]
        self.query = query.with_only_columns(*map(_selected, columns), maintain_column_froms=True)
        self._names = [column.name for column in columns]
        self._documents = {column.name for column in columns if _is_document(column)}
        self._kind = kind

    def header(self) -> bytes:
        """Return the line with the names of the columns; JSON Lines have none."""
        if self._kind == "jsonl":
            return b""
        mark = BYTE_ORDER_MARK if self._kind == "excel" else b""
        return mark + csv_rows([self._names], for_excel=self._kind == "excel")

    def of(self, rows: Sequence[Row[Any]]) -> bytes:
        """Return rows as lines."""
        if self._kind == "jsonl":
            return b"".join(_json_line(row, self._documents) for row in rows)
        return csv_rows(rows, for_excel=self._kind == "excel")


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
