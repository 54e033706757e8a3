"""`make check`: what it prints and how it ends."""

import io

from rich.console import Console

from tools.check import STEPS, Finding, main, program


def crash() -> Finding:
    raise RuntimeError("out of paper")


def test_a_failing_step_is_named_and_its_words_are_printed_in_full() -> None:
    console = Console(width=100, file=io.StringIO(), record=True)
    words = "line one [bold]not markup[/]\nline two"
    steps = {"good": Finding, "bad": lambda: Finding(words), "broken": crash}
    assert main(steps, console) == 1
    printed = console.export_text()
    assert "✓ good" in printed
    assert "✗ bad" in printed
    assert words in printed
    assert "RuntimeError: out of paper" in printed
    assert "2 of 3 failed" in printed


def test_a_remark_is_printed_and_fails_nothing() -> None:
    console = Console(width=100, file=io.StringIO(), record=True)
    assert main({"content": lambda: Finding(remark="a hard word")}, console) == 0
    printed = console.export_text()
    assert "a hard word" in printed
    assert "All hold" in printed


def test_a_program_that_fails_gives_what_it_said() -> None:
    assert program("python", "-c", "print('fine')")() == Finding()
    assert program("python", "-c", "import sys; sys.exit('wrong')")() == Finding("wrong")
    assert program("python", "-c", "raise SystemExit(3)")() == Finding("failed")


def test_every_step_that_contributors_are_promised_is_there() -> None:
    promised = [
        "mypy",
        "ruff",
        "import-linter",
        "deptry",
        "migrations",
        "squawk",
        "documents",
        "content",
    ]
    assert [name for name in promised if not any(name in step for step in STEPS)] == []
