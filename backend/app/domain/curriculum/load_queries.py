"""The SQL of loading content: set-based upserts by slug that touch only rows that differ.

Each statement reads its rows from one JSON parameter (`:rows`), whatever their number.
"""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    FromClause,
    Table,
    Text,
    Uuid,
    and_,
    bindparam,
    column,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.sql.dml import ReturningInsert

from app.models import Lesson, Path, Question, Unit, VocabularyEntry
from app.models.base import UTCDateTime

# One loader at a time; the number only has to differ from other advisory locks.
LOCK_KEY = 7_266_203_181
LOCK = text(f"SELECT pg_advisory_xact_lock({LOCK_KEY})")

_POSITIONS = (
    "units_path_id_position_key, lessons_unit_id_position_key,"
    " lesson_questions_lesson_id_position_key"
)
CHECK_POSITIONS = text(f"SET CONSTRAINTS {_POSITIONS} IMMEDIATE")
DEFER_POSITIONS = text(f"SET CONSTRAINTS {_POSITIONS} DEFERRED")

_NOW = bindparam("now", type_=UTCDateTime())


def _records(**types: Any) -> Any:
    """Return `:rows` as a table of these columns."""
    columns = [column(name, type_) for name, type_ in types.items()]
    rows = func.jsonb_to_recordset(bindparam("rows", type_=JSONB))
    return rows.table_valued(*columns).render_derived(name="record", with_types=True)


def _upsert(
    model: type[Any], *fields: str, parent: tuple[str, type[Any]] | None = None, publish: bool
) -> ReturningInsert[Any]:
    """Return INSERT … SELECT … ON CONFLICT (slug) DO UPDATE … WHERE something differs.

    `parent` is the foreign key and the table in which the record's `parent` slug is looked up.
    A published row keeps the moment of its first publication; an author's row stays as it is.
    """
    table: Table = model.__table__
    record = _records(
        id=Uuid(), slug=Text(), parent=Text(), **{name: table.c[name].type for name in fields}
    )
    values: dict[str, Any] = {name: record.c[name] for name in ("id", "slug", *fields)}
    source: FromClause = record
    if parent:
        key, parent_model = parent
        parents: Table = parent_model.__table__
        source = record.join(parents, parents.c.slug == record.c.parent)
        values[key] = parents.c.id
    if publish:
        values["status"] = bindparam("status", "published", Text())
    compared = [name for name in values if name not in ("id", "slug")]
    values |= {"created_at": _NOW, "updated_at": _NOW}
    if "published_at" in table.c:
        values["published_at"] = _NOW
    rows = select(*(value.label(name) for name, value in values.items())).select_from(source)
    statement = insert(table).from_select(list(values), rows, include_defaults=False)
    new = statement.excluded
    changes: dict[str, Any] = {name: new[name] for name in [*compared, "updated_at"]}
    if "published_at" in values:
        changes["published_at"] = func.coalesce(table.c.published_at, new.published_at)
    differs = or_(*(table.c[name].is_distinct_from(new[name]) for name in compared))
    if "author_id" in table.c:
        differs = and_(differs, table.c.author_id.is_(None))
    return statement.on_conflict_do_update(
        index_elements=[table.c.slug], set_=changes, where=differs
    ).returning(table.c.id)


UPSERT_VOCABULARY = _upsert(
    VocabularyEntry,
    *("headword", "part_of_speech", "ipa", "level", "meaning", "example_en", "example_id", "tags"),
    publish=False,
)
UPSERT_PATHS = _upsert(Path, "title", "description", "position", "translations", publish=True)
UPSERT_UNITS = _upsert(
    Unit,
    *("title", "description", "level", "position", "translations"),
    parent=("path_id", Path),
    publish=False,
)
UPSERT_LESSONS = _upsert(
    Lesson,
    *("title", "level", "skill", "topic", "sections", "summary", "position"),
    *("estimated_minutes", "tags", "translations"),
    parent=("unit_id", Unit),
    publish=True,
)
UPSERT_QUESTIONS = _upsert(
    Question,
    *("stem", "type", "options", "answer_key", "explanation", "level", "skill", "difficulty"),
    *("tags", "translations"),
    publish=True,
)

# Run after the upsert, so that a passage may be new in the same load.
TIE_TO_PASSAGES = text(
    """
    UPDATE questions SET passage_id = passage.id, updated_at = :now
    FROM jsonb_to_recordset(:rows) AS record (slug text, about text)
    LEFT JOIN questions AS passage ON passage.slug = record.about
    WHERE questions.slug = record.slug AND questions.author_id IS NULL
      AND questions.passage_id IS DISTINCT FROM passage.id
    RETURNING questions.id
    """
).bindparams(_NOW, bindparam("rows", type_=JSONB))


