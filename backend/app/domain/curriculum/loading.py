"""Loading the content files into the database: one transaction, only changed rows change."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.dml import ReturningInsert

from app.core.errors import Conflict, DomainError, raise_for
from app.core.work import Work, transactional
from app.domain.curriculum import load_queries as sql
from app.domain.curriculum.files import Content, LessonFile, QuestionItem
from app.domain.curriculum.reading import InvalidContent, read_content
from app.domain.curriculum.rules import find_errors
from app.models.base import dump, new_id

Row = dict[str, Any]


class ContentConflict(Conflict):
    """What the files hold clashes with rows that were not made from files."""

    code = "content_conflict"
    message = "The content files clash with content made in the database."
    message_id = "Berkas materi bertentangan dengan materi yang dibuat di basis data."


def _conflicts() -> dict[str, DomainError]:
    return {
        "units_path_id_position_key": ContentConflict(
            "A unit outside the files has the same place in its path as a unit in the files."
        ),
        "lessons_unit_id_position_key": ContentConflict(
            "A lesson outside the files has the same place in its unit as a lesson in the files."
        ),
        "vocabulary_entries_headword_part_of_speech_key": ContentConflict(
            "A vocabulary entry outside the files has the same headword and part of speech."
        ),
    }


@dataclass(slots=True)
class Changes:
    """What a load did to the rows of one kind.

    `archived` rows are no longer in the files; units have no status, so empty ones are removed.
    """

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    archived: int = 0


@dataclass(slots=True)
class LoadReport:
    """What a load did, by kind."""

    vocabulary: Changes = field(default_factory=Changes)
    paths: Changes = field(default_factory=Changes)
    units: Changes = field(default_factory=Changes)
    lessons: Changes = field(default_factory=Changes)
    questions: Changes = field(default_factory=Changes)

    def kinds(self) -> dict[str, Changes]:
        """Return the changes by the name of their kind, in the order of loading."""
        return {name: getattr(self, name) for name in self.__slots__}

    @property
    def has_changed(self) -> bool:
        """Whether any row was written."""
        return any(c.inserted or c.updated or c.archived for c in self.kinds().values())


@transactional()
async def load_content(work: Work, directory: Path, now: datetime) -> LoadReport:
    """Make the database hold what the files under `directory` say; everything is published.

    Rows are matched by slug and written only where they differ, so a second load changes nothing.
    A path, lesson or question that left the files is archived, never deleted: attempts point to
    it. Words that left them stay, because cards point to them. What learners and authors made is
    not touched. Takes an advisory lock until the caller commits, so that loaders run one after the
    other. Raises InvalidContent when the files have errors, ContentConflict when they clash with
    other rows, above all when a slug of theirs belongs to an author; nothing is written then.
    """
    content = await asyncio.to_thread(_read_valid, directory)
    report = LoadReport()
    try:
        async with work.session.begin_nested():
            await work.execute(sql.LOCK_LOADING, key=sql.LOCK_KEY)
            parts = await _upsert(work, report, content, now)
            slugs = _slugs(content)
            await _refuse_authors_slugs(work, slugs)
            await _retire(work, report, slugs, now)
            await _link(work, content, now)
            if parts:
                for statement in (sql.GIVE_PROGRESS, sql.KEEP_PROGRESS):
                    await work.execute(statement, parts=parts, now=now)
            await work.session.execute(sql.CHECK_POSITIONS)
            await work.session.execute(sql.DEFER_POSITIONS)
    except IntegrityError as error:
        raise_for(error, _conflicts())
    return report


def _read_valid(directory: Path) -> Content:
    content = read_content(directory)
    errors = find_errors(content)
    if errors:
        raise InvalidContent(errors)
    return content


async def _upsert(work: Work, report: LoadReport, content: Content, now: datetime) -> list[UUID]:
    """Write the rows of each kind, parents first; return the lessons that became parts of one."""
    parts: list[UUID] = []
    steps: tuple[tuple[Changes, ReturningInsert[Any], list[Row]], ...] = (
        (report.vocabulary, sql.UPSERT_VOCABULARY, [_row(word) for word in content.words()]),
        (report.paths, sql.UPSERT_PATHS, [_row(path.source.document) for path in content.paths]),
        (report.units, sql.UPSERT_UNITS, list(_unit_rows(content))),
        (report.lessons, sql.UPSERT_LESSONS, list(_lesson_rows(content))),
        (report.questions, sql.UPSERT_QUESTIONS, list(_question_rows(content))),
    )
    for changes, statement, rows in steps:
        written = await _write(work, statement, rows, now)
        if changes is report.questions:
            tied = await work.fetch(sql.TIE_TO_PASSAGES, rows=json.dumps(rows), now=now)
            written.update(map(str, tied))
        if changes is report.lessons:
            parts = await work.fetch(sql.TIE_TO_WHOLES, rows=json.dumps(rows), now=now)
            written.update(map(str, parts))
        # A new row keeps the id it was sent with; an old one keeps its own.
        changes.inserted = len(written & {row["id"] for row in rows})
        changes.updated = len(written) - changes.inserted
        changes.unchanged = len(rows) - len(written)
    return parts


async def _write(
    work: Work, statement: ReturningInsert[Any], rows: list[Row], now: datetime
) -> set[str]:
    """Return the ids of the rows that `statement` wrote."""
    result = await work.session.scalars(statement, {"rows": rows, "now": now})
    return {str(row_id) for row_id in result}


def _slugs(content: Content) -> dict[str, list[str]]:
    """Return the slugs of the files by the name of their kind."""
    lessons = [lesson.document for lesson in content.lessons()]
    return {
        "paths": [path.source.document.slug for path in content.paths],
        "units": [unit.source.document.slug for unit in content.units()],
        "lessons": [lesson.slug for lesson in lessons],
        "questions": [question.slug for lesson in lessons for question in lesson.questions],
    }


async def _refuse_authors_slugs(work: Work, slugs: dict[str, list[str]]) -> None:
    """Raise ContentConflict when a row that the files name is an author's."""
    named = {name: slugs[name] for name in ("lessons", "questions")}
    if taken := await work.fetch(sql.FIND_AUTHORS_ROWS, **named):
        names = ", ".join(taken)
        raise ContentConflict(
            f"These slugs in the files belong to what authors made in the application: {names}."
            " Give them another slug in the files; nothing was loaded.",
            f"Slug ini dalam berkas sudah dipakai penulis di aplikasi: {names}."
            " Beri slug lain dalam berkas; tidak ada yang dimuat.",
        )


