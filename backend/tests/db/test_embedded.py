"""The embedded servers: joined, shared, stopped by the last user, and started after a kill -9."""

import asyncio
import os
import signal
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
import redis

from app.core.config import get_settings
from app.core.database import retry
from app.embedded import servers as module
from app.embedded.process import MAX_LOG_BYTES, PostgresServer, trim
from app.embedded.servers import embedded, instance, postgres_binaries


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data directory with a space in its name, with the programs already unpacked."""
    with tempfile.TemporaryDirectory(prefix="lancar home ") as name:
        folder = Path(name)
        folder.chmod(0o755)
        for program in (postgres_binaries().parent, module.valkey_binary()):
            (folder / program.name).symlink_to(program)
        monkeypatch.setenv("LANCAR_HOME", name)
        get_settings.cache_clear()
        yield folder
        monkeypatch.undo()
        get_settings.cache_clear()


def _server() -> PostgresServer:
    return PostgresServer(postgres_binaries(), instance() / "postgresql", "")


async def _connect(url: str) -> "asyncpg.Connection":
    return await asyncpg.connect(url.replace("+asyncpg", ""))


def _pid(file: Path) -> int:
    return int(file.read_text().split("\n", 1)[0])


def test_the_last_user_stops_the_servers_and_the_data_stays(home: Path) -> None:
    with embedded() as first:
        with embedded() as second:
            assert second == first
        assert _server().is_running()
    assert not _server().is_running()
    with embedded() as again:
        assert again.database.split("@")[1] == first.database.split("@")[1]


def test_servers_killed_with_9_start_again(home: Path) -> None:
    with embedded():
        os.kill(_pid(instance() / "postgresql" / "postmaster.pid"), signal.SIGKILL)
        os.kill(_pid(instance() / "valkey" / "valkey.pid"), signal.SIGKILL)
        while _server().is_running():
            pass
        with embedded():
            assert _server().is_running()


@pytest.mark.parametrize(
    "content", ["", "{pid}\n/elsewhere\n"], ids=["empty", "somebody else's pid"]
)
def test_a_stale_lock_file_does_not_stop_a_start(home: Path, content: str) -> None:
    with embedded():
        pass
    lock = instance() / "postgresql" / "postmaster.pid"
    lock.write_text(content.format(pid=os.getpid()))
    with embedded():
        assert _server().is_running()


def test_a_supervised_server_that_dies_is_started_again(home: Path) -> None:
    with embedded(supervise=True):
        server = _server()
        first = _pid(instance() / "postgresql" / "postmaster.pid")
        os.kill(first, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while not server.is_running() or _pid(server.data / "postmaster.pid") == first:
            assert time.monotonic() < deadline
            time.sleep(0.05)


PERSONAL = "kata-pribadi@example.com"
FAILING = (
    f"INSERT INTO people VALUES ('{PERSONAL}')",  # a unique violation, with a DETAIL
    f"SELECT '{PERSONAL}'::uuid",  # the error's own words
    f'SELECT 1 / 0 AS "{PERSONAL}"',
    f"SELEKT '{PERSONAL}'",
    f"DO $$ BEGIN RAISE WARNING '{PERSONAL}'; RAISE '{PERSONAL}'; END $$",
)


async def test_the_servers_log_nothing_of_statements_rows_and_errors(home: Path) -> None:
    with embedded() as urls:
        connection = await _connect(urls.owner)
        await connection.execute("CREATE TABLE people (email text UNIQUE)")
        await connection.execute("INSERT INTO people VALUES ($1)", PERSONAL)
        for statement in FAILING:
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(statement)
        with pytest.raises(asyncpg.PostgresError):
            await connection.fetchval("SELECT $1::text::uuid", PERSONAL)
        with redis.Redis.from_url(urls.redis) as client, pytest.raises(redis.ResponseError):
            client.execute_command("EVAL", f"error('{PERSONAL}')", 0)
        # A crash would name the statement that was running.
        pid = await connection.fetchval("SELECT pg_backend_pid()")
        running = asyncio.create_task(connection.execute(f"SELECT pg_sleep(60), '{PERSONAL}'"))
        watcher = await _connect(urls.owner)
        query = "SELECT query FROM pg_stat_activity WHERE pid = $1"
        while "pg_sleep" not in await watcher.fetchval(query, pid):
            pass
        os.kill(pid, signal.SIGKILL)
        with pytest.raises((asyncpg.PostgresError, ConnectionError)):
            await running
        watcher.terminate()
        await (await retry(lambda: _connect(urls.owner), idempotent=True, seconds=30)).close()
    logs = [_server().log, instance() / "valkey" / "valkey.log"]
    assert "terminated by signal 9" in logs[0].read_text()
    for log in logs:
        assert log.read_text() and "pribadi" not in log.read_text()
        assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_what_earlier_versions_logged_is_removed(home: Path) -> None:
    old = instance() / "postgresql.log"
    old.write_text(f"DETAIL: Key (email)=({PERSONAL}) already exists.")
    with embedded():
        assert not old.exists()


def test_a_large_log_is_begun_anew_and_goes_on_growing(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    with log.open("a") as server:
        server.write("x" * (MAX_LOG_BYTES + 1))
        server.flush()
        trim(log)
        assert log.read_text() == ""
        server.write("next\n")
    assert log.read_text() == "next\n"
    assert (tmp_path / "server.log.1").stat().st_size == MAX_LOG_BYTES + 1
    trim(log)
    assert log.read_text() == "next\n"


async def test_the_application_logs_in_as_nobody_but_its_role(home: Path) -> None:
    with embedded() as urls:
        owner = await _connect(urls.owner)
        await owner.execute("DROP ROLE lancar_web; DROP ROLE lancar_app")  # as before this version
        await owner.close()
        with embedded():
            pass
        application = await _connect(urls.database)
        assert await application.fetch(
            "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles"
            " WHERE pg_has_role(current_user, oid, 'MEMBER') ORDER BY rolname"
        ) == [
            ("lancar_app", False, False, False, False),
            ("lancar_web", False, False, False, False),
        ]
        for statement in ("SET ROLE lancar", "CREATE TABLE mine ()", "CREATE ROLE more"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await application.execute(statement)
        await application.execute("SET ROLE lancar_app")
        await application.close()
    secrets = [(instance() / name).read_text() for name in ("password", "web-password")]
    assert secrets[0] not in urls.database + urls.redis and secrets[1] not in urls.owner


async def test_a_cluster_whose_password_is_lost_gets_a_new_one(home: Path) -> None:
    with embedded() as before:
        pass
    (instance() / "password").unlink()
    with embedded() as after:
        assert before.owner.split("@")[0] != after.owner.split("@")[0]
        connection = await _connect(after.owner)
        await connection.close()
        with pytest.raises(asyncpg.InvalidPasswordError):
            await _connect(before.owner.split("@")[0] + "@" + after.owner.split("@")[1])
