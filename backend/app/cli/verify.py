"""`check`: what the database should be, held against what it is."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import unified_diff

import typer
from alembic.util.exc import CommandError

from app.cli.connection import as_application, as_owner, running_database
from app.cli.console import Exit, console, errors, print_json
from app.cli.guard import YES_DROP, Loss, database_name, require_consent
from app.cli.prepare import demo_accounts_left
from app.cli.schema_catalog import (
    CATALOG,
    catalog_document,
    catalog_of_database,
    catalog_of_models,
    differences,
    without_grants,
)
from app.core.clock import utcnow
from app.core.config import CONTENT, get_settings
from app.core.database import Database
from app.core.work import Work
from app.domain.curriculum.checking import check_content
from app.domain.progress.proof import find_unproven_activity, find_unproven_progress
from app.domain.srs.checking import LogCheck, check_logs

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Options:
    """How many rows to look at where not all are, and whether to mend what can be mended."""

    sample: int
    repair: bool
    yes_drop: str | None


Check = Callable[[Options], list[str]]
"""Returns what is wrong."""


def check(
    sample: int = typer.Option(1000, min=1, help="Rows that progress is tried on."),
    repair: bool = typer.Option(False, help="Store what the review logs say where it differs."),
    yes_drop: str | None = YES_DROP,
    as_json: bool = typer.Option(False, "--json", help="Print the findings as JSON."),
) -> None:
    """Check that the database is what it should be; without --repair it changes nothing.

    Schema: models and database agree, and the catalog equals docs/schema/catalog.txt. Invariants:
    all cards and days are what the review logs replay to (some ten thousand cards a second), and a
    random sample of progress is borne out by the attempts. Content: the files under content/ have
    no error. Exit code 1 when something is found, also when it was repaired. Where ENVIRONMENT is
    production, --repair asks for the database's name, or takes it from --yes-drop.

    Example: python manage_db.py check --repair
    """
    with running_database():
        found = {name: run(Options(sample, repair, yes_drop)) for name, run in CHECKS.items()}
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


def _models(_options: Options) -> list[str]:
    """Compare what the models say with what is there; - is missing, + is too much."""

    async def run(database: Database) -> dict[str, list[str]]:
        async with database.engine.connect() as connection:
            models = without_grants(await connection.run_sync(catalog_of_models))
            actual = without_grants(await connection.run_sync(catalog_of_database))
        return differences(models, actual)

    try:
        found = as_owner(run)
    except CommandError as error:
        return [str(error)]
    return [f"{described}: {line}" for described, lines in found.items() for line in lines]


def _catalog(_options: Options) -> list[str]:
    url = get_settings().owner_url
    assert url is not None
    actual = as_owner(lambda _database: catalog_document(url))
    lines = unified_diff(
        CATALOG.read_text().splitlines(), actual.splitlines(), "expected", "here", lineterm="", n=0
    )
    return list(lines)


def _cards(options: Options) -> list[str]:
    found = _replay(repair=False)
    if found.wrong and options.repair:
        things = [f"{found.wrong_cards:,} cards", f"{found.wrong_days:,} days"]
        name = database_name(get_settings().DATABASE_URL or "")
        require_consent(Loss("Repairing overwrites", name, things), options.yes_drop)
        found = _replay(repair=True)
    problems = list(found.findings)
    if found.wrong > len(problems):
        problems.append(f"and {found.wrong - len(problems):,} more")
    if found.wrong and found.is_repaired:
        problems.append(f"repaired: {found.wrong_cards:,} cards and {found.wrong_days:,} days")
    return problems


def _replay(*, repair: bool) -> LogCheck:
    with errors.status("Replaying review logs") as status:

        def show(found: LogCheck) -> None:
            if found.learners % 100 == 0:
                status.update(f"Replaying review logs: {found.cards:,} cards")

        return as_application(
            lambda database: check_logs(Work(database), utcnow(), repair=repair, on_progress=show)
        )


def _progress(options: Options) -> list[str]:
    async def run(database: Database) -> list[str]:
        async with Work(database) as work:
            found = await find_unproven_progress(work, options.sample)
            return [f"learner {user}, lesson {lesson}" for user, lesson in found]

    return as_application(run)


def _activity(options: Options) -> list[str]:
    async def run(database: Database) -> list[str]:
        async with Work(database) as work:
            found = await find_unproven_activity(work, options.sample)
            return [f"learner {user}" for user in found]

    return as_application(run)


def _demo_accounts(_options: Options) -> list[str]:
    return [] if get_settings().is_development else as_application(demo_accounts_left)


def _content(_options: Options) -> list[str]:
    return [str(problem) for problem in check_content(CONTENT).errors]


CHECKS: dict[str, Check] = {
    "models and database agree": _models,
    "the catalog is as documented": _catalog,
    "cards and days are what the review logs replay to": _cards,
    "progress is borne out by attempts": _progress,
    "days add up to the attempts": _activity,
    "content files are valid": _content,
    "production has no demo accounts": _demo_accounts,
}
