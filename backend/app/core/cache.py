"""The process's Valkey client. Nothing in it may be needed: with Valkey down, every read misses."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TypeVar

import structlog
from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

from app.core.config import get_settings

T = TypeVar("T")

CONNECTIONS = 32
TIMEOUT_SECONDS = 0.5
PAUSE_SECONDS = 1.0
_log = structlog.get_logger()


class Cache:
    """Bytes under keys, each with a time to live.

    After a failure Valkey is left alone for a second, so that an outage costs a request nothing
    instead of a time-out each. An outage is logged once, and so is its end.
    """

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._paused_until = 0.0
        self._is_down = False
        self.failure = ""
        """Why the last call failed, for an operator."""
        self._free = asyncio.Semaphore(CONNECTIONS)
        self._scripts: dict[str, AsyncScript] = {}

    @cached_property
    def _client(self) -> Redis:
        pool = ConnectionPool.from_url(
            self._url or "",
            max_connections=CONNECTIONS,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 1),  # once: a connection may have died while it was idle
        )
        return Redis.from_pool(pool)

    async def get(self, key: str) -> bytes | None:
        """Return the value of `key`, or None when there is none or Valkey is down."""
        value = await self._attempt(lambda client: client.get(key))
        assert not isinstance(value, str), "responses are not decoded"
        return value

    async def set(self, key: str, value: bytes, seconds: int, *, only_new: bool = False) -> None:
        """Keep `value` for `seconds`; with `only_new`, leave a present value alone."""
        await self._attempt(lambda client: client.set(key, value, ex=seconds, nx=only_new))

    async def run(self, script: str, key: str, *arguments: int) -> int | None:
        """Run a Lua script over one key; return its integer, or None when Valkey is down."""
        return await self._attempt(lambda client: self._script(client, script)([key], arguments))

    def _script(self, client: Redis, source: str) -> AsyncScript:
        """Return `source` as an object that sends only its digest once Valkey knows it."""
        if source not in self._scripts:
            self._scripts[source] = client.register_script(source)
        return self._scripts[source]

    async def ping(self) -> bool:
        """Return whether Valkey answers."""
        return await self._attempt(lambda client: client.ping()) is True

    async def close(self) -> None:
        """Close the connections."""
        if "_client" in self.__dict__:
            await self._client.aclose()
            await self._client.connection_pool.disconnect()

    async def _attempt(self, call: Callable[[Redis], Awaitable[T]]) -> T | None:
        if self._url is None:
            return None
        async with self._free:  # waiting for a connection is no outage
            if time.monotonic() < self._paused_until:
                return None
            try:
                result = await call(self._client)
            except (TimeoutError, RedisError, OSError) as error:
                self._note_failure(error)
                return None
        if self._is_down:
            self._is_down = False
            _log.warning("cache_back")
        return result

    def _note_failure(self, error: Exception) -> None:
        self._paused_until = time.monotonic() + PAUSE_SECONDS
        self.failure = str(error) or type(error).__name__
        if not self._is_down:
            _log.warning("cache_down", error=str(error))
        self._is_down = True


_current: Cache | None = None


def cache() -> Cache:
    """Return the cache of this process, on `REDIS_URL`; it connects at the first use."""
    global _current  # noqa: PLW0603 - one client a process
    if _current is None:
        _current = Cache(get_settings().REDIS_URL)
    return _current


async def close_cache() -> None:
    """Close the cache of this process, if it was used."""
    global _current  # noqa: PLW0603 - as above
    if _current is not None:
        await _current.close()
        _current = None
