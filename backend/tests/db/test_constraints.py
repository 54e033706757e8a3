"""What happens to a row's children when it goes, and when a deferred rule is checked."""

import asyncpg
import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import constraint_of
from app.models import (
    Base,
    Lesson,
    LessonProgress,
    LessonQuestion,
    PaymentTransaction,
    Question,
    QuestionAttempt,
    QuestionSet,
    SRSCard,
    SRSReview,
    Subscription,
    TryoutSession,
    Unit,
    User,
    UserPreferences,
)
from app.models.base import new_id
from tests.conftest import Server
from tests.factories import make_card, make_lesson, make_question, make_user
from tools.model_check.rows import build_rows

pytestmark = pytest.mark.each_version

# The parents by what keeps their children from being lost, or takes them along.
CASCADES = {
    "user_preferences.user_id",
    "user_sessions.user_id",
    "units.path_id",
    "lesson_questions.lesson_id",
    "lesson_questions.question_id",
    "questionset_questions.question_set_id",
    "questionset_questions.question_id",
    "lesson_progress.user_id",
    "question_attempts.user_id",
    "user_achievements.user_id",
    "srs_cards.user_id",
    "srs_reviews.user_id",
    "srs_reviews.card_id",
    "tryout_sessions.user_id",
    "tryout_answers.user_id",
    "tryout_answers.session_id",
    "attempt_marks.attempt_id",
    "attempt_marks.user_id",
    "item_reports.user_id",
    "daily_activity.user_id",
    "personal_entries.user_id",
    "placement_tests.user_id",
    "question_attempts.placement_test_id",
    "recordings.user_id",
    "srs_reviews.settings_id",
    "srs_reviews.target_id",
    "srs_settings.user_id",
}
SETS_NULL = {
    "lessons.split_from_id",
    "lessons.unit_id",
    "lessons.author_id",
    "questions.author_id",
    "question_sets.owner_id",
    "questions.passage_id",
    "attempt_marks.marker_id",
    "item_reports.settled_by",
    "placement_tests.question_id",
    "placement_tests.unit_id",
}
RESTRICTS = {
    "lesson_progress.lesson_id",
    "question_attempts.question_id",
    "item_reports.question_id",
    "question_attempts.lesson_id",
    "tryout_sessions.question_set_id",
    "tryout_answers.question_id",
    "subscriptions.user_id",
    "payment_transactions.user_id",
    "payment_transactions.subscription_id",
}


def test_every_foreign_key_says_what_a_deletion_does() -> None:
    found: dict[str | None, set[str]] = {}
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            found.setdefault(key.ondelete, set()).add(f"{table.name}.{key.parent.name}")
    assert found == {"CASCADE": CASCADES, "SET NULL": SETS_NULL, "RESTRICT": RESTRICTS}


async def store(db: AsyncSession) -> dict[type[Base], Base]:
    """Store one row of every model."""
    rows = build_rows(1)
    for row in rows:
        db.add(row)
        await db.flush()
    return {type(row): row for row in rows}


async def count(db: AsyncSession, model: type[Base]) -> int | None:
    return await db.scalar(select(func.count()).select_from(model))


async def refused_by(db: AsyncSession, statement) -> str | None:
    savepoint = await db.begin_nested()
    try:
        await db.execute(statement)
        await db.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    except IntegrityError as error:
        return constraint_of(error)
    else:
        return None
    finally:
        await savepoint.rollback()


async def test_a_learner_with_payments_cannot_be_deleted(db: AsyncSession) -> None:
    rows = await store(db)
    user = rows[User]
    statement = delete(User).where(User.id == user.id)
    assert await refused_by(db, statement) in {
        "subscriptions_user_id_fkey",
        "payment_transactions_user_id_fkey",
    }


async def test_a_deleted_unit_leaves_its_lessons(db: AsyncSession) -> None:
    rows = await store(db)
    await db.execute(delete(Unit).where(Unit.id == rows[Unit].id))
    lesson = rows[Lesson]
    await db.refresh(lesson)
    assert lesson.unit_id is None


@pytest.mark.parametrize(
    ("model", "rule"),
    [
        (Lesson, "lesson_progress_lesson_id_fkey"),
        (Question, "question_attempts_question_id_fkey"),
        (QuestionSet, "tryout_sessions_question_set_id_fkey"),
        (Subscription, "payment_transactions_subscription_id_fkey"),
    ],
)
async def test_what_a_learner_has_used_cannot_be_deleted(db: AsyncSession, model, rule) -> None:
    rows = await store(db)
    assert await refused_by(db, delete(model).where(model.id == rows[model].id)) == rule


