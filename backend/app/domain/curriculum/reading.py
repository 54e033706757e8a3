"""Reading the YAML files of `content/`, with errors that name file, line, field and remedy."""

from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from app.core.errors import InvalidInput
from app.domain.curriculum.files import (
    Content,
    LessonFile,
    Location,
    PathFile,
    PathFolder,
    Problem,
    SourceFile,
    UnitFile,
    UnitFolder,
    VocabularyFile,
    field_name,
)
from app.questions.documents.base import Document

AnyFile = TypeVar("AnyFile", bound=Document)

# libyaml's parser is ten times faster; both build plain data only, never objects.
_SafeLoader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class InvalidContent(InvalidInput):
    """Content files cannot be used; `problems` says where and how to fix them."""

    code = "invalid_content"
    message = "The content files have errors."
    message_id = "Berkas materi masih mengandung kesalahan."

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def read_content(directory: Path) -> Content:
    """Return everything under `directory` (laid out as in `files.py`).

    Each file is checked for its own shape; `rules.find_errors` checks what the files say together.
    Raises InvalidContent with every problem of every file.
    """
    content, problems = scan_content(directory)
    if problems:
        raise InvalidContent(problems)
    return content


def scan_content(directory: Path) -> tuple[Content, list[Problem]]:
    """Return what could be read under `directory`, and what is wrong with the rest."""
    reader = _Reader(directory)
    content = Content(
        paths=list(reader.paths()),
        vocabulary=[
            source
            for file in sorted((directory / "vocabulary").glob("*.yaml"))
            if (source := reader.read(file, VocabularyFile))
        ],
    )
    return content, sorted(
        reader.problems + reader.misplaced(), key=lambda p: (p.file, p.line or 0)
    )


