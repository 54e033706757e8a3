"""What `alembic revision --autogenerate` and `alembic check` see beyond Alembic's own comparison.

CHECKs, index predicates, generated columns and defaults are compared as PostgreSQL itself writes
them (`schema_catalog`), and the migration for them is written. Any other difference becomes a line
that fails until it is replaced by hand, so that none is ever overlooked. How the operations are
then arranged for tables that are in use stands in `safe_operations`.
"""

import re
import sys
from functools import cached_property
from typing import Any

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.ddl._autogen import ComparisonResult
from alembic.ddl.postgresql import PostgresqlImpl
from alembic.operations import ops
from alembic.runtime.plugins import Plugin
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import CheckConstraint, Column, Index, Table

from app.cli.schema_catalog import (
    Catalog,
    catalog_of_database,
    catalog_of_models,
    differences,
    without_grants,
)

PLUGINS = (
    "alembic.autogenerate.*",
    "~alembic.autogenerate.defaults",
    "alembic.ext.checkconstraint_byname",
    "lancar",
)
"""Alembic's comparison, with our own of defaults."""


class CatalogImpl(PostgresqlImpl):
    """Alembic's PostgreSQL, which compares expressions as the server writes them."""

    __dialect__ = "postgresql"

    @cached_property
    def _catalogs(self) -> tuple[Catalog, Catalog]:
        assert self.connection is not None
        models, actual = catalog_of_models(self.connection), catalog_of_database(self.connection)
        return without_grants(models), without_grants(actual)

    def differences(self) -> dict[str, list[str]]:
        """Return all differences between models and database; see `schema_catalog.differences`."""
        return differences(*self._catalogs)

    def changed(self, table: str, beginning: str) -> str:
        """Return how the line of `table` that begins so differs; empty when it does not."""
        wanted, actual = self._lines(table, beginning)
        return "" if wanted == actual else f"{actual} to {wanted}"

    def column_changed(self, table: str, column: str, word: str) -> bool:
        """Return whether what follows `word` (DEFAULT or GENERATED) differs."""
        lines = self._lines(table, f'column "?{column}"? ')
        wanted, actual = (line.partition(f" {word} ")[2] for line in lines)
        return wanted != actual

    def _lines(self, table: str, beginning: str) -> list[str]:
        """Return the line of the models and that of the database."""
        return [
            next((line for line in catalog[f"table {table}"] if re.match(beginning, line)), "")
            for catalog in self._catalogs
        ]

    def compare_check_constraint(
        self, metadata_constraint: CheckConstraint, reflected_constraint: CheckConstraint
    ) -> ComparisonResult:
        """Compare the whole definitions."""
        beginning = f"constraint {reflected_constraint.name} "
        return _result(self.changed(metadata_constraint.table.name, beginning))

    def compare_indexes(self, metadata_index: Index, reflected_index: Index) -> ComparisonResult:
        """Compare the whole definitions: uniqueness, expressions, order, predicate."""
        assert metadata_index.table is not None
        beginning = rf'index CREATE (UNIQUE )?INDEX "?{reflected_index.name}"? ON '
        return _result(self.changed(metadata_index.table.name, beginning))


def _result(change: str) -> ComparisonResult:
    return ComparisonResult.Different(change) if change else ComparisonResult.Equal()


class WriteByHandOp(ops.MigrateOperation):
    """A difference that nobody writes a migration for but a person."""

    def __init__(self, described: str, lines: list[str]) -> None:
        self.described = described
        self.lines = lines

    def reverse(self) -> "WriteByHandOp":
        """Return what the way down needs: a person, too."""
        return self

    def to_diff_tuple(self) -> tuple[str, str, list[str]]:
        """Return what `alembic check` shows."""
        return ("write_by_hand", self.described, self.lines)


@renderers.dispatch_for(WriteByHandOp)
def _render_by_hand(_autogen: AutogenContext, op: WriteByHandOp) -> list[str]:
    remarks = [f"# {line}" for line in op.lines]
    return [*remarks, f"raise NotImplementedError({f'Write this by hand: {op.described}'!r})"]


def _compare_default(  # noqa: PLR0917 - Alembic's signature
    autogen: AutogenContext,
    alter_column: ops.AlterColumnOp,
    _schema: str | None,
    table: str,
    name: str,
    actual: Column[Any],
    wanted: Column[Any],
) -> PriorityDispatchResult:
    alter_column.existing_server_default = actual.server_default
    impl = autogen.migration_context.impl
    assert isinstance(impl, CatalogImpl)
    if not (actual.computed or wanted.computed) and impl.column_changed(table, name, "DEFAULT"):
        alter_column.modify_server_default = wanted.server_default
    return PriorityDispatchResult.CONTINUE


def _compare_generated(  # noqa: PLR0917 - Alembic's signature
    autogen: AutogenContext,
    modify: ops.ModifyTableOps,
    schema: str | None,
    name: str,
    actual: Table | None,
    wanted: Table | None,
) -> PriorityDispatchResult:
    """Make a generated column anew whose expression changed, with the indexes on it."""
    if actual is None or wanted is None:
        return PriorityDispatchResult.CONTINUE
    impl = autogen.migration_context.impl
    assert isinstance(impl, CatalogImpl)
    for column in wanted.columns:
        old = actual.columns.get(column.name)
        if old is None or not (column.computed or old.computed):
            continue
        if impl.column_changed(name, column.name, "GENERATED"):
            indexes = [index for index in wanted.indexes if column.name in index.columns]
            modify.ops += [
                *(ops.DropIndexOp.from_index(index) for index in indexes),
                ops.DropColumnOp.from_column_and_tablename(schema, name, old),
                ops.AddColumnOp.from_column_and_tablename(schema, name, column),
                *(ops.CreateIndexOp.from_index(index) for index in indexes),
            ]
    return PriorityDispatchResult.CONTINUE


def _compare_the_rest(
    autogen: AutogenContext, upgrade: ops.UpgradeOps, _schemas: set[str | None]
) -> PriorityDispatchResult:
    impl = autogen.migration_context.impl
    assert isinstance(impl, CatalogImpl)
    written = {f"table {getattr(op, 'table_name', '')}" for op in upgrade.ops}
    upgrade.ops += [
        WriteByHandOp(described, lines)
        for described, lines in impl.differences().items()
        if described not in written
    ]
    return PriorityDispatchResult.CONTINUE


def setup(plugin: Plugin) -> None:
    """Register the comparisons with Alembic."""
    plugin.add_autogenerate_comparator(_compare_default, "column", "server_default")
    plugin.add_autogenerate_comparator(_compare_generated, "table", "generated")
    plugin.add_autogenerate_comparator(
        _compare_the_rest, "schema", "catalog", priority=DispatchPriority.LAST
    )


Plugin.setup_plugin_from_module(sys.modules[__name__], "lancar")
