"""Running manage_db.py as an operator does, against a database of the test server."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import asyncpg
import pytest

from tests.cli.commands import Outcome, run
from tests.conftest import Server
from tests.servers import redis_url

Command = Callable[..., Awaitable[Outcome]]
SECRET = "x" * 48


@dataclass
class Target:
    """A database, and manage_db.py pointed at it."""

    url: str

    @property
    def name(self) -> str:
        """The database's name."""
        return self.url.rpartition("/")[2]

    async def __call__(self, *arguments: str, stdin: str = "", **environment: str) -> Outcome:
        return await run(
            arguments,
            {
                **os.environ,
                "REDIS_URL": redis_url(),
                "DATABASE_URL": self.url,
                "COLUMNS": "120",
                "ENVIRONMENT": "development",
                **environment,
            },
            stdin,
        )

    async def fetch(self, query: str) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.url.replace("+asyncpg", ""))
        try:
            return await connection.fetch(query)
        finally:
            await connection.close()


@pytest.fixture
async def manage(server: Server) -> AsyncIterator[Target]:
    """manage_db.py on a migrated database of its own, without content."""
    name = await server.create()
    yield Target(server.url(name))
    await server.drop(name)


@pytest.fixture
async def manage_empty(server: Server) -> AsyncIterator[Target]:
    """The same on a database without any object."""
    name = await server.create("template0")
    yield Target(server.url(name))
    await server.drop(name)
