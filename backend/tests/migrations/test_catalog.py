"""The catalog of a migrated database: against the models, itself after a round trip, the snapshot.

Alembic's own comparison overlooks CHECKs, generated expressions, functions and text search, so
these tests read PostgreSQL's catalog.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from alembic import command
from app.cli.schema_catalog import Catalog, read_catalog
from app.cli.schema_docs import CATALOG, catalog_document
from app.cli.scratch import alembic_config, driver_url, scratch_database
from app.models import Base
from tests.conftest import Server

REGENERATE = "run: python manage_db.py docs"


@pytest.fixture
async def migrated(server: Server) -> AsyncIterator[str]:
    async with scratch_database(server.url("postgres")) as url:
        yield url


async def alembic(url: str, action: str, *arguments: str) -> None:
    await asyncio.to_thread(getattr(command, action), alembic_config(url), *arguments)


def without_grants(catalog: Catalog) -> Catalog:
    """Leave out what only migrations make: grants, and Alembic's own table."""
    return {
        described: [line for line in lines if not line.startswith("grant ")]
        for described, lines in catalog.items()
        if described not in {"table alembic_version", "default privileges"}
    }


async def test_the_models_make_the_same_schema_as_the_migrations(
    server: Server, migrated: str
) -> None:
    async with scratch_database(server.url("postgres"), migrated=False) as url:
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await engine.dispose()
        from_models = without_grants(await read_catalog(driver_url(url)))
    from_migrations = without_grants(await read_catalog(driver_url(migrated)))
    assert from_models == from_migrations
    assert len(from_migrations) > 20


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
