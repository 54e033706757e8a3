"""Named SQL: statements in `.sql` files beside the module that runs them.

A file holds statements, each after a line `-- name: write_review`. Comments that follow it say
which index serves it and which rows it returns. Parameters are named, `:card_id`; shared parts are
statements too, put in by a line or a place of their own: `{waiting}`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, is_dataclass
from inspect import isclass, signature
from pathlib import Path
from types import UnionType
from typing import Any, Generic, TypeVar, get_args, get_type_hints

import msgspec

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


class Nested(Generic[T_co]):
    """Reads rows as a struct with structs in it: `SQL.statement("find_card", Nested(CardRow))`.

    A field that is a struct takes as many columns as that has fields, in order; one that may be
    None (`WordRow | None`) is None where the first of them is NULL.
    """

    def __init__(self, shape: Callable[..., T_co]) -> None:
        self.shape = shape
        self.columns: list[str] = []
        self._inner: list[tuple[slice, Callable[..., Any], bool]] = []
        kinds = get_type_hints(shape)
        for name in signature(shape).parameters:
            self._add(name, kinds[name])

    def __call__(self, *row: Any) -> T_co:
        """Return a row as the struct."""
        values = list(row)
        for part, make, is_optional in self._inner:  # the last first, so that places stay right
            columns = values[part]
            values[part] = [None if is_optional and columns[0] is None else make(*columns)]
        return self.shape(*values)

    def _add(self, name: str, kind: Any) -> None:
        is_optional = isinstance(kind, UnionType)
        inner = next(filter(_is_struct, get_args(kind) if is_optional else [kind]), None)
        if inner is None:
            self.columns.append(name)
            return
        nested, first = Nested(inner), len(self.columns)
        self.columns += nested.columns
        make = nested if nested._inner else inner
        self._inner.insert(0, (slice(first, len(self.columns)), make, is_optional))


def _is_struct(kind: Any) -> bool:
    return isclass(kind) and (
        issubclass(kind, msgspec.Struct) or is_dataclass(kind) or hasattr(kind, "_fields")
    )


def columns_of(*shapes: Iterable[str], prefix: str = "") -> str:
    """Return the columns of structs as a list for SELECT, quoted, after a table's alias."""
    return ", ".join(f'{prefix}"{name}"' for names in shapes for name in names)
