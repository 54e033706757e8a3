"""The commands of the schema: init, upgrade, downgrade, reset."""

import asyncio

import alembic.command
import typer
from redis.asyncio import Redis

from app.cli.connection import as_application, as_owner, running_database, running_servers
from app.cli.console import console, fail
from app.cli.guard import YES_DROP, everything_in, require_consent
from app.cli.migrating import CONFIRM
from app.cli.prepare import alembic_config, prepare
from app.core.database import Database, current_revision
from app.core.database_errors import ConnectionUnusable
from app.core.rights import missing_rights

LOCK_TIMEOUT = "5s"


def init() -> None:
    """Make every database object and load the curriculum; safe to repeat.

    The same as upgrade and seed. The database itself must exist (the embedded one does).

    Example: python manage_db.py init
    """
    with running_database():
        prepare(migrate=True)
    console.print("[green]✓[/] The database is ready.")


def upgrade(revision: str = typer.Argument("head", help="A revision, +1, or head.")) -> None:
    """Apply migrations up to REVISION.

    Example: python manage_db.py upgrade
    """
    _migrate("upgrade", revision)


def downgrade(
    revision: str = typer.Argument(..., help="A revision, -1, or base."),
    yes_drop: str | None = YES_DROP,
) -> None:
    """Take migrations back to REVISION, with the data they made room for.

    Says what is lost. Where ENVIRONMENT is production, asks for the database's name, or takes it
    from --yes-drop; there, nothing leads below the first migration.

    Examples: python manage_db.py downgrade 0003
    python manage_db.py downgrade -- -1
    """
    _migrate("downgrade", revision, yes_drop)


def reset(
    yes: bool = typer.Option(False, "--yes", help="Do not ask in development; for scripts."),
    yes_drop: str | None = YES_DROP,
) -> None:
    """Drop everything in the database and make it anew. Asks for its name first.

    Says what is lost. Where ENVIRONMENT is production, only the name will do, typed or given by
    --yes-drop. Sessions in the cache are dropped with it.

    Example: python manage_db.py reset
    """
    with running_servers() as urls:
        loss = as_owner(lambda database: everything_in(database, "Resetting destroys"))
        require_consent(loss, yes_drop, always_asks=not yes)
        as_owner(_empty)
        asyncio.run(_forget_sessions(urls.redis))
        prepare(migrate=True)
    console.print("[green]✓[/] Everything is new.")


def _migrate(direction: str, revision: str, yes_drop: str | None = None) -> None:
    configuration = alembic_config()
    configuration.attributes[CONFIRM] = yes_drop
    with running_database():
        getattr(alembic.command, direction)(configuration, revision)
        if direction == "upgrade":
            _require_use()
        console.print(f"[green]✓[/] The database is at {as_owner(_revision)}.")


def _require_use() -> None:
    """Let nobody find out only later that the application cannot use what was migrated."""
    try:
        as_application(Database.ping, at_head=False)
    except ConnectionUnusable:
        missing = as_owner(_missing_rights)
        if missing:
            fail(missing)
        raise


async def _revision(database: Database) -> str:
    async with database.read_sessions() as session:
        return await current_revision(session) or "no migration: it is empty"


async def _missing_rights(database: Database) -> str | None:
    async with database.driver() as connection:
        return await missing_rights(connection)


async def _empty(database: Database) -> None:
    async with database.driver() as connection, connection.transaction():
        await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        await connection.execute(
            "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
            "GRANT USAGE ON SCHEMA public TO PUBLIC"
        )


async def _forget_sessions(url: str) -> None:
    """Drop the cached copies of sessions, whose accounts are gone."""
    async with Redis.from_url(url) as client:
        async for key in client.scan_iter("session:*"):
            await client.delete(key)
