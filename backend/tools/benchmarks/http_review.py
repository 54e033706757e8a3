"""Submitting reviews over HTTP, from the session cookie to the commit, beside the raw transaction.

The floor is the four-statement transaction of `review_write`, without HTTP, at equal concurrency.
Both sides, PostgreSQL, Valkey and the load share the cores of this machine, so the processor time
of each part is reported with the rate: it says where the time of a request goes.
"""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import count
from random import Random, SystemRandom

import msgspec
from redis.asyncio import Redis

from app.core.clock import utcnow
from app.core.config import BACKEND, get_settings
from app.core.security import hash_token, new_token
from app.models.base import new_id
from tools.benchmarks import review_write
from tools.benchmarks.cpu import family_of, parent_of, seconds_of
from tools.benchmarks.environment import Bench, url_of
from tools.benchmarks.http_client import connected, request
from tools.benchmarks.http_stages import Direct, Submission, by_stage
from tools.benchmarks.measure import Comparison, in_turns, rate_of

TARGET = 1.0
LEARNERS_A_ROUND = 150
MOST_OF_ALL = 1 / 20
CARDS_A_LEARNER = 20
RATINGS, SHARES = (1, 2, 3, 4), (10, 12, 65, 13)
OK = 200
DUE_LEARNERS = """
SELECT user_id FROM srs_cards WHERE next_review_date <= current_date
GROUP BY user_id HAVING count(*) >= 10 ORDER BY md5(user_id::text || $1::text) LIMIT $2
"""
# What an earlier run reviewed today must not count against the limits of this one.
FORGET_TODAY = "DELETE FROM daily_activity WHERE day >= current_date"
ADD_SESSIONS = """
INSERT INTO user_sessions (id, user_id, token_hash, expires_at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::timestamptz[])
"""


@dataclass
class Usage:
    """Processor seconds by part, and the requests that they were used for."""

    requests: int
    seconds: dict[str, float]

    def microseconds(self) -> dict[str, float]:
        """Return the processor time of one request by part."""
        return {part: 1e6 * used / self.requests for part, used in self.seconds.items()}


@asynccontextmanager
async def _served(bench: Bench) -> AsyncIterator[tuple[str, int, int]]:
    """Serve the bench's database, a worker a core; give host, port and process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host, port = probe.getsockname()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--loop", "uvloop"),
        *("--host", host, "--port", str(port), "--log-level", "warning"),
        *("--workers", str(os.cpu_count() or 1), "app.main:app"),
        cwd=BACKEND,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env={
            **os.environ,
            "DATABASE_URL": url_of(bench.plan),
            "REDIS_URL": get_settings().REDIS_URL or "",
            "ENVIRONMENT": "production",  # logs as there
        },
    )
    try:
        await _answers(host, port)
        yield host, port, process.pid
    finally:
        process.terminate()
        await process.wait()


async def _answers(host: str, port: int) -> None:
    for _ in range(600):
        try:
            async with connected(host, port, 1) as (connection,):
                await connection.send(request("GET", "/health/live", ""))
        except OSError:
            await asyncio.sleep(0.05)
        else:
            return
    raise TimeoutError("the application does not answer")


async def _sign_in(bench: Bench, seed: int) -> list[str]:
    """Return the session tokens of learners with much that is due, others for each seed."""
    few = int(bench.plan.volume.learners * MOST_OF_ALL)
    rows = await bench.raw.fetch(DUE_LEARNERS, str(seed), min(LEARNERS_A_ROUND, few))
    users = [row["user_id"] for row in rows]
    tokens = [new_token() for _ in users]
    ends = [utcnow() + timedelta(days=1)] * len(users)
    hashes = [hash_token(token) for token in tokens]
    await bench.raw.execute(ADD_SESSIONS, [new_id() for _ in users], users, hashes, ends)
    return tokens


async def _submissions(direct: Direct, tokens: Sequence[str]) -> list[Submission]:
    """Return a review of every card that these learners have in their queues, shuffled."""
    pick = Random(len(tokens))
    found = []
    for token in tokens:
        body = await direct.send("GET", f"/api/v1/reviews/due?limit={CARDS_A_LEARNER}", token)
        found += [(token, _review(card, pick)) for card in msgspec.json.decode(body)["cards"]]
    pick.shuffle(found)
    return found


def _review(card: dict[str, str], pick: Random) -> bytes:
    return msgspec.json.encode(
        {
            "id": new_id(),
            "card_id": card["card_id"],
            "rating": pick.choices(RATINGS, SHARES)[0],
            "duration_ms": pick.randint(1_500, 20_000),
            "state_token": card["state_token"],
        }
    )


async def _parts(bench: Bench, server: int) -> dict[str, Callable[[], Sequence[int]]]:
    """Return how to find the processes of each part."""
    backend = await bench.raw.fetchval("SELECT pg_backend_pid()")
    postmaster = parent_of(backend)
    async with Redis.from_url(get_settings().REDIS_URL or "") as client:
        valkey = (await client.info("server")).get("process_id")
    return {
        "application": lambda: family_of(server),
        "PostgreSQL": lambda: family_of(postmaster) if postmaster else [],
        "Valkey": lambda: [int(valkey)] if valkey else [],
        "load": lambda: [os.getpid()],
    }


@dataclass(frozen=True, slots=True)
class Account:
    """Where the processor time of a request goes, in microseconds: by part, and by stage."""

    parts: dict[str, float]
    stages: dict[str, float]


async def compare(bench: Bench) -> tuple[Comparison, Account]:
    """Measure both sides in turns; return the comparison and where the processor time goes."""
    direct = Direct()
    await bench.raw.execute(FORGET_TODAY)
    seeds = count(SystemRandom().randrange(1 << 20))
    tasks = bench.plan.tasks
    async with _served(bench) as (host, port, process), connected(host, port, tasks) as callers:
        parts = await _parts(bench, process)
        usage = Usage(0, dict.fromkeys(parts, 0.0))

        async def ours() -> float:
            submissions = await _submissions(direct, await _sign_in(bench, next(seeds)))
            requests = [request("POST", "/api/v1/reviews", *each) for each in submissions]
            idle = list(callers)

            async def submit(message: bytes) -> None:
                connection = idle.pop()
                status, body = await connection.send(message)
                idle.append(connection)
                assert status == OK, body

            before = {part: seconds_of(find()) for part, find in parts.items()}
            rate = await rate_of([partial(submit, each) for each in requests], tasks)
            for part, find in parts.items():
                usage.seconds[part] += seconds_of(find()) - before[part]
            usage.requests += len(submissions)
            return rate

        async def raw() -> float:
            return await review_write.raw_rate(bench, next(seeds))

        comparison = Comparison("reviews over HTTP, beside four raw statements", TARGET)
        await ours()  # connections, caches
        await raw()
        usage.requests, usage.seconds = 0, dict.fromkeys(parts, 0.0)
        await in_turns(comparison, bench.plan.rounds, ours, raw)
    submissions = await _submissions(direct, await _sign_in(bench, next(seeds)))
    stages = await by_stage(bench, direct, submissions)
    return comparison, Account(usage.microseconds(), stages)