async def _retire(
    work: Work, report: LoadReport, slugs: dict[str, list[str]], now: datetime
) -> None:
    """Archive what the files no longer hold."""
    lessons, paths, questions = slugs["lessons"], slugs["paths"], slugs["questions"]
    retired = await work.fetch(sql.ARCHIVE_LESSONS, now=now, lessons=lessons)
    archived = await work.fetch(sql.ARCHIVE_PATHS, now=now, paths=paths)
    removed = await work.fetch(sql.REMOVE_EMPTY_UNITS, paths=paths, units=slugs["units"])
    unused = await work.fetch(
        sql.ARCHIVE_QUESTIONS, now=now, questions=questions, lessons=lessons, retired=retired
    )
    report.lessons.archived, report.paths.archived = len(retired), len(archived)
    report.units.archived, report.questions.archived = len(removed), len(unused)


async def _link(work: Work, content: Content, now: datetime) -> None:
    """Put each lesson's questions in order."""
    lessons = [lesson.document for lesson in content.lessons()]
    links = [
        {
            "lesson": lesson.slug,
            "question": question.slug,
            "position": position,
            "after": question.after,
        }
        for lesson in lessons
        for position, question in enumerate(lesson.questions, start=1)
    ]
    slugs = [lesson.slug for lesson in lessons]
    rows = json.dumps(links)
    await work.execute(sql.UNLINK_QUESTIONS, rows=rows, lessons=slugs)
    await work.execute(sql.LINK_QUESTIONS, rows=rows, now=now)


# --- rows ---------------------------------------------------------------------------------------


def _row(document: Any, **more: Any) -> Row:
    return {"id": str(new_id()), **dump(document), **more}


def _unit_rows(content: Content) -> Iterator[Row]:
    for path in content.paths:
        for unit in path.units:
            yield _row(unit.source.document, parent=path.source.document.slug)


def _lesson_rows(content: Content) -> Iterator[Row]:
    for unit in content.units():
        for lesson in unit.lessons:
            row = _row(lesson.document, parent=unit.source.document.slug)
            del row["questions"]
            yield row


def _question_rows(content: Content) -> Iterator[Row]:
    for lesson in content.lessons():
        for question in lesson.document.questions:
            yield question_row(question, lesson.document)


def question_row(question: QuestionItem, lesson: LessonFile) -> Row:
    """Return the columns of `question`; level and skill are the lesson's unless it has its own."""
    return _row(
        question,
        level=question.level or lesson.level,
        skill=question.skill or lesson.skill,
    )
