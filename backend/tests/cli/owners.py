"""A PostgreSQL of its own with TLS, and database users with more or less rights on it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import asyncpg

from app.embedded.privileges import give_away, let_in
from app.embedded.process import PostgresServer, debian_postgres
from app.embedded.servers import postgres_binaries
from tests.cli.conftest import SECRET
from tests.servers import redis_url
from tools.scratch import driver_url

CERTIFICATE = Path(__file__).parents[1] / "tls" / "server.crt"
DATABASE, OWNER, PASSWORD = "school", "Head Teacher", "p@ss/w?o#r:d%"


@contextmanager
def cluster(version: str) -> Iterator[PostgresServer]:
    """Run a fresh PostgreSQL without any role or object of ours. Its certificate is CERTIFICATE."""
    binaries = postgres_binaries() if version == "18" else debian_postgres(version)
    assert binaries is not None
    with tempfile.TemporaryDirectory(prefix="lancar-owners-") as scratch:
        let_in(Path(scratch))
        server = PostgresServer(binaries, Path(scratch) / "pg", "test", durable=False)
        server.start()
        for file in (CERTIFICATE, CERTIFICATE.with_suffix(".key")):
            copy = server.data / file.name
            copy.write_bytes(file.read_bytes())
            copy.chmod(0o600)
            give_away(copy)
        try:
            yield server
        finally:
            server.stop("immediate")


async def run_as_superuser(server: PostgresServer, database: str, *statements: str) -> list:
    """Run `statements`; return the rows of the last one."""
    connection = await asyncpg.connect(driver_url(server.url(database)))
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return await connection.fetch(statements[-1])
    finally:
        await connection.close()


async def make_anew(server: PostgresServer, rights: str, *, owns: bool = True) -> None:
    """Make the owner with `rights` (of CREATE ROLE) and an empty database, in place of old ones."""
    owner = f' OWNER "{OWNER}"' if owns else ""
    await run_as_superuser(
        server,
        "postgres",
        "ALTER SYSTEM SET ssl = on",
        "SELECT pg_reload_conf()",
        f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)",
        "DROP ROLE IF EXISTS lancar_app",
        f'DROP ROLE IF EXISTS "{OWNER}"',
        f"CREATE ROLE \"{OWNER}\" LOGIN PASSWORD '{PASSWORD}' {rights}",
        f"CREATE DATABASE {DATABASE}{owner}",
    )


def url_of(own: PostgresServer, query: str = "") -> str:
    """Return the owner's address, as a managed provider writes it."""
    login = f"{quote(OWNER)}:{quote(PASSWORD, safe='')}"
    return f"postgres://{login}@127.0.0.1:{own.port}/{DATABASE}{query}"


def environment(own: PostgresServer, query: str = "") -> dict[str, str]:
    """Return the environment of a command of the owner, in production."""
    return {
        **os.environ,
        "DATABASE_URL": url_of(own, query),
        "REDIS_URL": redis_url(),
        "ENVIRONMENT": "production",
        "SECRET_KEY": SECRET,
        "COLUMNS": "120",
    }
