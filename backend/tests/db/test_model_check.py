"""`python test_models.py`: it passes on the real schema, and notices what is missing."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from sqlalchemy import UniqueConstraint

from app.core.address import Address
from app.core.config import BACKEND
from app.core.database import Database
from app.models import Base
from tests.conftest import Server
from tests.servers import superuser_url
from tools.model_check.rules import rules_in_database, rules_in_models
from tools.model_check.runner import check_models
from tools.scratch import driver_url

pytestmark = pytest.mark.each_version


async def test_models(*arguments: str, **environment: str) -> tuple[int | None, str]:
    """Run the command; return its exit code and what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "test_models.py",
        *arguments,
        cwd=BACKEND,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()


test_models.__test__ = False  # the name of the command, not of a test


@asynccontextmanager
async def somebody(server: Server) -> AsyncIterator[tuple[str, Callable[[], Awaitable[int]]]]:
    """Give the URL of an owner whom nobody else here uses, and a count of their databases."""
    connection = await asyncpg.connect(driver_url(superuser_url(server.version)))
    await connection.execute("CREATE ROLE somebody LOGIN CREATEDB IN ROLE lancar_app PASSWORD 'x'")
    address = Address.of(server.url("postgres"))
    count = "SELECT count(*) FROM pg_database WHERE datdba = 'somebody'::regrole"
    try:
        url = replace(address, user="somebody", password="x").url()
        yield url, lambda: connection.fetchval(count)
    finally:
        await connection.execute("DROP ROLE somebody")
        await connection.close()


async def findings(server: Server, change: str) -> tuple[bool, list[str], dict[str, Any]]:
    """Check a database after `change`; return ok, the rules that failed, and the models."""
    name = await server.create()
    connection = await asyncpg.connect(driver_url(server.url(name)))
    await connection.execute(change)
    await connection.close()
    found = await check_models(server.url(name))
    await server.drop(name)
    failed = sorted({outcome.rule.name for outcome in found.outcomes if not outcome.held})
    return found.ok, failed, found.models


async def test_the_command_passes_on_a_scratch_database_and_drops_it(server: Server) -> None:
    async with somebody(server) as (url, databases):
        code, output = await test_models(DATABASE_URL=url)
        assert code == 0, output
        assert await databases() == 0
    assert f"{len(list(Base.registry.mappers))} of 27 models stored" in output
    for rule in ("users_email_check", "users_email_key", "srs_cards_user_id_fkey", "users.email"):
        assert rule in output


async def test_the_command_names_a_dropped_constraint_and_fails(server: Server) -> None:
    name = await server.create()
    connection = await asyncpg.connect(driver_url(server.url(name)))
    await connection.execute("ALTER TABLE users DROP CONSTRAINT users_role_check")
    code, output = await test_models("--json", "--database-url", server.url(name))
    assert code == 1
    document = json.loads(output)
    assert document["ok"] is False
    assert document["problems"] == ['CHECK users_role_check: ACCEPTED role = "owner"']
    assert await connection.fetchval("SELECT count(*) FROM users") == 0  # rolled back
    await connection.close()
    await server.drop(name)


async def test_every_rule_that_is_gone_or_weaker_is_noticed(server: Server) -> None:
    changes = {
        "idx_subscriptions_current": "DROP INDEX idx_subscriptions_current",
        "lesson_questions_lesson_id_position_key": (
            "ALTER TABLE lesson_questions DROP CONSTRAINT lesson_questions_lesson_id_position_key"
        ),
        "lessons_slug_key": "ALTER TABLE lessons DROP CONSTRAINT lessons_slug_key",
        "srs_cards.due_at": "ALTER TABLE srs_cards ALTER COLUMN due_at DROP NOT NULL",
        "units_path_id_fkey": "ALTER TABLE units DROP CONSTRAINT units_path_id_fkey",
        "users_email_check": """
            ALTER TABLE users DROP CONSTRAINT users_email_check;
            ALTER TABLE users ADD CONSTRAINT users_email_check CHECK (email LIKE '%_@_%')
        """,
    }
    ok, failed, _ = await findings(server, ";".join(changes.values()))
    assert (ok, failed) == (False, list(changes))


async def test_every_rule_without_an_attempt_is_noticed(server: Server) -> None:
    changes = {
        "users_new_check": "ALTER TABLE users ADD CONSTRAINT users_new_check CHECK (true)",
        "users_lower": "CREATE UNIQUE INDEX users_lower ON users (lower(email))",
        "extra_pkey": "CREATE TABLE extra (id integer PRIMARY KEY)",
    }
    ok, failed, _ = await findings(server, ";".join(changes.values()))
    assert not ok
    assert set(changes) <= set(failed)


async def test_a_model_that_is_not_read_back_whole_is_noticed(server: Server) -> None:
    change = """
        CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql
            AS 'BEGIN NEW.full_name := upper(NEW.full_name); RETURN NEW; END';
        CREATE TRIGGER shout BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION shout();
    """
    ok, failed, models = await findings(server, change)
    assert (ok, failed) == (False, [])
    assert {name for name, problem in models.items() if problem} == {"User"}
    assert "SARI DEWI" in models["User"]


async def test_the_models_and_the_database_have_the_same_rules(worker_database: Database) -> None:
    async with worker_database.engine.connect() as connection:
        assert await rules_in_database(connection) == rules_in_models()


async def test_a_rule_that_only_the_models_have_is_still_tried(worker_database: Database) -> None:
    table = Base.metadata.tables["users"]
    extra = UniqueConstraint("password_hash", name="users_password_hash_key")
    table.append_constraint(extra)
    try:
        async with worker_database.engine.connect() as connection:
            missing = rules_in_models() - await rules_in_database(connection)
    finally:
        table.constraints.discard(extra)
    assert [rule.name for rule in missing] == ["users_password_hash_key"]
