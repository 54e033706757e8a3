"""A throw-away database beside the configured one, migrated like the real one."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from alembic.config import Config

from alembic import command
from app.core.address import Address
from app.core.config import BACKEND
from app.core.connecting import connect


def alembic_config(url: str) -> Config:
    """Return Alembic's configuration for the database at `url`."""
    config = Config(BACKEND / "alembic.ini")
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def driver_url(url: str, database: str | None = None) -> str:
    """Return `url` as asyncpg itself reads it, pointed at `database` when one is given."""
    address = Address.of(url)
    return (address if database is None else address.at(database)).url("postgresql")


@asynccontextmanager
async def scratch_database(url: str, *, migrated: bool = True) -> AsyncIterator[str]:
    """Give the URL of a new database on the server of `url`; drop it after the block.

    The user of `url` needs CREATEDB. With `migrated`, the schema is that of the newest migration.
    """
    name = f"lancar_scratch_{uuid.uuid4().hex[:12]}"
    maintenance = driver_url(url, "postgres")
    await _execute(maintenance, f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        scratch = Address.of(url).at(name).url()
        if migrated:
            await asyncio.to_thread(command.upgrade, alembic_config(scratch), "head")
        yield scratch
    finally:
        await _execute(maintenance, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def _execute(url: str, statement: str) -> None:
    connection = await connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
