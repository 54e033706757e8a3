"""Valkey as a cache and for rate limits, and what happens when it is away."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from app.core import ratelimit
from app.core.cache import Cache
from app.core.errors import TooManyRequests
from app.embedded.privileges import let_in
from app.embedded.process import ValkeyServer
from app.embedded.servers import valkey_binary
from app.models.base import new_id
from tests.servers import redis_url

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
async def valkey() -> AsyncIterator[Cache]:
    cache = Cache(redis_url())
    yield cache
    await cache.close()


@pytest.fixture
def own_valkey() -> Iterator[ValkeyServer]:
    with tempfile.TemporaryDirectory(prefix="lancar-valkey-") as scratch:
        let_in(Path(scratch))
        server = ValkeyServer(valkey_binary(), Path(scratch) / "valkey", "test")
        server.start()
        yield server
        server.stop()


async def test_what_was_set_is_there_and_a_present_value_can_be_left_alone(valkey):
    key = f"test:{new_id()}"
    assert await valkey.get(key) is None
    await valkey.set(key, b"\x00first", 60, only_new=True)
    await valkey.set(key, b"second", 60, only_new=True)
    assert await valkey.get(key) == b"\x00first"
    await valkey.set(key, b"third", 60)
    assert await valkey.get(key) == b"third"
    assert await valkey.ping()


@pytest.mark.parametrize("url", [None, NOWHERE])
async def test_without_valkey_every_call_misses(url):
    cache = Cache(url)
    await cache.set("key", b"value", 60)
    assert await cache.get("key") is None
    assert await cache.run("return 1", "key") is None
    assert await cache.ping() is False
    await cache.close()


async def test_an_outage_costs_misses_only_and_is_logged_once_with_its_end(own_valkey):
    cache = Cache(own_valkey.url())
    with structlog.testing.capture_logs() as logs:
        await cache.set("key", b"value", 60)
        own_valkey.stop()
        assert [await cache.get("key") for _ in range(20)] == [None] * 20
        own_valkey.start()
        async with asyncio.timeout(20):
            while not await cache.ping():  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await cache.set("key", b"again", 60)
        assert await cache.get("key") == b"again"
    assert [line["event"] for line in logs] == ["cache_down", "cache_back"]
    await cache.close()


async def test_many_requests_at_once_share_the_connections(valkey):
    key = f"test:{new_id()}"
    await valkey.set(key, b"value", 60)
    values = await asyncio.gather(*(valkey.get(key) for _ in range(1000)))
    assert values == [b"value"] * 1000


@pytest.mark.parametrize("url", ["valkey", NOWHERE])
async def test_an_allowance_is_counted_for_all_at_once_with_and_without_valkey(url, monkeypatch):
    cache = Cache(redis_url() if url == "valkey" else url)
    monkeypatch.setattr(ratelimit, "cache", lambda: cache)
    key = str(new_id())

    attempts = [ratelimit.limit("test", key, 7) for _ in range(30)]
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    refusals = [outcome for outcome in outcomes if outcome is not None]
    assert len(outcomes) - len(refusals) == 7
    assert all(isinstance(refusal, TooManyRequests) for refusal in refusals)
    assert {refusal.retry_after for refusal in refusals} <= {8, 9}  # a seventh of a minute
    await ratelimit.limit("test", f"{key} other", 7)
    await ratelimit.limit("another test", key, 7)
    await cache.close()


async def test_of_a_large_allowance_a_process_takes_a_seconds_worth_at_a_time(valkey, monkeypatch):
    asked = []

    class Counting(Cache):
        async def run(self, script, key, *arguments):
            asked.append(key)
            return await valkey.run(script, key, *arguments)

    monkeypatch.setattr(ratelimit, "cache", lambda: Counting(None))
    key = str(new_id())
    for _ in range(100):
        await ratelimit.limit("test", key, 600)
    assert len(asked) == 10
    outcomes = [
        await asyncio.gather(ratelimit.limit("test", key, 600), return_exceptions=True)
        for _ in range(600)
    ]
    # What comes back while the loop runs is admitted too.
    assert 500 <= outcomes.count([None]) < 600


async def test_a_limit_leaves_nothing_behind_once_its_allowance_is_complete(valkey, monkeypatch):
    monkeypatch.setattr(ratelimit, "cache", lambda: valkey)
    key = str(new_id())
    await ratelimit.limit("test", key, 59)
    ttl = await valkey.run("return redis.call('PTTL', KEYS[1])", f"limit:test:{key}")
    assert 0 <= ttl <= 60_000 / 59 + 1
