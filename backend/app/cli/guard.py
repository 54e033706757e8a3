"""The one guard of everything that destroys: it says what would be lost, and asks in production.

A command or migration that drops, deletes or overwrites what people made calls `require_consent`
before it does so. Production wants the database's name, typed at a terminal or given.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import typer
from alembic.util.exc import CommandError
from rich.prompt import Prompt
from sqlalchemy import URL, Connection, bindparam, text

from app.cli.console import errors
from app.core.address import Address
from app.core.config import get_settings
from app.core.database import Database

COUNTED_UP_TO = 1_000_000
"""Tables that the server takes for larger are not counted: it would take longer than a look."""
SHOWN = 5
GIVE_NAME = "--yes-drop"

YES_DROP: str | None = typer.Option(
    None,
    GIVE_NAME,
    metavar="NAME",
    help="The database's name, to destroy what is in the way; production asks for it.",
)
"""The option of every command that is guarded."""


class NotConfirmedError(CommandError):
    """What would destroy was not confirmed; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What an action would destroy in `database`.

    `what` is the action with its verb ("Resetting destroys"), `things` name what it is about and
    how much of it there is.
    """

    what: str
    database: str
    things: Sequence[str]

    def __str__(self) -> str:
        shown = list(self.things[:SHOWN]) or ["nothing that holds rows"]
        if hidden := len(self.things) - SHOWN:
            shown += [f"and {hidden} more"] if hidden > 0 else []
        return f"{self.what} in the database {self.database}: {', '.join(shown)}."


def require_consent(
    loss: Loss,
    given: str | None,
    *,
    always_asks: bool = False,
    remedy: str = f"To go on, add {GIVE_NAME} {{}}",
) -> None:
    """Say what is lost; return in development, or when the database's name was given or is typed.

    With `always_asks`, development asks as well. Production reads the name from a terminal only: a
    pipe may stay silent for ever. Raises NotConfirmedError, in one line with the remedy.
    """
    is_development = get_settings().is_development
    if given is not None and given != loss.database:
        raise NotConfirmedError(
            f"The database is called {loss.database}, not {given}; nothing was changed."
        )
    if given is not None or (is_development and not always_asks):
        if loss.things:
            errors.print(str(loss), markup=False, soft_wrap=True)
        return
    can_type = is_development or sys.stdin.isatty()
    if not can_type or _typed(loss) != loss.database:
        reason = "" if is_development else " ENVIRONMENT is production."
        raise NotConfirmedError(
            f"{loss}{reason} Nothing was changed. {remedy.format(loss.database)}"
        )


def _typed(loss: Loss) -> str:
    errors.print(str(loss), markup=False, soft_wrap=True)
    try:
        return Prompt.ask("Type the database's name to go on", console=errors)
    except EOFError:
        return ""


def count_rows(connection: Connection, tables: Iterable[str]) -> dict[str, str]:
    """Return the rows of each table that exists, in words: counted, or "about" as last estimated.

    Empty tables are left out.
    """
    found = connection.execute(_ESTIMATES, {"tables": list(tables)}).all()
    rows = {}
    for table, estimate in found:
        if estimate > COUNTED_UP_TO:
            rows[table] = f"about {estimate:,} rows"
        elif count := connection.scalar(text(f'SELECT count(*) FROM "{table}"')):  # noqa: S608 - from the catalog
            rows[table] = f"{count:,} row{'s' if count > 1 else ''}"
    return rows


async def everything_in(database: Database, what: str) -> Loss:
    """Return the loss of all tables that hold rows."""

    def look(connection: Connection) -> Loss:
        tables = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        )
        rows = count_rows(connection, [table for table in tables if table != "alembic_version"])
        things = [f"{table} ({count})" for table, count in rows.items()]
        return Loss(what, database_name(connection.engine.url), things)

    async with database.engine.connect() as connection:
        return await connection.run_sync(look)


def database_name(url: URL | str) -> str:
    """Return the name that has to be given; without one, PostgreSQL takes the user's."""
    parsed = Address.of(url).display() if isinstance(url, str) else url
    return parsed.database or parsed.username or ""


_ESTIMATES = text(
    """
    SELECT relname, reltuples::bigint FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname IN :tables
    ORDER BY relname
    """
).bindparams(bindparam("tables", expanding=True))
