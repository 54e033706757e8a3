"""What the commands share towards the person: output, refusals, and errors that say what to do."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, NoReturn

import asyncpg
import typer
from alembic.util.exc import CommandError
from pydantic import ValidationError
from redis.exceptions import RedisError
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from app.core.database_errors import cause_of, explain, first_line
from app.core.errors import DomainError
from app.embedded.privileges import ServerError

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


class Exit(IntEnum):
    """Exit codes of every command."""

    OK = 0
    FAILED = 1  # refused, or a check found something
    USAGE = 2  # the command line or the settings are wrong


def fail(message: str, *, code: Exit = Exit.FAILED) -> NoReturn:
    """End the command with `message` on standard error."""
    errors.print("[bold red]Error:[/]", end=" ")
    errors.print(message, markup=False, soft_wrap=True)
    raise typer.Exit(code)


def print_json(document: Any) -> None:
    """Write `document` to standard output, for scripts."""
    typer.echo(json.dumps(document, indent=2, default=str, ensure_ascii=False))


@contextmanager
def explained_errors() -> Iterator[None]:
    """Turn expected failures into one message and an exit code; let the others show their trace."""
    try:
        yield
    except typer.Exit as ended:  # outside a typer command, nobody else knows it
        raise SystemExit(ended.exit_code) from None
    except ValidationError as error:
        if error.title != "Settings":
            raise
        problems = [
            f"{'.'.join(map(str, part['loc'])) or 'settings'}: {part['msg']}"
            for part in error.errors()
        ]
        _end("\n".join(["The settings (environment or .env) are not valid:", *problems]), 2)
    except (DomainError, ServerError, CommandError) as error:
        _end(str(error), 1)
    except (
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        SQLAlchemyError,
        RedisError,
        OSError,
    ) as error:
        _end(explain(error) or first_line(cause_of(error)), 1)


def _end(message: str, code: int) -> NoReturn:
    errors.print("[bold red]Error:[/]", end=" ")
    errors.print(message, markup=False, soft_wrap=True)
    raise SystemExit(code)
