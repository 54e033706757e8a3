"""The catalog of a migrated database: against the models, itself after a round trip, the snapshot.

Alembic's own comparison overlooks CHECKs, generated expressions, functions and text search, so
these tests read PostgreSQL's catalog.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest
from alembic.util.exc import CommandError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from alembic import command
from app.cli.schema_catalog import catalog_of_models, read_catalog, without_grants
from tests.conftest import Server
from tools.documents import CATALOG, catalog_document
from tools.scratch import alembic_config, driver_url, scratch_database

pytestmark = pytest.mark.each_version

REGENERATE = "run: python manage_db.py docs"


@pytest.fixture
async def migrated(server: Server) -> AsyncIterator[str]:
    async with scratch_database(server.url("postgres")) as url:
        yield url


async def alembic(url: str, action: str, *arguments: str) -> None:
    await asyncio.to_thread(getattr(command, action), alembic_config(url), *arguments)


async def test_the_models_make_the_same_schema_as_the_migrations(migrated: str) -> None:
    engine = create_async_engine(migrated, poolclass=NullPool)
    async with engine.connect() as connection:
        models = without_grants(await connection.run_sync(catalog_of_models))
        await connection.commit()
        assert await connection.scalar(text("SELECT to_regnamespace('lancar_models')")) is None
    assert models == without_grants(await read_catalog(driver_url(migrated)))
    assert len(models) > 20


async def test_a_user_who_may_make_no_schema_is_told_which_right_is_missing(server: Server) -> None:
    name = await server.create()
    engine = create_async_engine(server.url(name), poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.execute(text("SET ROLE lancar_app"))
        with pytest.raises(CommandError, match="GRANT CREATE ON DATABASE"):
            await connection.run_sync(catalog_of_models)
    await server.drop(name)


async def test_down_to_nothing_and_up_again_gives_the_same_schema(migrated: str) -> None:
    before = await read_catalog(driver_url(migrated))
    await alembic(migrated, "downgrade", "base")
    empty = await read_catalog(driver_url(migrated))
    assert sorted(empty) == ["extensions", "table alembic_version"]
    assert not [line for line in empty["table alembic_version"] if line.startswith("grant ")]
    await alembic(migrated, "upgrade", "head")
    assert await read_catalog(driver_url(migrated)) == before


async def test_autogenerate_sees_no_drift(migrated: str) -> None:
    await alembic(migrated, "check")


async def test_the_snapshot_in_the_documents_is_the_schema(migrated: str) -> None:
    assert CATALOG.exists() and await catalog_document(migrated) == CATALOG.read_text(), REGENERATE


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE users DROP CONSTRAINT users_role_check",
        "ALTER TABLE users ALTER COLUMN role DROP NOT NULL",
        "ALTER TABLE users ALTER COLUMN role SET DEFAULT 'admin'",
        "ALTER TABLE users ALTER COLUMN role TYPE text",
        "ALTER TABLE users ADD COLUMN age integer",
        "DROP INDEX idx_users_active",
        "ALTER TABLE units ALTER CONSTRAINT units_path_id_fkey DEFERRABLE",
        "GRANT UPDATE ON srs_reviews TO lancar_app",
        "ALTER TEXT SEARCH CONFIGURATION lancar_english DROP MAPPING FOR email",
        "ALTER TEXT SEARCH DICTIONARY lancar_english_stem (StopWords = english)",
        "CREATE FUNCTION surprise() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE TRIGGER surprise AFTER DELETE ON users EXECUTE FUNCTION tsvector_update_trigger()",
    ],
)
async def test_the_catalog_shows_every_kind_of_change(server: Server, change: str) -> None:
    name = await server.create()
    url = driver_url(server.url(name))
    before = await read_catalog(url)
    engine = create_async_engine(server.url(name))
    async with engine.begin() as connection:
        await connection.exec_driver_sql(change)
    await engine.dispose()
    assert await read_catalog(url) != before
    await server.drop(name)
