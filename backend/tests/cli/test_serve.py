"""`serve`, as `make run` starts it: it answers, refuses a taken port, stops cleanly, survives -9."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from app.core.config import BACKEND
from app.embedded.servers import postgres_binaries, valkey_binary

SECONDS = 90


class Serving:
    """`manage_db.py serve` in a process group of its own, as a terminal would run it."""

    started: ClassVar[list["Serving"]] = []

    def __init__(self, home: Path, port: int, backend: Path = BACKEND) -> None:
        self.home, self.port = home, port
        self.output = home / f"output-{time.monotonic_ns()}"
        environment = {**os.environ, "LANCAR_HOME": str(home), "ENVIRONMENT": "development"}
        for name in ("DATABASE_URL", "REDIS_URL"):
            environment.pop(name, None)
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage_db.py", "serve", "--port", str(port)],
                cwd=backend,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started.append(self)

    def said(self) -> str:
        return self.output.read_text()

    def wait_for_page(self) -> str:
        """Return the start page, once the address is announced."""
        _until(lambda: f"http://127.0.0.1:{self.port}" in self.said() or self.process.poll())
        if "does not run as root but as" in self.said():
            pytest.skip(self.said())  # a closed checkout, in a container that may not mount
        assert self.process.poll() is None, self.said()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=30) as answer:
            return answer.read().decode()

    def end(self) -> int:
        try:
            return self.process.wait(SECONDS)
        finally:
            assert "Traceback" not in self.said(), self.said()

    def children(self) -> set[int]:
        """Return the workers and the servers."""
        servers = (
            self.home.glob("*/postgresql/postmaster.pid"),
            self.home.glob("*/valkey/valkey.pid"),
        )
        pids = {int(file.read_text().split()[0]) for files in servers for file in files}
        ours = str(self.process.pid)
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = status.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[1] == ours:
                pids.add(int(status.parent.name))
        return pids


def _until(condition, seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def _home() -> Iterator[Path]:
    """Give a data directory that every user can enter, with the programs already unpacked."""
    directory = Path(tempfile.mkdtemp(prefix="lancar serve "))
    directory.chmod(0o755)
    for program in (postgres_binaries().parent, valkey_binary()):
        (directory / program.name).symlink_to(program)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def new_home() -> Iterator[Path]:
    """A data directory that nobody has used."""
    with _home() as directory:
        yield directory


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A data directory; only the first test that uses it waits for the data to be made."""
    with _home() as directory:
        yield directory


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """Stop what a test that failed has left."""
    yield
    while Serving.started:
        left = Serving.started.pop()
        left.process.terminate()
        left.process.wait(SECONDS)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_serve_answers_refuses_a_taken_port_and_ends_with_everything_it_started(home, port):
    serving = Serving(home, port)
    assert "<html" in serving.wait_for_page()
    assert "demo@lancar.test" in serving.said()
    started = serving.children()
    assert len(started) >= 3

    second = Serving(home, port)
    assert second.end() == 1
    assert f"Port {port} on 127.0.0.1 is taken" in second.said()
    assert "make run PORT=" in second.said()

    os.killpg(serving.process.pid, signal.SIGINT)  # Ctrl-C reaches the whole group
    os.killpg(serving.process.pid, signal.SIGINT)  # and people press it twice
    assert serving.end() == 0
    _until(lambda: not any(map(_lives, started)))
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_of_two_started_together_on_one_port_the_second_says_so_and_stops(new_home, port):
    both = [Serving(new_home, port), Serving(new_home, port)]
    _until(lambda: any(serving.process.poll() is not None for serving in both))
    first, second = sorted(both, key=lambda serving: serving.process.poll() is not None)
    assert second.end() == 1
    assert f"Port {port} on 127.0.0.1 is taken" in second.said()
    assert "http://" not in second.said()
    first.wait_for_page()
    first.process.send_signal(signal.SIGTERM)
    assert first.end() == 0


