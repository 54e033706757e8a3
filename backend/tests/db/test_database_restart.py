"""A database server that dies under load and comes back; and what is tried again, and for how long."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.core.config import Settings
from app.core.database import Database, retry
from app.core.database_errors import is_transient
from app.core.errors import NotFound
from app.embedded.privileges import let_in
from app.embedded.process import PostgresServer
from app.embedded.servers import postgres_binaries
from tests.conftest import Server

pytestmark = pytest.mark.each_version

WORKERS = 12


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    with tempfile.TemporaryDirectory(prefix="lancar-restart-") as scratch:
        let_in(Path(scratch))
        server = PostgresServer(postgres_binaries(), Path(scratch) / "pg", "test", durable=False)
        server.start()
        yield server
        server.stop("immediate")


async def kill(server: PostgresServer) -> None:
    """Kill the postmaster as the kernel would, without a word to anybody, and see it gone."""
    pid = int((server.data / "postmaster.pid").read_text().split("\n", 1)[0])
    os.kill(pid, signal.SIGKILL)
    while server.is_running():  # noqa: ASYNC110
        await asyncio.sleep(0.01)


class Load:
    """Workers that read without pause, half through the driver and half through sessions."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.done = [0] * WORKERS
        self.faults: list[Exception] = []
        self.stopping = False

    async def read(self, worker: int) -> int:
        try:
            if worker % 2:
                async with self.database.driver() as connection:
                    return await connection.fetchval("SELECT $1::int", worker)
            async with self.database.read_sessions() as session:
                return await session.scalar(text("SELECT :n ::int"), {"n": worker})
        except Exception as error:
            self.faults.append(error)
            raise

    async def work(self, worker: int) -> None:
        while not self.stopping:
            assert await retry(lambda: self.read(worker), idempotent=True) == worker
            self.done[worker] += 1

    async def every_worker_reads(self, times: int) -> None:
        goal = [count + times for count in self.done]
        while any(count < wanted for count, wanted in zip(self.done, goal, strict=True)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_killed_server_that_comes_back_costs_its_readers_time_and_nothing_else(own_server):
    settings = Settings(DATABASE_POOL_SIZE=8, DATABASE_MAX_OVERFLOW=8)
    database = Database(own_server.url("lancar"), settings)
    load = Load(database)
    async with asyncio.timeout(60), asyncio.TaskGroup() as workers:
        for worker in range(WORKERS):
            workers.create_task(load.work(worker))
        await load.every_worker_reads(20)
        assert load.faults == []

        await kill(own_server)
        await asyncio.to_thread(own_server.start)
        await load.every_worker_reads(20)
        assert load.faults, "the workers never noticed: this test tests nothing"

        load.stopping = True
    assert database.pool_status().checked_out == 0
    # Nobody retries here: whatever the pool lends must work.
    reads = [load.read(worker) for _ in range(4) for worker in range(WORKERS)]
    assert len(await asyncio.gather(*reads)) == 4 * WORKERS
    await database.close()


async def test_waiting_for_a_server_ends_when_it_is_up(own_server):
    database = Database(own_server.url("lancar"), Settings())
    async with asyncio.timeout(60):
        await kill(own_server)
        waiting = asyncio.create_task(database.wait_until_up())
        await asyncio.to_thread(own_server.start)
        await waiting
    await database.close()


def wrapped(cause: Exception, *, lost: bool = False) -> DBAPIError:
    """As SQLAlchemy's asyncpg dialect hands on an error of the driver."""
    original = Exception("dialect")
    original.__cause__ = cause
    return DBAPIError("SELECT", {}, original, connection_invalidated=lost)


ALWAYS = [asyncpg.SerializationError(), asyncpg.DeadlockDetectedError()]
WHEN_IDEMPOTENT = [
    ConnectionRefusedError(),
    ConnectionResetError(),
    TimeoutError(),
    asyncpg.InterfaceError("connection is closed"),
    asyncpg.InternalClientError("another operation is in progress"),
    asyncpg.ConnectionDoesNotExistError(),
    asyncpg.CannotConnectNowError(),
    asyncpg.AdminShutdownError(),
    asyncpg.CrashShutdownError(),
]
NEVER = [
    asyncpg.UniqueViolationError(),
    asyncpg.QueryCanceledError(),
    asyncpg.InvalidPasswordError(),
    asyncpg.TooManyConnectionsError(),
    asyncpg.InvalidCatalogNameError(),
    PoolTimeout(),
    NotFound(),
    ValueError(),
]


def named(errors: list[Exception]) -> list:
    return [pytest.param(error, id=type(error).__name__) for error in errors]


@pytest.mark.parametrize("error", named(ALWAYS))
def test_what_wrote_nothing_is_always_worth_a_repeat(error):
    for seen in (error, wrapped(error)):
        assert is_transient(seen, idempotent=False) and is_transient(seen, idempotent=True)


@pytest.mark.parametrize("error", named(WHEN_IDEMPOTENT))
def test_a_lost_connection_is_worth_a_repeat_only_of_idempotent_work(error):
    for seen in (error, wrapped(error)):
        assert is_transient(seen, idempotent=True) and not is_transient(seen, idempotent=False)


@pytest.mark.parametrize("error", named(NEVER))
def test_what_would_fail_again_is_not_repeated(error):
    for seen in (error, wrapped(error)):
        assert not is_transient(seen, idempotent=True)


def test_a_connection_that_sqlalchemy_gave_up_counts_as_lost():
    error = wrapped(Exception("unknown"), lost=True)
    assert is_transient(error, idempotent=True) and not is_transient(error, idempotent=False)


async def test_retry_returns_what_the_first_successful_attempt_returns():
    outcomes = iter([asyncpg.DeadlockDetectedError(), asyncpg.SerializationError(), "done"])

    async def work() -> str:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    assert await retry(work, first_delay=0) == "done"


async def test_retry_ends_with_the_last_error_when_its_time_is_up():
    errors = []

    async def work() -> None:
        errors.append(ConnectionRefusedError(len(errors)))
        raise errors[-1]

    with pytest.raises(ConnectionRefusedError) as caught:
        await retry(work, idempotent=True, seconds=0.02, first_delay=0.001)
    assert caught.value is errors[-1]
    assert len(errors) > 1


async def test_retry_does_not_repeat_a_lost_write():
    attempts = []

    async def work() -> None:
        attempts.append(1)
        raise asyncpg.ConnectionDoesNotExistError

    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        await retry(work, first_delay=0)
    assert len(attempts) == 1


async def test_a_real_deadlock_is_repeated_and_both_get_through(fresh_database: Database):
    async with fresh_database.sessions() as session:
        await session.execute(text("INSERT INTO paths (slug, title) VALUES ('a', 'A'), ('b', 'B')"))
        await session.commit()
    both_hold_one = asyncio.Barrier(2)
    attempts = 0

    async def update(first: str, second: str) -> None:
        nonlocal attempts
        attempts += 1
        async with fresh_database.sessions() as session:
            rename = text("UPDATE paths SET title = title || '.' WHERE slug = :slug")
            await session.execute(rename, {"slug": first})
            if attempts <= 2:
                await both_hold_one.wait()
            await session.execute(rename, {"slug": second})
            await session.commit()

    async with asyncio.timeout(30):
        await asyncio.gather(retry(lambda: update("a", "b")), retry(lambda: update("b", "a")))
    assert attempts == 3
    async with fresh_database.sessions() as session:
        titles = (await session.scalars(text("SELECT title FROM paths ORDER BY slug"))).all()
    assert titles == ["A..", "B.."]


async def test_a_refused_row_is_not_tried_again(fresh_database: Database):
    attempts = []

    async def work() -> None:
        attempts.append(1)
        async with fresh_database.sessions() as session:
            await session.execute(text("INSERT INTO paths (slug, title) VALUES ('Not a slug', '')"))

    with pytest.raises(IntegrityError):
        await retry(work, idempotent=True)
    assert len(attempts) == 1


async def test_a_connection_killed_while_idle_is_replaced_unseen(
    fresh_database: Database, server: Server
):
    async with fresh_database.driver() as connection:
        pid = connection.get_server_pid()
        held = connection
    other = await asyncpg.connect(server.url("postgres").replace("+asyncpg", ""))
    await other.execute("SELECT pg_terminate_backend($1, 5000)", pid)
    await other.close()
    async with asyncio.timeout(10):
        while not held.is_closed():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    async with fresh_database.driver() as connection:
        assert await connection.fetchval("SELECT 1") == 1
        assert connection.get_server_pid() != pid


async def test_a_connection_in_the_middle_of_an_answer_is_lent_to_nobody_else(
    fresh_database: Database,
):
    lent = []

    async def meet_the_fault() -> None:
        async with fresh_database.driver() as connection:
            lent.append(connection.get_server_pid())
            raise asyncpg.InternalClientError("another operation (2) is in progress")

    with pytest.raises(asyncpg.InternalClientError):
        await meet_the_fault()
    async with fresh_database.driver() as connection:
        assert connection.get_server_pid() not in lent
    assert fresh_database.pool_status().checked_out == 0
