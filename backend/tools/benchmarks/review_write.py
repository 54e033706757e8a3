"""Writing a review: our one statement beside a transaction of four on an asyncpg pool.

Both write real reviews of cards picked at random, with the same rows in the end: the card, the
log, the day. What the scheduler makes of them is computed before the clock starts, on both sides.
"""

import random
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import count
from typing import NamedTuple
from uuid import UUID

from msgspec import structs

from app.core.clock import LearnerDay, utcnow
from app.core.statements import columns_of
from app.core.work import Work
from app.domain.srs import log, log_queries, queries
from app.domain.srs.log import Entry, Step
from app.domain.srs.rules import CardState, Rating
from app.models.base import new_id
from tools.benchmarks.environment import Bench
from tools.benchmarks.measure import Comparison, as_sent, in_turns, rate_of

TARGET = 1.4
CARDS = f"""
SELECT user_id, id, {columns_of(CardState.__struct_fields__)}
FROM srs_cards {{sample}}
WHERE next_review_date <= current_date {{whose}} ORDER BY md5(id::text || $1::text) LIMIT $2
"""
ANYBODYS = CARDS.format(sample="TABLESAMPLE SYSTEM ($3)", whose="")
OF_LEARNERS = CARDS.format(sample="", whose="AND user_id = ANY ($3)")
ADD_TO_DAY = """
INSERT INTO daily_activity AS a (id, user_id, day, reviews, learnt_reviews, new_cards, duration_ms)
VALUES ($1, $2, $3, 1, $4, $5, $6)
ON CONFLICT (user_id, day) DO UPDATE
SET reviews = a.reviews + 1, learnt_reviews = a.learnt_reviews + excluded.learnt_reviews,
    new_cards = a.new_cards + excluded.new_cards,
    duration_ms = a.duration_ms + excluded.duration_ms, updated_at = now()
"""


class Review(NamedTuple):
    """One review to be written."""

    user_id: UUID
    card_id: UUID
    step: Step


async def _work(bench: Bench, seed: int, users: Sequence[UUID] | None) -> list[Review]:
    """Return reviews of random due cards, of `users` or of anybody, each card once."""
    wanted = bench.plan.writes
    percent = min(100.0, 100 * 40 * wanted / bench.plan.volume.cards)
    asked = (ANYBODYS, percent) if users is None else (OF_LEARNERS, users)
    rows = await bench.raw.fetch(asked[0], str(seed), wanted, asked[1])
    now, pick = utcnow(), random.Random(seed)
    today = LearnerDay().date_of(now)
    work = []
    for row in rows:
        review = Entry(
            new_id(),
            "review",
            now,
            today,
            rating=pick.choices(tuple(Rating), (10, 12, 65, 13))[0],
            fuzz_factor=pick.random(),
            duration_ms=pick.randint(1_500, 20_000),
        )
        state = CardState(**{name: row[name] for name in CardState.__struct_fields__})
        (step,) = log.steps([review], state, {})
        work.append(Review(row["user_id"], row["id"], step))
    return work


async def _write_raw(bench: Bench, work: Review) -> None:
    user_id, card_id, step = work
    entry, before, after, _ = step
    now = entry.reviewed_at
    card_of = {"card_id": card_id, "user_id": user_id, "now": now}
    row = log_queries.log_row(step, user_id, card_id, None, now)
    async with bench.raw.acquire() as connection, connection.transaction():
        card = await connection.fetchrow(
            *as_sent(log_queries.LOCK_CARDS, user_id=user_id, card_ids=[card_id])
        )
        assert card is not None
        assert card["revision"] == before.revision
        await connection.execute(
            *as_sent(log_queries.UPDATE_CARD, **card_of, **structs.asdict(after))
        )
        await connection.execute(*as_sent(log_queries.INSERT_ENTRY, **row, action_id=None))
        await connection.execute(
            ADD_TO_DAY, new_id(), user_id, entry.day, int(not before.is_learning),
            int(before.is_new), entry.duration_ms,
        )  # fmt: skip


async def _write_ours(bench: Bench, work: Review) -> None:
    user_id, card_id, step = work
    now = step.entry.reviewed_at
    assert await queries.write_review(Work(bench.ours), user_id, card_id, step, None, now)


Write = Callable[[Bench, Review], Awaitable[None]]


async def _rate(
    write: Write, bench: Bench, seed: int, users: Sequence[UUID] | None = None
) -> float:
    operations = [partial(write, bench, item) for item in await _work(bench, seed, users)]
    return await rate_of(operations, bench.plan.tasks)


our_rate = partial(_rate, _write_ours)
"""Return how many reviews a second our statement writes; the seed picks the cards, of `users`."""
raw_rate = partial(_rate, _write_raw)
"""Return how many the four statements write."""


async def compare(bench: Bench) -> list[Comparison]:
    """Measure both ways of writing."""
    seeds = count(random.SystemRandom().randrange(1 << 20))
    comparison = Comparison("review writes, one statement beside four", TARGET)
    await our_rate(bench, next(seeds))  # connections, caches
    await raw_rate(bench, next(seeds))
    await in_turns(
        comparison,
        bench.plan.rounds,
        lambda: our_rate(bench, next(seeds)),
        lambda: raw_rate(bench, next(seeds)),
    )
    return [comparison]
