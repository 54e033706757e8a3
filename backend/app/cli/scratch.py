"""A throw-away database beside the configured one, migrated like the real one."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from alembic.config import Config
from sqlalchemy import make_url

from alembic import command
from app.core.config import BACKEND


def alembic_config(url: str) -> Config:
    """Return Alembic's configuration for the database at `url`."""
    config = Config(BACKEND / "alembic.ini")
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def driver_url(url: str, database: str | None = None) -> str:
    """Return `url` as asyncpg itself reads it, pointed at `database` when one is given."""
    parsed = make_url(url).set(drivername="postgresql")
    if database is not None:
        parsed = parsed.set(database=database)
    return parsed.render_as_string(hide_password=False)


@asynccontextmanager
async def scratch_database(url: str, *, migrated: bool = True) -> AsyncIterator[str]:
    """Give the URL of a new database on the server of `url`; drop it after the block.

    The user of `url` needs CREATEDB. With `migrated`, the schema is that of the newest migration.
    """
    name = f"lancar_scratch_{uuid.uuid4().hex[:12]}"
    maintenance = driver_url(url, "postgres")
    await _execute(maintenance, f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        scratch = make_url(url).set(database=name).render_as_string(hide_password=False)
        if migrated:
            await asyncio.to_thread(command.upgrade, alembic_config(scratch), "head")
        yield scratch
    finally:
        await _execute(maintenance, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
