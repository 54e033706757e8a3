"""The lines of a file to be imported: JSON Lines, or CSV as spreadsheets write it.

Whatever is wrong with a line is said of that line, and the next one is read. Memory does not grow
with the file. What the lines mean is up to the models that they are validated with.
"""

import csv
import io
import json
import re
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, BinaryIO, NamedTuple, NoReturn

from app.core.characters import visible
from app.core.errors import InvalidInput
from app.core.spreadsheets import unescaped

MAX_LINE = 1_000_000
"""Characters of a line, and of a CSV row over several lines."""
_MAX_DIGITS = 18
_LISTED_FAULTS = 1_000
_WHOLE = re.compile(r"-?[0-9]{1,18}(\.0{1,18})?")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})+")
_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_UTF16 = ("\udcff\udcfe", "\udcfe\udcff", "\ufeff\0")

csv.field_size_limit(MAX_LINE)  # of the process; Python's own would refuse cells of 131,072


class Refusal(NamedTuple):
    """What is wrong with a line; `field` is empty where it is the whole line."""

    field: str
    message: str


def many_faults(count: int) -> str | None:
    """Return the one message for a line with so many faults that to list them takes minutes."""
    if count <= _LISTED_FAULTS:
        return None
    return f"{count:,} faults in one line; compare it with one that was exported"


class FileRefused(InvalidInput):
    """The file cannot be read at all; `line` and `refusals` say why."""

    code = "file_refused"

    def __init__(self, line: int, *refusals: Refusal) -> None:
        super().__init__("; ".join(refusal.message for refusal in refusals), field="file")
        self.line = line
        self.refusals = refusals


class Line(NamedTuple):
    """A line by its number (a CSV row: that of its first line): what it holds, or a refusal."""

    number: int
    content: Any
    size: int


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that a CSV may have, and how their cells are written."""

    names: Sequence[str]
    required: Collection[str]
    numbers: Collection[str] = ()
    days: Collection[str] = ()


def printable(text: str, longest: int = 60) -> str:
    """Return `text`, which came from a file, as it may be shown: short, without odd characters."""
    shown = text if len(text) <= longest else f"{text[:longest]}…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)


class _TooLongError(Exception):
    """A line has more than MAX_LINE characters."""


class _Lines:
    """The lines of a text file with their numbers, none longer than MAX_LINE and a little.

    Bytes that are not UTF-8 come as lone surrogates. Lines end with LF, CR LF or CR.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._text = io.TextIOWrapper(
            file, encoding="utf-8-sig", errors="surrogateescape", newline=""
        )
        self._number = 0

    def __iter__(self) -> Iterator[tuple[int, str]]:
        try:
            yield from self._read()
        finally:
            if not self._text.closed:
                self._text.detach()  # the file is the caller's, to close or to read again

    def _read(self) -> Iterator[tuple[int, str]]:
        while line := self._text.readline(MAX_LINE + 1):
            self._number += 1
            if self._number == 1 and (line.startswith(_UTF16) or "\0" in line[:4]):
                message = "this is UTF-16 (Excel: “Unicode Text”); save it as “CSV UTF-8”"
                raise FileRefused(1, Refusal("", message))
            rest = line
            while rest and not rest.endswith(("\n", "\r")):
                rest = self._text.readline(MAX_LINE)
            yield self._number, line


