"""What each read costs one by one, and proof that it goes through its index."""

import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import LearnerDay, utcnow
from app.core.database_utils import DatabaseUtils
from app.core.pagination import _keyset
from app.core.work import Work
from app.domain.curriculum.lessons import list_lessons
from app.domain.srs import queries
from app.models import Question
from tools.benchmarks.due_queue import LIMIT, asked, learners, sent
from tools.benchmarks.environment import Bench
from tools.benchmarks.measure import median_ms

BOUNDED_ROWS = 20_000
"""Rows that a sequential scan may look at before it counts as reading through the table."""
NEWEST = [Question.created_at.desc(), Question.id.desc()]
COMMON, EXAMPLE, RARE = "the friend", "present perfect", "accountant near"

Statement = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """One read: its time, the indexes that its plans use, and the tables that they read through.

    Where words are common, the planner rightly looks at rows until a limit is reached instead of
    collecting every match from the index; that is bounded, and does not count as reading through.
    """

    name: str
    milliseconds: float
    wanted_index: str
    indexes: set[str]
    scanned: set[str]

    @property
    def is_met(self) -> bool:
        """Whether the wanted index is used and no large table is read through."""
        return self.wanted_index in self.indexes and not self.scanned


async def readings(bench: Bench) -> list[Reading]:
    """Time and explain the reads that must not grow with the tables."""
    return [
        await _due_queue(bench),
        await _with_session(bench, "search with total, common words", "idx_questions_search",
                            lambda db: _search(db, COMMON)),
        await _with_session(bench, "search with total, present perfect", "idx_questions_search",
                            lambda db: _search(db, EXAMPLE)),
        await _with_session(bench, "search with total, rare words", "idx_questions_search",
                            lambda db: _search(db, RARE)),
        await _with_session(bench, "lesson list, first page", "idx_lessons_published",
                            lambda db: list_lessons(Work.of(db))),
        await _deep_page(bench),
    ]  # fmt: skip


async def _search(db: AsyncSession, term: str) -> None:
    filters = {"status": "published"}
    found = await DatabaseUtils.search_full_text(db, Question, term, filters=filters, limit=20)
    total = await DatabaseUtils.count_matches(db, Question, term, filters=filters)
    assert found
    assert total.value >= len(found)


async def _deep_page(bench: Bench) -> Reading:
    """Read a page in the middle of the bank, by its cursor."""
    query = select(Question)
    async with bench.ours.read_sessions() as db:
        middle = query.order_by(*NEWEST).offset(bench.plan.volume.questions // 2).limit(1)
        row = (await db.scalars(middle)).one()
    cursor = _keyset(query, NEWEST).cursor(row, backwards=False)

    async def page(db: AsyncSession) -> None:
        found = await DatabaseUtils.get_keyset_page(db, query, NEWEST, 20, cursor)
        assert len(found.items) == 20

    name = f"keyset page at depth {bench.plan.volume.questions // 2:,}"
    return await _with_session(bench, name, "idx_questions_created", page)


async def _with_session(
    bench: Bench, name: str, index: str, work: Callable[[AsyncSession], Awaitable[object]]
) -> Reading:
    async def once() -> None:
        async with bench.ours.read_sessions() as db:
            await work(db)

    with _recorded(bench) as statements:
        await once()
    return await _reading(bench, name, index, statements, await median_ms(bench.plan.repeats, once))


async def _due_queue(bench: Bench) -> Reading:
    now = utcnow()
    user = (await learners(bench, LearnerDay().date_of(now)))[0]
    wanted = asked(user, now)
    milliseconds = await median_ms(
        bench.plan.repeats, lambda: queries.fetch_due_queue(Work(bench.ours), wanted, LIMIT)
    )
    statement, *values = sent(wanted)
    return await _reading(
        bench, "due queue", "idx_srs_cards_due", [(statement, values)], milliseconds
    )


@contextmanager
def _recorded(bench: Bench) -> Iterator[list[Statement]]:
    """Collect the statements that SQLAlchemy sends, but for changes of settings."""
    seen: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "set_config" not in statement:
            seen.append((statement, parameters))

    engine = bench.ours.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def _reading(
    bench: Bench, name: str, index: str, statements: list[Statement], milliseconds: float
) -> Reading:
    indexes: set[str] = set()
    scanned: set[str] = set()
    async with bench.raw.acquire() as connection:
        for statement, parameters in statements:
            explained = await connection.fetchval(
                f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", *parameters
            )
            for node in _nodes(json.loads(explained)[0]["Plan"]):
                indexes |= {node["Index Name"]} if "Index Name" in node else set()
                if node["Node Type"] == "Seq Scan" and _rows_read(node) > BOUNDED_ROWS:
                    scanned.add(node["Relation Name"])
    return Reading(name, milliseconds, index, indexes, scanned)


def _rows_read(node: dict[str, Any]) -> float:
    rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return float(rows * node["Actual Loops"])


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)
