"""Whether reading the due queue and writing a review cost the same with a hundred times the cards.

Two databases that differ in the number of learners only. As many learners study in both at once,
with as much due, so that both are read from memory: what is compared is the work, not the disk.
"""

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from uuid import UUID

import asyncpg

from app.cli.console import fail
from app.core.clock import LearnerDay, utcnow
from app.core.config import get_settings
from app.core.database import Database
from app.core.work import Work
from app.domain.srs import queries
from tools.benchmarks import review_write
from tools.benchmarks.due_queue import LIMIT, asked
from tools.benchmarks.environment import FULL, Bench, Plan, url_of
from tools.benchmarks.measure import Comparison, in_turns, rate_for
from tools.generate import Volume
from tools.scratch import driver_url

MOST_COSTLIER = 1.2
STUDYING = 250
WRITES = 700  # a round: these learners' due cards must last
# Learners with much and about equally much that is due.
LEARNERS = """
SELECT user_id FROM srs_cards WHERE next_review_date <= $1
GROUP BY user_id HAVING count(*) BETWEEN 20 AND 80 ORDER BY random() LIMIT $2
"""


def plan_of(name: str, learners: int, cards: int) -> Plan:
    """Return the plan of one size: `FULL` in all but the number of learners and cards."""
    return Plan(
        database=f"lancar_bench_{name}",
        volume=Volume(learners, cards, 20_000, 50_000, seed=1),
        rounds=FULL.rounds,
        seconds=FULL.seconds,
        tasks=FULL.tasks,
        writes=WRITES,
        imported=0,
        imports=0,
        repeats=0,
    )


# Generated anew for every run: what is due to so few is used up by one.
SMALL = plan_of("100k", 1_000, 100_000)
LARGE = plan_of("10m", 100_000, 10_000_000)


async def compare() -> list[Comparison]:
    """Measure both sizes in turns: the large one is "ours", the small one the floor."""
    now = utcnow()
    async with AsyncExitStack() as stack:
        benches = [await stack.enter_async_context(_opened(plan)) for plan in (LARGE, SMALL)]
        users = [await _studying(bench, now) for bench in benches]
        reads = [_reading(*each, now) for each in zip(benches, users, strict=True)]
        writes = [_writing(*each) for each in zip(benches, users, strict=True)]
        comparisons = []
        for name, sides in (("due queue", reads), ("review write", writes)):
            for side in sides:
                await side()  # connections, caches
            comparison = Comparison(name, 1 / MOST_COSTLIER)
            comparisons.append(await in_turns(comparison, FULL.rounds, *sides))
    return comparisons


@asynccontextmanager
async def _opened(plan: Plan) -> AsyncIterator[Bench]:
    """Give one size; unlike `opened`, two can be open at once."""
    database = Database(url_of(plan), get_settings())
    async with asyncpg.create_pool(driver_url(url_of(plan))) as raw:
        try:
            yield Bench(plan, database, raw)
        finally:
            await database.close()


async def _studying(bench: Bench, now: datetime) -> list[UUID]:
    found = await bench.raw.fetch(LEARNERS, LearnerDay().date_of(now), STUDYING)
    if len(found) < STUDYING:
        fail(f"{bench.plan.database}: too little is due. Run the benchmark with --renew.")
    return [row["user_id"] for row in found]


def _reading(bench: Bench, users: list[UUID], now: datetime) -> Callable[[], Awaitable[float]]:
    pick = random.Random(1).choice

    async def read() -> object:
        return await queries.fetch_due_queue(Work(bench.ours), asked(pick(users), now), LIMIT)

    return lambda: rate_for(bench.plan.seconds, bench.plan.tasks, read)


def _writing(bench: Bench, users: list[UUID]) -> Callable[[], Awaitable[float]]:
    seeds = random.SystemRandom()
    return lambda: review_write.our_rate(bench, seeds.randrange(1 << 20), users)
