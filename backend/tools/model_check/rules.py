"""The rules of the schema: as the models declare them, and as the database has them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import (
    CheckConstraint,
    Constraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import Base

Kind = Literal["NOT NULL", "CHECK", "UNIQUE", "FOREIGN KEY", "EXCLUDE"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. NOT NULL has no name of its own before PostgreSQL 18: `table.column` is its name.

    `columns` are those that the rule compares; empty for CHECK, and for a key over an expression.
    """

    kind: Kind
    table: str
    name: str
    columns: tuple[str, ...] = ()


# Alembic's own table is no model. Primary keys are unique indexes, and so are UNIQUE constraints.
_IN_DATABASE = text("""
    SELECT CASE r.contype WHEN 'c' THEN 'CHECK' WHEN 'f' THEN 'FOREIGN KEY' ELSE 'EXCLUDE' END
               AS kind,
           t.relname AS "table", r.conname AS name, r.conrelid AS relation,
           CASE r.contype WHEN 'f' THEN r.conkey ELSE '{}' END AS keys
      FROM pg_constraint AS r JOIN pg_class AS t ON t.oid = r.conrelid
     WHERE r.connamespace = 'public'::regnamespace AND r.contype IN ('c', 'f', 'x')
    UNION ALL
    SELECT 'UNIQUE', t.relname, n.relname, t.oid, i.indkey::int2[]
      FROM pg_index AS i
      JOIN pg_class AS t ON t.oid = i.indrelid JOIN pg_class AS n ON n.oid = i.indexrelid
     WHERE t.relnamespace = 'public'::regnamespace AND i.indisunique
    UNION ALL
    SELECT 'NOT NULL', t.relname, t.relname || '.' || a.attname, t.oid, ARRAY[a.attnum]
      FROM pg_attribute AS a JOIN pg_class AS t ON t.oid = a.attrelid
     WHERE t.relnamespace = 'public'::regnamespace AND t.relkind IN ('r', 'p')
       AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
""")
_COLUMN_NAMES = text("""
    SELECT attrelid, attnum, attname FROM pg_attribute
      JOIN pg_class AS t ON t.oid = attrelid
     WHERE t.relnamespace = 'public'::regnamespace AND t.relkind IN ('r', 'p') AND attnum > 0
""")


async def rules_in_database(connection: AsyncConnection) -> set[Rule]:
    """Return every rule of every table, from PostgreSQL's catalog."""
    names = {
        (relation, number): name
        for relation, number, name in await connection.execute(_COLUMN_NAMES)
    }
    return {
        Rule(kind, table, name, tuple(names[relation, key] for key in keys if key))
        for kind, table, name, relation, keys in await connection.execute(_IN_DATABASE)
        if table != "alembic_version"
    }


def rules_in_models() -> set[Rule]:
    """Return every rule that the models declare."""
    return {rule for table in Base.metadata.tables.values() for rule in _rules_of(table)}


def _rules_of(table: Table) -> Iterable[Rule]:
    for column in table.columns:
        if not column.nullable:
            yield Rule("NOT NULL", table.name, f"{table.name}.{column.name}", (column.name,))
    for index in table.indexes:
        if index.unique:
            columns = tuple(column.name for column in index.columns)
            yield Rule("UNIQUE", table.name, str(index.name), columns)
    for constraint in table.constraints:
        yield _rule_of(table, constraint)


def _rule_of(table: Table, constraint: Constraint) -> Rule:
    name = str(constraint.name)
    match constraint:
        case CheckConstraint():
            return Rule("CHECK", table.name, name)
        case ForeignKeyConstraint():
            return Rule("FOREIGN KEY", table.name, name, tuple(constraint.column_keys))
        case PrimaryKeyConstraint() | UniqueConstraint():
            columns = tuple(column.name for column in constraint.columns)
            return Rule("UNIQUE", table.name, name, columns)
        case _:
            return Rule("EXCLUDE", table.name, name)
