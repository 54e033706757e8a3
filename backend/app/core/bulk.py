"""Many rows in: insert and upsert through COPY.

Everything runs in the session's own transaction, behind a savepoint: all rows, or none.
"""

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, cast

import asyncpg
from sqlalchemy import (
    Column,
    PrimaryKeyConstraint,
    Table,
    TextClause,
    UniqueConstraint,
    bindparam,
    insert,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper

from app.core.arguments import require_all
from app.core.bulk_rows import DIALECT, BulkRefused, Records, Row, require_rows
from app.core.errors import InvalidInput
from app.core.mapped import mapper_of, table_of
from app.core.work_session import Driver, driver_of

COPY_THRESHOLD = 500
"""Rows from which COPY is used; below, one pipelined INSERT saves its round trips."""
ROW_NUMBER = "row_number"
LONGEST_SECONDS = 86_400.0
"""How long we wait for one statement of bulk work; asyncpg has no word for ever."""
_quote = DIALECT.identifier_preparer.quote
_COPY_LINE = re.compile(r"^COPY \S+, line (\d+)")
_KEY_DETAIL = re.compile(r"^Key \((?P<columns>.+?)\)=\((?P<values>.*)\)")


@dataclass(frozen=True, slots=True)
class UpsertResult:
    """How many rows were added, changed, and left as they were."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: "UpsertResult") -> "UpsertResult":
        return UpsertResult(
            self.inserted + other.inserted,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
        )


async def bulk_insert(session: AsyncSession, model: type[Any], rows: Iterable[Row]) -> int:
    """Insert `rows` (column name to value) and return how many; COPY from 500 rows on.

    Values are validated by their column types, ids supplied, generated columns left to the
    database; fields that no row names get the database's default. All rows have the fields of the
    first. Raises BulkRefused, naming row and field, and then nothing is written.
    """
    mapper = mapper_of(model)
    require_rows(rows)
    iterator = iter(rows)
    few = list(islice(iterator, COPY_THRESHOLD))
    records = Records(mapper, chain(few, iterator))
    if records.is_empty:
        return 0
    if len(few) == COPY_THRESHOLD:
        return await _copy_rows(session, records, rows if isinstance(rows, Sequence) else ())
    try:
        async with session.begin_nested():
            await session.execute(insert(table_of(mapper)), _parameters(mapper, few))
    except DBAPIError:  # which row? COPY tells
        return await _copy_rows(session, Records(mapper, few), few)
    return len(few)


def _parameters(mapper: Mapper[Any], rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Check `rows` as for COPY, and return them as SQLAlchemy wants them."""
    return [row for row, _ in Records(mapper, rows).pairs()]


async def _copy_rows(session: AsyncSession, records: Records, rows: Sequence[Row] = ()) -> int:
    async with session.begin_nested(), patience(session):
        with _naming_rows(records, rows):
            await copy_records(session, records.table.name, records.names, records)
    return records.number


@contextmanager
def _naming_rows(records: Records, rows: Sequence[Row] = ()) -> Iterator[None]:
    """Turn what the driver or the server says during a COPY into a BulkRefused."""
    try:
        yield
    except asyncpg.PostgresError as error:
        line = _COPY_LINE.search(error.context or "")
        number = int(line[1]) if line else _row_with(error, rows)
        raise _refusal(records.table, error, number) from error
    except (TypeError, ValueError, OverflowError, asyncpg.InterfaceError) as error:
        raise BulkRefused(records.number, None, str(error)) from error


def _row_with(error: asyncpg.PostgresError, rows: Sequence[Row]) -> int | None:
    """Find the row by the key that the server complains of (foreign keys are checked last)."""
    key = _KEY_DETAIL.match(error.detail or "")
    if key is None or "," in key["columns"]:
        return None
    values = (str(row.get(key["columns"])) for row in rows)
    return next((n for n, value in enumerate(values, start=1) if value == key["values"]), None)


def _refusal(table: Table, error: asyncpg.PostgresError, row: int | None) -> BulkRefused:
    constraint = error.constraint_name or ""
    field = error.column_name
    if not field:
        key = _KEY_DETAIL.match(error.detail or "")
        name = constraint.removeprefix(f"{table.name}_").removesuffix("_check")
        field = key["columns"] if key else (name if name in table.columns else None)
    reason = error.detail if _KEY_DETAIL.match(error.detail or "") else str(error)
    return BulkRefused(row, field, reason or constraint)


async def bulk_upsert(
    session: AsyncSession,
    model: type[Any],
    rows: Iterable[Row],
    conflict_columns: Sequence[str],
    update_columns: Sequence[str],
) -> UpsertResult:
    """Insert `rows`, or update `update_columns` of those that exist by `conflict_columns`.

    One COPY into a temporary table, then one statement; rows that would not change are not
    touched. `conflict_columns` must be unique in the table and among `rows`. Otherwise as
    `bulk_insert`.
    """
    mapper = mapper_of(model)
    records = Records(mapper, rows)
    if records.is_empty:
        return UpsertResult(0, 0, 0)
    _require_columns(records, conflict_columns, "conflict_columns")
    _require_columns(records, update_columns, "update_columns")
    _require_unique(mapper, conflict_columns)
    async with session.begin_nested(), patience(session):
        stage = await create_stage(session, records.table.name, records.names)
        numbered = ((number, *record) for number, record in enumerate(records, start=1))
        with _naming_rows(records):
            await copy_records(session, stage, [ROW_NUMBER, *records.names], numbered)
        await _refuse_repeats(session, stage, conflict_columns)
        result = await merge_stage(
            session,
            model,
            stage,
            records.names,
            conflict_columns=conflict_columns,
            update_columns=update_columns,
        )
        await session.execute(text(f"DROP TABLE {stage}"))
    return result


def _require_columns(records: Records, names: Sequence[str], argument: str) -> None:
    require_all(argument, names, str, "names of columns")
    unknown = sorted(set(names) - set(records.names))
    if unknown:
        allowed = ", ".join(records.names)
        raise InvalidInput(f"{argument}: {', '.join(unknown)} not among {allowed}", field=argument)


def _require_unique(mapper: Mapper[Any], names: Sequence[str]) -> None:
    """Refuse `conflict_columns` that no key or unique constraint holds together."""
    table = table_of(mapper)
    keys = [
        {column.name for column in constraint.columns}
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint)
        and not constraint.deferrable
    ]
    if set(names) not in keys:
        unique = "; ".join(sorted(", ".join(sorted(key)) for key in keys))
        raise InvalidInput(f"conflict_columns must be one of: {unique}", field="conflict_columns")


