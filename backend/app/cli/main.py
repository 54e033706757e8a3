"""Builds the command line of manage_db.py: what operators need; `tools` adds its own to it."""

import logging
from collections.abc import Callable, Mapping

import structlog
import typer

from app.cli.accounts import create_admin
from app.cli.achievements import achievements
from app.cli.cards import cards
from app.cli.console import explained_errors
from app.cli.content import export_file, import_file, seed
from app.cli.schema import downgrade, init, reset, upgrade
from app.cli.serve import serve
from app.cli.statistics import statistics
from app.cli.status import status
from app.cli.verify import check

app = typer.Typer(
    name="manage_db.py",
    help="Run and look after Lancar. Each command explains itself: manage_db.py COMMAND --help. "
    "Without DATABASE_URL, the embedded server is started for the command.",
    epilog="Exit codes: 0 done, 1 refused or something was found, 2 wrong usage or settings.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
COMMANDS: dict[str, dict[str, Callable[..., None]]] = {
    "Run": {"serve": serve, "status": status, "check": check},
    "Schema": {"init": init, "upgrade": upgrade, "downgrade": downgrade, "reset": reset},
    "Content": {"seed": seed, "import": import_file, "export": export_file},
    "Accounts and test data": {
        "create-admin": create_admin,
        "statistics": statistics,
        "achievements": achievements,
    },
}


def add_commands(panels: Mapping[str, Mapping[str, Callable[..., None]]]) -> None:
    """Put commands into the command line, each in the panel of `--help` that it is given in."""
    for panel, commands in panels.items():
        for name, command in commands.items():
            app.command(name, rich_help_panel=panel)(command)


add_commands(COMMANDS)
app.add_typer(cards, name="cards", rich_help_panel="Accounts and test data")


def quiet_log() -> None:
    """Keep warnings (of slow statements, say) out of the output, which belongs to the command."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def main() -> None:
    """Run the command line."""
    quiet_log()
    with explained_errors():
        app()
