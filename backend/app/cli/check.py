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

from app.cli.migration_checks import migration_problems, offline_sql
from app.cli.schema_docs import outdated
from app.core.config import BACKEND

_PROGRAMS = Path(sys.executable).parent
Step = Callable[[], str]
"""Does its work and returns what is wrong; an empty text when nothing is."""


@dataclass(frozen=True, slots=True)
class Result:
    """How one step ended."""

    name: str
    seconds: float
    problem: str


def program(name: str, *arguments: str) -> Step:
    """Return a step that runs a program of this environment in backend/."""

    def run() -> str:
        done = subprocess.run(  # noqa: S603 - our own tools, no shell
            [str(_PROGRAMS / name), *arguments],
            cwd=BACKEND,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "120"},
            capture_output=True,
            text=True,
            check=False,
        )
        return "" if done.returncode == 0 else (done.stdout + done.stderr).strip() or "failed"

    return run


def squawk() -> str:
    """Lint the SQL of the migrations."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
        file.write(offline_sql())
        file.flush()
        return program("squawk", file.name)()


def documents() -> str:
    """Compare the generated documents with the committed ones."""
    files = [str(file.relative_to(BACKEND.parent)) for file in outdated()]
    return f"{', '.join(files)}: out of date; run python manage_db.py docs" if files else ""


STEPS: dict[str, Step] = {
    "types (mypy)": program("mypy"),  # the longest first: the others fill the second core
    "lint (ruff)": program("ruff", "check"),
    "format (ruff)": program("ruff", "format", "--check"),
    "architecture (import-linter)": program("lint-imports"),
    "dependencies (deptry)": program("deptry", "."),
    "migrations": lambda: "\n".join(migration_problems()),
    "migration SQL (squawk)": squawk,
    "generated documents": documents,
}


def timed(name: str, step: Step) -> Result:
    """Run one step; a crash of the step is its problem."""
    started = time.perf_counter()
    try:
        problem = step()
    except Exception as error:  # noqa: BLE001 - reported as the step's failure
        problem = f"{type(error).__name__}: {error}"
    return Result(name, time.perf_counter() - started, problem)


def run_steps(steps: dict[str, Step], console: Console) -> Sequence[Result]:
    """Run `steps` two at a time, print each as it ends, then the problems; return the results."""
    started = time.perf_counter()
    results = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for future in as_completed(pool.submit(timed, *item) for item in steps.items()):
            result = future.result()
            results.append(result)
            mark = "[red]✗[/]" if result.problem else "[green]✓[/]"
            console.print(f"{mark} {result.name:<32}{result.seconds:6.1f} s")
    failed = [result for result in results if result.problem]
    for result in failed:
        console.rule(f"[red]{result.name}", align="left")
        console.print(result.problem, markup=False, soft_wrap=True)
    verdict = f"[red]{len(failed)} of {len(results)} failed" if failed else "[green]all hold"
    console.print(f"{verdict}[/] in {time.perf_counter() - started:.1f} s")
    return results


def main() -> int:
    """Run every step; return the exit code."""
    return int(any(result.problem for result in run_steps(STEPS, Console(highlight=False))))


if __name__ == "__main__":
    sys.exit(main())