async def _refuse_repeats(session: AsyncSession, stage: str, names: Sequence[str]) -> None:
    key = ", ".join(map(_quote, names))
    query = text(
        f"SELECT array_agg({ROW_NUMBER} ORDER BY {ROW_NUMBER}) FROM {stage}"  # noqa: S608
        f" GROUP BY {key} HAVING count(*) > 1 ORDER BY 1 LIMIT 1"
    )
    for (rows,) in await _fetch(session, query):
        raise BulkRefused(rows[1], ", ".join(names), f"the same as in row {rows[0]}")


def _merge_statement(
    table: Table,
    stage: str,
    names: Sequence[str],
    conflict_columns: Sequence[str],
    update_columns: Sequence[str],
) -> TextClause:
    """Return the INSERT … SELECT … ON CONFLICT over the staged rows `:first` to `:last`.

    Rows are taken in the order of their keys, so that two upserts lock in the same order.
    """
    columns, key = ", ".join(map(_quote, names)), ", ".join(map(_quote, conflict_columns))
    staged = f"FROM {stage} WHERE {ROW_NUMBER} BETWEEN :first AND :last"
    touched = [c for c in table.columns if c.onupdate is not None and c.name not in update_columns]
    unstaged = [column for column in touched if column.name not in names]
    statement = text(
        f"WITH merged AS (INSERT INTO {_quote(table.name)} AS t ({columns})"  # noqa: S608
        f" SELECT {columns} {staged} ORDER BY {key}"
        f" ON CONFLICT ({key}) DO {_conflict_action(update_columns, touched, unstaged)}"
        " RETURNING t.xmax = 0 AS is_new)"
        " SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new),"
        f" (SELECT count(*) {staged}) - count(*) FROM merged"
    )
    if not update_columns:
        return statement
    return statement.bindparams(
        *(bindparam(c.name, cast("Any", c.onupdate).arg(None), c.type) for c in unstaged)
    )


