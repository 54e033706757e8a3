"""The question bank as a file: import (JSON Lines or CSV) and export (JSON Lines).

A line is a `QuestionItem` of `files.py`, with its level and skill. Lines are checked one by one in
a thread, copied into a temporary table, checked against the others, and written, 5,000 a statement:
while the server writes one chunk, the next is being read.
"""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, Literal
from uuid import UUID

import msgspec
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.bulk import UpsertResult, copy_records, create_stage, merge_stage, patience
from app.core.database_utils import DatabaseUtils
from app.core.errors import InvalidInput
from app.domain.curriculum import bank_queries as sql
from app.domain.curriculum.files import Location, Problem, QuestionItem
from app.domain.curriculum.question_rules import find_question_errors
from app.domain.curriculum.reading import explain
from app.models import Question
from app.models.base import new_id
from app.models.documents import Document

Format = Literal["jsonl", "csv"]
Record = tuple[Any, ...]
Line = tuple[int, bytes | dict[str, str | None]]
LISTED_PROBLEMS = 100
"""Problems that a report spells out; the others are counted."""
CHUNK_LINES = 5_000
MAX_LINE_BYTES = 1_000_000

_CONTENT = (
    *("stem", "type", "options", "answer_key", "explanation"),
    *("level", "skill", "difficulty", "tags", "translations"),
)
_NAMES = ("id", "slug", *_CONTENT, "status", "author_id", "created_at", "updated_at")
_CSV_FIELDS = ("slug", "type", "level", "skill", "difficulty", "stem", "explanation")
_CSV_INDONESIAN = {"stem_id": "stem", "explanation_id": "explanation"}
_CSV_DOCUMENTS = ("options", "answer_key")


@dataclass(slots=True)
class ImportReport:
    """What an import did. `problems` spells out the first 100 of `problem_count`, by line."""

    file: str
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    problem_count: int = 0
    is_written: bool = False
    problems: list[Problem] = field(default_factory=list)

    def add(self, problems: list[Problem]) -> None:
        """Count the problems of one line, and list them while there is room."""
        self.skipped += 1
        self.problem_count += len(problems)
        self.problems += problems[: max(0, LISTED_PROBLEMS - len(self.problems))]


class _RefusedError(Exception):
    """Leaves the savepoint of an import that has problems."""


async def import_questions(
    db: AsyncSession,
    file: BinaryIO,
    now: datetime,
    *,
    format: Format = "jsonl",  # noqa: A002 - the word of the command line
    name: str = "questions",
    author_id: UUID | None = None,
    skip_bad: bool = False,
) -> ImportReport:
    """Add the questions of `file`, or change those whose slug exists, in the caller's transaction.

    New questions are drafts of `author_id`; a changed one keeps its status and author. Nothing is
    written when a line is bad, unless `skip_bad`; the report says line, field and how to mend.
    CSV has a header with slug, type, level, skill, difficulty, stem, stem_id, explanation,
    explanation_id, tags (separated by semicolons), options and answer_key (JSON).

    Memory does not grow with the file.
    """
    report = ImportReport(file=name)
    lines = _csv_lines(file) if format == "csv" else _json_lines(file)
    bank = _Bank(db, report, skip_bad=skip_bad)
    try:
        async with db.begin_nested(), patience(db):
            await bank.open()
            result = await _load(bank, lines, ("draft", author_id, now, now))
            await bank.close()
    except _RefusedError:
        pass  # the report says why
    else:
        report.is_written = True
        report.inserted, report.updated = result.inserted, result.updated
        report.unchanged = result.unchanged
    report.problems.sort(key=lambda problem: problem.line or 0)
    return report


async def _load(bank: "_Bank", lines: Iterator[Line], constants: Record) -> UpsertResult:
    """Read a chunk of lines, in a thread, while the server writes the one before it."""
    total = UpsertResult()
    writing = asyncio.create_task(bank.write(_Chunk([], [], is_translated=True, is_last=False)))
    try:
        while True:
            chunk = await asyncio.to_thread(_read_chunk, lines, bank.report.file, constants)
            total += await writing
            for problems in chunk.bad:
                bank.report.add(problems)
            writing = asyncio.create_task(bank.write(chunk))
            if chunk.is_last:
                break
    finally:
        await asyncio.wait([writing])  # nothing else may use the connection before
    total += await writing
    bank.require_good()
    return total


class _Bank:
    """The temporary tables of one import, and what is written from them."""

    def __init__(self, db: AsyncSession, report: ImportReport, *, skip_bad: bool) -> None:
        self.db = db
        self.report = report
        self.skip_bad = skip_bad

    async def open(self) -> None:
        """Create the stage of a chunk, and the slugs of all chunks."""
        await create_stage(self.db, "questions", _NAMES)
        await self.db.execute(sql.CREATE_SLUGS)

    async def close(self) -> None:
        """Drop the temporary tables, so that the transaction may import again."""
        await self.db.execute(sql.DROP_STAGES)

    async def write(self, chunk: "_Chunk") -> UpsertResult:
        """Check the good lines against all others and the bank; write them while all are good."""
        if not chunk.good:
            return UpsertResult()
        await copy_records(self.db, sql.STAGE, ["row_number", *_NAMES], chunk.good)
        await self._refuse_repeats()
        if not chunk.is_translated:
            await self._refuse_untranslated()
        result = UpsertResult()
        if self.is_good:
            result = await merge_stage(
                self.db,
                Question,
                sql.STAGE,
                _NAMES,
                conflict_columns=["slug"],
                update_columns=_CONTENT,
            )
        await self.db.execute(sql.EMPTY_STAGE)
        return result

    @property
    def is_good(self) -> bool:
        """Whether writing is still allowed."""
        return self.skip_bad or not self.report.problem_count

    def require_good(self) -> None:
        """Leave the savepoint, which undoes the chunks before, when there were problems."""
        if not self.is_good:
            raise _RefusedError

    async def _refuse_repeats(self) -> None:
        """Report, and take out, every question whose slug an earlier line has."""
        await self.db.execute(sql.NOTE_SLUGS)
        for line, slug, first in await self.db.execute(sql.TAKE_OUT_REPEATS):
            self._add(line, "slug", f"{slug!r} already names line {first}; rename one")

    async def _refuse_untranslated(self) -> None:
        """Report, and take out, changes that leave a published question without Indonesian."""
        for (line,) in await self.db.execute(sql.TAKE_OUT_UNTRANSLATED):
            message = "this question is published; add the Indonesian stem"
            self._add(line, "translations.id.stem", message)

    def _add(self, line: int, name: str, message: str) -> None:
        self.report.add([Problem(self.report.file, line, name, message)])


