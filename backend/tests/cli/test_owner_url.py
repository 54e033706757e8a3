"""A login that is nothing but the application's, and the owner for what changes the schema."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import make_url

from tests.cli.conftest import Target
from tests.conftest import Server
from tests.servers import OWNER, superuser_url
from tools.scratch import driver_url

LOGIN, PASSWORD = "pages_of_a_test", "kopi-tubruk"


@pytest.fixture
async def pages(manage_empty: Target, server: Server) -> AsyncIterator[str]:
    """The address of an empty database as a member of lancar_app only."""
    connection = await asyncpg.connect(driver_url(superuser_url(server.version)))
    await connection.execute(f"CREATE ROLE {LOGIN} LOGIN PASSWORD '{PASSWORD}' IN ROLE lancar_app")
    url = make_url(manage_empty.url).set(username=LOGIN, password=PASSWORD)
    yield url.render_as_string(hide_password=False)
    await connection.execute(f"DROP ROLE {LOGIN}")
    await connection.close()


async def test_commands_work_as_the_owner_where_the_pages_have_a_login_of_their_own(
    manage_empty: Target, pages: str
) -> None:
    assert (await manage_empty("upgrade", DATABASE_URL=pages)).code == 1
    both = {"DATABASE_URL": pages, "DATABASE_OWNER_URL": manage_empty.url}
    for command in (("upgrade",), ("seed",), ("status",), ("check", "--sample", "1")):
        outcome = await manage_empty(*command, **both)
        assert outcome.code == 0, outcome.errors + outcome.output
    [row] = await manage_empty.fetch(
        "SELECT tableowner FROM pg_tables WHERE tablename = 'srs_reviews'"
    )
    assert row["tableowner"] == OWNER


async def test_an_owner_without_the_database_of_the_pages_is_refused(manage_empty: Target) -> None:
    outcome = await manage_empty("status", DATABASE_URL="", DATABASE_OWNER_URL=manage_empty.url)
    assert outcome.code == 2
    assert "set both" in outcome.errors