async def test_two_lessons_swap_places_in_one_transaction(db: AsyncSession) -> None:
    rows = await store(db)
    unit = rows[Unit]
    first, second = (make_lesson(unit_id=unit.id, position=place) for place in (8, 9))
    db.add_all([first, second])
    await db.flush()
    await db.execute(update(Lesson).where(Lesson.id == first.id).values(position=9))
    await db.execute(update(Lesson).where(Lesson.id == second.id).values(position=8))
    await db.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))

    statement = update(Lesson).where(Lesson.id == first.id).values(position=8)
    await db.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    assert await refused_by(db, statement) == "lessons_unit_id_position_key"


async def test_two_questions_of_a_lesson_cannot_share_a_place_in_the_end(db: AsyncSession) -> None:
    lesson, first, second = make_lesson(), make_question(), make_question()
    db.add_all([lesson, first, second])
    await db.flush()
    db.add(LessonQuestion(lesson_id=lesson.id, question_id=first.id, position=1))
    db.add(LessonQuestion(lesson_id=lesson.id, question_id=second.id, position=1))
    await db.flush()  # deferred: not refused yet
    with pytest.raises(IntegrityError) as caught:
        await db.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    assert constraint_of(caught.value) == "lesson_questions_lesson_id_position_key"


async def test_a_second_current_subscription_is_refused_and_a_past_one_is_not(
    db: AsyncSession,
) -> None:
    rows = await store(db)
    current = rows[Subscription]
    fields = {
        column.name: getattr(current, column.name)
        for column in Subscription.__table__.columns
        if column.name != "id"
    }
    db.add(Subscription(id=new_id(), **fields | {"status": "expired"}))
    await db.flush()
    db.add(Subscription(id=new_id(), **fields | {"status": "trialing"}))
    with pytest.raises(IntegrityError) as caught:
        await db.flush()
    assert constraint_of(caught.value) == "idx_subscriptions_current"


async def test_a_second_open_sitting_of_the_same_set_is_refused(db: AsyncSession) -> None:
    rows = await store(db)
    sitting = rows[TryoutSession]
    db.add(
        TryoutSession(
            user_id=sitting.user_id,
            question_set_id=sitting.question_set_id,
            expires_at=sitting.expires_at,
            started_at=sitting.started_at,
            questions_total=1,
        )
    )
    with pytest.raises(IntegrityError) as caught:
        await db.flush()
    assert constraint_of(caught.value) == "idx_tryout_sessions_open"


async def test_the_defaults_of_the_database_make_a_whole_user(server: Server) -> None:
    name = await server.create()
    connection = await asyncpg.connect(server.url(name).replace("+asyncpg", ""))
    row = await connection.fetchrow(
        "INSERT INTO users (email, password_hash, full_name) VALUES ('a@b', 'x', 'Sari') RETURNING *"
    )
    await connection.close()
    await server.drop(name)
    assert row["id"].version == 4
    assert (row["current_level"], row["role"]) == ("A1", "learner")
    assert (row["is_active"], row["is_verified"], row["is_premium"]) == (True, False, False)
    assert row["created_at"].tzinfo and row["created_at"] == row["updated_at"]


async def test_deleting_a_learner_takes_along_everything_but_money(db: AsyncSession) -> None:
    user, lesson, question = make_user(), make_lesson(), make_question()
    db.add_all([user, lesson, question])
    await db.flush()
    card = make_card(user.id)
    attempt = QuestionAttempt(
        user_id=user.id,
        question_id=question.id,
        response={"type": "multiple_choice", "choice": "b"},
        is_correct=True,
        score=1,
    )
    progress = LessonProgress(user_id=user.id, lesson_id=lesson.id)
    db.add_all([card, attempt, progress, UserPreferences(user_id=user.id)])
    await db.flush()
    await db.execute(delete(User).where(User.id == user.id))
    for model in (SRSCard, SRSReview, QuestionAttempt, LessonProgress, UserPreferences):
        assert await count(db, model) == 0
    assert await count(db, Question) == await count(db, Lesson) == 1
    assert await count(db, PaymentTransaction) == 0
