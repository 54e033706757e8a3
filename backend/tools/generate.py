"""`generate`: realistic volume for benchmarks, through COPY, into a development database."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.cli.connection import as_owner, running_database
from app.cli.console import console, errors, fail, print_json
from app.cli.guard import YES_DROP, everything_in, require_consent
from app.core.clock import utcnow
from app.core.database import Database
from app.core.security import hash_password
from app.domain.accounts.rules import DEMO_PASSWORD
from tools.volume import content
from tools.volume import learners as people
from tools.volume.content import Writer
from tools.volume.learners import Items, Population
from tools.volume.rows import copy_rows

if TYPE_CHECKING:
    import asyncpg

    Connection = asyncpg.Connection[asyncpg.Record]

GENERATOR_VERSION = 3
"""Changes when what is generated does, so that kept benchmark data is made anew."""

TABLES = (
    "users", "user_preferences", "questions", "lessons", "lesson_questions", "srs_cards",
    "srs_reviews", "daily_activity",
)  # fmt: skip
BANK_A_LESSON = 50
"""Questions in the bank for each lesson."""


@dataclass(frozen=True, slots=True)
class Volume:
    """How much to make; `reviews` is met roughly: a learner keeps the whole log, or none."""

    learners: int
    cards: int
    questions: int
    reviews: int
    seed: int


def generate(  # noqa: PLR0917 - typer fills them by name
    learners: int = typer.Option(20_000, min=1, help="Learners with an account."),
    cards: int = typer.Option(2_000_000, min=0, help="SRS cards, over all learners."),
    questions: int = typer.Option(200_000, min=0, help="Questions (and a lesson for each 50)."),
    reviews: int = typer.Option(None, min=0, help="Reviews in the log (default: cards / 4)."),
    seed: int = typer.Option(1, help="Decides texts and shapes; ids differ from run to run."),
    as_json: bool = typer.Option(False, "--json", help="Print the figures as JSON."),
    yes_drop: str | None = YES_DROP,
) -> None:
    """Fill a development database with realistic volume, through COPY.

    Few learners study much and many have left; cards are unseen, learning, due, overdue or
    suspended as the scheduler left them; the words of questions are as unequally common as real
    ones. Indexes stay. All or nothing: one transaction. Each run adds to what is there. The
    learners are learner-…@volume.lancar.test and share the demo accounts' password. Cards without
    reviews are as if imported from another program. Where ENVIRONMENT is production, asks for the
    database's name, or takes it from --yes-drop.

    Example: python manage_db.py generate --learners 2000 --cards 200000 --questions 20000
    """
    volume = Volume(learners, cards, questions, cards // 4 if reviews is None else reviews, seed)
    with running_database():
        mixing = "Generating mixes invented data with what is"
        require_consent(as_owner(lambda database: everything_in(database, mixing)), yes_drop)
        started = time.perf_counter()
        made = as_owner(lambda database: fill(database, volume), at_head=True)
    seconds = round(time.perf_counter() - started, 1)
    if as_json:
        print_json({"seconds": seconds, "rows": made})
    else:
        console.print(f"[green]✓[/] {sum(made.values()):,} rows in {seconds} s")


async def fill(database: Database, volume: Volume) -> dict[str, int]:
    """Add `volume` to the database and analyse it; return the rows added, by table."""
    columns = (TextColumn("{task.description:<18}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=errors) as progress:
        async with database.driver() as connection:
            async with connection.transaction():
                made = await _copy_everything(connection, volume, progress)
            task = progress.add_task("vacuum, analyze", total=len(TABLES))
            for table in TABLES:
                await connection.execute(f"VACUUM (ANALYZE) {table}")
                progress.advance(task)
    return made


async def _copy_everything(
    connection: "Connection", volume: Volume, progress: Progress
) -> dict[str, int]:
    random, now = Random(volume.seed), utcnow()  # noqa: S311 - test data, repeatable on purpose
    made: dict[str, int] = {}

    async def copy(table: str, columns: Iterable[str], rows: Iterable[str], total: int) -> None:
        task = progress.add_task(table, total=total)
        await copy_rows(connection, table, columns, rows, lambda n: progress.advance(task, n))
        made[table] = int(progress.tasks[task].completed)

    writer = Writer(random, now)
    lessons = volume.questions // BANK_A_LESSON
    count = volume.questions
    await copy("questions", content.QUESTION_COLUMNS, writer.question_rows(count), count)
    await copy("lessons", content.LESSON_COLUMNS, writer.lesson_rows(lessons), lessons)
    places = writer.lesson_question_rows()
    total = lessons * content.QUESTIONS_A_LESSON
    await copy("lesson_questions", content.LESSON_QUESTION_COLUMNS, places, total)

    items = await _items(connection)
    population = Population(
        random,
        now,
        learners=volume.learners,
        cards=volume.cards,
        most_cards=items.most_cards,
        reviews=volume.reviews,
    )
    password = await hash_password(DEMO_PASSWORD)
    count = volume.learners
    await copy("users", people.USER_COLUMNS, population.user_rows(password), count)
    await copy("user_preferences", people.PREFERENCE_COLUMNS, population.preference_rows(), count)
    await copy("srs_cards", people.CARD_COLUMNS, population.card_rows(items), volume.cards)
    await copy("srs_reviews", people.REVIEW_COLUMNS, population.log_rows(), population.entries)
    await copy("daily_activity", people.DAY_COLUMNS, population.day_rows(), population.days)
    return made


async def _items(connection: "Connection") -> Items:
    """Return what cards can be about: every published question without a passage, and word."""
    questions = """
        SELECT id FROM questions
        WHERE status = 'published' AND type <> 'reading' AND passage_id IS NULL ORDER BY id
    """
    vocabulary = "SELECT id FROM vocabulary_entries ORDER BY id"
    found = [
        [row["id"].hex for row in await connection.fetch(query)]
        for query in (questions, vocabulary)
    ]
    if not found[0]:
        fail("There are no published questions to make cards about: give --questions.")
    return Items(*found)
