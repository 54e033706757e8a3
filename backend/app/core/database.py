"""The engine, its sessions, repeats after passing faults, and the pool's state."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import greenlet_spawn

from app.core.config import BACKEND, Settings, get_settings
from app.core.connecting import connect, engine_for
from app.core.database_errors import is_transient
from app.core.errors import Unavailable
from app.core.probe import Look, Probe
from app.core.telemetry import log_slow_queries
from app.core.work_session import WorkSession

T = TypeVar("T")

LONGEST_DELAY_SECONDS = 0.5
EXPORTS_READING = 2
SEARCHES_AT_ONCE = 4
SEARCH_TURNS = "search_turns"
"""Under this name a session's `info` holds the turns that searches take."""


@dataclass(frozen=True, slots=True)
class PoolStatus:
    """Connections of this process at one moment."""

    size: int
    checked_in: int
    checked_out: int
    overflow: int
    max_overflow: int


class Database:
    """One engine, its sessions and its driver connections.

    `url` is a postgresql+asyncpg URL; `role` is assumed by every connection (see
    `Settings.DATABASE_ROLE`). Nothing connects before the first use.
    """

    def __init__(self, url: str, settings: Settings, *, role: str = "") -> None:
        self.max_overflow = settings.DATABASE_MAX_OVERFLOW
        server_settings = {
            "timezone": "UTC",
            "statement_timeout": str(settings.DATABASE_STATEMENT_TIMEOUT_MS),
            "idle_in_transaction_session_timeout": "60000",
            # Solid-state disks: the default, 4, is a spinning disk's and shuns the search indexes.
            "random_page_cost": "1.1",
        }
        if role:
            server_settings["role"] = role
        self.engine: AsyncEngine = engine_for(
            url,
            server_settings,
            driver={"command_timeout": _client_timeout(settings)},
            poolclass=AsyncAdaptedQueuePool,
            pool_size=settings.DATABASE_POOL_SIZE,
            max_overflow=settings.DATABASE_MAX_OVERFLOW,
            pool_timeout=settings.DATABASE_POOL_TIMEOUT_SECONDS,
            pool_use_lifo=True,
            # Values are personal data: they belong in no log of a server that people use.
            hide_parameters=settings.ENVIRONMENT == "production",
        )
        self._probe = Probe(lambda: connect(url, server_settings))
        event.listen(self.engine.sync_engine, "checkout", _replace_if_dead)
        log_slow_queries(self.engine.sync_engine, settings.DATABASE_SLOW_QUERY_MS)
        # Exports take turns: the server takes whatever it is sent, so nothing else slows them down.
        self.export_turns = asyncio.Semaphore(EXPORTS_READING)
        # Searches too (`search.limits`): a crowd takes neither all connections nor all cores.
        shared = {SEARCH_TURNS: asyncio.Semaphore(SEARCHES_AT_ONCE)}
        self.sessions = async_sessionmaker(self.engine, expire_on_commit=False, info=shared)
        self.read_sessions = async_sessionmaker(
            self.engine.execution_options(isolation_level="AUTOCOMMIT"),
            expire_on_commit=False,
            info=shared,
        )
        self.work_sessions = async_sessionmaker(
            self.engine.execution_options(isolation_level="AUTOCOMMIT"),
            expire_on_commit=False,
            info=shared,
            sync_session_class=WorkSession,
        )

    @asynccontextmanager
    async def driver(self) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        """Lend the pool's asyncpg connection itself, outside any transaction (autocommit).

        For the hot paths: one prepared statement is the whole work, so the layers between it and
        the driver are only cost.
        """
        pooled = await greenlet_spawn(self.engine.sync_engine.raw_connection)
        connection: asyncpg.Connection[asyncpg.Record] = pooled.driver_connection  # type: ignore[assignment]
        try:
            yield connection
        except asyncpg.InternalClientError:
            # The last words of a dying server are read and the end of the connection is not yet:
            # asyncpg waits for the rest of an answer. Nobody else may be lent this connection.
            connection.terminate()
            raise
        finally:
            await greenlet_spawn(pooled.close)

    async def look(self) -> Look:
        """Look at the database past the pool, so that a full one delays no answer.

        Raises Unavailable when it does not answer within seconds.
        """
        return await self._probe.look()

    def pool_status(self) -> PoolStatus:
        """Return the connections of this process, now."""
        pool = self.engine.pool
        assert isinstance(pool, AsyncAdaptedQueuePool)
        return PoolStatus(
            size=pool.size(),
            checked_in=pool.checkedin(),
            checked_out=pool.checkedout(),
            overflow=max(0, pool.overflow()),
            max_overflow=self.max_overflow,
        )

    async def ping(self) -> float:
        """Return the time of one `SELECT 1`, in milliseconds; raise when the server is away."""
        started = time.perf_counter()
        async with self.driver() as connection:
            await connection.fetchval("SELECT 1", timeout=5)
        return (time.perf_counter() - started) * 1000

    async def wait_until_up(self, seconds: float = 30) -> None:
        """Connect, waiting for a server that is still starting.

        Raises Unavailable when it does not answer within `seconds`.
        """
        deadline = time.monotonic() + seconds
        while True:
            try:
                await self.ping()
            except Exception as error:
                if not is_transient(error, idempotent=True):
                    raise
                if time.monotonic() > deadline:
                    raise Unavailable(f"no database within {seconds:.0f} s: {error}") from error
                await asyncio.sleep(0.2)
            else:
                return

    async def close(self) -> None:
        """Close every idle connection; those in use are closed when they are given back."""
        self._probe.close()
        await self.engine.dispose()


