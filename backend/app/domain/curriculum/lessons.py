"""Use cases of reading the curriculum: paths, lessons, and lists of both."""

from dataclasses import dataclass
from uuid import UUID

from app.core.database_utils import DatabaseUtils
from app.core.errors import InvalidInput, NotFound
from app.core.pagination import KeysetPage
from app.core.values import storable
from app.core.work import Work
from app.domain.curriculum import queries
from app.domain.curriculum.steps import Step, steps_of
from app.models import Lesson, Path, Question, VocabularyEntry
from app.models.base import LEVELS, SKILLS
from app.questions.documents.base import Passage
from app.questions.documents.sections import VocabularySection
from app.questions.types.reading import ReadingOptions


@dataclass(frozen=True, slots=True)
class LessonDetail:
    """A lesson (its unit and path loaded), its questions in order, and its words by slug.

    `places` are the numbers of sections that come before each question.
    """

    lesson: Lesson
    questions: list[Question]
    vocabulary: dict[str, VocabularyEntry]
    places: list[int]

    @property
    def steps(self) -> list[Step]:
        """Sections and questions in the order in which they are learnt."""
        return steps_of(len(self.lesson.sections), self.places)


@dataclass(frozen=True, slots=True)
class LessonQuestionDetail:
    """One question in its lesson (of which its level, slug and title are read).

    `passage` is the text that the question is about, if any; `question_ids` are all questions of
    the lesson in order, `steps` its sections and questions.
    """

    lesson: Lesson
    question: Question
    passage: Passage | None
    question_ids: list[UUID]
    steps: list[Step]


async def get_outline(work: Work) -> list[Path]:
    """Return the published paths, each with its units and their lessons, all in order.

    Lessons come without sections (reading them raises), units without a lesson not at all. Three
    statements.
    """
    return list(await work.session.scalars(queries.OUTLINE))


async def get_lesson(work: Work, slug: str) -> LessonDetail:
    """Return the published lesson `slug` with everything on its page, in three statements.

    Raises NotFound.
    """
    if not storable(slug):
        raise NotFound
    lesson = await work.session.scalar(queries.lesson_with_place(slug))
    if lesson is None:
        raise NotFound
    total = len(lesson.sections)
    asked = [(row[0], row[1]) for row in await work.session.execute(queries.questions_in(lesson))]
    named = [
        slug
        for section in lesson.sections
        if isinstance(section, VocabularySection)
        for slug in section.entries
    ]
    words = await work.session.scalars(queries.words_named(named)) if named else ()
    return LessonDetail(
        lesson,
        [question for question, _ in asked],
        {word.slug: word for word in words},
        [total if after is None else min(after, total) for _, after in asked],
    )


async def get_question(work: Work, slug: str, number: int) -> LessonQuestionDetail:
    """Return question `number` (from 1) of the published lesson `slug`, in one statement.

    Raises NotFound.
    """
    if not storable(slug):
        raise NotFound
    row = (await work.session.execute(queries.question_in(slug, number))).one_or_none()
    if row is None:
        raise NotFound
    question, lesson, sections, ids, places, passage = row
    return LessonQuestionDetail(
        lesson,
        question,
        passage.passage if isinstance(passage, ReadingOptions) else None,
        ids,
        steps_of(
            sections, [sections if place is None else min(place, sections) for place in places]
        ),
    )


async def count_lessons(work: Work) -> dict[str, int]:
    """Return how many published lessons each level has; levels without one are left out."""
    return {row[0]: row[1] for row in await work.session.execute(queries.LESSON_COUNTS)}


async def list_lessons(
    work: Work,
    *,
    level: str | None = None,
    skill: str | None = None,
    limit: int = 20,
    cursor: str | None = None,
) -> KeysetPage[Lesson]:
    """Return a page of published lessons (without sections), newest first, in one statement.

    Raises InvalidInput for an unknown level or skill, a `limit` outside 1 to 200, and a cursor of
    another list.
    """
    _require_one_of(LEVELS, "level", level)
    _require_one_of(SKILLS, "skill", skill)
    query = queries.lesson_list(level, skill)
    return await DatabaseUtils.get_keyset_page(
        work.session, query, [Lesson.published_at.desc()], limit, cursor
    )


def _require_one_of(known: tuple[str, ...], field: str, value: str | None) -> None:
    if value is not None and value not in known:
        raise InvalidInput(f"no {field} of this name; there are {', '.join(known)}", field=field)
