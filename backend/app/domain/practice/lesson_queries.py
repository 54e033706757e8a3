"""The SQL of studying a lesson: its shape, the learner's progress in it, and their answers."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.core.statements import Statements, value
from app.core.work import Work
from app.models import (
    DailyActivity,
    Lesson,
    LessonProgress,
    LessonQuestion,
    Question,
    QuestionAttempt,
)

SQL = Statements(__file__)
FETCH_LESSON_VOCABULARY = SQL.statement("fetch_lesson_vocabulary", value)


async def find_lesson_shape(work: Work, lesson_id: UUID) -> tuple[int, list[UUID]] | None:
    """Return the number of sections and the published questions of a published lesson."""
    questions = (
        select(func.array_agg(LessonQuestion.question_id))
        .join(Question, Question.id == LessonQuestion.question_id)
        .where(LessonQuestion.lesson_id == lesson_id, Question.status == "published")
        .scalar_subquery()
    )
    statement = select(func.jsonb_array_length(Lesson.sections), questions).where(
        Lesson.id == lesson_id, Lesson.status == "published"
    )
    row = (await work.session.execute(statement)).one_or_none()
    return None if row is None else (row[0], row[1] or [])


async def find_progress(work: Work, user_id: UUID, lesson_id: UUID) -> LessonProgress | None:
    """Return how far a learner is in a lesson."""
    statement = select(LessonProgress).where(
        LessonProgress.user_id == user_id, LessonProgress.lesson_id == lesson_id
    )
    return (await work.session.scalars(statement)).one_or_none()


async def lock_progress(
    work: Work, user_id: UUID, lesson_id: UUID, now: datetime
) -> LessonProgress:
    """Return a learner's progress in a lesson, made if need be, locked to the end."""
    made = {"user_id": user_id, "lesson_id": lesson_id, "created_at": now, "updated_at": now}
    await work.session.execute(
        insert(LessonProgress)
        .values(made)
        .on_conflict_do_nothing(index_elements=["user_id", "lesson_id"])
    )
    statement = (
        select(LessonProgress)
        .where(LessonProgress.user_id == user_id, LessonProgress.lesson_id == lesson_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await work.session.scalars(statement)).one()


async def count_answered(
    work: Work, user_id: UUID, lesson_id: UUID, questions: Sequence[UUID]
) -> tuple[int, int]:
    """Return how many of a lesson's questions were attempted in it, and how many ever right.

    What was answered in the lesson of which it was a part counts as well.
    """
    whole = select(Lesson.split_from_id).where(Lesson.id == lesson_id).scalar_subquery()
    answered = (
        select(func.bool_or(QuestionAttempt.is_correct).label("is_right"))
        .where(
            QuestionAttempt.user_id == user_id,
            QuestionAttempt.question_id.in_(questions),
            QuestionAttempt.lesson_id.in_([lesson_id, whole]),
        )
        .group_by(QuestionAttempt.question_id)
        .subquery()
    )
    statement = select(func.count(), func.count().filter(answered.c.is_right)).select_from(answered)
    attempted, correct = (await work.session.execute(statement)).one()
    return attempted, correct


async def add_time(work: Work, user_id: UUID, day: date, duration_ms: int, now: datetime) -> None:
    """Count time of study on the learner's `day`, beside that of answers and reviews."""
    statement = insert(DailyActivity).values(
        user_id=user_id, day=day, duration_ms=duration_ms, created_at=now, updated_at=now
    )
    added = statement.excluded
    longer = {
        "duration_ms": DailyActivity.duration_ms + added.duration_ms,
        "updated_at": added.updated_at,
    }
    await work.session.execute(
        statement.on_conflict_do_update(index_elements=["user_id", "day"], set_=longer)
    )


async def fetch_lesson_vocabulary(work: Work, lesson_id: UUID) -> list[UUID]:
    """Return the vocabulary entries of a lesson in the order in which they are taught."""
    return await work.fetch(FETCH_LESSON_VOCABULARY, lesson_id=lesson_id)
