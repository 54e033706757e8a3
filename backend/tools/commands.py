"""The commands that manage_db.py has for developers: revision, docs, generate."""

from collections.abc import Callable

import alembic.command
import typer

from app.cli.connection import running_database
from app.cli.console import console
from app.cli.main import add_commands
from app.cli.prepare import alembic_config
from app.core.config import BACKEND, CONTENT
from app.domain.curriculum.json_schemas import write_schemas
from tools import documents
from tools.generate import generate


def revision(
    message: str = typer.Option(..., "-m", "--message", help="One idea, as an imperative."),
    empty: bool = typer.Option(False, "--empty", help="Do not compare models and database."),
) -> None:
    """Write a migration with the difference between the models and the database.

    Read the file before you apply it. With --empty it has no operations, for data or SQL.

    Example: python manage_db.py revision -m "Add a nickname to users"
    """
    with running_database():
        alembic.command.revision(alembic_config(), message=message, autogenerate=not empty)


def docs() -> None:
    """Write the generated documents: entity diagrams, catalog, settings, content schemas.

    The catalog is read from a scratch database, so the server must allow CREATE DATABASE.

    Example: python manage_db.py docs
    """
    schemas = CONTENT / "schemas"
    written = [*documents.write(), *(schemas / name for name in write_schemas(schemas))]
    for path in written:
        console.print(str(path.relative_to(BACKEND.parent)))


COMMANDS: dict[str, dict[str, Callable[..., None]]] = {
    "Schema": {"revision": revision},
    "Content": {"docs": docs},
    "Accounts and test data": {"generate": generate},
}


def add() -> None:
    """Add them to those of the operators."""
    add_commands(COMMANDS)
