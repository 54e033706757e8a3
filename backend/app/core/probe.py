"""One connection beside the pool, for health checks: they answer at once when the pool is full."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg

from app.core.errors import Unavailable

LONGEST_SECONDS = 2.0
_IS_MIGRATED = "SELECT to_regclass('alembic_version') IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Look:
    """The database at one moment."""

    latency_ms: float
    """One SELECT, connection at hand."""
    server_version: str
    revision: str | None


class Probe:
    """Looks at the database, one look at a time, through a connection that it keeps."""

    def __init__(self, connect: Callable[[], Awaitable[Any]]) -> None:
        self._connect = connect
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._turn = asyncio.Lock()

    async def look(self) -> Look:
        """Return what is there; raise Unavailable when no answer comes in time."""
        try:
            async with asyncio.timeout(LONGEST_SECONDS), self._turn:
                try:
                    return await self._look()
                except BaseException:
                    self.close()
                    raise
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Unavailable from error

    async def _look(self) -> Look:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._connect()
        connection = self._connection
        assert connection is not None
        started = time.perf_counter()
        is_migrated = await connection.fetchval(_IS_MIGRATED)
        latency_ms = (time.perf_counter() - started) * 1000
        revision = is_migrated and await connection.fetchval(
            "SELECT version_num FROM alembic_version"
        )
        version = await connection.fetchval("SHOW server_version")
        return Look(latency_ms, version.partition(" ")[0], revision or None)

    def close(self) -> None:
        """Drop the connection; the next look makes a new one."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
