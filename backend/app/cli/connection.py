"""How commands reach the servers: the configured ones, or embedded ones started for them."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from app.core.config import get_settings
from app.core.database import (
    Database,
    close_database,
    current_revision,
    head_revision,
    open_database,
)
from app.core.errors import Behind
from app.embedded.servers import Urls, servers

T = TypeVar("T")


def publish(urls: Urls) -> None:
    """Make `urls` the settings of this process and of those it starts."""
    os.environ["DATABASE_URL"] = urls.database
    os.environ["DATABASE_OWNER_URL"] = urls.owner
    os.environ["REDIS_URL"] = urls.redis
    get_settings.cache_clear()


@contextmanager
def running_servers(*, supervise: bool = False) -> Iterator[Urls]:
    """Have PostgreSQL and Valkey for the block, as the settings of this process."""
    with servers(supervise=supervise) as urls:
        publish(urls)
        yield urls


@contextmanager
def running_database() -> Iterator[None]:
    """Have PostgreSQL for the block, as the settings of this process."""
    if get_settings().DATABASE_URL:
        yield
    else:
        with running_servers():
            yield


def forget_owner() -> None:
    """Let processes that are started from now on know no password but the application's."""
    os.environ["DATABASE_OWNER_URL"] = ""  # also in place of what .env says
    get_settings.cache_clear()


def as_owner(work: Callable[[Database], Awaitable[T]], *, at_head: bool = False) -> T:
    """Run `work` as the connecting user, who owns the tables, without a statement timeout.

    With `at_head`, raises Behind where the database is not at the newest migration.
    """

    async def connect() -> T:
        settings = get_settings().model_copy(update={"DATABASE_STATEMENT_TIMEOUT_MS": 0})
        assert settings.owner_url is not None
        database = Database(settings.owner_url, settings)
        try:
            if at_head:
                await _require_head(database)
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(connect())


def as_application(work: Callable[[Database], Awaitable[T]], *, at_head: bool = True) -> T:
    """Run `work` as the application's role; `session_scope` works inside it.

    Raises Behind where the database is not at the newest migration, unless `at_head` is off.
    """

    async def connect() -> T:
        database = open_database()
        try:
            if at_head:
                await _require_head(database)
            return await work(database)
        finally:
            await close_database()

    return asyncio.run(connect())


async def _require_head(database: Database) -> None:
    async with database.read_sessions() as session:
        revision = await current_revision(session)
    if revision != head_revision():
        raise Behind(
            f"The database is at revision {revision or 'none'} and this release needs"
            f" {head_revision()}. Run: python manage_db.py upgrade"
        )