def _conflict_action(
    update_columns: Sequence[str], touched: Sequence[Column[Any]], unstaged: Sequence[Column[Any]]
) -> str:
    """Return what is done with a row that exists: nothing when nothing would change."""
    if not update_columns:
        return "NOTHING"
    names = [_quote(name) for name in update_columns]
    sets = [f"{name} = excluded.{name}" for name in names]
    for column in touched:
        value = f":{column.name}" if column in unstaged else f"excluded.{_quote(column.name)}"
        sets.append(f"{_quote(column.name)} = {value}")
    old, new = (", ".join(f"{side}.{name}" for name in names) for side in ("t", "excluded"))
    return f"UPDATE SET {', '.join(sets)} WHERE ({old}) IS DISTINCT FROM ({new})"


async def _refused_row(session: AsyncSession, merge: TextClause, count: int) -> int | None:
    """Halve until one row is left; None when rows are refused only together."""
    first, last = 1, count
    while first < last:
        middle = (first + last) // 2
        if await _is_refused(session, merge, first, middle):
            last = middle
        elif await _is_refused(session, merge, middle + 1, last):
            first = middle + 1
        else:
            return None
    return first


async def _is_refused(session: AsyncSession, merge: TextClause, first: int, last: int) -> bool:
    attempt = await session.begin_nested()
    try:
        await _fetch(session, merge, first=first, last=last)
    except asyncpg.PostgresError:
        return True
    finally:
        await attempt.rollback()
    return False


# --- parts that other imports use ---------------------------------------------------------------


async def create_stage(session: AsyncSession, table: str, names: Sequence[str]) -> str:
    """Create a temporary table with columns `names` of `table` and `row_number`; return its name.

    It goes with the transaction, or with the savepoint.
    """
    stage = f"stage_{table}"
    columns = ", ".join(map(_quote, names))
    await session.execute(
        text(
            f"CREATE TEMP TABLE {stage} ON COMMIT DROP AS"  # noqa: S608 - names of models
            f" SELECT 0::bigint AS {ROW_NUMBER}, {columns} FROM {_quote(table)} WITH NO DATA"
        )
    )
    return stage


async def copy_records(
    session: AsyncSession,
    table: str,
    names: Sequence[str],
    records: Iterable[tuple[Any, ...]] | AsyncIterator[tuple[Any, ...]],
) -> None:
    """COPY `records`, already converted for the driver, within the session's transaction."""
    driver = await _driver(session)
    await driver.copy_records_to_table(
        table, columns=list(names), records=records, timeout=LONGEST_SECONDS
    )


async def merge_stage(
    session: AsyncSession,
    model: type[Any],
    stage: str,
    names: Sequence[str],
    *,
    conflict_columns: Sequence[str],
    update_columns: Sequence[str],
) -> UpsertResult:
    """Insert or update from a stage with columns `names`, in one statement.

    `updated_at` is the stage's when it has one, otherwise the present time. Raises BulkRefused,
    naming the row number that the database refuses.
    """
    table = table_of(mapper_of(model))
    merge = _merge_statement(table, stage, names, conflict_columns, update_columns)
    last = await session.scalar(text(f"SELECT max({ROW_NUMBER}) FROM {stage}"))  # noqa: S608
    try:
        async with session.begin_nested():
            (counts,) = await _fetch(session, merge, first=1, last=last or 0)
    except asyncpg.PostgresError as error:
        raise _refusal(table, error, await _refused_row(session, merge, last or 0)) from error
    return UpsertResult(*counts)


@asynccontextmanager
async def patience(session: AsyncSession) -> AsyncIterator[None]:
    """Lift the statement time-out: a million rows take longer than any request may.

    Ours is lifted by `_fetch` and `copy_records`. To be used inside a savepoint, whose rollback
    restores the server's when something fails.
    """
    lift = "SELECT current_setting('statement_timeout'), set_config('statement_timeout', '0', true)"
    before = (await session.execute(text(lift))).scalar_one()
    yield
    restore = text("SELECT set_config('statement_timeout', :before, true)")
    await session.execute(restore, {"before": before})


async def _driver(session: AsyncSession) -> Driver:
    driver = await driver_of(session)
    if not driver.is_in_transaction():
        raise RuntimeError("bulk work needs a transaction; this session commits every statement")
    return driver


async def _fetch(
    session: AsyncSession, statement: TextClause, **values: object
) -> "list[asyncpg.Record]":
    """Run `statement` in the session's transaction, however long it takes."""
    driver = await _driver(session)
    compiled = statement.compile(dialect=DIALECT)
    given = compiled.construct_params(values)
    arguments = [given[name] for name in compiled.positiontup or ()]
    return await driver.fetch(str(compiled), *arguments, timeout=LONGEST_SECONDS)
