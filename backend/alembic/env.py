"""Alembic's entry: an async engine on DATABASE_URL, or on the embedded server."""

import asyncio
from contextlib import nullcontext
from importlib.util import find_spec
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.util.exc import CommandError
from sqlalchemy import Connection, TypeDecorator, pool
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from alembic import context
from app.cli.migrating import guard_migrations, lock_migrations
from app.core.connecting import engine_for
from app.core.rights import explain_refusal
from app.embedded.servers import database_url
from app.models import Base

if find_spec("tools"):
    from tools.autogenerate import PLUGINS
    from tools.safe_operations import arrange

    AUTOGENERATE = {"autogenerate_plugins": PLUGINS, "process_revision_directives": arrange}
else:
    AUTOGENERATE = {}  # a server applies migrations and writes none


def _render_item(kind: str, item: Any, autogen: AutogenContext) -> str | bool:
    """Write our column types as what they are in the database: migrations import no application."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    impl = item.load_dialect_impl(postgresql.dialect())
    if isinstance(impl, postgresql.JSONB):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return "postgresql.JSONB()"
    return f"sa.{impl!r}"


def _run(connection: Connection | None = None, url: str | None = None) -> None:
    context.configure(
        connection=connection,
        url=url,
        target_metadata=Base.metadata,
        render_item=_render_item,
        compare_type=True,
        **AUTOGENERATE,
        transaction_per_migration=True,
        literal_binds=url is not None,
        dialect_opts={"paramstyle": "named"} if url else {},
    )
    migration = context.get_context()
    if connection is not None and "destination_rev" in migration.opts:  # up, down or stamp
        lock_migrations(connection)
        guard_migrations(migration)
    with context.begin_transaction():
        context.run_migrations()


async def _run_online(url: str) -> None:
    engine = engine_for(url, poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_run)
    except (DBAPIError, ConnectionError) as error:
        text = await explain_refusal(url, error)
        if text is None:
            raise
        raise CommandError(text) from error
    finally:
        await engine.dispose()


if context.is_offline_mode():
    _run(url="postgresql://")
else:
    given = context.config.get_main_option("sqlalchemy.url")
    with nullcontext(given) if given else database_url() as url:
        asyncio.run(_run_online(url))