# --- lines to records ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Chunk:
    """What some lines hold: records for COPY, and the problems of each bad line."""

    good: list[Record]
    bad: list[list[Problem]]
    is_translated: bool
    is_last: bool


def _read_chunk(lines: Iterator[Line], name: str, constants: Record) -> _Chunk:
    good, bad, read, is_translated = [], [], 0, True
    for number, line in islice(lines, CHUNK_LINES):
        read += 1
        try:
            item = _parse(line)
            problems = [Problem(name, number, *error) for error in _item_errors(item)]
        except ValidationError as error:
            problems = [replace(problem, line=number) for problem in explain(error, name, _no_line)]
        except ValueError as error:
            problems = [Problem(name, number, "", str(error))]
        if problems:
            bad.append(problems)
        else:
            good.append(_record(number, item, constants))
            is_translated = is_translated and item.translations.id is not None
    return _Chunk(good, bad, is_translated, is_last=read < CHUNK_LINES)


def _no_line(_: Location) -> None:
    return None


def _json_lines(file: BinaryIO) -> Iterator[Line]:
    """Yield the numbered lines that are not blank; a longer one than 1 MB comes cut, thus bad."""
    number = 0
    while line := file.readline(MAX_LINE_BYTES):
        number += 1
        while not line.endswith(b"\n") and (rest := file.readline(MAX_LINE_BYTES)):
            if rest.endswith(b"\n"):
                break
        line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if line.strip():
            yield number, line


def _csv_lines(file: BinaryIO) -> Iterator[Line]:
    """Yield the rows by column name, with the number of their last line."""
    reader = csv.DictReader(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""))
    try:
        for row in reader:
            yield reader.line_num, row
    except (csv.Error, UnicodeDecodeError) as error:
        message = f"not CSV in UTF-8 from line {reader.line_num + 1} on: {error}"
        raise InvalidInput(message, field="file") from error


def _parse(line: bytes | dict[str, str | None]) -> QuestionItem:
    if isinstance(line, bytes):
        if rb"\u0000" in line:
            raise ValueError("no text holds the character \\u0000; remove it")
        return QuestionItem.model_validate_json(line)
    return QuestionItem.model_validate(_from_cells(line))


def _from_cells(cells: dict[str, str | None]) -> dict[str, Any]:
    """Return the question that a CSV row spells; an empty cell is an absent field."""
    given = {name: cell for name, cell in cells.items() if cell}
    if any("\0" in cell for cell in given.values()):
        raise ValueError("no text holds the character NUL; remove it")
    question: dict[str, Any] = {name: given.pop(name) for name in _CSV_FIELDS if name in given}
    indonesian = {key: given.pop(name) for name, key in _CSV_INDONESIAN.items() if name in given}
    question["translations"] = {"id": indonesian} if indonesian else {}
    question["tags"] = [tag.strip() for tag in given.pop("tags", "").split(";") if tag.strip()]
    for name in _CSV_DOCUMENTS:
        if name in given:
            try:
                question[name] = msgspec.json.decode(given.pop(name))
            except msgspec.DecodeError as error:
                raise ValueError(f"{name} is not JSON: {error}") from error
    return question | given  # what is left has no such field, and is refused by name


def _item_errors(item: QuestionItem) -> Iterator[tuple[str, str]]:
    for name in ("level", "skill"):
        if getattr(item, name) is None:
            yield name, "this field is missing; outside a lesson every question needs it"
    if item.about is not None:
        yield "about", "only content files tie a question to a passage; leave it out"
    yield from find_question_errors(item)


def _record(number: int, item: QuestionItem, constants: Record) -> Record:
    return (
        number,
        new_id(),
        item.slug,
        item.stem,
        item.type,
        _json(item.options),
        _json(item.answer_key),
        item.explanation,
        item.level,
        item.skill,
        item.difficulty,
        item.tags,
        _json(item.translations),
        *constants,
    )


def _json(document: Document | None) -> str | None:
    return None if document is None else document.model_dump_json(exclude_none=True)


# --- export -------------------------------------------------------------------------------------


async def export_questions(db: AsyncSession) -> AsyncIterator[bytes]:
    """Yield every question with a slug as JSON Lines that `import_questions` accepts, by slug."""
    columns = [getattr(Question, name) for name in ("slug", *_CONTENT)]
    query = select(*columns).where(Question.slug.is_not(None)).order_by(Question.slug)
    async for chunk in DatabaseUtils.bulk_export(db, query):
        yield chunk
