"""`cards`: a learner's memory in and out, for those who ask an operator for it."""

from pathlib import Path
from typing import BinaryIO

import typer

from app.cli.connection import as_application, running_database
from app.cli.console import console, errors, fail, print_json
from app.cli.output import FORM_HELP, Form, written
from app.core.clock import utcnow
from app.core.database import Database
from app.core.work import Work
from app.domain.accounts.sessions import get_account_of
from app.domain.srs.transfer import (
    ImportRefused,
    ImportReport,
    export_reviews,
    import_format,
    import_sm2,
)

cards = typer.Typer(
    help="Take over cards of another program, or hand out a review history.", no_args_is_help=True
)


@cards.command("import")
def import_cards(
    email: str = typer.Argument(..., help="Whose cards they are."),
    file: Path = typer.Argument(..., exists=True, dir_okay=False, help="*.csv or *.jsonl"),
    as_json: bool = typer.Option(False, "--json", help="Print the report as JSON."),
) -> None:
    """Take over the cards of an SM-2 program, all of them or none.

    CSV has a header, JSON Lines an object a line, with: item (the slug of a word or question, or a
    headword), ease (1.3 to 5), interval (days), and optionally repetitions, last_reviewed
    (2026-03-01) and direction (recognition or production). What the learner has reviewed here stays
    as it is. Exit code 1 when a line is wrong.

    Example: python manage_db.py cards import sari@example.com deck.csv
    """

    async def run(database: Database) -> ImportReport:
        work = Work(database)
        account = await get_account_of(work, email)
        return await import_sm2(work, account, content, utcnow(), format=import_format(file.name))

    content = file.read_bytes()
    with running_database():
        try:
            report = as_application(run)
        except ImportRefused as refused:
            for problem in refused.problems:
                errors.print(f"{file.name}, {problem}", markup=False, soft_wrap=True)
            fail(f"{len(refused.problems):,} problems; nothing was written.")
    if as_json:
        print_json({"imported": report.imported, "skipped": report.skipped})
    else:
        console.print(f"[green]✓[/] {report.imported:,} imported, {report.skipped:,} left alone")


@cards.command("export")
def export_cards(
    email: str = typer.Argument(..., help="Whose reviews they are."),
    file: Path = typer.Argument(None, help="Where to write; standard output by default."),
    form: Form = typer.Option(Form.CSV, "--format", help=FORM_HELP),
) -> None:
    """Write a learner's whole review log, in the order of time.

    Example: python manage_db.py cards export sari@example.com reviews.csv
    """

    async def run(database: Database, output: BinaryIO) -> None:
        work = Work(database)
        account = await get_account_of(work, email)
        async for chunk in export_reviews(work, account, form.value):
            output.write(chunk)

    with written(file) as output, running_database():
        as_application(lambda database: run(database, output))