# The same for the parts of a lesson; returned are those that are new, to be given its progress.
TIE_TO_WHOLES = text(
    """
    UPDATE lessons SET split_from_id = whole.id, updated_at = :now
    FROM jsonb_to_recordset(:rows) AS record (slug text, split_from text)
    LEFT JOIN lessons AS whole ON whole.slug = record.split_from
    WHERE lessons.slug = record.slug AND lessons.author_id IS NULL
      AND lessons.split_from_id IS DISTINCT FROM whole.id
    RETURNING lessons.id
    """
).bindparams(_NOW, bindparam("rows", type_=JSONB))


# --- the questions of each lesson, and what the files no longer hold ----------------------------


def _slugs(name: str) -> BindParameter[Any]:
    return bindparam(name, type_=ARRAY(Text()))


# Run after the upserts, so that a row which an author adds meanwhile is seen here or refused there.
AUTHORS_ROWS = text(
    """
    SELECT 'lesson ' || slug FROM lessons WHERE author_id IS NOT NULL AND slug = ANY (:lessons)
    UNION ALL
    SELECT 'question ' || slug FROM questions
    WHERE author_id IS NOT NULL AND slug = ANY (:questions)
    ORDER BY 1
    """
).bindparams(_slugs("lessons"), _slugs("questions"))

# Only lessons that came from files are retired: they have no author and stand in a unit. Authors'
# lessons have an author, generated ones (`manage_db.py generate`) no unit.
ARCHIVE_LESSONS = text(
    """
    UPDATE lessons SET status = 'archived', unit_id = NULL, updated_at = :now
    WHERE unit_id IS NOT NULL AND author_id IS NULL AND slug <> ALL (:lessons)
    RETURNING id
    """
).bindparams(_NOW, _slugs("lessons"))

# A path has no author: one that is not in the files stays while a lesson stands in it, which then
# is an author's.
ARCHIVE_PATHS = text(
    """
    UPDATE paths SET status = 'archived', updated_at = :now
    WHERE status = 'published' AND slug <> ALL (:paths)
      AND NOT EXISTS (
        SELECT FROM units JOIN lessons ON lessons.unit_id = units.id
        WHERE units.path_id = paths.id)
    RETURNING id
    """
).bindparams(_NOW, _slugs("paths"))

# A unit has no status and no learner's row points to it. Those of an archived path stay with it.
REMOVE_EMPTY_UNITS = text(
    """
    DELETE FROM units USING paths
    WHERE paths.id = units.path_id AND paths.slug = ANY (:paths)
      AND units.slug <> ALL (:units)
      AND NOT EXISTS (SELECT FROM lessons WHERE lessons.unit_id = units.id)
    RETURNING units.id
    """
).bindparams(_slugs("paths"), _slugs("units"))

# Run before UNLINK_QUESTIONS: it is the link that says where a question came from. Kept are those
# that another lesson or a question set still uses.
ARCHIVE_QUESTIONS = text(
    """
    UPDATE questions SET status = 'archived', updated_at = :now
    WHERE status <> 'archived' AND author_id IS NULL AND slug <> ALL (:questions)
      AND EXISTS (
        SELECT FROM lesson_questions link JOIN lessons ON lessons.id = link.lesson_id
        WHERE link.question_id = questions.id AND lessons.author_id IS NULL
          AND (lessons.slug = ANY (:lessons) OR lessons.id = ANY (:retired)))
      AND NOT EXISTS (
        SELECT FROM lesson_questions link JOIN lessons ON lessons.id = link.lesson_id
        WHERE link.question_id = questions.id
          AND lessons.slug <> ALL (:lessons) AND lessons.status <> 'archived')
      AND NOT EXISTS (
        SELECT FROM questionset_questions link WHERE link.question_id = questions.id)
    RETURNING questions.id
    """
).bindparams(
    _NOW, _slugs("questions"), _slugs("lessons"), bindparam("retired", type_=ARRAY(Uuid()))
)

