"""All reading SQL of the curriculum: the outline, a lesson, lists, and what a search shows.

Only published content is ever returned. Loading from files is in `load_queries.py`.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Integer,
    ScalarSelect,
    Select,
    Text,
    Uuid,
    bindparam,
    column,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import (
    InstrumentedAttribute,
    aliased,
    defer,
    joinedload,
    load_only,
    selectinload,
)

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

_MARKS = f"StartSel={MARK_START}, StopSel={MARK_STOP}"


def _snippet(language: str) -> str:
    """Return the SQL of a text with its matches marked: the whole of a short one, else a part."""
    return (
        f"ts_headline('lancar_{language}', best.{language}, query.{language},"
        f" CASE WHEN length(best.{language}) <= 200 THEN '{_MARKS}, HighlightAll=true'"
        f" ELSE '{_MARKS}, MaxFragments=1, ShortWord=0, MinWords=12, MaxWords=28' END)"
    )


# Reads at most three times the limit by primary key, and makes snippets for the rows it returns.
# A question's snippet is its stem and options: the explanation would give the answer away.
HITS = (
    text(
        f"""
    WITH query AS (
      SELECT to_tsquery('lancar_english', :term) AS english,
             to_tsquery('lancar_indonesian', :term) AS indonesian
    ), found AS (
      SELECT 1 AS kind_order, 'lesson' AS kind, id, slug, level, title,
             translations -> 'id' ->> 'title' AS title_id, slug AS lesson_slug,
             NULL AS type, search_vector, array_position(:lessons, id) AS place,
             concat_ws(' ', summary, (
               SELECT string_agg(part #>> '{{}}', ' ')
               FROM jsonb_path_query(sections, 'strict $.**.en') AS part)) AS english,
             concat_ws(' ', translations -> 'id' ->> 'description', (
               SELECT string_agg(part #>> '{{}}', ' ')
               FROM jsonb_path_query(sections, 'strict $.**.id') AS part)) AS indonesian
      FROM lessons WHERE id = ANY (:lessons)
      UNION ALL
      SELECT 2, 'vocabulary', id, slug, level, headword, meaning, NULL,
             NULL, search_vector, array_position(:words, id), example_en, example_id
      FROM vocabulary_entries WHERE id = ANY (:words)
      UNION ALL
      SELECT 3, 'question', id, slug, level, stem, translations -> 'id' ->> 'stem', (
               SELECT lessons.slug
               FROM lesson_questions link JOIN lessons ON lessons.id = link.lesson_id
               WHERE link.question_id = questions.id AND lessons.status = 'published'
               ORDER BY lessons.published_at, lessons.id LIMIT 1),
             type, search_vector, array_position(:questions, id),
             concat_ws(' ', stem, (
               SELECT string_agg(part #>> '{{}}', ' ')
               FROM jsonb_path_query(options, 'strict $.**.text') AS part)),
             translations -> 'id' ->> 'stem'
      FROM questions WHERE id = ANY (:questions)
    ), best AS (
      SELECT found.*, row_number() OVER (ORDER BY
               ts_filter(search_vector, '{{a}}') @@ (query.english || query.indonesian) DESC,
               place, kind_order
             ) AS final_place
      FROM found, query
      ORDER BY final_place LIMIT :limit
    )
    SELECT kind, best.id, slug, level, title, title_id, lesson_slug, type,
           regexp_replace(CASE
             WHEN to_tsvector('lancar_indonesian', best.indonesian) @@ query.indonesian
                  AND (:language = 'id'
                       OR NOT to_tsvector('lancar_english', best.english) @@ query.english)
             THEN {_snippet("indonesian")} ELSE {_snippet("english")}
           END, '[*|#`]+|-{{3,}}|\\s+', ' ', 'g') AS snippet
    FROM best, query
    ORDER BY final_place
    """  # noqa: S608 - the only thing filled in is the constant above
    )
    .bindparams(
        bindparam("term", type_=Text()),
        bindparam("language", type_=Text()),
        bindparam("limit", type_=Integer()),
        *(bindparam(name, type_=ARRAY(Uuid())) for name in ("lessons", "words", "questions")),
    )
    .columns(
        column("kind", Text()),
        column("id", Uuid()),
        *(column(name, Text()) for name in ("slug", "level", "title", "title_id")),
        column("lesson_slug", Text()),
        column("type", Text()),
        column("snippet", Text()),
    )
)

SUGGESTION_SOURCES = (
    select(Lesson.title).where(_published_lesson),
    select(Lesson.topic).where(_published_lesson),
    select(VocabularyEntry.headword),
)
