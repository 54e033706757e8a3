"""`check`: what the database should be, held against what it is."""

import io
from collections.abc import Callable
from difflib import unified_diff

import alembic.command
import typer
from alembic.util.exc import CommandError

from app.cli.connection import as_application, as_owner, running_database
from app.cli.console import Exit, console, print_json
from app.cli.prepare import alembic_config
from app.cli.schema_docs import CATALOG, catalog_document
from app.core.config import CONTENT, get_settings
from app.core.database import Database
from app.domain.curriculum.service import check_content
from app.domain.practice.service import find_unproven_progress
from app.domain.srs.service import find_drifted_cards

SHOWN = 20

Check = Callable[[int], list[str]]
"""Looks at about so many rows and returns what is wrong."""


def check(
    sample: int = typer.Option(1000, min=1, help="Rows that each invariant is tried on."),
    as_json: bool = typer.Option(False, "--json", help="Print the findings as JSON."),
) -> None:
    """Check that the database is what it should be; it changes nothing.

    Schema: models and database agree, and the catalog equals docs/schema/catalog.txt. Invariants,
    on a random sample: cards are what their review log replays to, and progress is borne out by
    the attempts. Content: the files under content/ have no error. Exit code 1 when something is
    found.

    Example: python manage_db.py check --sample 100000
    """
    with running_database():
        found = {name: run(sample) for name, run in CHECKS.items()}
    if as_json:
        print_json(found)
    else:
        _show(found)
    if any(found.values()):
        raise typer.Exit(Exit.FAILED)


def _show(found: dict[str, list[str]]) -> None:
    for name, problems in found.items():
        console.print(f"[red]✗[/] {name}" if problems else f"[green]✓[/] {name}")
        for problem in problems[:SHOWN]:
            console.print(f"    {problem}", markup=False, soft_wrap=True)
        if len(problems) > SHOWN:
            console.print(f"    and {len(problems) - SHOWN} more")


def _models(_sample: int) -> list[str]:
    configuration = alembic_config()
    configuration.stdout = io.StringIO()
    try:
        alembic.command.check(configuration)
    except CommandError as error:
        return [str(error)]
    return []


def _catalog(_sample: int) -> list[str]:
    url = get_settings().DATABASE_URL
    assert url is not None
    actual = as_owner(lambda _database: catalog_document(url))
    lines = unified_diff(
        CATALOG.read_text().splitlines(), actual.splitlines(), "expected", "here", lineterm="", n=0
    )
    return list(lines)


def _cards(sample: int) -> list[str]:
    async def run(database: Database) -> list[str]:
        async with database.read_sessions() as session:
            return [f"card {card}" for card in await find_drifted_cards(session, sample)]

    return as_application(run)


def _progress(sample: int) -> list[str]:
    async def run(database: Database) -> list[str]:
        async with database.read_sessions() as session:
            found = await find_unproven_progress(session, sample)
            return [f"learner {user}, lesson {lesson}" for user, lesson in found]

    return as_application(run)


def _content(_sample: int) -> list[str]:
    return [str(problem) for problem in check_content(CONTENT).errors]


CHECKS: dict[str, Check] = {
    "models and database agree": _models,
    "the catalog is as documented": _catalog,
    "cards are what their log replays to": _cards,
    "progress is borne out by attempts": _progress,
    "content files are valid": _content,
}
