"""The command for one learner's figures: statistics."""

from dataclasses import asdict

import typer
from rich.table import Table

from app.cli.connection import as_application, running_database
from app.cli.console import console, print_json
from app.core.clock import utcnow
from app.core.database import Database
from app.core.database_utils import DatabaseUtils
from app.core.user_statistics import UserStatistics
from app.core.work import Work
from app.domain.accounts.sessions import get_account_of


def statistics(
    email: str = typer.Argument(..., help="Whose figures they are."),
    as_json: bool = typer.Option(False, "--json", help="Print them as JSON."),
) -> None:
    """Show a learner's figures, as their own pages count them.

    Example: python manage_db.py statistics sari@example.com --json
    """

    async def run(database: Database) -> UserStatistics:
        account = await get_account_of(Work(database), email)
        async with database.read_sessions() as session:
            return await DatabaseUtils.get_user_statistics(session, account.user_id, utcnow())

    with running_database():
        figures = asdict(as_application(run))
    if as_json:
        print_json(figures)
        return
    table = Table.grid(padding=(0, 2))
    for name, value in figures.items():
        shown = (
            "–" if value is None else f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"
        )
        table.add_row(name.replace("_", " ").capitalize(), shown)
    console.print(table)
