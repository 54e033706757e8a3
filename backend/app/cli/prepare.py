"""Bringing a database up to date: migrations, the curriculum, the demo accounts."""

from contextlib import suppress
from functools import partial

import alembic.command
from alembic.config import Config
from alembic.script.revision import ResolutionError
from alembic.util.exc import CommandError

from app.cli.connection import as_application
from app.cli.console import console, fail
from app.cli.demo.history import write_history
from app.cli.guard import Loss, database_name, require_consent
from app.core.clock import utcnow
from app.core.config import BACKEND, CONTENT, get_settings
from app.core.database import Database
from app.core.errors import NotFound
from app.core.work import Work
from app.domain.accounts.accounts import ensure_demo_accounts, find_demo_accounts
from app.domain.curriculum.loading import LoadReport, load_content

SHOWN = 5
DEACTIVATE = "UPDATE users SET is_active = false WHERE email ~ '[@.]lancar[.]test$';"


def alembic_config() -> Config:
    """Return the configuration that the `alembic` command uses in this folder."""
    return Config(BACKEND / "alembic.ini")


def prepare(*, migrate: bool) -> None:
    """Migrate (if wanted), load what changed in the curriculum, and bring the demo up to date."""
    if migrate:
        with console.status("Migrating the database"):
            _upgrade()
    with console.status("Loading the curriculum"):
        as_application(seed)
    days = get_settings().DEMO_HISTORY_DAYS
    if get_settings().is_development and days:
        with console.status("Letting the demo learner study"):
            as_application(partial(live_demo, days=days))


async def live_demo(database: Database, days: int) -> None:
    """Give the demo learner the days that are missing; one without the account has no history."""
    async with Work(database) as work:
        with suppress(NotFound):
            await write_history(work, utcnow(), days)


def _upgrade() -> None:
    try:
        alembic.command.upgrade(alembic_config(), "head")
    except CommandError as error:
        if not isinstance(error.__cause__, ResolutionError):
            raise
        fail(
            f"The database has the revision {error.__cause__.argument}, which this version of"
            " Lancar does not know: another version made it. Use that one, or start anew with"
            " `python manage_db.py reset`, which deletes everything in the database."
        )


async def seed(database: Database, yes_drop: str | None = None) -> LoadReport:
    """Load the curriculum and, in development, the demo accounts; safe to repeat.

    What left the files is archived: see `require_consent`, and nothing is loaded without it.
    """
    now = utcnow()
    work = Work(database)
    async with work.transaction():
        report = await load_content(work, CONTENT, now)
        if gone := [f"{c.archived:,} {kind}" for kind, c in report.kinds().items() if c.archived]:
            name = database_name(database.engine.url)
            loss = Loss("Loading the curriculum archives what left content/", name, gone)
            remedy = "To go on, run: python manage_db.py seed --yes-drop {}"
            require_consent(loss, yes_drop, remedy=remedy)
    if get_settings().is_development:
        await ensure_demo_accounts(work, now)
    return report


async def demo_accounts_left(database: Database) -> list[str]:
    """Return what to say to an operator about accounts that development made; for production."""
    async with Work(database) as work:
        count, emails = await find_demo_accounts(work, SHOWN)
    if not count:
        return []
    more = f" and {count - len(emails):,} more" if count > len(emails) else ""
    said = f"{count:,} accounts are left from development, and cannot sign in here:"
    return [f"{said} {', '.join(emails)}{more}. Deactivate them with: {DEACTIVATE}"]
