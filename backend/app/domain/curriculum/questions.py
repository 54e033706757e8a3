"""Use cases of reading questions by themselves: by id, by slug, and those of a lesson."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from app.core.errors import NotFound
from app.core.work import Work
from app.models import Lesson, LessonQuestion, Question


async def fetch_questions(work: Work, ids: Iterable[UUID]) -> dict[UUID, Question]:
    """Return questions by their primary keys; without any id, without a statement."""
    wanted = set(ids)
    if not wanted:
        return {}
    statement = select(Question).where(Question.id.in_(wanted))
    return {question.id: question for question in await work.session.scalars(statement)}


async def fetch_by_slug(work: Work, slugs: Sequence[str]) -> Sequence[Question]:
    """Return the published questions of these slugs (by questions_slug_key), unordered."""
    statement = select(Question).where(Question.slug.in_(slugs), Question.status == "published")
    return (await work.session.scalars(statement)).all()


async def questions_of_lesson(work: Work, lesson_id: UUID) -> list[Question]:
    """Return the published questions of a published lesson in order, in one statement.

    Raises NotFound when there is none.
    """
    statement = (
        select(Question)
        .join(LessonQuestion, LessonQuestion.question_id == Question.id)
        .join(Lesson, Lesson.id == LessonQuestion.lesson_id)
        .where(Lesson.id == lesson_id, Lesson.status == "published", Question.status == "published")
        .order_by(LessonQuestion.position)
    )
    if found := list(await work.session.scalars(statement)):
        return found
    raise NotFound
