"""Named SQL: statements in `.sql` files beside the module that runs them.

A file holds statements, each after a line `-- name: write_review`. Comments that follow it say
which index serves it and which rows it returns. Parameters are named, `:card_id`; shared parts are
statements too, put in by a line or a place of their own: `{waiting}`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_NAME = re.compile(r"^-- name: (\w+)$\n", re.MULTILINE)
_COMMENT = re.compile(r"^\s*--.*\n?", re.MULTILINE)
_PART = re.compile(r"\{(\w+)\}")
# A cast (::date) is none, nor a slice or a time in quotes.
_PARAMETER = re.compile(r"'(?:[^']|'')*'|(?<![:\w]):([a-z]\w*)")


@dataclass(frozen=True, slots=True)
class Statement(Generic[T_co]):
    """One statement as PostgreSQL takes it, and how a row of it is read.

    `parameters` are the names of $1, $2 and so on. `row` makes a row from the columns, in order.
    """

    name: str
    text: str
    parameters: tuple[str, ...]
    row: Callable[..., T_co]

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """Return the values of $1, $2, …; raise TypeError for a name too many or too few."""
        if len(given) != len(self.parameters) or not given.keys() >= set(self.parameters):
            wrong = sorted(given.keys() ^ set(self.parameters))
            raise TypeError(f"{self.name}: {', '.join(wrong)} given or missing")
        return [given[name] for name in self.parameters]


class Statements:
    """The statements of the `.sql` file beside a module: `SQL = Statements(__file__)`."""

    def __init__(self, module: str, parts: Mapping[str, str] | None = None) -> None:
        """Read the file; `parts` are what `{name}` may stand for beside its own statements.

        Raises ValueError for a name given twice.
        """
        self.file = Path(module).with_suffix(".sql")
        _, *found = _NAME.split(self.file.read_text())
        names = found[::2]
        if len(set(names)) < len(names):
            raise ValueError(f"{self.file.name} gives a name twice")
        texts = (_COMMENT.sub("", text).strip().rstrip(";") for text in found[1::2])
        self.parts = dict(parts or {}) | dict(zip(names, texts, strict=True))
        self.names = frozenset(names)

    def statement(self, name: str, row: Callable[..., T]) -> Statement[T]:
        """Return the statement `name`, whose rows are read as `row`: a struct, or `tuple_of`."""
        text = self._whole(name)
        parameters: list[str] = []

        def number(match: re.Match[str]) -> str:
            if (parameter := match[1]) is None:
                return match[0]
            if parameter not in parameters:
                parameters.append(parameter)
            return f"${parameters.index(parameter) + 1}"

        return Statement(name, _PARAMETER.sub(number, text), tuple(parameters), row)

    def _whole(self, name: str) -> str:
        return _PART.sub(lambda part: self._whole(part[1]), self.parts[name])


def value(column: T) -> T:
    """Read a row of one column as its value."""
    return column


def nothing(*_: Any) -> None:
    """Read the rows of a statement that has none."""


def columns_of(*shapes: Iterable[str], prefix: str = "") -> str:
    """Return the columns of structs as a list for SELECT, quoted, after a table's alias."""
    return ", ".join(f'{prefix}"{name}"' for names in shapes for name in names)
