"""What searches may cost the database: their time, how many at once, and how they are planned."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import get_settings
from app.core.database import SEARCH_TURNS
from app.core.errors import Unavailable

# Searches are planned for their own words: a plan for any words would parse them anew at each row.
_SET = text(
    """
    SELECT current_setting('statement_timeout') AS timeout,
           current_setting('plan_cache_mode') AS mode,
           set_config('statement_timeout', :timeout, :is_local),
           set_config('plan_cache_mode', :mode, :is_local)
    """
)
_KEY = "search_limits"


class SearchTooSlow(Unavailable):
    """The search was ended: too much matches it, or the database is busy."""

    code = "search_too_slow"
    message = (
        "This search takes too long: too much matches it. "
        "Use fewer or rarer words, or try again shortly."
    )
    message_id = (
        "Pencarian ini terlalu lama karena terlalu banyak yang cocok. "
        "Pakai kata yang lebih sedikit atau lebih jarang, atau coba lagi sebentar lagi."
    )


@asynccontextmanager
async def search_limits(session: AsyncSession) -> AsyncIterator[None]:
    """End each statement of the block after `SEARCH_TIMEOUT_MS`: that raises SearchTooSlow.

    The transaction goes on, with the settings that it had. Blocks may stand in each other. Few
    searches run at once in a process; the others wait, without a connection when the session has
    none yet, and raise SearchTooSlow after as long as one waits for a connection.
    """
    if session.info.get(_KEY):
        yield
        return
    async with _turn(session), _limited(session):
        yield


@asynccontextmanager
async def _turn(session: AsyncSession) -> AsyncIterator[None]:
    turns: asyncio.Semaphore = session.info.get(SEARCH_TURNS) or asyncio.Semaphore()
    try:
        async with asyncio.timeout(get_settings().DATABASE_POOL_TIMEOUT_SECONDS):
            await turns.acquire()
    except TimeoutError as error:
        raise SearchTooSlow from error
    try:
        yield
    finally:
        turns.release()


@asynccontextmanager
async def _limited(session: AsyncSession) -> AsyncIterator[None]:
    connection = (await session.connection()).sync_connection
    assert connection is not None
    is_local = connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT"
    wanted = {"timeout": str(get_settings().SEARCH_TIMEOUT_MS), "mode": "force_custom_plan"}
    session.info[_KEY] = True
    try:
        async with session.begin_nested() if is_local else nullcontext():
            before = (await session.execute(_SET, wanted | {"is_local": is_local})).one()
            usual = {"timeout": before.timeout, "mode": before.mode, "is_local": is_local}
            try:
                yield
            except BaseException:
                if not is_local:  # a rollback to the savepoint restores them otherwise
                    await session.execute(_SET, usual)
                raise
            await session.execute(_SET, usual)
    except DBAPIError as error:
        cause = error.orig.__cause__ if error.orig else None
        if isinstance(cause, asyncpg.QueryCanceledError):
            raise SearchTooSlow from error
        raise
    finally:
        del session.info[_KEY]
