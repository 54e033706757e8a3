"""Every command, run in production by nobody who confirms anything, leaves what was there."""

import json
import os
import re
import shutil
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, create_subprocess_exec
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from app.cli.main import app
from app.core.config import BACKEND, CONTENT
from app.core.database import head_revision
from app.embedded.process import free_port
from tests.cli.commands import Outcome
from tests.cli.conftest import SECRET, Target
from tests.cli.test_commands import QUESTION, SMALL
from tests.conftest import Server
from tests.servers import redis_url

PRODUCTION = {"ENVIRONMENT": "production", "SECRET_KEY": SECRET}
EMAIL = "demo@lancar.test"
# How an operator calls each command where it does the most that it can do. {} is the folder below.
RUNS: dict[str, tuple[str, ...]] = {
    "achievements": (),
    "cards export": (EMAIL, "{}/reviews.csv"),
    "cards import": (EMAIL, "{}/deck.csv"),
    "check": ("--repair",),
    "create-admin": ("--email", "ayu@example.com"),
    "docs": (),
    "downgrade": ("0003",),
    "export": ("{}/questions.jsonl",),
    "generate": SMALL[1:],
    "import": ("{}/bank.jsonl",),
    "init": (),
    "reset": ("--yes",),
    "revision": ("-m", "Description"),
    "seed": (),
    "serve": (),
    "statistics": (EMAIL,),
    "status": (),
    "upgrade": (),
}
WRITES_INTO_THE_CHECKOUT = {"docs", "revision"}  # these run in a copy of it
IN_USE = """
    UPDATE lessons SET slug = 'no-longer-in-the-files'
    WHERE id = (SELECT id FROM lessons WHERE unit_id IS NOT NULL LIMIT 1);
    UPDATE srs_cards SET lapses = lapses + 1 WHERE review_count > 0;
    INSERT INTO user_sessions (user_id, token_hash, expires_at)
    SELECT id, sha256('token'), now() + interval '1 day' FROM users LIMIT 1
"""
GUARDED = {"check", "downgrade", "generate", "import", "init", "reset", "seed"}


def names(command: Any, path: str = "") -> Iterator[str]:
    """Yield the name of every command of manage_db.py, those of sub-apps included."""
    for name, sub in getattr(command, "commands", {}).items():
        yield from names(sub, f"{path}{name} ")
    if not hasattr(command, "commands"):
        yield path.strip()


@pytest.fixture(scope="module")
async def filled(server: Server) -> AsyncIterator[str]:
    """A database in use, where each command finds something that it could overwrite."""
    name = await server.create()
    target = Target(server.url(name))
    for arguments in (("seed",), (*SMALL, "--reviews", "900")):
        done = await target(*arguments)
        assert done.code == 0, done.errors
    for statement in IN_USE.strip().split(";"):
        await target.fetch(statement)
    yield name
    await server.drop(name)


@pytest.fixture
async def used(server: Server, filled: str) -> AsyncIterator[Target]:
    """A copy of that database for each test."""
    name = await server.create(filled)
    yield Target(server.url(name))
    await server.drop(name)


@pytest.fixture
async def folder(used: Target, tmp_path: Path) -> Path:
    """The files that the commands read."""
    slug = (await used.fetch("SELECT slug FROM questions WHERE slug IS NOT NULL LIMIT 1"))[0][0]
    (tmp_path / "bank.jsonl").write_text(json.dumps(QUESTION | {"slug": slug}) + "\n")
    words = await used.fetch("SELECT slug FROM vocabulary_entries LIMIT 1")
    (tmp_path / "deck.csv").write_text(f"item,ease,interval\n{words[0][0]},2.5,12\n")
    return tmp_path


async def rows(target: Target) -> Counter[str]:
    """Return every row of every table, columns by name, so that a column counts as well."""
    tables = await target.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    queries = (f"SELECT md5('{name}' || to_jsonb(t)::text) FROM {name} AS t" for (name,) in tables)
    return Counter(digest for (digest,) in await target.fetch(" UNION ALL ".join(queries)))


async def run(target: Target, name: str, folder: Path) -> Outcome:
    """Run a command in production, without a terminal and without a confirmation."""
    arguments = [*name.split(), *(part.format(folder) for part in RUNS[name])]
    if name == "serve":
        return await serve(target)
    if name in WRITES_INTO_THE_CHECKOUT:
        return await run_in_a_copy(target, folder, arguments)
    stdin = "kopi-susu-di-teras\n" if name == "create-admin" else ""
    return await target(*arguments, stdin=stdin, **PRODUCTION)


