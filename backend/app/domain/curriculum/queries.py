"""All reading SQL of the curriculum: the outline, a lesson, lists; `queries.sql`: search.

Only published content is ever returned. Loading from files is in `load_queries.py`.
"""

from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import (
    InstrumentedAttribute,
    aliased,
    defer,
    joinedload,
    load_only,
    selectinload,
)

from app.core.statements import Statements
from app.models import Lesson, LessonQuestion, Path, Question, Unit, VocabularyEntry

_published_lesson = Lesson.status == "published"
_summary = (defer(Lesson.sections, raiseload=True),)

# Three statements whatever the size: paths, units, lessons. Sections are not read.
OUTLINE: Select[Path] = (
    select(Path)
    .where(Path.status == "published", Path.units.any(Unit.lessons.any(_published_lesson)))
    .order_by(Path.position, Path.slug)
    .options(
        selectinload(Path.units.and_(Unit.lessons.any(_published_lesson)))
        .selectinload(Unit.lessons.and_(_published_lesson))
        .options(*_summary)
    )
)


# By idx_lessons_published.
LESSON_COUNTS: Select[str, int] = (
    select(Lesson.level, func.count()).where(_published_lesson).group_by(Lesson.level)
)


def lesson_with_place(slug: str) -> Select[Lesson]:
    """Return the query of one lesson, with its unit and path (by lessons_slug_key)."""
    return (
        select(Lesson)
        .where(Lesson.slug == slug, _published_lesson)
        .options(joinedload(Lesson.unit).joinedload(Unit.path))
    )


def questions_in(lesson: Lesson) -> Select[Question, int | None]:
    """Return the query of a lesson's questions with their places, in order (by its primary key)."""
    return (
        select(Question, LessonQuestion.after_section)
        .join(LessonQuestion, LessonQuestion.question_id == Question.id)
        .where(LessonQuestion.lesson_id == lesson.id, Question.status == "published")
        .order_by(LessonQuestion.position)
    )


def question_in(
    slug: str, number: int
) -> Select[Question, Lesson, int, list[UUID], list[int | None], Any]:
    """Return the query of one question of a lesson, and the shape of the lesson around it.

    By lessons_slug_key and lesson_questions_pkey; the text that it is about by questions_pkey.
    """
    other, place, about = aliased(Question), aliased(LessonQuestion), aliased(Question)

    def of_all(column: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
        return (
            select(func.array_agg(aggregate_order_by(column, place.position)))
            .join(other, other.id == place.question_id)
            .where(place.lesson_id == Lesson.id, other.status == "published")
            .scalar_subquery()
        )

    passage = select(about.options).where(about.id == Question.passage_id).scalar_subquery()
    return (
        select(
            Question,
            Lesson,
            func.jsonb_array_length(Lesson.sections),
            of_all(place.question_id),
            of_all(place.after_section),
            passage,
        )
        .join(LessonQuestion, LessonQuestion.question_id == Question.id)
        .join(Lesson, Lesson.id == LessonQuestion.lesson_id)
        .where(Lesson.slug == slug, _published_lesson, Question.status == "published")
        .order_by(LessonQuestion.position)
        .offset(number - 1)
        .limit(1)
        .options(
            load_only(Lesson.slug, Lesson.level, Lesson.title, Lesson.translations, raiseload=True)
        )
    )


def words_named(slugs: list[str]) -> Select[VocabularyEntry]:
    """Return the query of vocabulary entries by slug (vocabulary_entries_slug_key)."""
    return select(VocabularyEntry).where(VocabularyEntry.slug.in_(slugs))


def words_spelled(headwords: list[str]) -> Select[VocabularyEntry]:
    """Return the query of entries by headword (vocabulary_entries_headword_part_of_speech_key)."""
    return select(VocabularyEntry).where(VocabularyEntry.headword.in_(headwords))


def lesson_list(level: str | None, skill: str | None) -> Select[Lesson]:
    """Return the unordered query of lessons without their sections (by idx_lessons_published)."""
    query = (
        select(Lesson).where(_published_lesson, Lesson.published_at.is_not(None)).options(*_summary)
    )
    if level is not None:
        query = query.where(Lesson.level == level)
    if skill is not None:
        query = query.where(Lesson.skill == skill)
    return query


def word_list(level: str | None) -> Select[VocabularyEntry]:
    """Return the unordered query of words (by idx_vocabulary_entries_level)."""
    query = select(VocabularyEntry)
    return query if level is None else query.where(VocabularyEntry.level == level)


# --- search -------------------------------------------------------------------------------------

MARK_START, MARK_STOP = "\ue000", "\ue001"
"""Private-use characters around a match in a snippet: no HTML, and in nobody's text."""

Kind = Literal["lesson", "question", "vocabulary"]


class HitRow(NamedTuple):
    """What is shown of a result; `question_type` is None for what is no question."""

    kind: Kind
    id: UUID
    slug: str | None
    level: str
    title: str
    title_id: str | None
    lesson_slug: str | None
    question_type: str | None
    snippet: str | None


SQL = Statements(__file__)
FETCH_HITS = SQL.statement("fetch_hits", HitRow)

SUGGESTION_SOURCES = (
    select(Lesson.title).where(_published_lesson),
    select(Lesson.topic).where(_published_lesson),
    select(VocabularyEntry.headword),
)
