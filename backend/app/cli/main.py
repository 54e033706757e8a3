"""Builds the command line of manage_db.py."""

import typer

from app.cli.console import explained_errors
from app.cli.generate import generate
from app.cli.serve import serve

app = typer.Typer(
    name="manage_db.py",
    help="Run and look after Lancar. Each command explains itself: manage_db.py COMMAND --help",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command()(serve)
app.command()(generate)


def main() -> None:
    """Run the command line."""
    with explained_errors():
        app()
