"""What the tests of practice share: a stored lesson, a learner's answer, a reader of tables."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from app.domain.practice import answering
from app.models import LessonQuestion
from app.models.base import new_id
from app.questions.types.multiple_choice import MultipleChoiceResponse
from tests.factories import make_lesson, make_question
from tests.work import work_on

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
RIGHT = MultipleChoiceResponse(type="multiple_choice", choice="b")
WRONG = MultipleChoiceResponse(type="multiple_choice", choice="a")


async def store_lesson(session, questions=3, **fields: Any):
    """Store a lesson of one section with its questions (a number, or themselves); return both."""
    rows = [make_question() for _ in range(questions)] if isinstance(questions, int) else questions
    lesson = make_lesson(**fields)
    session.add_all([lesson, *rows])
    await session.flush()
    session.add_all(
        LessonQuestion(lesson_id=lesson.id, question_id=row.id, position=position)
        for position, row in enumerate(rows, 1)
    )
    await session.commit()
    return lesson, rows


async def answer(database, learner, question, response=RIGHT, *, lesson=None, **fields: Any):
    """Submit an answer that took four seconds."""
    return await answering.submit_answer(
        work_on(database),
        learner,
        **{
            "attempt_id": new_id(),
            "question_id": question.id,
            "lesson_id": lesson.id if lesson else None,
            "response": response,
            "duration_ms": 4000,
            "now": NOW,
        }
        | fields,
    )


async def rows_of(session, model):
    """Return the rows of a table as they are stored now."""
    return (
        await session.scalars(select(model), execution_options={"populate_existing": True})
    ).all()


async def store(session, *rows):
    """Store rows on a real commit."""
    session.add_all(rows)
    await session.commit()
