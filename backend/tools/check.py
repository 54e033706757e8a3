"""`make check`: everything that can be verified without a server, two steps at a time.

Prints one line a step as it ends, then what the failing steps said in full. Exit code 0 when all
hold.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from app.core.config import BACKEND, CONTENT
from app.domain.curriculum.checking import check_content
from tools.documents import outdated
from tools.migrations import VERSIONS, migration_problems, offline_sql
from tools.word_levels import cefr_levels, find_hard_words

_PROGRAMS = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Finding:
    """What a step found: `problem` fails the check, `remark` deserves a look; empty when none."""

    problem: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """How one step ended."""

    name: str
    seconds: float
    finding: Finding


Step = Callable[[], Finding]


def program(name: str, *arguments: str) -> Step:
    """Return a step that runs a program of this environment in backend/."""

    def run() -> Finding:
        done = subprocess.run(  # noqa: S603 - our own tools, no shell
            [str(_PROGRAMS / name), *arguments],
            cwd=BACKEND,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "120"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return Finding()
        return Finding((done.stdout + done.stderr).strip() or "failed")

    return run


def migrations() -> Finding:
    """Look for two heads, imports of the application and missing time-outs."""
    return Finding("\n".join(migration_problems()))


def squawk(versions: Path = VERSIONS) -> Finding:
    """Lint the SQL of each migration, in a file of the migration's name."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, sql in offline_sql(versions).items():
            files.append(Path(folder) / f"{name}.sql")
            files[-1].write_text(sql, encoding="utf-8")
        return program("squawk", *map(str, files))()


def documents() -> Finding:
    """Compare the generated documents and JSON Schemas with the committed ones."""
    files = "".join(f"{file.relative_to(BACKEND.parent)}\n" for file in outdated())
    return Finding(f"{files}Out of date; run: python manage_db.py docs" if files else "")


def content() -> Finding:
    """Validate the curriculum; words above a lesson's level are remarks."""
    report = check_content(CONTENT)
    hard = find_hard_words(report.content, cefr_levels())
    return Finding("\n".join(map(str, report.errors)), "\n".join(map(str, hard)))


STEPS: dict[str, Step] = {
    "types (mypy)": program("mypy"),  # the longest first: the others fill the second core
    "lint (ruff)": program("ruff", "check"),
    "format (ruff)": program("ruff", "format", "--check"),
    "architecture (import-linter)": program("lint-imports"),
    "dependencies (deptry)": program("deptry", "."),
    "migrations": migrations,
    "migration SQL (squawk)": squawk,
    "generated documents": documents,
    "content": content,
}


def timed(name: str, step: Step) -> Result:
    """Run one step; a crash of the step is its problem."""
    started = time.perf_counter()
    try:
        finding = step()
    except Exception as error:  # noqa: BLE001 - reported as the step's failure
        finding = Finding(f"{type(error).__name__}: {error}")
    return Result(name, time.perf_counter() - started, finding)


def run_steps(steps: dict[str, Step], console: Console) -> Sequence[Result]:
    """Run `steps` two at a time and print each as it ends; return the results."""
    results = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for future in as_completed(pool.submit(timed, *item) for item in steps.items()):
            result = future.result()
            results.append(result)
            mark = "[red]✗[/]" if result.finding.problem else "[green]✓[/]"
            console.print(f"{mark} {result.name:<32}{result.seconds:6.1f} s")
    return results


def explain(results: Sequence[Result], console: Console) -> None:
    """Print the remarks, then every problem in full."""
    for result in results:
        if result.finding.remark:
            console.rule(f"[yellow]{result.name}, worth a look", align="left")
            console.print(result.finding.remark, markup=False, soft_wrap=True)
    for result in results:
        if result.finding.problem:
            console.rule(f"[red]{result.name}", align="left")
            console.print(result.finding.problem, markup=False, soft_wrap=True)


def main(steps: dict[str, Step] = STEPS, console: Console | None = None) -> int:
    """Run every step; return the exit code."""
    console = console or Console(highlight=False)
    started = time.perf_counter()
    results = run_steps(steps, console)
    explain(results, console)
    failed = sum(bool(result.finding.problem) for result in results)
    verdict = f"[red]{failed} of {len(results)} failed" if failed else "[green]All hold"
    console.print(f"{verdict}[/], in {time.perf_counter() - started:.1f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
