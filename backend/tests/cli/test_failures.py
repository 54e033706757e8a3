"""Every command, when something outside of it is wrong: one line that says what to do."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.cli.cards import cards
from app.cli.main import COMMANDS
from app.embedded.process import free_port
from tests.cli.commands import run
from tests.cli.conftest import SECRET, Target
from tests.cli.test_commands import QUESTION
from tests.conftest import Server
from tests.servers import redis_url

ARGUMENTS = {
    "create-admin": ("--email", "ayu@example.com"),
    "downgrade": ("0002",),
    "generate": ("--learners", "1", "--cards", "1", "--questions", "1"),
    "import": ("{file}",),
    "reset": ("--yes",),
    "revision": ("-m", "Nothing"),
    "serve": ("--port", "{port}"),
    "statistics": ("ayu@example.com",),
    "cards import": ("ayu@example.com", "{file}"),
    "cards export": ("ayu@example.com",),
}
NAMES = [name for group in COMMANDS.values() for name in group]
NAMES += [f"cards {command.name or ''}" for command in cards.registered_commands]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps(QUESTION))
    return file


@pytest.fixture
def silent() -> Iterator[int]:
    """A port whose server takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(100)
        yield listener.getsockname()[1]


@pytest.fixture
def closed() -> Iterator[int]:
    """A port that nobody listens on, and nobody else can take."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


@pytest.fixture
async def unmigrated(server: Server) -> AsyncIterator[str]:
    name = await server.create("template0")
    yield server.url(name)
    await server.drop(name)


async def errors_of(name: str, places: dict[str, object], **environment: str) -> tuple[int, str]:
    """Run a command; return its exit code and what it said on standard error."""
    arguments = [each.format_map(places) for each in ARGUMENTS.get(name, ())]
    done = await run(
        [*name.split(), *arguments],
        {
            **os.environ,
            "REDIS_URL": redis_url(),
            "ENVIRONMENT": "development",
            "SECRET_KEY": SECRET,
            "COLUMNS": "120",
            **environment,
        },
        "kopi-susu-di-teras\n",
    )
    assert "✓" not in done.output, done.output
    return done.code, done.errors.strip()


UNREACHABLE = {
    "silent": ("postgresql://u:secret@127.0.0.1:{silent}/d?connect_timeout=1", "not answer"),
    "closed": ("postgresql://u:secret@127.0.0.1:{closed}/d", "does the server run"),
    "no such host": ("postgresql://u:secret@no-such-host.invalid/d", "no-such-host.invalid"),
    "password": ("postgresql://lancar:secret@{host}/postgres", "password"),
    "database": ("{base}no_such_database", "no_such_database"),
    "no TLS": ("{base}postgres?sslmode=require", "sslmode"),
    "no PostgreSQL": ("postgresql://u:secret@{valkey}/d?connect_timeout=1", "DATABASE_URL"),
    "parameter": ("postgresql://u:secret@h/d?keepalives=1", "keepalives"),
}


@pytest.mark.parametrize("fault", UNREACHABLE)
async def test_every_command_says_in_one_line_what_is_wrong_with_the_address(
    server: Server, fault: str, file: Path, silent: int, closed: int
):
    url, said = UNREACHABLE[fault]
    places = {
        "file": file,
        "silent": silent,
        "closed": closed,
        "base": server.base_url,
        "host": server.base_url.partition("@")[2].strip("/"),
        "valkey": redis_url().rpartition("@")[2].partition("/")[0],
        "port": free_port(),
    }
    # `docs` works in a scratch database of its own.
    names = [name for name in NAMES if (fault, name) != ("database", "docs")]
    environment = {"DATABASE_URL": url.format_map(places)}
    outcomes = await asyncio.gather(*(errors_of(name, places, **environment) for name in names))
    for name, (code, errors) in zip(names, outcomes, strict=True):
        assert code in {1, 2}, (name, errors)
        assert said in errors, (name, errors)
        lines = [line for line in errors.splitlines() if "settings" not in line]
        assert len(lines) == 1, (name, errors)
        assert "secret" not in errors, name


MIGRATING = {
    "init",
    "upgrade",
    "revision",
    "reset",
    "docs",
    "downgrade",
    "status",
    "check",
    "serve",
}


async def test_every_command_names_upgrade_where_the_database_is_not_migrated(
    unmigrated: str, file: Path
):
    for name in NAMES:
        if name in MIGRATING:
            continue
        code, errors = await errors_of(name, {"file": file}, DATABASE_URL=unmigrated)
        assert code == 1, (name, errors)
        assert errors.endswith("python manage_db.py upgrade"), (name, errors)
        assert len(errors.splitlines()) == 1, (name, errors)
    code, errors = await errors_of(
        "serve", {"port": free_port()}, DATABASE_URL=unmigrated, ENVIRONMENT="production"
    )
    assert (code, errors.endswith("python manage_db.py upgrade")) == (1, True), errors


async def test_every_command_that_writes_says_that_the_server_is_read_only(
    server: Server, file: Path
):
    name = await server.create()
    read_only = server.url(f"{name}?options=-c%20default_transaction_read_only%3Don")
    for command in ("create-admin", "generate", "import", "init", "seed"):
        code, errors = await errors_of(command, {"file": file}, DATABASE_URL=read_only)
        assert code == 1, (command, errors)
        assert "read-only" in errors.splitlines()[-1], (command, errors)
    await server.drop(name)


@pytest.mark.parametrize("typo", ["nonsense", "+9", "-9", "heads:base", "0002:", "''", "*"])
async def test_a_mistyped_revision_is_named_in_one_line(manage: Target, typo: str):
    done = await manage("upgrade", "--", typo)
    assert done.code == 1, done.output
    assert len(done.errors.strip().splitlines()) == 1, done.errors
    assert "✓" not in done.output


REDIS = {
    "closed": ("redis://127.0.0.1:1/0", "Connect"),
    "no such host": ("redis://no-such-host.invalid/0", "no-such-host.invalid"),
    "password": ("redis://:wrong@{valkey}/0", "password"),
}


@pytest.mark.parametrize("fault", REDIS)
async def test_status_says_why_the_cache_is_down_and_seeding_needs_none(manage: Target, fault: str):
    url, said = REDIS[fault]
    valkey = redis_url().rpartition("@")[2].partition("/")[0]
    status = await manage("status", REDIS_URL=url.format(valkey=valkey))
    assert status.code == 0, status.errors
    (line,) = [line for line in status.output.splitlines() if line.startswith("Cache")]
    assert said in line


async def test_a_redis_address_of_the_wrong_form_is_a_wrong_setting(manage: Target):
    wrong = await manage("status", REDIS_URL="http://cache.example")
    assert (wrong.code, "REDIS_URL" in wrong.errors) == (2, True), wrong.errors
