"""The lines of a deck from an SM-2 program: what each may say, and what is wrong with it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from app.core.bulk_export import Format
from app.core.errors import InvalidInput
from app.core.import_lines import (
    Columns,
    FileRefused,
    Line,
    Refusal,
    csv_lines,
    json_lines,
    many_faults,
    printable,
)
from app.domain.srs.rules import EASE_CEILING, EASE_FLOOR
from app.models.bounds import MAXIMUM_INTERVAL_DAYS
from app.questions.documents.base import Whole

MAX_IMPORTED = 10_000
_FIRST_DAY = date(2000, 1, 1)


def _written_day(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("write a day as 2026-03-01")  # noqa: TRY004 - Pydantic reports this one
    return value


class SM2Row(BaseModel):
    """One card of another program.

    `item` is the slug of a word or question, or a headword; `interval` is in days, `repetitions`
    are the passes since the last failure. Without `last_reviewed` the card counts as reviewed on
    the day of the import.
    """

    model_config = ConfigDict(extra="forbid")

    item: str = Field(min_length=1, max_length=255)
    ease: Decimal = Field(ge=EASE_FLOOR, le=EASE_CEILING)
    interval: Whole = Field(ge=MAXIMUM_INTERVAL_DAYS.least, le=MAXIMUM_INTERVAL_DAYS.most)
    repetitions: Whole = Field(0, ge=0, le=100_000)
    last_reviewed: Annotated[date, BeforeValidator(_written_day)] | None = None
    direction: Literal["recognition", "production"] = "recognition"


_COLUMNS = Columns(
    names=tuple(SM2Row.model_fields),
    required=("item", "ease", "interval"),
    numbers=("ease", "interval", "repetitions"),
    days=("last_reviewed",),
)


class LineProblem(NamedTuple):
    """What is wrong with one line of an import; `field` is empty where it is the whole line."""

    line: int
    field: str
    message: str

    def __str__(self) -> str:
        place = f"line {self.line}, {self.field}" if self.field else f"line {self.line}"
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class DeckLine:
    """A card and the number of its line."""

    number: int
    row: SM2Row


def read_deck(
    content: str | bytes, kind: Format, today: date
) -> tuple[list[DeckLine], list[LineProblem]]:
    """Return the cards of a file, and what is wrong with its other lines.

    Raises InvalidInput for more than MAX_IMPORTED lines.
    """
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    file = io.BytesIO(data)
    lines, problems = list[DeckLine](), list[LineProblem]()
    try:
        for count, line in enumerate(_lines(file, kind), start=1):
            if count > MAX_IMPORTED:
                raise InvalidInput(f"Import at most {MAX_IMPORTED} cards at once.", field="content")
            found = _card(line)
            if isinstance(found, SM2Row):
                lines.append(DeckLine(line.number, found))
                problems += _day_problems(line.number, found, today)
            else:
                problems += found
    except FileRefused as refused:
        problems += [LineProblem(refused.line, *refusal) for refusal in refused.refusals]
    if not lines and not problems:
        problems.append(LineProblem(1, "", "there are no cards"))
    return lines, problems


def _lines(file: io.BytesIO, kind: Format) -> Iterator[Line]:
    return json_lines(file) if kind == "jsonl" else csv_lines(file, _COLUMNS)


def _card(line: Line) -> SM2Row | list[LineProblem]:
    if isinstance(line.content, Refusal):
        return [LineProblem(line.number, *line.content)]
    try:
        row = SM2Row.model_validate(line.content)
    except ValidationError as error:
        if message := many_faults(error.error_count()):
            return [LineProblem(line.number, "", message)]
        return [
            LineProblem(line.number, printable(".".join(map(str, found["loc"]))), found["msg"])
            for found in error.errors(include_url=False, include_input=False)
        ]
    if "\0" in row.item:
        return [LineProblem(line.number, "item", "no name holds the character U+0000; remove it")]
    return row


def _day_problems(number: int, row: SM2Row, today: date) -> Iterator[LineProblem]:
    if row.last_reviewed and not _FIRST_DAY <= row.last_reviewed <= today:
        yield LineProblem(number, "last_reviewed", f"must be from {_FIRST_DAY} to {today}")
