"""The commands of content: seed, import, export."""

from pathlib import Path
from typing import BinaryIO

import typer
from rich.table import Table

from app.cli.connection import as_application, running_database
from app.cli.console import Exit, console, errors, print_json
from app.cli.guard import YES_DROP, Loss, database_name, require_consent
from app.cli.output import FORM_HELP, Form, written
from app.cli.prepare import seed as load_everything
from app.core.clock import utcnow
from app.core.config import CONTENT
from app.core.database import Database
from app.core.work import Work
from app.domain.curriculum.bulk import ImportReport, export_questions, import_questions
from app.domain.curriculum.question_lines import Format
from app.domain.curriculum.reading import scan_content

NAMED_SLUGS = 10


def seed(yes_drop: str | None = YES_DROP) -> None:
    """Load the curriculum from content/, and the demo accounts in development; safe to repeat.

    Only rows that differ from the files are written; learners' progress is untouched. What left
    the files is archived; where ENVIRONMENT is production, asks for the database's name before
    that, or takes it from --yes-drop.

    Example: python manage_db.py seed
    """
    with running_database():
        report = as_application(lambda database: load_everything(database, yes_drop))
    table = Table("", "inserted", "updated", "unchanged", "archived", box=None)
    for kind, changes in report.kinds().items():
        counts = (changes.inserted, changes.updated, changes.unchanged, changes.archived)
        table.add_row(kind, *map(str, counts))
    console.print(table)


def import_file(
    file: Path = typer.Argument(..., exists=True, dir_okay=False, help="*.jsonl or *.csv"),
    skip_bad: bool = typer.Option(False, help="Import the good lines although others are bad."),
    as_json: bool = typer.Option(False, "--json", help="Print the report as JSON."),
    yes_drop: str | None = YES_DROP,
) -> None:
    """Import questions into the bank: new ones as drafts, known slugs are changed.

    Every bad line is reported with its number, field and remedy; nothing is written then, unless
    --skip-bad. Exit code 1 when a line was bad. CSV may have commas, semicolons or tabs;
    from Excel, save it as "CSV UTF-8". Where ENVIRONMENT is production and questions would be
    changed, asks for the database's name, or takes it from --yes-drop.

    Example: python manage_db.py import questions.jsonl
    """
    kind: Format = "csv" if file.suffix.lower() == ".csv" else "jsonl"

    async def run(database: Database) -> ImportReport:
        async with Work(database) as work, work.transaction():
            with file.open("rb") as lines, errors.status(f"Importing {file.name}"):
                report = await import_questions(
                    work,
                    lines,
                    utcnow(),
                    format=kind,
                    name=file.name,
                    skip_bad=skip_bad,
                    seeded=seeded,
                )
            if report.updated:
                name = database_name(database.engine.url)
                changed = [f"{report.updated:,} questions"]
                require_consent(Loss("Importing overwrites", name, changed), yes_drop)
        return report

    content, _ = scan_content(CONTENT)
    seeded = {item.slug for item in content.questions()}
    with running_database():
        report = as_application(run)
    if as_json:
        print_json(_report(report))
    else:
        _print_report(report)
    if report.problem_count:
        raise typer.Exit(Exit.FAILED)


def _report(report: ImportReport) -> dict[str, object]:
    names = ("file", "is_written", "inserted", "updated", "unchanged", "skipped", "problem_count")
    figures: dict[str, object] = {name: getattr(report, name) for name in names}
    return figures | {
        "problems": [
            {"line": problem.line, "field": problem.field, "message": problem.message}
            for problem in report.problems
        ],
        "seeded": report.seeded,
    }


def _print_report(report: ImportReport) -> None:
    for problem in report.problems:
        errors.print(str(problem), markup=False, soft_wrap=True)
    if hidden := report.problem_count - len(report.problems):
        errors.print(f"and {hidden:,} more problems")
    if report.is_written:
        console.print(
            f"[green]✓[/] {report.inserted:,} inserted, {report.updated:,} updated, "
            f"{report.unchanged:,} unchanged, {report.skipped:,} skipped"
        )
        if report.seeded:
            _warn_of_seed(report.seeded)
    else:
        errors.print(f"[red]✗[/] {report.skipped:,} bad lines; nothing was written")


def _warn_of_seed(slugs: list[str]) -> None:
    shown = ", ".join(slugs[:NAMED_SLUGS])
    more = f" and {len(slugs) - NAMED_SLUGS} more" if len(slugs) > NAMED_SLUGS else ""
    errors.print(
        f"Warning: the next start loads {shown}{more} from content/ again, as they stand there; "
        "make the same change in content/ to keep it.",
        markup=False,
        soft_wrap=True,
    )


def export_file(
    file: Path = typer.Argument(None, help="Where to write; standard output by default."),
    form: Form = typer.Option(
        None,
        "--format",
        help=f"{FORM_HELP} By default, the name of the file decides: *.csv is CSV.",
    ),
) -> None:
    """Export the questions that have a slug, as JSON Lines or CSV, which `import` reads.

    An old file is replaced when the new one is whole. In CSV, cells that a spreadsheet would take
    for a formula begin with an apostrophe, which `import` takes off again.

    Example: python manage_db.py export questions.jsonl
    """
    by_name = Form.CSV if file and file.suffix.lower() == ".csv" else Form.JSONL

    async def run(database: Database, output: BinaryIO) -> None:
        async with Work(database) as work:
            async for chunk in export_questions(work, (form or by_name).value):
                output.write(chunk)

    with written(file) as output, running_database():
        as_application(lambda database: run(database, output))
    if file:
        errors.print(f"✓ {file}", markup=False, soft_wrap=True)
