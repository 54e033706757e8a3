"""Stores and reads every model, then tries to break every rule. Leaves nothing behind."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.pool import NullPool

from app.core.connecting import engine_for
from app.core.errors import constraint_of
from app.models import Base
from app.models.base import PydanticJSON, new_id
from tools.model_check.attempts import REFUSED, Change
from tools.model_check.rows import build_rows
from tools.model_check.rules import Rule, rules_in_database, rules_in_models

Row = dict[str, Any]
"""A stored row as PostgreSQL's own JSON."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attempt against one rule; `tried` is None when nobody wrote an attempt."""

    rule: Rule
    tried: Change | None
    refused_by: str | None

    @property
    def held(self) -> bool:
        """Whether exactly this rule refused the attempt."""
        return self.refused_by == self.rule.name


@dataclass(frozen=True, slots=True)
class Findings:
    """What the check found out."""

    server: str
    models: dict[str, str | None]
    """By model: None when it was stored and read back whole, else what went wrong."""
    outcomes: list[Outcome]
    stray_attempts: list[str]
    """Names in `attempts.py` that no CHECK bears."""

    @property
    def ok(self) -> bool:
        """Whether every model and every rule held."""
        return (
            not self.stray_attempts
            and not any(self.models.values())
            and all(outcome.held for outcome in self.outcomes)
        )


async def check_models(url: str) -> Findings:
    """Check the migrated database at `url` in one transaction, which is rolled back."""
    engine = engine_for(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection, connection.begin() as transaction:
            findings = await _check(connection)
            await transaction.rollback()
    finally:
        await engine.dispose()
    return findings


async def _check(connection: AsyncConnection) -> Findings:
    first, second = build_rows(1), build_rows(2)
    rules = await rules_in_database(connection) | rules_in_models()
    async with AsyncSession(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    ) as session:
        models = await _store_and_read(session, first)
        await _store_and_read(session, second)
        await session.commit()
    await connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    rows = [
        {row.__tablename__: await _stored(connection, row) for row in g} for g in (first, second)
    ]
    outcomes = [
        outcome
        for rule in sorted(rules, key=lambda rule: (rule.table, rule.kind, rule.name))
        for outcome in await _attack(connection, rule, *rows)
    ]
    checks = {rule.name for rule in rules if rule.kind == "CHECK"}
    version = await connection.scalar(text("SHOW server_version"))
    return Findings(str(version), models, outcomes, sorted(REFUSED.keys() - checks))


async def _store_and_read(session: AsyncSession, rows: Sequence[Base]) -> dict[str, str | None]:
    """Store `rows`, read them with new objects; return what differs, by model."""
    for row in rows:
        session.add(row)
        await session.flush()
    report: dict[str, str | None] = {
        mapper.class_.__name__: "no row in rows.py" for mapper in Base.registry.mappers
    }
    session.expunge_all()
    for row in rows:
        model = type(row)
        loaded = await session.scalar(
            select(model).where(
                *(column == getattr(row, column.key) for column in model.__table__.primary_key)
            )
        )
        report[model.__name__] = "not found" if loaded is None else _difference(row, loaded)
    return report


def _difference(written: Base, read: Base) -> str | None:
    unloaded = inspect(written).unloaded | inspect(read).unloaded  # the search vector
    for column in inspect(type(written)).column_attrs:
        if column.key in unloaded:
            continue
        before, after = getattr(written, column.key), getattr(read, column.key)
        kind = column.columns[0].type
        if isinstance(kind, PydanticJSON) and before is not None:
            before = kind.adapter.validate_python(before)
        if before != after:
            return f"{column.key}: wrote {before!r}, read {after!r}"
    return None


async def _stored(connection: AsyncConnection, row: Base) -> Row:
    table = _table(row.__tablename__)
    where = " AND ".join(f"{column.name} = :{column.name}" for column in table.primary_key)
    key = {column.name: getattr(row, column.name) for column in table.primary_key}
    statement = text(f"SELECT to_jsonb(t) FROM {table.name} AS t WHERE {where}")  # noqa: S608
    return dict((await connection.execute(statement, key)).scalar_one())


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def attempts(rule: Rule, first: Row) -> list[Change]:
    """Return the changes of a second valid row that `rule` must refuse; `first` is another row."""
    match rule.kind:
        case "CHECK":
            return REFUSED.get(rule.name, [])
        case "NOT NULL":
            return [dict.fromkeys(rule.columns)]
        case "UNIQUE" if rule.columns:
            return [{column: first[column] for column in _written(rule)}]
        case "FOREIGN KEY":
            return [{column: str(new_id()) for column in rule.columns}]
        case _:
            return []


def _written(rule: Rule) -> set[str]:
    """Return the columns of a rule that can be written: of a generated one, what it is made of."""
    columns, written = _table(rule.table).columns, set[str]()
    for name in rule.columns:
        made = columns[name].computed if name in columns else None
        words = set(re.findall(r"\w+", str(made.sqltext))) if made is not None else {name}
        written |= words & {*columns.keys(), name}
    return written


async def _attack(
    connection: AsyncConnection, rule: Rule, first: dict[str, Row], second: dict[str, Row]
) -> list[Outcome]:
    if rule.table not in second:
        return [Outcome(rule, None, None)]
    changes = attempts(rule, first[rule.table])
    if not changes:
        return [Outcome(rule, None, None)]
    return [
        Outcome(rule, change, await _try(connection, rule.table, second[rule.table], change))
        for change in changes
    ]


async def _try(connection: AsyncConnection, name: str, row: Row, change: Change) -> str | None:
    """Make `change` to `row` in a savepoint; return the name of what refused it, or None."""
    table = _table(name)
    sets = ", ".join(f'"{column}" = changed."{column}"' for column in change)
    where = " AND ".join(f"t.{c.name} = old.{c.name}" for c in table.primary_key)
    statement = text(
        f"UPDATE {name} AS t SET {sets}"  # noqa: S608 - names from the catalog and attempts.py
        f" FROM jsonb_populate_record(NULL::{name}, :changed) AS changed,"
        f" jsonb_populate_record(NULL::{name}, :old) AS old WHERE {where}"
    )
    values = {"changed": json.dumps(change), "old": json.dumps(row)}
    savepoint = await connection.begin_nested()
    try:
        result = await connection.execute(statement, values)
    except DBAPIError as error:
        return _refuser(error)
    else:
        return None if result.rowcount == 1 else "nothing: the row was not found"
    finally:
        await savepoint.rollback()


def _refuser(error: DBAPIError) -> str:
    cause = error.orig.__cause__ if error.orig else None
    if isinstance(error, IntegrityError):
        column = getattr(cause, "column_name", None)
        if column:
            return f"{getattr(cause, 'table_name', '')}.{column}"
        return constraint_of(error) or str(cause)
    return f"no rule: {cause}"
