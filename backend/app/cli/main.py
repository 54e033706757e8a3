"""Builds the command line of manage_db.py."""

import logging
from collections.abc import Callable

import structlog
import typer

from app.cli.accounts import create_admin
from app.cli.achievements import achievements
from app.cli.cards import cards
from app.cli.console import explained_errors
from app.cli.content import docs, export_file, import_file, seed
from app.cli.generate import generate
from app.cli.schema import downgrade, init, reset, revision, upgrade
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
    "Schema": {
        "init": init,
        "upgrade": upgrade,
        "downgrade": downgrade,
        "revision": revision,
        "reset": reset,
    },
    "Content": {"seed": seed, "import": import_file, "export": export_file, "docs": docs},
    "Accounts and test data": {
        "create-admin": create_admin,
        "statistics": statistics,
        "achievements": achievements,
        "generate": generate,
    },
}
for _panel, _commands in COMMANDS.items():
    for _name, _command in _commands.items():
        app.command(_name, rich_help_panel=_panel)(_command)
app.add_typer(cards, name="cards", rich_help_panel="Accounts and test data")


def quiet_log() -> None:
    """Keep warnings (of slow statements, say) out of the output, which belongs to the command."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def main() -> None:
    """Run the command line."""
    quiet_log()
    with explained_errors():
        app()