class _Reader:
    """Collects problems while it walks the folders, so that authors see all of them at once."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.problems: list[Problem] = []
        self._seen: set[Path] = set()

    def paths(self) -> Iterator[PathFolder]:
        for folder in _folders(self.directory / "paths"):
            source = self.read(folder / "path.yaml", PathFile)
            units = list(self._units(folder))
            if source:
                yield PathFolder(source, units)

    def _units(self, folder: Path) -> Iterator[UnitFolder]:
        for unit in _folders(folder):
            source = self.read(unit / "unit.yaml", UnitFile)
            lessons = [
                lesson
                for file in sorted(unit.glob("*.yaml"))
                if file.name != "unit.yaml" and (lesson := self.read(file, LessonFile))
            ]
            if source:
                yield UnitFolder(source, lessons)

    def read(self, file: Path, shape: type[AnyFile]) -> SourceFile[AnyFile] | None:
        """Return `file` as `shape`; None when it has problems, which are kept."""
        self._seen.add(file)
        name = file.relative_to(self.directory).as_posix()
        try:
            data, line_of = load_yaml(file.read_text(encoding="utf-8"))
            return SourceFile(name, shape.model_validate(data), line_of)
        except FileNotFoundError:
            self.problems.append(Problem(name, None, "", "this file is missing; add it"))
        except UnicodeDecodeError as error:
            message = f"not UTF-8 at byte {error.start}; save the file as UTF-8"
            self.problems.append(Problem(name, None, "", message))
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            message = f"not valid YAML: {error.problem or error.context}"
            self.problems.append(Problem(name, line, "", message))
        except yaml.YAMLError as error:
            self.problems.append(Problem(name, None, "", f"not valid YAML: {error}"))
        except ValidationError as error:
            self.problems.extend(explain(error, name, line_of))
        return None

    def misplaced(self) -> list[Problem]:
        """Return a problem for each YAML file that no rule of the layout covers."""
        found = (*self.directory.glob("**/*.yaml"), *self.directory.glob("**/*.yml"))
        return [
            Problem(
                file.relative_to(self.directory).as_posix(),
                None,
                "",
                "not read: lessons are paths/<path>/<unit>/<lesson>.yaml, "
                "words vocabulary/<level>.yaml",
            )
            for file in found
            if file not in self._seen
        ]


def _folders(parent: Path) -> list[Path]:
    """Return the folders under `parent` that hold any YAML (git leaves empty ones behind)."""
    return sorted(folder for folder in parent.glob("*") if any(folder.rglob("*.yaml")))


# --- YAML with line numbers ---------------------------------------------------------------------


def load_yaml(text: str) -> tuple[Any, Callable[[Location], int | None]]:
    """Return the data of `text`, and a function from a location in it to its line (from 1).

    Raises yaml.YAMLError, also for a key that is written twice (YAML would keep the last).
    """
    loader = _SafeLoader(text)
    try:
        root = loader.get_single_node()
        if root is not None:
            _refuse_repeated_keys(root, set())
        data = None if root is None else loader.construct_document(root)
    finally:
        loader.dispose()

    def line_of(location: Location) -> int | None:
        return None if root is None else _line_of(root, location)

    return data, line_of


def _refuse_repeated_keys(node: yaml.Node, done: set[int]) -> None:
    if id(node) in done:
        return
    done.add(id(node))
    if isinstance(node, yaml.MappingNode):
        keys: set[Hashable] = set()
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else id(key)
            if name in keys:
                problem = f"the key {name!r} is written twice; keep one"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            keys.add(name)
            _refuse_repeated_keys(value, done)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_repeated_keys(value, done)


def _line_of(node: yaml.Node, location: Location) -> int:
    """Return the line of the deepest part of `location` that exists."""
    line: int = node.start_mark.line
    for part in location:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            if part >= len(node.value):
                break
            node = node.value[part]
            line = node.start_mark.line
        elif isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == part), None)
            if found is None:
                break
            line, node = found[0].start_mark.line, found[1]
    return line + 1


# --- Pydantic's errors for authors --------------------------------------------------------------

_REMEDIES = {
    "missing": "this field is missing; add it",
    "extra_forbidden": "there is no field of this name here; check the spelling or remove it",
    "string_type": "text is wanted; put the value in quotes",
    "int_type": "a whole number is wanted, without quotes",
    "int_parsing": "a whole number is wanted, without quotes",
    "bool_type": "true or false is wanted, without quotes",
    "bool_parsing": "true or false is wanted, without quotes",
    "list_type": "a list is wanted: one item a line, each after a hyphen",
    "model_type": "a group of fields is wanted (indented `name: value` lines)",
    "model_attributes_type": "a group of fields is wanted (indented `name: value` lines)",
    "dict_type": "a group of `name: value` lines is wanted",
    "union_tag_not_found": "add its type or kind; the key of a part has the id of a part",
    "string_unicode": "it holds half a character (a lone surrogate); write the character whole",
    "finite_number": "a whole number is wanted, without quotes",
    "string_too_short": "the text is empty or too short; write it",
}
_PATTERNS = {
    "slug": "use lower-case letters and digits, joined by single hyphens",
    "ipa": "write the pronunciation between slashes, for example /ˈtiːtʃə/",
    "tags": "use lower-case letters, digits, spaces and hyphens",
}


def explain(
    error: ValidationError, name: str, line_of: Callable[[Location], int | None]
) -> list[Problem]:
    """Return the problems of one file in an author's words."""
    return [_problem(details, name, line_of) for details in error.errors(include_url=False)]


def _without_tags(location: Location) -> Location:
    """Drop what Pydantic adds to name the member of a union: `sections[1].explanation.body`."""
    return tuple(
        part
        for index, part in enumerate(location)
        if not (isinstance(part, str) and _is_tag(location[:index]))
    )


def _is_tag(before: Location) -> bool:
    in_section = len(before) > 1 and before[-2] == "sections" and isinstance(before[-1], int)
    in_part_key = len(before) > 1 and before[-2] == "parts" and isinstance(before[-1], str)
    return in_section or in_part_key or before[-1:] in {("options",), ("answer_key",)}


def _problem(details: Any, name: str, line_of: Callable[[Location], int | None]) -> Problem:
    location = _without_tags(details["loc"])
    kind = details["type"]
    message = _REMEDIES.get(kind)
    if kind == "string_pattern_mismatch":
        message = next((_PATTERNS[part] for part in reversed(location) if part in _PATTERNS), None)
    if message is None:
        message = details["msg"].removeprefix("Value error, ")
    return Problem(name, line_of(location), field_name(location), message)
