"""Real servers for the tests: PostgreSQL 18 (embedded), Debian's 15 where installed, and Valkey.

Each is started by the first process of the run that asks for it, and stopped when the run ends.
"""

import asyncio
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import asyncpg

from app.core.config import BACKEND
from app.embedded.process import PostgresServer, ValkeyServer, debian_postgres
from app.embedded.servers import postgres_binaries, valkey_binary

FOLDER_KEY = "LANCAR_TEST_SERVERS"
TEMPLATE = "lancar_template"
OWNER = "plain_owner"
MEMORY = Path("/dev/shm")
BYTES_OF_A_RUN = 6 * 1024**3
# What the README has an administrator do for a user who may not make roles.
MAKE_OWNER = (
    f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD 'test'",
    "CREATE ROLE lancar_app NOLOGIN",
    f"GRANT lancar_app TO {OWNER}",
)


@contextmanager
def test_run() -> Iterator[None]:
    """Give the processes of a run a folder for their servers; stop these at the end."""
    with tempfile.TemporaryDirectory(prefix="lancar-tests-", dir=_fastest_folder()) as name:
        Path(name).chmod(0o755)
        temporary = Path(name, "tmp")
        temporary.mkdir()
        temporary.chmod(0o1777)
        # Of this process, which outlives the folder, only what pytest hands out lies in it.
        tempfile.gettempdir()
        os.environ |= {
            FOLDER_KEY: name,
            "TMPDIR": str(temporary),
            "PYTEST_DEBUG_TEMPROOT": str(temporary),
        }
        try:
            yield
        finally:
            for server in (_valkey(), *map(_postgres, versions())):
                server.stop()
            for key in (FOLDER_KEY, "TMPDIR", "PYTEST_DEBUG_TEMPROOT"):
                del os.environ[key]


def _fastest_folder() -> Path | None:
    """Return a folder in memory if there is room; None for the usual one.

    ext4 gives no inode to a new file that had one deleted in the last seconds, and looks at each:
    a database that is made after another was dropped takes ten times as long there.
    """
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > BYTES_OF_A_RUN
    return MEMORY if roomy else None


test_run.__test__ = False  # no test, whatever its name


def versions() -> list[str]:
    """Return the major versions of PostgreSQL that tests can run on, the newest first."""
    return ["18", "15"] if debian_postgres("15") else ["18"]


@cache
def postgres_url(version: str) -> str:
    """Return the URL of a running PostgreSQL, without a database name, with its template made.

    Its user owns every database of the tests and has no right on the server but to make more.
    """
    with _only_one(version) as is_first:
        server = _postgres(version)
        if is_first:
            server.start()
            asyncio.run(_execute(server.url("postgres"), *MAKE_OWNER))
            asyncio.run(create_database(server.url("postgres", OWNER), TEMPLATE))
            migrate(server.url(TEMPLATE, OWNER))
        return server.url("", OWNER)


def superuser_url(version: str) -> str:
    """Return the URL of a superuser of `postgres_url`'s server, for what an administrator does."""
    return _postgres(version).url("postgres")


@cache
def redis_url() -> str:
    """Return the URL of a running Valkey."""
    with _only_one("valkey") as is_first:
        server = _valkey()
        if is_first:
            server.start()
        return server.url()


def _folder() -> Path:
    return Path(os.environ[FOLDER_KEY])


def _postgres(version: str) -> PostgresServer:
    binaries = postgres_binaries() if version == "18" else debian_postgres(version)
    assert binaries
    return PostgresServer(binaries, _folder() / f"pg{version}", "test", durable=False)


def _valkey() -> ValkeyServer:
    return ValkeyServer(valkey_binary(), _folder() / "valkey", "test")


@contextmanager
def _only_one(name: str) -> Iterator[bool]:
    """Do the block in one process at a time; give whether no other has done it yet."""
    done = _folder() / f"{name}.started"
    with (_folder() / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not done.exists()
        done.touch()


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
    await drop_database(maintenance_url, name)
    await _execute(
        maintenance_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY'
    )


async def drop_database(maintenance_url: str, name: str) -> None:
    """Drop database `name`, cutting its connections."""
    await _execute(maintenance_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
