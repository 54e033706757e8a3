"""The command for the first person with power: create-admin."""

import sys

import typer

from app.cli.connection import as_application, running_database
from app.cli.console import console
from app.core.clock import utcnow
from app.core.database import Database
from app.core.work import Work
from app.domain.accounts.accounts import create_account


def create_admin(
    email: str = typer.Option(..., prompt=True, help="Address to sign in with."),
    full_name: str = typer.Option("Admin", "--name", help="Name shown in the application."),
) -> None:
    """Make an account with the role admin. The password is asked for, twice and unseen.

    Where there is no terminal, the first line of standard input is the password.

    Example: python manage_db.py create-admin --email ayu@example.com
    """
    password: str
    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")

    async def run(database: Database) -> None:
        async with Work(database) as work:
            await create_account(
                work,
                email=email,
                password=password,
                full_name=full_name,
                role="admin",
                now=utcnow(),
            )

    with running_database():
        as_application(run)
    console.print(f"[green]✓[/] {email} can sign in as admin.")
