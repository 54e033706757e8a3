"""One process migrates at a time, and in production nothing is taken back unasked."""

import asyncio
import io
import sys
from argparse import Namespace
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from alembic.util.exc import CommandError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from alembic import command
from app.cli.guard import NotConfirmedError
from app.cli.migrating import LOCK_KEY, lock_migrations
from app.core.config import BACKEND, get_settings
from app.core.database import head_revision
from tests.conftest import Server
from tools.scratch import alembic_config, driver_url

pytestmark = pytest.mark.each_version

WAITING = """
    SELECT count(DISTINCT pid), pg_sleep(0.05) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND (query LIKE '%advisory_lock%' OR query LIKE 'ROLLBACK%')  -- it tries, and waits
"""


@asynccontextmanager
async def connected(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(driver_url(url))
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
async def empty(server: Server) -> AsyncIterator[str]:
    name = await server.create("template0")
    yield server.url(name)
    await server.drop(name)


@pytest.fixture
async def in_use(server: Server) -> AsyncIterator[str]:
    name = await server.create()
    async with connected(server.url(name)) as connection:
        await connection.execute(
            "INSERT INTO users (email, password_hash, full_name) VALUES ('a@b.c', 'x', 'A');"
            "INSERT INTO user_sessions (user_id, token_hash, expires_at)"
            " SELECT id, sha256('token'), now() + interval '1 day' FROM users"
        )
    yield server.url(name)
    await server.drop(name)


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("SECRET_KEY", "x" * 48)
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


async def alembic(url: str, action: str, *arguments: str, confirm: str = "", **more: bool) -> None:
    config = alembic_config(url)
    config.cmd_opts = Namespace(x=[f"confirm={confirm}"] if confirm else [])
    await asyncio.to_thread(getattr(command, action), config, *arguments, **more)


async def revision(url: str) -> str:
    async with connected(url) as connection:
        return await connection.fetchval("SELECT version_num FROM alembic_version")


async def test_two_processes_that_start_together_migrate_one_after_the_other(empty: str) -> None:
    program = Path(sys.executable).parent / "alembic"
    async with connected(empty) as holder, asyncio.timeout(120):
        await holder.fetchval("SELECT pg_advisory_lock($1)", LOCK_KEY)
        upgrading = [
            await create_subprocess_exec(
                *(program, "upgrade", "head"),
                cwd=BACKEND,
                env={"DATABASE_URL": empty},
                stdout=PIPE,
                stderr=PIPE,
            )
            for _ in range(2)
        ]
        while await holder.fetchval(WAITING) < len(upgrading):
            assert [process.returncode for process in upgrading] == [None, None]
        assert await holder.fetchval("SELECT to_regclass('users')") is None
        await holder.fetchval("SELECT pg_advisory_unlock($1)", LOCK_KEY)
        for process in upgrading:
            _, errors = await process.communicate()
            assert process.returncode == 0, errors
    assert await revision(empty) == head_revision()


async def test_who_waits_too_long_for_another_process_is_told_which(empty: str) -> None:
    engine = create_async_engine(empty, poolclass=NullPool)
    async with connected(empty) as holder, engine.connect() as connection:
        await holder.fetchval("SELECT pg_advisory_lock($1)", LOCK_KEY)
        process = f"server process {holder.get_server_pid()}"
        with pytest.raises(CommandError, match=process):
            await connection.run_sync(lock_migrations, 0)
        await holder.fetchval("SELECT pg_advisory_unlock($1)", LOCK_KEY)
        await connection.run_sync(lock_migrations, 0)


@pytest.mark.usefixtures("production")
async def test_production_takes_nothing_back_unless_the_database_is_named(in_use: str) -> None:
    name = in_use.rpartition("/")[2]
    with pytest.raises(NotConfirmedError) as refused:
        await alembic(in_use, "downgrade", "0002")
    said = str(refused.value)
    assert "column user_sessions.updated_at (1 row)" in said
    assert "recordings" not in said, "an empty table loses nothing"
    assert (
        f"ENVIRONMENT is production. Nothing was changed. To go on, run: alembic -x confirm={name}"
        in said
    )
    assert "\n" not in said
    with pytest.raises(NotConfirmedError, match=f"called {name}, not lancar"):
        await alembic(in_use, "downgrade", "0002", confirm="lancar")
    assert await revision(in_use) == head_revision()

    await alembic(in_use, "downgrade", "0002", confirm=name)
    assert await revision(in_use) == "0002"
    await alembic(in_use, "upgrade", "head")
    assert await revision(in_use) == head_revision()


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize("target", ["base", "0002:base"])
async def test_nothing_leads_below_the_first_migration_in_production(
    in_use: str, target: str
) -> None:
    start, _, target = target.rpartition(":")
    if start:
        await alembic(in_use, "downgrade", start, confirm=in_use.rpartition("/")[2])
    with pytest.raises(NotConfirmedError, match="below the first migration"):
        await alembic(in_use, "downgrade", target, confirm=in_use.rpartition("/")[2])
    assert await revision(in_use) == (start or head_revision())


@pytest.mark.usefixtures("production")
async def test_the_record_of_the_migrations_is_guarded_too(in_use: str) -> None:
    for target, more in (("0002", {}), ("base", {}), ("head", {"purge": True})):
        with pytest.raises(NotConfirmedError, match="the record of its migrations"):
            await alembic(in_use, "stamp", target, **more)
        assert await revision(in_use) == head_revision()
    await alembic(in_use, "stamp", "head")


@pytest.mark.usefixtures("production")
async def test_the_sql_of_a_downgrade_is_printed_without_a_question(in_use: str) -> None:
    config = alembic_config(in_use)
    config.output_buffer = io.StringIO()
    head = head_revision()
    await asyncio.to_thread(command.downgrade, config, f"{head}:0002", sql=True)
    assert "DROP COLUMN updated_at" in config.output_buffer.getvalue()


async def test_development_takes_back_what_it_is_told(in_use: str) -> None:
    await alembic(in_use, "downgrade", "-1")
    await alembic(in_use, "downgrade", "base")
    async with connected(in_use) as connection:
        assert await connection.fetchval("SELECT to_regclass('users')") is None
