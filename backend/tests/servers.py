"""Real servers for the tests: PostgreSQL 18 (embedded), Debian's 15 where installed, and Valkey."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import asyncpg

from app.core.config import BACKEND
from app.core.embedded import postgres_binaries, valkey_binary
from app.core.server_process import (
    PostgresServer,
    ValkeyServer,
    debian_postgres,
    give_away,
)

ENVIRONMENT_KEY = "LANCAR_TEST_SERVERS"
TEMPLATE = "lancar_template"


@dataclass(frozen=True)
class Servers:
    """Where the test servers are: PostgreSQL URLs by major version, without a database name."""

    postgres: dict[str, str]
    redis: str

    def dump(self) -> str:
        """Return what `load` reads."""
        return json.dumps(asdict(self))


def load() -> Servers:
    """Return the servers that the controlling process started."""
    return Servers(**json.loads(os.environ[ENVIRONMENT_KEY]))


class RunningServers:
    """Starts the servers for one test run, with a migrated template database each."""

    def __init__(self) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="lancar-tests-")
        folder = Path(self._scratch.name)
        give_away(folder)
        binaries = {"18": postgres_binaries(), "15": debian_postgres("15")}
        self._postgres = {
            version: PostgresServer(path, folder / f"pg{version}", "test", durable=False)
            for version, path in binaries.items()
            if path
        }
        self._valkey = ValkeyServer(valkey_binary(), folder / "valkey", "test")

    def start(self) -> Servers:
        """Start everything; return the addresses."""
        self._valkey.start()
        urls = {}
        for version, server in self._postgres.items():
            server.start()
            urls[version] = server.url("")
            asyncio.run(create_database(server.url("postgres"), TEMPLATE))
            migrate(server.url(TEMPLATE))
        return Servers(urls, self._valkey.url())

    def stop(self) -> None:
        """Stop everything and remove the data."""
        self._valkey.stop()
        for server in self._postgres.values():
            server.stop("immediate")
        self._scratch.cleanup()


def migrate(url: str) -> None:
    """Migrate a database with the command that operators use."""
    subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        cwd=BACKEND,
        env={**os.environ, "DATABASE_URL": url},
        check=True,
        stdout=subprocess.DEVNULL,
    )


async def create_database(maintenance_url: str, name: str, template: str = "template0") -> None:
    """Create database `name` from `template`, dropping an old one of that name."""

    connection = await asyncpg.connect(maintenance_url.replace("+asyncpg", ""))
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    finally:
        await connection.close()


async def drop_database(maintenance_url: str, name: str) -> None:
    """Drop database `name`, cutting its connections."""

    connection = await asyncpg.connect(maintenance_url.replace("+asyncpg", ""))
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await connection.close()
