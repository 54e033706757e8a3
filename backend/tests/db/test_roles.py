"""The application's role: it works on every table, but only adds to the logs."""

import asyncpg
import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import APPEND_ONLY, Base, QuestionAttempt, SRSReview, User
from tests.conftest import Server
from tests.factories import NOW, make_card, make_question, make_user
from tools.scratch import driver_url

pytestmark = pytest.mark.each_version

ORDINARY = sorted(set(Base.metadata.tables) - set(APPEND_ONLY))


async def refused(db: AsyncSession, statement: str) -> bool:
    """Return whether PostgreSQL answers `statement` with insufficient_privilege."""
    savepoint = await db.begin_nested()
    try:
        await db.execute(text(statement))
    except ProgrammingError as error:
        return error.orig.sqlstate == "42501"
    else:
        return False
    finally:
        await savepoint.rollback()


async def store_history(db: AsyncSession) -> User:
    user, question = make_user(), make_question()
    db.add_all([user, question])
    await db.flush()
    card = make_card(user.id)
    db.add(card)
    await db.flush()
    review = SRSReview(
        user_id=user.id,
        card_id=card.id,
        rating=3,
        reviewed_at=NOW,
        day=NOW.date(),
        interval=1,
        ease_factor=2.5,
        stability=3.0,
        difficulty=5.0,
        due_at=NOW,
    )
    attempt = QuestionAttempt(
        user_id=user.id,
        question_id=question.id,
        response={"type": "multiple_choice", "choice": "b"},
        is_correct=True,
        score=1,
    )
    db.add_all([review, attempt])
    await db.flush()
    return user


async def test_the_application_works_as_its_role(db: AsyncSession) -> None:
    assert await db.scalar(text("SELECT current_user")) == "lancar_app"


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET created_at = created_at",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "SELECT * FROM {} FOR UPDATE",
        "ALTER TABLE {} ADD COLUMN extra integer",
        "DROP TABLE {}",
    ],
)
async def test_the_logs_cannot_be_changed(db: AsyncSession, table: str, statement: str) -> None:
    assert await refused(db, statement.format(table))


@pytest.mark.parametrize("table", APPEND_ONLY)
async def test_the_logs_can_be_read_and_added_to(db: AsyncSession, table: str) -> None:
    assert not await refused(db, f"SELECT count(*) FROM {table}")
    assert not await refused(db, f"INSERT INTO {table} SELECT * FROM {table} WHERE false")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE alembic_version SET version_num = 'x'",
        "DELETE FROM alembic_version",
        "INSERT INTO alembic_version VALUES ('x')",
        "TRUNCATE alembic_version",
        "CREATE ROLE somebody",
    ],
)
async def test_the_application_cannot_meddle_with_the_schema(
    db: AsyncSession, statement: str
) -> None:
    assert await refused(db, statement)
    assert not await refused(db, "SELECT version_num FROM alembic_version")


@pytest.mark.parametrize("table", ORDINARY)
async def test_every_other_table_can_be_written(db: AsyncSession, table: str) -> None:
    for privilege in ("SELECT", "INSERT", "UPDATE", "DELETE"):
        question = text("SELECT has_table_privilege(:table, :privilege)")
        assert await db.scalar(question, {"table": table, "privilege": privilege})
    assert await refused(db, f"TRUNCATE {table} CASCADE")


async def test_deleting_a_learner_still_deletes_their_log(db: AsyncSession) -> None:
    user = await store_history(db)
    await db.execute(delete(User).where(User.id == user.id))
    for model in (QuestionAttempt, SRSReview):
        assert await db.scalar(select(func.count()).select_from(model)) == 0


async def test_a_table_of_a_later_migration_can_be_written_without_a_grant(server: Server) -> None:
    name = await server.create()
    connection = await asyncpg.connect(driver_url(server.url(name)))
    await connection.execute("CREATE TABLE later (id integer)")
    await connection.execute("SET ROLE lancar_app; INSERT INTO later VALUES (1)")
    assert await connection.fetchval("UPDATE later SET id = 2 RETURNING id") == 2
    await connection.close()
    await server.drop(name)
