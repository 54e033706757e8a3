"""Rows out, as JSON Lines or CSV, in constant memory."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Literal, get_args

import msgspec
from sqlalchemy import JSON, ColumnElement, Row, Select, Text, cast, select
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.arguments import require_one_of
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
    require_one_of("format", format, get_args(Format))
    query = _query(source)
    columns = [c for c in query.selected_columns if not isinstance(c.type, TSVECTOR)]
    query = query.with_only_columns(*map(_selected, columns), maintain_column_froms=True)
    if format != "jsonl":
        yield _csv_header([column.name for column in columns], format)
    documents = {column.name for column in columns if _is_document(column)}
    stream = await session.stream(query.execution_options(yield_per=BATCH_ROWS))
    async for rows in stream.partitions():
        if format == "jsonl":
            yield b"".join(_json_line(row, documents) for row in rows)
        else:
            yield csv_rows(rows, for_excel=format == "excel")


def _csv_header(names: Sequence[str], kind: Format) -> bytes:
    mark = BYTE_ORDER_MARK if kind == "excel" else b""
    return mark + csv_rows([names], for_excel=kind == "excel")


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