UNLINK_QUESTIONS = text(
    """
    DELETE FROM lesson_questions USING lessons, questions
    WHERE lessons.id = lesson_questions.lesson_id AND questions.id = lesson_questions.question_id
      AND lessons.slug = ANY (:lessons)
      AND NOT EXISTS (
        SELECT FROM jsonb_to_recordset(:rows) AS record (lesson text, question text)
        WHERE record.lesson = lessons.slug AND record.question = questions.slug)
    """
).bindparams(bindparam("rows", type_=JSONB), _slugs("lessons"))

LINK_QUESTIONS = text(
    """
    INSERT INTO lesson_questions AS link (lesson_id, question_id, position, after_section,
                                          created_at, updated_at)
    SELECT lessons.id, questions.id, record.position, record.after, :now, :now
    FROM jsonb_to_recordset(:rows)
         AS record (lesson text, question text, position int, after int)
    JOIN lessons ON lessons.slug = record.lesson
    JOIN questions ON questions.slug = record.question
    ON CONFLICT (lesson_id, question_id) DO UPDATE
    SET position = excluded.position, after_section = excluded.after_section,
        updated_at = excluded.updated_at
    WHERE (link.position, link.after_section)
          IS DISTINCT FROM (excluded.position, excluded.after_section)
    """
).bindparams(_NOW, bindparam("rows", type_=JSONB))

# What learners did in a lesson that was split, of each of its new parts and of what is left of it:
# whoever had completed it has completed each part. Answers keep the lesson that they were given in.
_DONE = """
    CROSS JOIN LATERAL (
        SELECT count(*) AS asked_total,
               count(*) FILTER (WHERE is_right IS NOT NULL) AS attempted,
               count(*) FILTER (WHERE is_right) AS correct
        FROM lesson_questions AS link
        JOIN questions AS q ON q.id = link.question_id AND q.status = 'published'
        LEFT JOIN LATERAL (
            SELECT bool_or(a.is_correct) AS is_right FROM question_attempts AS a
            WHERE a.user_id = p.user_id AND a.question_id = q.id
              AND a.lesson_id IN (l.id, l.split_from_id)
        ) AS answers ON true
        WHERE link.lesson_id = l.id
    ) AS done
    CROSS JOIN LATERAL (SELECT jsonb_array_length(l.sections) AS read_total) AS shape
    CROSS JOIN LATERAL (
        SELECT p.status = 'completed' OR asked_total > 0 AND attempted >= asked_total
                   AS is_complete,
               CASE WHEN p.status = 'completed' OR attempted > 0 THEN read_total ELSE 0 END
                   AS behind
    ) AS state
    CROSS JOIN LATERAL (
        SELECT CASE WHEN is_complete THEN 100
               ELSE least(99, (behind + attempted) * 100 / (read_total + asked_total)) END
                   AS percentage
    ) AS share
"""
GIVE_PROGRESS = text(
    f"""
    INSERT INTO lesson_progress (
        id, user_id, lesson_id, sections_read, questions_attempted, questions_correct,
        completion_percentage, status, completed_at, created_at, updated_at)
    SELECT gen_random_uuid(), p.user_id, l.id, behind, attempted, correct, percentage,
           CASE WHEN is_complete THEN 'completed' ELSE 'in_progress' END,
           CASE WHEN is_complete THEN coalesce(p.completed_at, :now) END, :now, :now
    FROM lessons AS l JOIN lesson_progress AS p ON p.lesson_id = l.split_from_id {_DONE}
    WHERE l.id = ANY (:parts) AND (p.status = 'completed' OR attempted > 0)
    ON CONFLICT (user_id, lesson_id) DO NOTHING
    """  # noqa: S608 - made of constants
).bindparams(_NOW, bindparam("parts", type_=ARRAY(Uuid())))
KEEP_PROGRESS = text(
    f"""
    UPDATE lesson_progress AS kept
    SET sections_read = least(kept.sections_read, read_total), questions_attempted = attempted,
        questions_correct = correct, completion_percentage = greatest(percentage, least(
            99, (least(kept.sections_read, read_total) + attempted) * 100
                / (read_total + asked_total))),
        status = CASE WHEN is_complete THEN 'completed' ELSE kept.status END,
        completed_at = CASE WHEN is_complete THEN coalesce(kept.completed_at, :now) END,
        updated_at = :now
    FROM lesson_progress AS p JOIN lessons AS l ON l.id = p.lesson_id {_DONE}
    WHERE kept.id = p.id
      AND l.id IN (SELECT split_from_id FROM lessons WHERE id = ANY (:parts))
    """  # noqa: S608 - made of constants
).bindparams(_NOW, bindparam("parts", type_=ARRAY(Uuid())))