def test_nothing_that_serves_is_root_or_nobody_or_knows_the_owners_password(home, port):
    serving = Serving(home, port)
    serving.wait_for_page()
    users = {pwd.getpwnam("nobody").pw_uid, *([0] if os.geteuid() == 0 else [])}
    [secret] = [file.read_text() for file in home.glob("*/password")]
    for pid in serving.children():
        status = Path(f"/proc/{pid}/status").read_text()
        ids = {int(number) for number in re.findall(r"^Uid:(.*)", status, re.MULTILINE)[0].split()}
        assert not ids & users, status
        assert secret not in Path(f"/proc/{pid}/environ").read_text(), pid
    status = Path(f"/proc/{serving.process.pid}/status").read_text()
    user = next(home.glob("*/postgresql")).stat().st_uid
    assert f"Uid:\t{user}\t" in status
    serving.process.send_signal(signal.SIGTERM)
    assert serving.end() == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives up root")
def test_a_checkout_in_a_private_home_is_served_or_refused_in_one_line(home, port):
    private = home / "private home"
    checkout = private / "lancar"
    (checkout / "backend").mkdir(parents=True)
    for name in ("app", "alembic", "alembic.ini", "manage_db.py"):
        _copy(BACKEND / name, checkout / "backend" / name)
    _copy(BACKEND.parent / "content", checkout / "content")
    private.chmod(0o700)
    serving = Serving(home, port, checkout / "backend")
    _until(lambda: f"http://127.0.0.1:{port}" in serving.said() or serving.process.poll())
    if serving.process.poll() is None:
        assert "<html" in serving.wait_for_page()
        serving.process.send_signal(signal.SIGTERM)
        assert serving.end() == 0
    else:
        assert serving.process.poll() == 1
        assert serving.said().count("\n") == 1 and "cannot enter" in serving.said()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives up root")
def test_a_program_that_the_servers_user_can_change_is_refused_in_one_line(home, port):
    backend = home / "lancar" / "backend"
    backend.mkdir(parents=True)
    for name in ("app", "manage_db.py"):
        _copy(BACKEND / name, backend / name)
    (backend / "app" / "main.py").chmod(0o666)
    serving = Serving(home, port, backend)
    assert serving.end() == 1
    assert f"can change {backend}/app/main.py" in serving.said()
    assert serving.said().count("\n") == 1


def _copy(source: Path, target: Path) -> None:
    # With its times, which the compiled modules beside it are compared with.
    subprocess.run(["cp", "-r", "--preserve=timestamps", "--", source, target], check=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_stop_request_and_a_closed_terminal_end_it_the_same_way(home, port, number):
    serving = Serving(home, port)
    serving.wait_for_page()
    started = serving.children()
    os.killpg(serving.process.pid, number)
    assert serving.end() == 0
    _until(lambda: not any(map(_lives, started)))


def test_after_a_kill_9_of_everything_the_next_start_has_the_data(home, port):
    serving = Serving(home, port)
    serving.wait_for_page()
    manage = [sys.executable, "-c", _COUNT]
    environment = {**os.environ, "LANCAR_HOME": str(home), "DATABASE_URL": "", "REDIS_URL": ""}
    before = subprocess.run(manage, cwd=BACKEND, env=environment, capture_output=True, check=True)
    for pid in {serving.process.pid, *serving.children()}:
        os.kill(pid, signal.SIGKILL)
    assert serving.process.wait(SECONDS) == -signal.SIGKILL

    again = Serving(home, port)
    again.wait_for_page()
    after = subprocess.run(manage, cwd=BACKEND, env=environment, capture_output=True, check=True)
    again.process.send_signal(signal.SIGTERM)
    assert again.end() == 0
    assert after.stdout == before.stdout
    assert int(before.stdout) > 0


_COUNT = """
import asyncio, asyncpg
from app.embedded.servers import database_url
async def count(url):
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    print(await connection.fetchval("SELECT count(*) FROM questions"))
    await connection.close()
with database_url() as url:
    asyncio.run(count(url))
"""
