"""One question of the bank as a line of a file: JSON, or the cells of a CSV row."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO, Literal

from pydantic import ValidationError

from app.core.import_lines import (
    Columns,
    Line,
    Refusal,
    csv_lines,
    json_lines,
    many_faults,
    parse_json,
    printable,
)
from app.domain.curriculum.files import Problem, QuestionItem
from app.domain.curriculum.question_rules import find_question_errors
from app.domain.curriculum.reading import explain
from app.models.base import new_id
from app.questions.documents.base import Document

Format = Literal["jsonl", "csv"]
Record = tuple[Any, ...]
PROBLEMS_A_LINE = 10
"""What is said of one line; nobody fixes more at once."""
CONTENT = (
    *("stem", "type", "options", "answer_key", "explanation"),
    *("level", "skill", "difficulty", "tags", "translations"),
)
NAMES = ("id", "slug", *CONTENT, "status", "author_id", "created_at", "updated_at")
"""The columns of a record, in the order of `record`."""

_INDONESIAN = {"stem_id": "stem", "explanation_id": "explanation"}
_DOCUMENTS = ("options", "answer_key")
_PLAIN = ("slug", "type", "level", "skill", "difficulty", "stem", "explanation")
COLUMNS = Columns(
    names=(
        *("slug", "type", "level", "skill", "difficulty", "stem", "stem_id", "explanation"),
        *("explanation_id", "tags", "options", "answer_key"),
    ),
    required=("slug", "type", "level", "skill", "stem", "explanation", "answer_key"),
    numbers=("difficulty",),
)
_CSV_NAMES = {f"translations.id.{field}": column for column, field in _INDONESIAN.items()}


def read_lines(file: BinaryIO, kind: Format) -> Iterator[Line]:
    """Yield the lines of `file`, each with what it holds or a Refusal; see `core.import_lines`."""
    return csv_lines(file, COLUMNS) if kind == "csv" else json_lines(file)


def read_question(line: Line, name: str, kind: Format) -> QuestionItem | list[Problem]:
    """Return the question of a line of the file `name`, or what is wrong with it."""
    if isinstance(line.content, Refusal):
        return [Problem(name, line.number, *line.content)]
    problems: list[Problem] = []
    try:
        data = _from_cells(line.content) if kind == "csv" else line.content
        item = QuestionItem.model_validate(data)
        problems = [Problem(name, line.number, *error) for error in _errors(item)]
        if not problems:
            return item
    except ValidationError as error:
        if message := many_faults(error.error_count()):
            problems = [Problem(name, line.number, "", message)]
        else:
            problems = explain(error, name, lambda _: line.number)
    except _BadCellError as error:
        problems = [Problem(name, line.number, *error.args)]
    return [_shown(problem, kind) for problem in problems[:PROBLEMS_A_LINE]]


def _shown(problem: Problem, kind: Format) -> Problem:
    """Return a problem under the name of its column, without what a terminal would obey."""
    field = _CSV_NAMES.get(problem.field, problem.field) if kind == "csv" else problem.field
    return replace(problem, field=printable(field), message=printable(problem.message, 500))


class _BadCellError(Exception):
    """Carries field and message of a cell that is no JSON."""


def _from_cells(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Return the question that a CSV row spells; an empty cell is an absent field."""
    question = {name: cells[name] for name in _PLAIN if name in cells}
    for name in ("slug", "type", "level", "skill"):
        if name in question:
            question[name] = question[name].strip()
    indonesian = {field: cells[name] for name, field in _INDONESIAN.items() if name in cells}
    question["translations"] = {"id": indonesian} if indonesian else {}
    question["tags"] = [tag.strip() for tag in cells.get("tags", "").split(";") if tag.strip()]
    for name in _DOCUMENTS:
        if name in cells:
            try:
                question[name] = parse_json(cells[name])
            except ValueError as error:
                raise _BadCellError(name, str(error)) from error
    return question


def _errors(item: QuestionItem) -> Iterator[tuple[str, str]]:
    for name in ("level", "skill"):
        if getattr(item, name) is None:
            yield name, "this field is missing; outside a lesson every question needs it"
    if item.about is not None:
        yield "about", "only content files tie a question to a passage; leave it out"
    yield from find_question_errors(item)


def record(number: int, item: QuestionItem, constants: Record) -> Record:
    """Return line number and question as COPY takes them: NAMES, `constants` for the last four."""
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
