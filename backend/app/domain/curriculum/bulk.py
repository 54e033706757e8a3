"""The question bank as a file: import and export, as JSON Lines or CSV.

Lines are checked one by one in a thread, copied into a temporary table, checked against the others,
and written, some thousand a statement: while the server writes one chunk, the next is being read.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import ColumnElement, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB

from app.core.bulk import UpsertResult, copy_records, create_stage, merge_stage, patience
from app.core.bulk_export import Format as ExportFormat
from app.core.bulk_rows import BulkRefused
from app.core.database_utils import DatabaseUtils
from app.core.import_lines import FileRefused
from app.core.work import Work
from app.domain.curriculum import bank_queries as sql
from app.domain.curriculum.files import Problem
from app.domain.curriculum.question_lines import (
    COLUMNS,
    CONTENT,
    NAMES,
    Format,
    Record,
    read_lines,
    read_question,
    record,
)
from app.models import Question

LISTED_PROBLEMS = 100
"""Problems that a report spells out; the others are counted."""
CHUNK_LINES = 5_000
CHUNK_CHARACTERS = 8_000_000
"""A chunk ends with whichever is reached first, so that long lines take no more memory."""


@dataclass(slots=True)
class ImportReport:
    """What an import did. `problems` spells out the first 100 of `problem_count`, by line.

    `seeded` are the slugs that were written although they stand in content/, too: the next start
    loads them again from there.
    """

    file: str
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    problem_count: int = 0
    is_written: bool = False
    problems: list[Problem] = field(default_factory=list)
    seeded: list[str] = field(default_factory=list)

    def add(self, problems: list[Problem]) -> None:
        """Count the problems of one line, and list them while there is room."""
        self.skipped += 1
        self.problem_count += len(problems)
        self.problems += problems[: max(0, LISTED_PROBLEMS - len(self.problems))]


class _RefusedError(Exception):
    """Leaves the savepoint of an import that has problems."""


async def import_questions(
    work: Work,
    file: BinaryIO,
    now: datetime,
    *,
    format: Format = "jsonl",  # noqa: A002 - the word of the command line
    name: str = "questions",
    author_id: UUID | None = None,
    skip_bad: bool = False,
    seeded: Collection[str] = (),
) -> ImportReport:
    """Add the questions of `file`, or change those whose slug exists, in the caller's transaction.

    New questions are drafts of `author_id`; a changed one keeps its status and author. Nothing is
    written when a line is bad, unless `skip_bad`; the report says line, field and how to fix it.
    CSV has a header with slug, type, level, skill, difficulty, stem, stem_id, explanation,
    explanation_id, tags (separated by semicolons), options and answer_key (JSON); without a header
    nothing is written in any case. `seeded` are the slugs of content/.

    Memory does not grow with the file.
    """
    report = ImportReport(file=name)
    bank = _Bank(work, report, skip_bad=skip_bad)
    try:
        async with work.transaction(), work.session.begin_nested(), patience(work.session):
            await bank.open()
            result = await _load(bank, _Reader(file, name, format, ("draft", author_id, now, now)))
            report.seeded = await bank.changed(seeded, now)
            await bank.close()
    except FileRefused as refused:
        report.add([Problem(name, refused.line, *each) for each in refused.refusals])
    except _RefusedError:
        pass  # the report says why
    else:
        report.is_written = True
        report.inserted, report.updated = result.inserted, result.updated
        report.unchanged = result.unchanged
    report.problems.sort(key=lambda problem: problem.line or 0)
    return report


async def _load(bank: "_Bank", reader: "_Reader") -> UpsertResult:
    """Read a chunk of lines, in a thread, while the server writes the one before it."""
    total = UpsertResult()
    writing = asyncio.create_task(bank.write(_Chunk()))
    try:
        while True:
            chunk = await asyncio.to_thread(reader.read)
            total += await writing
            for problems in chunk.bad:
                bank.report.add(problems)
            writing = asyncio.create_task(bank.write(chunk))
            if chunk.is_last:
                break
    finally:
        await asyncio.wait([writing])  # nothing else may use the connection before
    total += await writing
    if not reader.count:
        bank.report.add([Problem(reader.name, None, "", "there are no questions in this file")])
    bank.require_good()
    return total


class _Bank:
    """The temporary tables of one import, and what is written from them."""

    def __init__(self, work: Work, report: ImportReport, *, skip_bad: bool) -> None:
        self.work = work
        self.report = report
        self.skip_bad = skip_bad

    async def open(self) -> None:
        """Create the stage of a chunk, and the slugs of all chunks."""
        await create_stage(self.work.session, "questions", NAMES)
        await self.work.execute(sql.CREATE_SLUGS)

    async def close(self) -> None:
        """Drop the temporary tables, so that the transaction may import again."""
        await self.work.execute(sql.DROP_STAGES)

    async def write(self, chunk: "_Chunk") -> UpsertResult:
        """Check the good lines against all others and the bank, and write them.

        They are written after a bad line, too: the database may refuse some, which is to be said.
        """
        if not chunk.good:
            return UpsertResult()
        await copy_records(self.work.session, sql.STAGE, ["row_number", *NAMES], chunk.good)
        await self._refuse_repeats()
        if not chunk.is_translated:
            await self._refuse_untranslated()
        result = await self._merge()
        await self.work.execute(sql.EMPTY_STAGE)
        return result

    async def _merge(self) -> UpsertResult:
        """Write the stage; report, and take out, each question that the database refuses."""
        while True:
            try:
                return await merge_stage(
                    self.work.session,
                    Question,
                    sql.STAGE,
                    NAMES,
                    conflict_columns=["slug"],
                    update_columns=CONTENT,
                )
            except BulkRefused as error:
                if error.row is None:
                    raise
                message = f"the database refuses it: {error.reason}; shorten or correct its texts"
                self._add(error.row, error.field or "", message)
                await self.work.execute(sql.TAKE_OUT, line=error.row)

    async def changed(self, slugs: Collection[str], now: datetime) -> list[str]:
        """Return those of `slugs` that this import wrote."""
        return await self.work.fetch(sql.FETCH_CHANGED, slugs=list(slugs), now=now)

    def require_good(self) -> None:
        """Leave the savepoint, which undoes what was written, when there were problems."""
        if self.report.problem_count and not self.skip_bad:
            raise _RefusedError

    async def _refuse_repeats(self) -> None:
        """Report, and take out, every question whose slug an earlier line has."""
        await self.work.execute(sql.NOTE_SLUGS)
        for line, slug, first in await self.work.fetch(sql.TAKE_OUT_REPEATS):
            self._add(line, "slug", f"{slug!r} already names line {first}; rename one")

    async def _refuse_untranslated(self) -> None:
        """Report, and take out, changes that leave a published question without Indonesian."""
        for line in await self.work.fetch(sql.TAKE_OUT_UNTRANSLATED):
            message = "this question is published; add the Indonesian stem"
            self._add(line, "translations.id.stem", message)

    def _add(self, line: int, name: str, message: str) -> None:
        self.report.add([Problem(self.report.file, line, name, message)])


# --- lines to records ---------------------------------------------------------------------------


@dataclass(slots=True)
class _Chunk:
    """What some lines hold: records for COPY, and the problems of each bad line."""

    good: list[Record] = field(default_factory=list)
    bad: list[list[Problem]] = field(default_factory=list)
    is_translated: bool = True
    is_last: bool = False


class _Reader:
    """The file, read in chunks; `count` are the lines so far."""

    def __init__(self, file: BinaryIO, name: str, kind: Format, constants: Record) -> None:
        self.name = name
        self.count = 0
        self._lines = read_lines(file, kind)
        self._kind: Format = kind
        self._constants = constants

    def read(self) -> _Chunk:
        """Return the next chunk. Raises FileRefused when the file cannot be read at all."""
        chunk, characters = _Chunk(), 0
        for count, line in enumerate(self._lines, start=1):
            self.count += 1
            characters += line.size
            found = read_question(line, self.name, self._kind)
            if isinstance(found, list):
                chunk.bad.append(found)
            else:
                chunk.good.append(record(line.number, found, self._constants))
                chunk.is_translated = chunk.is_translated and found.translations.id is not None
            if count == CHUNK_LINES or characters >= CHUNK_CHARACTERS:
                return chunk
        chunk.is_last = True
        return chunk


# --- export -------------------------------------------------------------------------------------


async def export_questions(
    work: Work,
    format: ExportFormat = "jsonl",  # noqa: A002 - the word of the command line
) -> AsyncIterator[bytes]:
    """Yield every question with a slug, by slug, as a file that `import_questions` reads.

    "excel" is CSV as Excel reads and writes it with Indonesian settings.
    """
    columns = _DOCUMENT_COLUMNS if format == "jsonl" else _CELL_COLUMNS
    query = select(*columns).where(Question.slug.is_not(None)).order_by(Question.slug)
    async with work.transaction():  # the server's cursor lives in it
        async for chunk in DatabaseUtils.bulk_export(work.session, query, format):
            yield chunk


def _indonesian(field: str) -> ColumnElement[Any]:
    text: ColumnElement[Any] = cast(Question.translations, JSONB)["id"][field].astext
    return text


_DOCUMENT_COLUMNS = [getattr(Question, name) for name in ("slug", *CONTENT)]
_CELLS: dict[str, ColumnElement[Any]] = {
    "stem_id": _indonesian("stem"),
    "explanation_id": _indonesian("explanation"),
    "tags": func.array_to_string(Question.tags, "; "),
}
_CELL_COLUMNS = [
    _CELLS[name].label(name) if name in _CELLS else getattr(Question, name)
    for name in COLUMNS.names
]
