"""The ORM's session inside a `Work`: its transactions are begun by us, and only they may write."""

from typing import TypeAlias, cast

import asyncpg
from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction
from sqlalchemy.util import await_only

Driver: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
BEGUN = "transaction"
"""Under this name a session's `info` holds its transaction; None before its first statement."""
OPTIONS = "transaction_options"


class WorkSession(Session):
    """The session of a `Work`: what it writes is refused outside a transaction.

    Its connections commit each statement by themselves, so the transaction is begun by us, on the
    driver's connection: named statements are a part of it even before the ORM's first one.
    """


async def driver_of(session: AsyncSession) -> Driver:
    """Return the driver's connection of a session, inside the session's transaction.

    SQLAlchemy begins one with its first statement: what is sent past it before that would be
    committed by itself, whatever becomes of the session.
    """
    connection = await session.connection()
    assert connection.sync_connection is not None
    driver = cast("Driver", (await connection.get_raw_connection()).driver_connection)
    options = connection.sync_connection.get_execution_options()
    commits_each = options.get("isolation_level") == "AUTOCOMMIT"
    if not commits_each and not driver.is_in_transaction():
        await connection.execute(text("SELECT"))
    return driver


@event.listens_for(WorkSession, "after_begin")
def _begin(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    if BEGUN in session.info and session.info[BEGUN] is None:
        driver = cast("Driver", connection.connection.driver_connection)
        transaction = driver.transaction(**session.info[OPTIONS])
        await_only(transaction.start())
        session.info[BEGUN] = transaction


@event.listens_for(WorkSession, "before_flush")
def _refuse_stray_flush(session: Session, *_: object) -> None:
    _require_transaction(session)


@event.listens_for(WorkSession, "do_orm_execute")
def _refuse_stray_write(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        _require_transaction(state.session)


def _require_transaction(session: Session) -> None:
    if BEGUN not in session.info:
        raise RuntimeError("this writes outside a transaction; make the use case transactional")
