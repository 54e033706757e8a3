"""`serve`: everything that `make run` starts, and its orderly end."""

import os
import signal
import socket
import threading
import time
import urllib.request
from contextlib import ExitStack
from importlib import import_module
from multiprocessing import parent_process, set_start_method
from typing import Any

import typer
from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from rich.panel import Panel
from rich.table import Table

from app.cli.connection import as_application, forget_owner, publish
from app.cli.console import Exit, console, errors, fail
from app.cli.guard import NotConfirmedError
from app.cli.listening import OneSocketServer, listen
from app.cli.prepare import demo_accounts_left, prepare
from app.cli.signals import (
    held_signals,
    ignore_signals,
    start_resource_tracker,
    stop_on_signals,
)
from app.core.config import BACKEND, get_settings
from app.domain.accounts.accounts import DEMO_ACCOUNTS
from app.domain.accounts.rules import DEMO_PASSWORD
from app.embedded.privileges import become, require_usable, system_user
from app.embedded.servers import servers

USED = (
    "backend/app",
    "backend/tools",
    "backend/alembic",
    "backend/manage_db.py",
    "content",
    ".env",
    "backend/.env",
)
SECONDS_TO_ANSWER = 60
SECONDS_TO_DRAIN = 15


def serve(
    host: str = typer.Option(None, help="Address to serve on (default: HOST, 127.0.0.1)."),
    port: int = typer.Option(None, min=1, max=65535, help="Port (default: PORT, 8000)."),
    workers: int = typer.Option(None, min=1, max=64, help="Processes (default: WORKERS, 1)."),
    migrate: bool = typer.Option(
        None, help="Migrate first (default: yes, except where ENVIRONMENT is production)."
    ),
) -> None:
    """Start the servers, bring the database up to date, and serve pages and API until Ctrl-C.

    Without DATABASE_URL and REDIS_URL, a private PostgreSQL and Valkey run as long as this does.
    Started as root, everything but the preparation runs as the system user `lancar`.
    Outside production the migrations are applied, and in development the demo accounts are made;
    the curriculum under content/ is loaded where it changed.

    Example: python manage_db.py serve --port 8010
    """
    settings = get_settings()
    host, port = host or settings.HOST, port or settings.PORT
    user = system_user()
    require_usable(user, BACKEND.parent, USED)
    listening = listen(host, port)
    stop_on_signals()
    try:
        with ExitStack() as stack:
            try:
                with console.status("Starting PostgreSQL and Valkey"), held_signals():
                    urls = stack.enter_context(servers(supervise=True))
                forget_owner()
                become(user)
                start_resource_tracker()
                publish(urls)
                _prepare(migrate=settings.is_development if migrate is None else migrate)
                if not settings.is_development:
                    for warning in as_application(demo_accounts_left):
                        errors.print(warning, style="yellow", markup=False, soft_wrap=True)
                forget_owner()
                _answer_requests(listening, _shown(host, port), workers or settings.WORKERS)
            finally:
                ignore_signals()
                console.print("Stopping.", style="dim")
    except KeyboardInterrupt:
        raise typer.Exit(Exit.OK) from None


def _prepare(*, migrate: bool) -> None:
    """Bring the database up to date; what only a person may decide waits, and serving does not."""
    try:
        prepare(migrate=migrate)
    except NotConfirmedError as refused:
        errors.print("[yellow]The curriculum was not loaded.[/]", end=" ")
        errors.print(str(refused), markup=False, soft_wrap=True)


def _answer_requests(listening: socket.socket, url: str, workers: int) -> None:
    """Serve until asked to stop; fail when the application itself cannot run."""
    # Fresh processes: a forked one would inherit locks, thread pools and connections of this one.
    set_start_method("spawn")
    server = OneSocketServer(
        "app.main:app",
        listening,
        interface=Interfaces.ASGI,
        workers=workers,
        loop=Loops.uvloop,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_DRAIN,
    )
    stopped = threading.Event()
    announcer = threading.Thread(target=_announce, args=(url, stopped), daemon=True)
    server.on_startup(announcer.start)
    server.on_shutdown(stopped.set)
    try:
        server.serve(target_loader=load_application)
    except SystemExit as error:
        fail(f"The application ended by itself ({error.code}); the reason is above.")


def load_application(target: str) -> Any:
    """Return the application named by `target`; runs in each worker, when it starts.

    A worker leaves the process group of its parent (who alone decides when it stops) and ends
    when the parent is gone, so that a killed parent leaves no process on the port.
    """
    os.setpgid(0, 0)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _shown(host: str, port: int) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared only
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _announce(url: str, stopped: threading.Event) -> None:
    """Print where the pages are, as soon as they are there."""
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while not stopped.wait(0.05):
        if _answers(url):
            console.print(_welcome(url))
            return
        if time.monotonic() > deadline:
            errors.print(f"[bold red]No answer[/] from {url} within {SECONDS_TO_ANSWER} s.")
            return


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health/live", timeout=5):  # noqa: S310 - our own http
            return True
    except OSError:
        return False


def _welcome(url: str) -> Panel:
    rows = Table.grid(padding=(0, 2))
    rows.add_row("Open", f"[bold][link={url}]{url}[/link][/]")
    if get_settings().is_development:
        accounts = [f"{email} [dim]({role})[/]" for email, _name, role in DEMO_ACCOUNTS]
        rows.add_row("Sign in as", " or ".join(accounts))
        rows.add_row("Password", DEMO_PASSWORD)
    rows.add_row("Stop with", "Ctrl-C")
    return Panel(rows, title="Lancar", title_align="left", border_style="green", expand=False)