async def serve(target: Target) -> Outcome:
    """Let `serve` come up, and stop it."""
    process = await create_subprocess_exec(
        *(sys.executable, "manage_db.py", "serve", "--port", str(free_port())),
        cwd=BACKEND,
        env={**os.environ, **PRODUCTION, "DATABASE_URL": target.url, "REDIS_URL": redis_url()},
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
    )
    assert process.stdout is not None
    said = await process.stdout.readuntil(b"Ctrl-C")
    process.send_signal(signal.SIGINT)
    rest, _ = await process.communicate()
    return Outcome(process.returncode or 0, "", (said + rest).decode())


async def run_in_a_copy(target: Target, folder: Path, arguments: list[str]) -> Outcome:
    """Run a command that writes into the checkout in a copy of it."""
    backend = folder / "checkout" / "backend"
    ignored = shutil.ignore_patterns(".venv", "tests")
    shutil.copytree(BACKEND, backend, ignore=ignored)
    for beside in (CONTENT, BACKEND.parent / "docs"):
        shutil.copytree(beside, backend.parent / beside.name)
    process = await create_subprocess_exec(
        *(sys.executable, "manage_db.py", *arguments),
        cwd=backend,
        env={**os.environ, **PRODUCTION, "DATABASE_URL": target.url},
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    output, errors = await process.communicate()
    return Outcome(process.returncode or 0, output.decode(), errors.decode())


def test_every_command_is_run_here() -> None:
    assert sorted(RUNS) == sorted(names(typer.main.get_command(app))), (
        "say in RUNS how to call a new command"
    )


@pytest.mark.parametrize("name", sorted(RUNS))
async def test_in_production_no_command_destroys_unasked(
    used: Target, folder: Path, name: str
) -> None:
    before = await rows(used)
    outcome = await run(used, name, folder)
    after = await rows(used)
    assert before - after == Counter(), outcome.errors
    if name not in GUARDED:
        assert outcome.code == 0, outcome.errors
        return
    assert outcome.code == 1
    assert outcome.errors.count("\n") == 1, outcome.errors
    assert "ENVIRONMENT is production. Nothing was changed." in outcome.errors
    assert f"--yes-drop {used.name}" in outcome.errors
    assert before == after


@pytest.mark.parametrize("name", sorted(GUARDED - {"init"}))
async def test_the_name_of_this_database_lets_a_command_go_on_and_no_other_name(
    used: Target, folder: Path, name: str
) -> None:
    before = await rows(used)
    arguments = [part.format(folder) for part in RUNS[name]]
    refused = await used(name, "--yes-drop", "lancar", *arguments, **PRODUCTION)
    assert refused.code == 1
    assert f"called {used.name}, not lancar" in refused.errors
    assert await rows(used) == before
    done = await used(name, "--yes-drop", used.name, *arguments, **PRODUCTION)
    assert "Nothing was changed" not in done.errors
    assert used.name in done.errors
    assert await rows(used) != before


async def test_what_is_lost_is_named_with_its_rows(used: Target) -> None:
    refused = await used("downgrade", "0002", **PRODUCTION)
    assert re.search(r"column lessons\.split_from_id \(\d+ rows\)", refused.errors)
    refused = await used("reset", **PRODUCTION)
    assert "daily_activity (" in refused.errors
    assert "and " in refused.errors


async def test_a_downgrade_has_no_default(used: Target) -> None:
    before = await rows(used)
    assert (await used("downgrade")).code == 2
    assert await rows(used) == before


async def test_nothing_leads_below_the_first_migration_in_production(used: Target) -> None:
    before = await rows(used)
    for given in ((), ("--yes-drop", used.name)):
        refused = await used("downgrade", "base", *given, **PRODUCTION)
        assert refused.code == 1
        assert "below the first migration" in refused.errors
    assert await rows(used) == before


async def test_no_direction_is_taken_for_the_other(used: Target) -> None:
    before = await rows(used)
    for arguments in (("upgrade", "0002"), ("upgrade", "--", "-1"), ("downgrade", "head")):
        for environment in (PRODUCTION, {}):
            done = await used(*arguments, **environment)
            assert done.code or f"The database is at {head_revision()}." in done.output
            assert await rows(used) == before, arguments


async def test_a_server_in_production_starts_with_the_curriculum_that_it_has(
    used: Target, folder: Path
) -> None:
    outcome = await run(used, "serve", folder)
    said = " ".join(outcome.errors.split())
    assert "The curriculum was not loaded." in said
    assert f"manage_db.py seed --yes-drop {used.name}" in said


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM users WHERE email = 'demo@lancar.test'",
        "UPDATE users SET full_name = 'X' WHERE email = 'demo@lancar.test'",
        "ALTER TABLE user_sessions DROP COLUMN updated_at",
        "DROP TABLE lesson_progress, user_sessions",
    ],
)
async def test_the_comparison_sees_what_is_destroyed(used: Target, change: str) -> None:
    before = await rows(used)
    await used.fetch(change)
    assert before - await rows(used) != Counter()
