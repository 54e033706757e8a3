"""One handle to the database: what a use case reads and writes with.

    @transactional(idempotent=True)
    async def finish(work: Work, ...) -> ...:

A use case takes `work`. Outside a transaction each statement is a transaction of its own, and a
read is repeated after a transient fault. Inside one, the ORM and the named statements share its
connection. A work holds one connection at most, from its first statement on.
"""

import functools
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Concatenate, Literal, ParamSpec, Self, TypeAlias, TypeVar

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database, retry
from app.core.statements import Statement
from app.core.work_session import BEGUN, OPTIONS, driver_of

Isolation: TypeAlias = Literal["read_committed", "repeatable_read", "serializable"]
P = ParamSpec("P")
T = TypeVar("T")
REPEAT_SECONDS = 5.0
"""How long a database that restarts is waited for; see `retry`."""
_WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|CALL)\b")


class Work:
    """A unit of work over at most one connection of the pool at a time.

    `session` is for the ORM; `fetch`, `fetchrow`, `fetchval`, `execute` and `executemany` take
    PostgreSQL's own statements. Both see the same transaction inside `transaction()`.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._session: AsyncSession | None = None
        self._is_transaction = False

    @classmethod
    def of(cls, session: AsyncSession) -> Self:
        """Return a work that is a part of the caller's `session`, who commits it."""
        work = cls.__new__(cls)  # it asks no database for connections
        vars(work).update(_session=session, _is_transaction=True)
        return work

    @property
    def session(self) -> AsyncSession:
        """The ORM's session; outside a transaction it only reads."""
        if self._session is None:
            self._session = self.database.work_sessions()
        return self._session

    @property
    def in_transaction(self) -> bool:
        """Whether this is inside `transaction()`."""
        return self._is_transaction

    @asynccontextmanager
    async def transaction(
        self, *, isolation: Isolation | None = None, readonly: bool = False
    ) -> AsyncIterator[None]:
        """Commit what the block does when it ends, and nothing of it when it raises.

        Begins with the first statement. Inside another transaction the block is a part of that.
        Nothing is repeated after a fault: see `transactional`.
        """
        if self._is_transaction:
            yield
            return
        await self.release()
        around = self._session
        session = self._session = self.database.work_sessions()
        session.sync_session.info |= {
            BEGUN: None,
            OPTIONS: {"isolation": isolation, "readonly": readonly},
        }
        self._is_transaction = True
        try:
            yield
            await session.flush()
            await _end(session, commit=True)
        except BaseException:
            await _end(session, commit=False)
            raise
        finally:
            self._session, self._is_transaction = around, False
            await session.close()

    async def release(self) -> None:
        """Give the connection back before something that takes its time; a transaction keeps it."""
        if self._session is not None and not self._is_transaction:
            await self._session.commit()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Give back what is held; what the session has read stays readable."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def fetch(self, statement: Statement[T], **values: object) -> list[T]:
        """Return all rows."""
        found = await self._run(statement.text, statement.values(values), asyncpg.Connection.fetch)
        return [statement.row(*record) for record in found]

    async def fetchrow(
        self, statement: Statement[T], *, idempotent: bool = False, **values: object
    ) -> T | None:
        """Return the first row; a writing statement that is `idempotent` is repeated too."""
        send = asyncpg.Connection.fetchrow
        given = statement.values(values)
        record = await self._run(statement.text, given, send, idempotent=idempotent)
        return None if record is None else statement.row(*record)

    async def execute(self, statement: Statement[Any], **values: object) -> None:
        """Run a statement for what it does."""
        await self._run(statement.text, statement.values(values), asyncpg.Connection.execute)

    async def executemany(
        self, statement: Statement[Any], rows: Iterable[Mapping[str, object]]
    ) -> None:
        """Run a statement for each row, in one transaction and at once."""
        values = [statement.values(row) for row in rows]
        await self._run(statement.text, (values,), asyncpg.Connection.executemany)

    async def _run(
        self,
        statement: str,
        values: Sequence[object],
        send: Callable[..., Awaitable[Any]],
        *,
        idempotent: bool = False,
    ) -> Any:
        if self._is_transaction:
            return await send(await driver_of(self.session), statement, *values)
        await self.release()

        async def once() -> Any:
            async with self.database.driver() as driver:
                return await send(driver, statement, *values)

        repeats = idempotent or _only_reads(statement)
        return await retry(once, idempotent=repeats, seconds=REPEAT_SECONDS)


def transactional(
    *, idempotent: bool = False
) -> Callable[
    [Callable[Concatenate[Work, P], Awaitable[T]]], Callable[Concatenate[Work, P], Awaitable[T]]
]:
    """Make a use case one transaction, run again after a transient fault (see `retry`).

    `idempotent`: once done, doing it again changes nothing, so it is repeated also when nobody
    knows whether it was committed. Called inside a transaction, it is a part of that.
    """

    def decorate(
        use_case: Callable[Concatenate[Work, P], Awaitable[T]],
    ) -> Callable[Concatenate[Work, P], Awaitable[T]]:
        @functools.wraps(use_case)
        async def run(work: Work, /, *args: P.args, **kwargs: P.kwargs) -> T:
            if work.in_transaction:
                return await use_case(work, *args, **kwargs)

            async def once() -> T:
                async with work.transaction():
                    return await use_case(work, *args, **kwargs)

            return await retry(once, idempotent=idempotent, seconds=REPEAT_SECONDS)

        return run

    return decorate


@functools.lru_cache(maxsize=1_000)
def _only_reads(statement: str) -> bool:
    return not _WRITES.search(statement)


async def _end(session: AsyncSession, *, commit: bool) -> None:
    begun = session.sync_session.info[BEGUN]
    if begun is None:
        return
    session.sync_session.info[BEGUN] = None
    if commit:
        await begun.commit()
        return
    try:
        await begun.rollback()
    except Exception:  # noqa: BLE001 - the connection is lost, and so is what it did
        await session.invalidate()
