"""Checks and lays out the SQL in `.sql` files: `python -m tools.sql`, and `--fix`.

sqruff reads whole statements. Those of a file have no semicolons between them, and some are parts
of others: so sqruff is given each as a file of its own, with what stands in braces as a name.
"""

# ruff: noqa: T201 - a command that talks to people
import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.core.config import BACKEND

_PROGRAM = Path(sys.executable).with_name("sqruff")
_HEAD = re.compile(r"^(?=-- name: )", re.MULTILINE)
_PART = re.compile(r"\{(\w+)\}")
_PART_AS_NAME = re.compile(r"(?<!\w)_(\w+)_(?!\w)")
_COMMENT = re.compile(r"\s*--.*")
_WHOLE = re.compile(
    r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|VALUES|CREATE|DROP|TRUNCATE)\b", re.IGNORECASE
)
_FRAME = "SELECT "
"""In front of what is no statement: most parts are conditions, expressions or columns."""


def main() -> int:
    """Check the files, or lay them out; return 1 when something is left to do by hand."""
    parser = argparse.ArgumentParser(prog="python -m tools.sql", description=__doc__)
    parser.add_argument("--fix", action="store_true", help="lay the files out")
    parser.add_argument("files", nargs="*", type=Path, help="all of the application by default")
    options = parser.parse_args()
    files = options.files or sorted((BACKEND / "app").rglob("*.sql"))
    if options.fix:
        for file in files:
            file.write_text(laid_out(file.read_text(encoding="utf-8")), encoding="utf-8")
    problems = [problem for file in files for problem in find_problems(file)]
    for problem in problems:
        print(problem)
    if problems and not options.fix:
        print("Most of it goes away by: make reformat")
    return 1 if problems else 0


def find_problems(file: Path) -> Iterator[str]:
    """Yield what is wrong in a file, with its line."""
    text = file.read_text(encoding="utf-8")
    name = file.relative_to(BACKEND) if file.is_relative_to(BACKEND) else file
    statements = _apart(text)
    first = 1
    for statement, found in zip(statements, _lint(statements), strict=True):
        for line, message in dict.fromkeys(found):
            yield f"{name}:{first + line - 1}: {message}"
        first += statement.count("\n")
    if text != _joined(statements):
        yield f"{name}: one empty line stands between statements, none at the end"


def laid_out(text: str) -> str:
    """Return the text of a file as the rules want it, as far as sqruff can bring that about."""
    with tempfile.TemporaryDirectory() as folder:
        files = _written(_apart(text), Path(folder))
        _sqruff("fix", folder)
        return _joined([_from_sqruff(file.read_text(encoding="utf-8")) for file in files])


def _apart(text: str) -> list[str]:
    return [statement for statement in _HEAD.split(text) if statement]


def _lint(statements: list[str]) -> list[list[tuple[int, str]]]:
    """Return line and message of each problem, by statement."""
    with tempfile.TemporaryDirectory() as folder:
        files = _written(statements, Path(folder))
        found = json.loads(_sqruff("lint", "--format", "json", folder))
        by_name = {Path(name).name: problems for name, problems in found.items()}
    return [
        [
            (problem["range"]["start"]["line"], f"{problem['message']} ({problem['code']})")
            for problem in by_name[file.name]
        ]
        for file in files
    ]


def _written(statements: list[str], folder: Path) -> list[Path]:
    files = [folder / f"{number:03}.sql" for number, _ in enumerate(statements)]
    for file, statement in zip(files, statements, strict=True):
        file.write_text(_for_sqruff(statement).rstrip() + "\n", encoding="utf-8")
    return files


def _for_sqruff(statement: str) -> str:
    code = _COMMENT.sub("", statement)
    frame = _FRAME if code.strip() and not _WHOLE.match(code) else ""
    return frame + _PART.sub(r"_\1_", statement)


def _from_sqruff(statement: str) -> str:
    if statement.startswith(f"{_FRAME}-- name: "):
        statement = statement.removeprefix(_FRAME)
    return _PART_AS_NAME.sub(r"{\1}", statement)


def _joined(statements: list[str]) -> str:
    return "\n".join(f"{statement.rstrip()}\n" for statement in statements)


def _sqruff(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own tool, no shell
        [_PROGRAM, "--ignore-local-config", "--config", BACKEND / ".sqruff", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
