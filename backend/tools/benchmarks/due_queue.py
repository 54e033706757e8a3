"""Reading the due queue: the data layer beside the same statement on an asyncpg pool."""

import random
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.core.clock import LearnerDay, utcnow
from app.core.work import Work
from app.domain.accounts.account import Account
from app.domain.srs import queries
from app.domain.srs.queue import get_queue
from tools.benchmarks.environment import Bench
from tools.benchmarks.measure import Comparison, as_sent, in_turns, rate_for

LIMIT = 20
TARGET = 0.8
# Learners who study now, each with an equal chance: heavy ones are not read more often.
ACTIVE = """
SELECT user_id FROM srs_cards WHERE next_review_date <= $1
GROUP BY user_id HAVING count(*) >= 5 ORDER BY user_id
"""


def account(user_id: UUID) -> Account:
    """Return a generated learner as the session check would."""
    return Account(
        user_id=user_id,
        session_id=user_id,
        email="",
        full_name="",
        role="learner",
        level="A1",
        ui_language="id",
        theme="system",
        timezone="Asia/Jakarta",
        day_cutoff_hour=4,
        desired_retention=0.9,
        new_cards_per_day=20,
        reviews_per_day=200,
        learning_steps=(1, 10),
        relearning_steps=(10,),
        maximum_interval_days=36_500,
        review_order="due_date",
        bury_siblings=True,
        daily_goal_minutes=15,
        show_streak=True,
        speech_enabled=True,
        is_premium=False,
        srs_settings_id=None,
    )


def asked(user_id: UUID, now: datetime) -> queries.Asked:
    """Return what such a learner asks the queue for."""
    day = LearnerDay()
    today = day.date_of(now)
    return queries.Asked(user_id, today, now, 20, 200, True, False, day.start_of(today))


def sent(wanted: queries.Asked) -> tuple[Any, ...]:
    """Return the statement of the queue as the driver takes it, for LIMIT cards."""
    values = wanted._asdict() | {"most": LIMIT, "days_ahead": queries.BALANCED_DAYS}
    return as_sent(queries.DUE_QUEUE, **values)


async def learners(bench: Bench, today: date) -> list[UUID]:
    """Return who has cards that are due."""
    return [row["user_id"] for row in await bench.raw.fetch(ACTIVE, today)]


async def compare(bench: Bench) -> list[Comparison]:
    """Measure the statement alone (the target), and the whole use case for information."""
    now: datetime = utcnow()
    users = await learners(bench, LearnerDay().date_of(now))
    plan, pick = bench.plan, random.Random(1).choice

    async def ours() -> object:
        return await queries.fetch_due_queue(Work(bench.ours), asked(pick(users), now), LIMIT)

    async def raw() -> object:
        async with bench.raw.acquire() as connection:
            return await connection.fetch(*sent(asked(pick(users), now)))

    async def use_case() -> object:
        return await get_queue(Work(bench.ours), account(pick(users)), now, LIMIT)

    await rate_for(plan.seconds, plan.tasks, ours)  # connections, caches
    await rate_for(plan.seconds, plan.tasks, raw)
    read = Comparison("due queue reads (data layer)", TARGET)
    whole = Comparison("due queue with previews, for information", None)
    for comparison, operation in ((read, ours), (whole, use_case)):
        await in_turns(
            comparison,
            plan.rounds,
            lambda operation=operation: rate_for(plan.seconds, plan.tasks, operation),
            lambda: rate_for(plan.seconds, plan.tasks, raw),
        )
    return [read, whole]
