"""How a generated migration is arranged so that nobody waits for it while it runs.

A CHECK on a table in use is added unvalidated and validated afterwards, which lets people read and
write meanwhile; an index on a table in use is built concurrently, in a migration of its own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import render_op
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext
from alembic.util import rev_id


class OutsideOp(ops.OpContainer):
    """Operations that run when the transaction of the migration is over."""


@renderers.dispatch_for(OutsideOp)
def _render_outside(autogen: AutogenContext, op: OutsideOp) -> list[str | None]:
    lines = [line for inner in op.ops for line in render_op(autogen, inner)]
    return ["with op.get_context().autocommit_block():", *lines, None]


def arrange(
    _context: MigrationContext, _revision: Any, directives: list[ops.MigrationScript]
) -> None:
    """Rewrite the generated migration; index operations may become a second one."""
    script = directives[0]
    assert script.upgrade_ops is not None
    if moved := list(_take_index_operations(script.upgrade_ops)):
        if script.upgrade_ops.ops:
            _set(script, script.upgrade_ops.ops)
            script = _following(script)
            directives.append(script)
        _set(script, moved)
        for container in (script.upgrade_ops, script.downgrade_ops):
            assert container is not None
            container.ops = [OutsideOp(ops=list(_concurrent(container.ops)))]
    for container in (directives[0].upgrade_ops, directives[0].downgrade_ops):
        assert container is not None
        _validate_afterwards(container)


def _take_index_operations(upgrade: ops.UpgradeOps) -> Iterator[ops.MigrateOperation]:
    """Remove from `upgrade`, and yield, the index operations on tables that stay.

    An index goes with its column.
    """
    made = (ops.CreateTableOp, ops.DropTableOp)
    others = {op.table_name for op in upgrade.ops if isinstance(op, made)}
    for part in upgrade.ops:
        if not isinstance(part, ops.ModifyTableOps) or part.table_name in others:
            continue
        gone = {op.column_name for op in part.ops if isinstance(op, ops.DropColumnOp)}
        for op in list(part.ops):
            stays = isinstance(op, ops.DropIndexOp) and gone & set(op.to_index().columns.keys())
            if isinstance(op, ops.CreateIndexOp | ops.DropIndexOp) and not stays:
                part.ops.remove(op)
                yield op
    upgrade.ops = [
        part for part in upgrade.ops if not isinstance(part, ops.OpContainer) or part.ops
    ]


def _set(script: ops.MigrationScript, operations: Sequence[ops.MigrateOperation]) -> None:
    """Make `operations` the way up, and their reverse the way down."""
    upgrade = ops.UpgradeOps(ops=list(operations))
    script.upgrade_ops, script.downgrade_ops = upgrade, upgrade.reverse()


def _following(script: ops.MigrationScript) -> ops.MigrationScript:
    return ops.MigrationScript(
        rev_id(),
        ops.UpgradeOps(),
        ops.DowngradeOps(),
        message=f"{script.message}, indexes",
        head="head",
    )


def _concurrent(operations: Iterable[ops.MigrateOperation]) -> Iterator[ops.MigrateOperation]:
    """Yield the index operations so that they block nobody and can be run again after a failure."""
    dropped = None
    for op in operations:
        assert isinstance(op, ops.CreateIndexOp | ops.DropIndexOp)
        assert op.index_name is not None
        if dropped != op.index_name:
            dropped = op.index_name
            yield ops.DropIndexOp(
                dropped, op.table_name, if_exists=True, postgresql_concurrently=True
            )
        if isinstance(op, ops.CreateIndexOp):
            op.kw["postgresql_concurrently"] = True
            op.if_not_exists = True
            yield op


def _validate_afterwards(container: ops.UpgradeOps | ops.DowngradeOps) -> None:
    """Add CHECKs unvalidated, so that they can be added again should the validation fail."""
    later: list[ops.MigrateOperation] = []
    for part in container.ops:
        if isinstance(part, ops.ModifyTableOps):
            added = [op for op in part.ops if isinstance(op, ops.CreateCheckConstraintOp)]
            names = {op.constraint_name for op in added}
            part.ops = [
                again
                for op in part.ops
                if not (isinstance(op, ops.DropConstraintOp) and op.constraint_name in names)
                for again in (_replaced(op) if op in added else (op,))
            ]
            later += [
                ops.ExecuteSQLOp(f"ALTER TABLE {op.table_name} VALIDATE CONSTRAINT {name}")
                for op in added
                if (name := op.constraint_name)
            ]
    if later:
        container.ops.append(OutsideOp(ops=later))


# `level IN ('A1', 'A2')`, where level is a VARCHAR, as PostgreSQL writes it.
_ANY = re.compile(r'(?P<column>"?\w+"?)::text = ANY \(ARRAY\[(?P<values>[^]]*)\](?:::text\[\])?\)')


def readable(condition: str) -> str:
    """Return a reflected CHECK as it was written first.

    PostgreSQL would write its own words still otherwise when it reads them again, and a way down
    would not lead to where the way up began.
    """

    def listed(match: re.Match[str]) -> str:
        return f"{match['column']} IN ({match['values'].replace('::character varying', '')})"

    return _ANY.sub(listed, condition)


def _replaced(op: ops.CreateCheckConstraintOp) -> tuple[ops.MigrateOperation, ...]:
    op.condition = readable(str(op.condition))
    op.kw["postgresql_not_valid"] = True
    drop = f"ALTER TABLE {op.table_name} DROP CONSTRAINT IF EXISTS {op.constraint_name}"
    # The constraint of that name is back in the next statement.
    return (ops.ExecuteSQLOp(f"-- squawk-ignore ban-drop-constraint\n{drop}"), op)
