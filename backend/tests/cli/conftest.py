"""Running manage_db.py as an operator does, against a database of the test server."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import asyncpg
import pytest

from app.core.config import BACKEND
from tests.conftest import Server
from tests.servers import load

Command = Callable[..., Awaitable["Outcome"]]
SECRET = "x" * 48


@dataclass
class Outcome:
    """How a command ended."""

    code: int
    output: str
    errors: str


async def run(*arguments: str, stdin: str = "", **environment: str) -> Outcome:
    """Run a program with this Python in backend/, without a terminal."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=BACKEND,
        env={
            **os.environ,
            "REDIS_URL": load().redis,
            "COLUMNS": "120",
            "ENVIRONMENT": "development",
            **environment,
        },
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate(stdin.encode())
    assert process.returncode is not None
    assert "Traceback" not in errors.decode(), errors.decode()
    return Outcome(process.returncode, output.decode(), errors.decode())


@dataclass
class Target:
    """A database, and manage_db.py pointed at it."""

    url: str

    async def __call__(self, *arguments: str, stdin: str = "", **environment: str) -> Outcome:
        return await run(
            "manage_db.py", *arguments, stdin=stdin, **{"DATABASE_URL": self.url, **environment}
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
