"""The commands of the schema: init, upgrade, downgrade, revision, reset."""

import asyncio

import alembic.command
import typer
from alembic.util.exc import CommandError
from redis.asyncio import Redis
from rich.prompt import Prompt
from sqlalchemy import make_url

from app.cli.connection import as_application, as_owner, running_database, running_servers
from app.cli.console import console, fail, require_development
from app.cli.prepare import alembic_config, prepare
from app.core.database import Database
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


def downgrade(revision: str = typer.Argument("-1", help="A revision, -1, or base.")) -> None:
    """Take migrations back to REVISION, with the data they made room for.

    Examples: python manage_db.py downgrade
    python manage_db.py downgrade -- -2
    """
    _migrate("downgrade", revision)


def revision(
    message: str = typer.Option(..., "-m", "--message", help="One idea, as an imperative."),
    empty: bool = typer.Option(False, "--empty", help="Do not compare models and database."),
) -> None:
    """Write a migration with the difference between the models and the database.

    Read the file before you apply it. With --empty it has no operations, for data or SQL.

    Example: python manage_db.py revision -m "Add a nickname to users"
    """
    with running_database():
        try:
            alembic.command.revision(alembic_config(), message=message, autogenerate=not empty)
        except CommandError as error:
            fail(str(error))


def reset(
    yes: bool = typer.Option(False, "--yes", help="Do not ask; for scripts."),
) -> None:
    """Drop everything in the development database and make it anew. Asks for its name first.

    Refused where ENVIRONMENT is production. Sessions in the cache are dropped with it.

    Example: python manage_db.py reset
    """
    require_development("Resetting")
    with running_servers() as urls:
        url = make_url(urls.database)
        if not yes:
            console.print(f"This deletes all data in [bold]{url.database}[/] on {url.host}.")
            if Prompt.ask("Type the database name to go on", console=console) != url.database:
                fail("The name does not match; nothing was changed.")
        as_owner(_empty)
        asyncio.run(_forget_sessions(urls.redis))
        prepare(migrate=True)
    console.print("[green]✓[/] Everything is new.")


def _migrate(direction: str, revision: str) -> None:
    with running_database():
        try:
            getattr(alembic.command, direction)(alembic_config(), revision)
        except CommandError as error:
            fail(str(error))
        if direction == "upgrade":
            _require_use()
    console.print(f"[green]✓[/] {direction} {revision}")


def _require_use() -> None:
    """Let nobody find out only later that the application cannot use what was migrated."""
    try:
        as_application(Database.ping, at_head=False)
    except ConnectionUnusable:
        missing = as_owner(_missing_rights)
        if missing:
            fail(missing)
        raise


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
