"""The embedded servers: joined, shared, stopped by the last user, and started after a kill -9."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core import embedded as module
from app.core.config import get_settings
from app.core.embedded import embedded, instance, postgres_binaries
from app.core.server_process import PostgresServer, ServerError, reachable_or_explain


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


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers as somebody else")
def test_a_home_that_the_server_user_cannot_enter_is_explained(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(ServerError, match="Set LANCAR_HOME"):
        reachable_or_explain(tmp_path)


def test_a_supervised_server_that_dies_is_started_again(home: Path) -> None:
    with embedded(supervise=True):
        server = _server()
        first = _pid(instance() / "postgresql" / "postmaster.pid")
        os.kill(first, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while not server.is_running() or _pid(server.data / "postmaster.pid") == first:
            assert time.monotonic() < deadline
            time.sleep(0.05)
