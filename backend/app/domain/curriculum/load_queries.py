"""The SQL of loading content: set-based upserts by slug that touch only rows that differ.

Each statement reads its rows from one JSON parameter (`:rows`), whatever their number.
"""

from typing import Any

from sqlalchemy import (
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

from app.core.statements import Statements, nothing, value
from app.models import Lesson, Path, Question, Unit, VocabularyEntry
from app.models.base import UTCDateTime

SQL = Statements(__file__)
LOCK_KEY = 7_266_203_181
"""One loader at a time; the number only has to differ from other advisory locks."""

# By the session: a violation is to be an IntegrityError, as it is of the upserts.
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

LOCK_LOADING = SQL.statement("lock_loading", nothing)
TIE_TO_PASSAGES = SQL.statement("tie_to_passages", value)
TIE_TO_WHOLES = SQL.statement("tie_to_wholes", value)
FIND_AUTHORS_ROWS = SQL.statement("find_authors_rows", value)
ARCHIVE_LESSONS = SQL.statement("archive_lessons", value)
ARCHIVE_PATHS = SQL.statement("archive_paths", value)
REMOVE_EMPTY_UNITS = SQL.statement("remove_empty_units", value)
ARCHIVE_QUESTIONS = SQL.statement("archive_questions", value)
UNLINK_QUESTIONS = SQL.statement("unlink_questions", nothing)
LINK_QUESTIONS = SQL.statement("link_questions", nothing)
GIVE_PROGRESS = SQL.statement("give_progress", nothing)
KEEP_PROGRESS = SQL.statement("keep_progress", nothing)
