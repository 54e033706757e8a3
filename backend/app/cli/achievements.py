"""The command for badges that were added after learners had earned them: achievements."""

from app.cli.connection import as_application, running_database
from app.cli.console import console
from app.core.clock import utcnow
from app.core.work import Work
from app.domain.progress.standing import award_everybody


def achievements() -> None:
    """Give every learner the badges that they have earned by now.

    Learners meet theirs without this when they come back; run it after badges were added, to have
    them all at once. Run it as often as you like: a badge is given once.

    Example: python manage_db.py achievements
    """
    with running_database():
        won = as_application(lambda database: award_everybody(Work(database), utcnow()))
    console.print(f"[green]✓[/] {won:,} badges given.")
