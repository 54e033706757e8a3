"""Query plans: what the planner would do, and which tables it would read whole."""

import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.statements import Statement
from tests.work import watching


class Plan:
    """A plan of PostgreSQL, from EXPLAIN (FORMAT JSON)."""

    def __init__(self, root: dict[str, Any]) -> None:
        self.root = root
        self.nodes = list(_walk(root))

    @property
    def indexes(self) -> set[str]:
        """The indexes that it uses."""
        return {node["Index Name"] for node in self.nodes if "Index Name" in node}

    @property
    def seq_scans(self) -> set[str]:
        """The tables that it reads from end to end."""
        return {node["Relation Name"] for node in self.nodes if node["Node Type"] == "Seq Scan"}

    @property
    def kinds(self) -> set[str]:
        """The kinds of its nodes, for example Sort."""
        return {node["Node Type"] for node in self.nodes}

    def __repr__(self) -> str:
        return json.dumps(self.root, indent=1)


def _walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _walk(child)


async def explain(
    db: AsyncSession, statement: Statement[Any] | str, *values: Any, **named: Any
) -> Plan:
    """Return the plan of a named statement, or of one as the driver takes it ($1, $2, …)."""
    if isinstance(statement, Statement):
        statement, values = statement.text, tuple(statement.values(named))
    connection = await (await db.connection()).get_raw_connection()
    driver = connection.driver_connection
    assert driver is not None
    found = await driver.fetchval(f"EXPLAIN (FORMAT JSON) {statement}", *values)
    return Plan((json.loads(found) if isinstance(found, str) else found)[0]["Plan"])


async def plans_of(
    database: Database, db: AsyncSession, work: Callable[[], Awaitable[object]]
) -> list[Plan]:
    """Run `work`, and return the plan of every statement that it sent, with the values it sent."""
    sent: list[tuple[str, tuple[Any, ...]]] = []

    with watching(database, lambda statement, values: sent.append((statement, values))):
        await work()
    return [
        await explain(db, statement, *values) for statement, values in sent if _reads(statement)
    ]


def _reads(statement: str) -> bool:
    """Return whether `statement` is about tables: no savepoint, no change of a setting."""
    return not statement.startswith(("SAVEPOINT", "RELEASE")) and "set_config" not in statement


def assert_no_seq_scan(plan: Plan, *tables: str) -> None:
    """Fail when `plan` reads one of `tables` (any table, when none is named) from end to end."""
    whole = plan.seq_scans & set(tables) if tables else plan.seq_scans
    assert not whole, f"Seq Scan on {', '.join(sorted(whole))}:\n{plan!r}"
