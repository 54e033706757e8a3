"""`make check`: which programs it runs, what it prints and how it ends."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from app.core.config import BACKEND

# Notes how it was called, and fails where its arguments hold a word of the file `broken`.
PROGRAM = """#!/bin/sh
echo "$(basename "$0")${*:+ }$*" >> "$RAN"
for word in $BROKEN; do
    case "$0 $*" in *"$word"*) printf 'line one\\nline two\\n' >&2; exit 3 ;; esac
done
"""
PROMISED = {
    "mypy",
    "lint-imports",
    "deptry .",
    "ruff check",
    "ruff format --check",
    "python -m tools.migrations",
    "python -m tools.documents",
    "python -m tools.content",
    "python -m tools.sql",
    "djlint app/web/templates --lint --quiet",
    "oxfmt --check app/web/static",
    "oxlint app/web/static",
}


class Checkout:
    """A checkout whose programs only note that they ran."""

    def __init__(self, folder: Path) -> None:
        shutil.copy(BACKEND.parent / "Makefile", folder)
        self.folder = folder
        programs = folder / "backend" / ".venv" / "bin"
        programs.mkdir(parents=True)
        for name in (
            "mypy",
            "lint-imports",
            "deptry",
            "ruff",
            "djlint",
            "oxfmt",
            "oxlint",
            "python",
        ):
            (programs / name).write_text(PROGRAM)
            (programs / name).chmod(0o755)
        for name in ("pyproject.toml", "uv.lock", ".venv/.uv", ".venv/.runtime"):
            (folder / "backend" / name).touch()
        (folder / "backend" / ".venv" / ".development").touch()

    def check(self, *broken: str) -> subprocess.CompletedProcess[str]:
        """Run `make check`, with programs that fail where they are called with these words."""
        return subprocess.run(
            ["make", "check"],
            cwd=self.folder,
            env={
                "PATH": os.environ["PATH"],
                "RAN": str(self.folder / "ran"),
                "BROKEN": " ".join(broken),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def ran(self) -> set[str]:
        """Return the programs that ran, with their arguments."""
        return set((self.folder / "ran").read_text().splitlines())


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_what_holds_is_one_line_and_every_check_has_run(checkout: Checkout) -> None:
    done = checkout.check()
    assert done.returncode == 0
    assert done.stdout.startswith("All hold: ")
    assert done.stdout.count("\n") == 1
    assert checkout.ran() >= PROMISED


def test_what_fails_is_named_and_its_words_are_printed_in_full(checkout: Checkout) -> None:
    done = checkout.check("mypy", "tools.content")
    assert done.returncode != 0
    assert "── make types: mypy\nline one\nline two\n" in done.stdout
    assert ": content] Error" in done.stdout
    assert "All hold" not in done.stdout
    assert checkout.ran() >= PROMISED, "one that fails does not keep the others from being run"