def _client_timeout(settings: Settings) -> float | None:
    """Return after how many seconds we stop waiting for an answer.

    Later than the server's own `statement_timeout`, the usual end of a slow statement: this one is
    for a server, or a network, that has fallen silent.
    """
    milliseconds = settings.DATABASE_STATEMENT_TIMEOUT_MS
    return milliseconds / 1000 + 5 if milliseconds else None


def _replace_if_dead(dbapi_connection: Any, _record: Any, _proxy: Any) -> None:
    """Have the pool replace a connection that the server has closed.

    asyncpg hears of a closed socket from the event loop, so this looks at a flag; `pool_pre_ping`
    buys nearly the same with a round trip, 20 to 40 % of a short read.
    """
    if dbapi_connection.driver_connection.is_closed():
        raise DisconnectionError("closed by the server")


async def retry(
    work: Callable[[], Awaitable[T]],
    *,
    idempotent: bool = False,
    seconds: float = 5,
    first_delay: float = 0.05,
) -> T:
    """Run `work` again after a transient database error, for at most `seconds`, with jitter.

    Five seconds outlast a server's restart, the longest fault that is worth waiting for; delays
    double up to half a second. `work` must begin its own transaction each time. The last error is
    raised unchanged.
    """
    deadline = time.monotonic() + seconds
    delay = first_delay
    while True:
        try:
            return await work()
        except Exception as error:
            wait = delay * random.uniform(0.5, 1)  # noqa: S311 - jitter, no secret
            too_late = time.monotonic() + wait > deadline
            if too_late or not is_transient(error, idempotent=idempotent):
                raise
            await asyncio.sleep(wait)
            delay = min(2 * delay, LONGEST_DELAY_SECONDS)


_current: Database | None = None


def open_database(url: str | None = None, settings: Settings | None = None) -> Database:
    """Make the process-wide `Database` (from `DATABASE_URL` by default) and return it."""
    global _current  # noqa: PLW0603 - one engine a process
    settings = settings or get_settings()
    url = url or settings.DATABASE_URL
    if url is None:
        raise Unavailable("DATABASE_URL is empty and no embedded server was started")
    _current = Database(url, settings, role=settings.DATABASE_ROLE)
    return _current


def database() -> Database:
    """Return the process-wide `Database`, opening it at the first use."""
    return _current or open_database()


async def close_database() -> None:
    """Close the process-wide `Database`, if one is open."""
    global _current  # noqa: PLW0603 - as above
    if _current is not None:
        await _current.close()
        _current = None


async def get_db() -> AsyncIterator[AsyncSession]:
    """Give a request its session and transaction: committed at the end, rolled back on an error.

    Use `Depends(get_db, scope="function")`: the commit must come before the response.
    """
    async with session_scope() as session:
        yield session


@asynccontextmanager
async def session_scope() -> AsyncIterator[AsyncSession]:
    """The same for a command or a job."""
    async with database().sessions() as session:
        try:
            yield session
            await session.commit()
        except BaseException:
            await session.rollback()
            raise


async def current_revision(session: AsyncSession) -> str | None:
    """Return the migration that the database is at; None when it was never migrated."""
    exists = await session.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL"))
    if not exists:
        return None
    revision: str | None = await session.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


@cache
def head_revision() -> str:
    """Return the newest migration of this release."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - slow, and few starts need it

    head = ScriptDirectory(str(BACKEND / "alembic")).get_current_head()
    assert head is not None, "alembic/versions is empty"
    return head