def _require_utf8(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        byte = ord(text[error.start]) & 0xFF  # surrogateescape adds 0xDC00
        place = f"the byte {byte:02X} at character {error.start + 1}"
        raise ValueError(f"not UTF-8: {place}; save the file as UTF-8") from None


# --- JSON Lines ---------------------------------------------------------------------------------


def json_lines(file: BinaryIO) -> Iterator[Line]:
    """Yield the object (or whatever JSON) of each line that is not blank, or a Refusal.

    Raises FileRefused for UTF-16.
    """
    for number, text in _Lines(file):
        if text.strip():
            yield Line(number, _refusing(_json_line, text), len(text))


def _json_line(text: str) -> Any:
    _require_length(len(text))
    _require_utf8(text)
    return parse_json(text)


def _require_length(characters: int) -> None:
    if characters > MAX_LINE:
        raise ValueError(f"over {MAX_LINE:,} characters; shorten it, or close an open quote")


def parse_json(text: str) -> Any:
    """Return what `text` says in JSON; numbers that no field holds come as infinite.

    Raises ValueError, in words, for what is no JSON, for a key that is written twice, and for lists
    in lists without end.
    """
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_int=_whole)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON at character {error.pos + 1}: {error.msg}") from None
    except RecursionError:
        raise ValueError("not readable: nested too deeply") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        (name, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise _OfFieldError(Refusal(printable(name), "this key is written twice; keep one"))
    return found


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MAX_DIGITS else float("inf")


class _OfFieldError(ValueError):
    """Carries a refusal that names a field out of a parser."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def _refusing(read: Callable[..., Any], *given: Any) -> Any:
    """Return what `read` returns, or the Refusal of what it raises."""
    try:
        return read(*given)
    except _OfFieldError as error:
        return error.refusal
    except ValueError as error:
        return Refusal("", str(error))


# --- CSV ----------------------------------------------------------------------------------------


def csv_lines(file: BinaryIO, columns: Columns) -> Iterator[Line]:
    """Yield the cells of each row by column name, without the empty ones, or a Refusal.

    The header decides between comma, semicolon and tab. With semicolons, which Excel writes with
    Indonesian settings, numbers have a decimal comma and days are 31/12/2026. Rows without any cell
    are left out. Raises FileRefused when the file is UTF-16, or has no header that names `columns`.
    """
    source = _Source(_Lines(file))
    names, delimiter = _header(source, columns)
    records = _Records(source, delimiter)
    is_local = delimiter == ";"
    while (record := records.read()) is not None:
        first, row, size = record
        if isinstance(row, Refusal):
            yield Line(first, row, size)
        elif any(map(str.strip, row)):
            yield Line(first, _refusing(_cells, row, names, columns, is_local), size)


def _cells(row: list[str], names: list[str], columns: Columns, is_local: bool) -> dict[str, Any]:
    if len(row) != len(names):
        raise ValueError(
            f"{len(row)} cells, but the header has {len(names)}; give each column one, and put a "
            "cell that holds the separator into quotes"
        )
    found: dict[str, Any] = {}
    for name, cell in zip(names, row, strict=True):
        if cell:
            try:
                found[name] = _cell(cell, name, columns, is_local)
            except ValueError as error:
                raise _OfFieldError(Refusal(name, str(error))) from None
    return found


def _cell(cell: str, name: str, columns: Columns, is_local: bool) -> Any:
    _require_utf8(cell)
    if "\0" in cell:
        raise ValueError("it holds the character U+0000 (NUL); remove it")
    if not name:
        raise ValueError("this cell stands under no column name; name the column, or empty it")
    if name in columns.numbers:
        return _number(cell.strip(), is_local)
    if name in columns.days and is_local and (day := _DAY.fullmatch(cell.strip())):
        return f"{day[3]}-{day[2]:0>2}-{day[1]:0>2}"
    return unescaped(cell)


def _number(cell: str, is_local: bool) -> int | str:
    """Return a whole number, or the text of another one with a decimal point."""
    if is_local and _THOUSANDS.fullmatch(cell):
        raise ValueError(f"{cell} can be read in two ways; write it without the full stop")
    text = cell.replace(",", ".") if is_local else cell
    return int(text.partition(".")[0]) if _WHOLE.fullmatch(text) else text


class _Source:
    """Feeds lines to csv.reader, remembers those of the present row, and can give them again."""

    def __init__(self, lines: _Lines) -> None:
        self._lines = iter(lines)
        self._again: deque[tuple[int, str]] = deque()
        self.taken: list[tuple[int, str]] = []
        self.size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        number, text = self._again.popleft() if self._again else next(self._lines)
        self.taken.append((number, text))
        self.size += len(text)
        if self.size > MAX_LINE:
            raise _TooLongError
        return text

    def begin(self) -> None:
        """Forget the row before."""
        self.taken, self.size = [], 0

    def again(self, taken: Sequence[tuple[int, str]]) -> None:
        """Give these lines again."""
        self._again.extendleft(reversed(taken))


class _Records:
    """CSV rows. A row with a broken quote costs one line: reading goes on with the next one."""

    def __init__(self, source: _Source, delimiter: str) -> None:
        self._source = source
        self._reader = csv.reader(source, delimiter=delimiter, strict=True)

    def read(self) -> tuple[int, list[str] | Refusal, int] | None:
        """Return the number of a row's first line, its cells or what is wrong, and its size."""
        self._source.begin()
        row: list[str] | Refusal
        try:
            row = next(self._reader)
        except StopIteration:
            return None
        except (csv.Error, _TooLongError) as error:
            message = "too long" if isinstance(error, _TooLongError) else str(error)
            row = Refusal("", f"not CSV: {message}; close every quote, and write one within as two")
            self._source.again(self._source.taken[1:])
        return self._source.taken[0][0], row, self._source.size


def _header(source: _Source, columns: Columns) -> tuple[list[str], str]:
    """Return the header's names, and the delimiter that shows the most columns."""
    number, text = _first_line(source)
    fixed = re.fullmatch(r"sep=(.)\s*", text)  # Excel's own hint
    if fixed:
        number, text = _first_line(source)
    found: dict[str, list[str]] = {}
    for delimiter in [fixed[1]] if fixed else [",", ";", "\t"]:
        names = next(csv.reader([text], delimiter=delimiter), [])
        found[delimiter] = [visible(name).strip().lower() for name in names]
    delimiter = max(found, key=lambda each: len(set(found[each]) & set(columns.names)))
    names = found[delimiter]
    _require_columns(number, names, columns)
    return names, delimiter


def _first_line(source: _Source) -> tuple[int, str]:
    source.begin()
    try:
        text = next(text for text in source if text.strip())
    except StopIteration:
        raise FileRefused(1, Refusal("", "the file is empty")) from None
    except _TooLongError:
        raise FileRefused(1, Refusal("", "the first line is too long for a header")) from None
    return source.taken[-1][0], text


def _require_columns(number: int, names: list[str], columns: Columns) -> None:
    if not set(names) & set(columns.names):
        _refuse_header(number, names, columns)
    wrong = [
        Refusal(printable(name), _unknown(name, columns))
        for name in names
        if name and name not in columns.names
    ]
    wrong += [
        Refusal(name, "the header names this column twice; keep one")
        for name, count in Counter(filter(None, names)).items()
        if count > 1
    ]
    wrong += [
        Refusal(name, "the header lacks this column; add it")
        for name in columns.names
        if name in columns.required and name not in names
    ]
    if wrong:
        raise FileRefused(number, *wrong)


def _refuse_header(number: int, names: list[str], columns: Columns) -> NoReturn:
    shown, wanted = printable(", ".join(names)), ", ".join(columns.names)
    message = f"no header: the first line must name the columns ({wanted}); it is “{shown}”"
    raise FileRefused(number, Refusal("", message))


def _unknown(name: str, columns: Columns) -> str:
    close = get_close_matches(name, columns.names, n=1)
    hint = f"; {close[0]} is meant?" if close else f": {', '.join(columns.names)}"
    return f"there is no column of this name{hint}"
