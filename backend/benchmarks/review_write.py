"""Writing a review: our one statement beside a transaction of four on an asyncpg pool.

Both write real reviews of cards picked at random; what the scheduler makes of them is computed
before the clock starts, on both sides.
"""

import random
from collections.abc import Awaitable, Callable
from dataclasses import fields
from functools import partial
from itertools import count
from uuid import UUID

from app.core.clock import LearnerDay, utcnow
from app.domain.srs import queries, rules
from app.domain.srs.rules import CardState, Rating, Review
from app.models.base import new_id
from benchmarks.environment import Bench
from benchmarks.measure import Comparison, in_turns, rate_of

TARGET = 1.4
STATE = ", ".join(f'"{field.name}"' for field in fields(CardState))
CARDS = f"""
SELECT user_id, id, {STATE} FROM srs_cards TABLESAMPLE SYSTEM ($1) REPEATABLE ($2)
WHERE next_review_date <= current_date ORDER BY md5(id::text || $2::float8::text) LIMIT $3
"""

SELECT_REVIEW = "SELECT id FROM srs_reviews WHERE id = $1"
UPDATE_CARD = """
UPDATE srs_cards
SET next_review_date = $3, due_at = $4, "interval" = $5, ease_factor = $6, repetitions = $7,
    is_learning = $8, learning_step = $9, lapses = $10, review_count = $11, stability = $12,
    difficulty = $13, last_reviewed_at = $14, updated_at = $14
WHERE id = $1 AND user_id = $2
"""
INSERT_REVIEW = """
INSERT INTO srs_reviews (id, user_id, card_id, rating, duration_ms, reviewed_at, "interval",
                         ease_factor, stability, difficulty, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""

Work = tuple[UUID, UUID, Review, CardState]
"""User, card, the review, and the card after it."""


async def _work(bench: Bench, seed: int) -> list[Work]:
    """Return reviews of random due cards, each card once."""
    wanted = bench.plan.writes
    percent = min(100.0, 100 * 40 * wanted / bench.plan.volume.cards)
    rows = await bench.raw.fetch(CARDS, percent, float(seed), wanted)
    day, now, pick = LearnerDay(), utcnow(), random.Random(seed)
    work = []
    for user_id, card_id, *columns in rows:
        rating = pick.choices(tuple(Rating), (10, 12, 65, 13))[0]
        review = Review(new_id(), rating, now, pick.randint(1_500, 20_000))
        after = rules.schedule(CardState(*columns), rating, now, day, seed=card_id)
        work.append((user_id, card_id, review, after))
    return work


async def _write_raw(bench: Bench, work: Work) -> None:
    user_id, card_id, review, after = work
    async with bench.raw.acquire() as connection, connection.transaction():
        assert await connection.fetchval(SELECT_REVIEW, review.id) is None
        card = await connection.fetchrow(queries.LOCK_CARD, card_id, user_id)
        assert card is not None
        assert card["review_count"] == after.review_count - 1
        await connection.execute(
            UPDATE_CARD, card_id, user_id, after.next_review_date, after.due_at, after.interval,
            after.ease_factor, after.repetitions, after.is_learning, after.learning_step,
            after.lapses, after.review_count, after.stability, after.difficulty,
            after.last_reviewed_at,
        )  # fmt: skip
        await connection.execute(
            INSERT_REVIEW, review.id, user_id, card_id, review.rating, review.duration_ms,
            review.reviewed_at, after.interval, after.ease_factor, after.stability,
            after.difficulty, after.due_at,
        )  # fmt: skip


async def _write_ours(bench: Bench, work: Work) -> None:
    user_id, card_id, review, after = work
    assert await queries.write_review(bench.ours, user_id, card_id, review, after)


async def compare(bench: Bench) -> list[Comparison]:
    """Measure both ways of writing."""
    seeds = count(random.SystemRandom().randrange(1 << 20))

    async def rate(write: Callable[[Bench, Work], Awaitable[None]]) -> float:
        work = await _work(bench, next(seeds))
        operations = [partial(write, bench, item) for item in work]
        return await rate_of(operations, bench.plan.tasks)

    comparison = Comparison("review writes, one statement beside four", TARGET)
    await rate(_write_ours)  # connections, caches
    await rate(_write_raw)
    ours, raw = partial(rate, _write_ours), partial(rate, _write_raw)
    return [await in_turns(comparison, bench.plan.rounds, ours, raw)]
