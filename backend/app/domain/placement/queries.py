"""All SQL of the placement test. Its answers are rows of the log of attempts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from app.core.work import Work
from app.models import (
    DailyActivity,
    Lesson,
    LessonQuestion,
    Path,
    PlacementTest,
    Question,
    QuestionAttempt,
    Unit,
)
from app.questions.types import TYPES

NOT_ASKED = [name for name, kind in TYPES.items() if kind.needs_setting]

# Written out, because a parameter would keep PostgreSQL from seeing that the partial unique index
# fits, as soon as it plans the statement once for all values (on its sixth use of a connection).
_IS_OPEN = text("status = 'open'")

# The whole published path: as many rows as its lessons have questions, whatever else the bank
# holds, read by primary and foreign keys. Further questions about a passage are left out: only the
# reading itself shows the text, and no learner should meet the same one twice.
_MATERIAL = (
    select(
        Unit.id.label("unit_id"),
        Unit.level.label("unit_level"),
        Question.id,
        Question.level,
        Question.difficulty,
        Question.skill,
        Question.type,
    )
    .select_from(Path)
    .join(Unit, Unit.path_id == Path.id)
    .join(Lesson, Lesson.unit_id == Unit.id)
    .join(LessonQuestion, LessonQuestion.lesson_id == Lesson.id)
    .join(Question, Question.id == LessonQuestion.question_id)
    .where(
        Path.status == "published",
        Lesson.status == "published",
        Question.status == "published",
        Question.type.not_in(NOT_ASKED),
        Question.passage_id.is_(None),
    )
    .order_by(Path.position, Path.slug, Unit.position, Lesson.position, LessonQuestion.position)
)


async def insert_open_test(work: Work, user_id: UUID, now: datetime) -> bool:
    """Begin a test; False when the learner has an open one (placement_tests_open_key)."""
    statement = (
        insert(PlacementTest)
        .values(user_id=user_id, started_at=now, created_at=now, updated_at=now)
        .on_conflict_do_nothing(index_elements=["user_id"], index_where=_IS_OPEN)
        .returning(PlacementTest.id)
    )
    return await work.session.scalar(statement) is not None


async def find_open_test(work: Work, user_id: UUID, *, lock: bool = False) -> PlacementTest | None:
    """Return the learner's open test, if asked for locked until the end of the transaction."""
    statement = select(PlacementTest).where(PlacementTest.user_id == user_id, _IS_OPEN)
    if lock:
        statement = statement.with_for_update(key_share=True)
    statement = statement.execution_options(populate_existing=True)
    return (await work.session.scalars(statement)).one_or_none()


async def find_last_result(work: Work, user_id: UUID) -> tuple[PlacementTest, Unit] | None:
    """Return the learner's latest finished test and where it says to start."""
    statement = (
        select(PlacementTest, Unit)
        .outerjoin(Unit, Unit.id == PlacementTest.unit_id)
        .where(PlacementTest.user_id == user_id, PlacementTest.status == "finished")
        .order_by(PlacementTest.started_at.desc())
        .limit(1)
    )
    row = (await work.session.execute(statement)).one_or_none()
    return None if row is None else (row[0], row[1])


async def fetch_answers(work: Work, user_id: UUID, test_id: UUID) -> Sequence[Any]:
    """Return the questions (as items) and scores of a test's answers, in the order given."""
    statement = (
        select(
            Question.id,
            Question.level,
            Question.difficulty,
            Question.skill,
            Question.type,
            QuestionAttempt.score,
        )
        .join(Question, Question.id == QuestionAttempt.question_id)
        .where(QuestionAttempt.user_id == user_id, QuestionAttempt.placement_test_id == test_id)
        .order_by(QuestionAttempt.attempted_at, QuestionAttempt.id)
    )
    return (await work.session.execute(statement)).all()


async def find_answered_test(work: Work, user_id: UUID, attempt_id: UUID) -> UUID | None:
    """Return the placement test that an answer of this learner belongs to."""
    statement = select(QuestionAttempt.placement_test_id).where(
        QuestionAttempt.id == attempt_id, QuestionAttempt.user_id == user_id
    )
    test_id: UUID | None = await work.session.scalar(statement)
    return test_id


async def fetch_material(work: Work) -> Sequence[Any]:
    """Return the questions of the published paths, by unit, in teaching order."""
    return (await work.session.execute(_MATERIAL)).all()


async def find_question(work: Work, question_id: UUID) -> Question | None:
    """Return a question by its primary key."""
    return await work.session.get(Question, question_id)


async def find_unit(work: Work, unit_id: UUID) -> Unit | None:
    """Return a unit by its primary key."""
    return await work.session.get(Unit, unit_id)


async def add_activity(
    work: Work,
    user_id: UUID,
    day: date,
    *,
    is_correct: bool,
    duration_ms: int,
    now: datetime,
) -> None:
    """Count one answer on the learner's `day`."""
    statement = insert(DailyActivity).values(
        user_id=user_id,
        day=day,
        answers=1,
        correct_answers=int(is_correct),
        duration_ms=duration_ms,
        created_at=now,
        updated_at=now,
    )
    added = statement.excluded
    await work.session.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "day"],
            set_={
                "answers": DailyActivity.answers + added.answers,
                "correct_answers": DailyActivity.correct_answers + added.correct_answers,
                "duration_ms": DailyActivity.duration_ms + added.duration_ms,
                "updated_at": added.updated_at,
            },
        )
    )
