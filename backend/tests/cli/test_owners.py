"""The commands of the README with every kind of database user, on every version, with TLS."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app.core.config import BACKEND, Settings
from app.core.database import Database
from app.core.database_errors import ConnectionUnusable
from app.embedded.process import PostgresServer
from tests.cli.commands import Outcome, run
from tests.cli.owners import (
    CERTIFICATE,
    DATABASE,
    OWNER,
    cluster,
    environment,
    make_anew,
    run_as_superuser,
    url_of,
)
from tests.conftest import Server

pytestmark = pytest.mark.each_version

TWO_LINES = ("CREATE ROLE lancar_app NOLOGIN", f'GRANT lancar_app TO "{OWNER}"')


@pytest.fixture(scope="module")
def own(pg_version: str, valkey: str) -> Iterator[PostgresServer]:
    with cluster(pg_version) as server:
        yield server


async def manage(own: PostgresServer, *arguments: str, stdin: str = "") -> Outcome:
    return await run(arguments, environment(own), stdin)


async def upgrade_with(command: str, own: PostgresServer) -> Outcome:
    program, *arguments = command.split()
    return await manage(own, *arguments) if program != "alembic" else alembic(own, *arguments)


def alembic(own: PostgresServer, *arguments: str) -> Outcome:
    done = subprocess.run(
        [sys.executable, "-m", "alembic", *arguments],
        cwd=BACKEND,
        env=environment(own),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Outcome(done.returncode, done.stdout, done.stderr + done.stdout)


async def the_application_works(own: PostgresServer) -> bool:
    settings = Settings()
    database = Database(url_of(own), settings, role=settings.DATABASE_ROLE)
    try:
        async with database.driver() as connection:
            await connection.execute("INSERT INTO paths (slug, title) VALUES ('a', 'A')")
            is_the_role = await connection.fetchval("SELECT current_user") == "lancar_app"
            may_change_logs = await connection.fetchval(
                "SELECT has_table_privilege('srs_reviews', 'DELETE')"
            )
        return is_the_role and not may_change_logs
    finally:
        await database.close()


@pytest.mark.parametrize("rights", ["SUPERUSER", "CREATEROLE"])
async def test_an_owner_who_may_make_roles_needs_nothing_else(own: PostgresServer, rights: str):
    await make_anew(own, rights)
    done = await manage(own, "upgrade")
    assert done.code == 0, done.errors
    assert await the_application_works(own)


async def test_an_owner_without_any_right_needs_the_two_lines_of_the_readme(own: PostgresServer):
    await make_anew(own, "")
    readme = (BACKEND.parent / "README.md").read_text()
    lines = [
        line.replace("lancar;", f'"{OWNER}";')
        for line in re.findall(r"^(?:CREATE ROLE lancar_app|GRANT).*?;", readme, re.MULTILINE)
    ]
    assert len(lines) == 2
    await run_as_superuser(own, "postgres", *lines)
    done = await manage(own, "upgrade")
    assert done.code == 0, done.errors
    assert await the_application_works(own)


@pytest.mark.parametrize("command", ["manage_db.py upgrade", "alembic upgrade head"])
@pytest.mark.parametrize("owns", [True, False])
async def test_what_a_user_lacks_is_said_in_one_line_that_can_be_run(
    own: PostgresServer, command: str, owns: bool
):
    await make_anew(own, "", owns=owns)
    refused = await upgrade_with(command, own)
    assert refused.code != 0
    assert "✓" not in refused.output
    (said,) = [line for line in refused.errors.splitlines() if "lacks rights" in line]
    statements = re.findall(r"(?:CREATE|GRANT) [^;]*;", said)
    assert len(statements) == (2 if owns else 5), said
    await run_as_superuser(own, DATABASE, *statements)
    done = await upgrade_with(command, own)
    assert done.code == 0, done.errors
    assert await the_application_works(own)


async def test_extensions_that_were_made_beforehand_are_taken_as_they_are(own: PostgresServer):
    await make_anew(own, "CREATEROLE", owns=False)
    await run_as_superuser(
        own,
        DATABASE,
        "CREATE EXTENSION unaccent",
        "CREATE EXTENSION pg_trgm",
        f'GRANT CREATE ON SCHEMA public TO "{OWNER}"',
    )
    done = await manage(own, "upgrade")
    assert done.code == 0, done.errors
    assert await the_application_works(own)


async def test_a_database_that_the_baseline_left_without_the_right_is_healed(own: PostgresServer):
    await make_anew(own, "CREATEROLE")
    assert alembic(own, "upgrade", "0002").code == 0
    done = await manage(own, "upgrade")
    assert done.code == 0, done.errors
    assert await the_application_works(own)


async def test_upgrade_succeeds_only_where_the_application_can_then_connect(own: PostgresServer):
    await make_anew(own, "")
    await run_as_superuser(own, "postgres", *TWO_LINES)
    assert (await manage(own, "upgrade")).code == 0
    await run_as_superuser(own, "postgres", f'REVOKE lancar_app FROM "{OWNER}"')
    refused = await manage(own, "upgrade")
    assert refused.code == 1
    assert "✓" not in refused.output
    assert f'GRANT lancar_app TO "{OWNER}";' in refused.errors
    assert len(refused.errors.splitlines()) == 1


TLS = f"sslrootcert={CERTIFICATE}"
WORKING = ["require", "prefer", "allow", "disable", f"verify-ca&{TLS}", f"verify-full&{TLS}"]


@pytest.mark.parametrize("mode", WORKING)
async def test_sslmode_works_as_managed_providers_write_it(own: PostgresServer, mode: str):
    await make_anew(own, "")
    asked = await say(url_of(own, f"?sslmode={mode}"))
    assert asked == (mode.partition("&")[0] not in {"allow", "disable"})


async def say(url: str) -> bool:
    """Return whether the connection is encrypted."""
    database = Database(url, Settings())
    try:
        async with database.read_sessions() as session:
            query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            return bool(await session.scalar(text(query)))
    finally:
        await database.close()


@pytest.mark.parametrize("query", ["sslrootcert=system", "sslmode=verify-full&sslrootcert=/gone"])
async def test_a_certificate_that_is_not_trusted_is_refused_in_one_line(
    own: PostgresServer, query: str
):
    await make_anew(own, "")
    with pytest.raises(ConnectionUnusable, match="sslrootcert") as caught:
        await say(url_of(own, f"?{query}"))
    assert "\n" not in str(caught.value)


async def test_a_server_without_tls_is_refused_where_it_is_required(server: Server):
    with pytest.raises(ConnectionUnusable, match="sslmode"):
        await say(server.url("postgres?sslmode=require"))
