"""`make bench`: the hot paths beside raw asyncpg on the same data, in one run.

The volume is generated at the first run (some minutes) and kept until the schema or the generator
changes. Exit code 1 when a target is missed or a plan does not use its index.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from statistics import median

import uvloop
from rich.table import Table

from app.cli.connection import running_servers
from app.cli.console import explained_errors, require_development
from app.cli.main import quiet_log
from benchmarks import bulk_import, due_queue, grading, plans, review_write
from benchmarks.environment import (
    FULL,
    QUICK,
    Plan,
    console,
    create,
    fill_and_mark,
    find_mark,
    migrate,
    opened,
    wanted_mark,
)
from benchmarks.measure import Comparison
from benchmarks.plans import Reading


async def measure(plan: Plan) -> tuple[list[Comparison], list[Reading]]:
    """Run every measurement, reads before writes."""
    async with opened(plan) as bench:
        version = await bench.raw.fetchval("SHOW server_version")
        console.print(f"PostgreSQL {version}, {plan.tasks} callers, {plan.rounds} rounds in turns")
        with console.status("Explaining and timing the reads"):
            readings = await plans.readings(bench)
        comparisons = []
        for area in (due_queue, review_write, bulk_import):
            with console.status(f"Measuring {area.__name__.removeprefix('benchmarks.')}"):
                comparisons += await area.compare(bench)
    return comparisons, readings


def comparison_table(comparisons: Sequence[Comparison]) -> Table:
    """Return ours, raw and the ratio, each as the median of the rounds."""
    table = Table(title="A second, beside raw asyncpg", title_justify="left", box=None)
    table.add_column("", no_wrap=True)
    for name in ("ours", "raw", "ratio", "min…max", "target", ""):
        table.add_column(name, justify="right", no_wrap=True)
    for each in comparisons:
        table.add_row(
            each.name,
            f"{median(each.ours):,.0f}",
            f"{median(each.raw):,.0f}",
            f"{each.ratio:.2f}",
            f"{min(each.ratios):.2f}…{max(each.ratios):.2f}",
            "" if each.target is None else f"{each.target:.1f}",
            "" if each.target is None else mark(is_met=each.is_met),
        )
    return table


def reading_table(readings: Sequence[Reading]) -> Table:
    """Return the reads with their times and the index that each must use."""
    table = Table(title="Reads, one at a time", title_justify="left", box=None)
    for name in ("", "median ms", "index", ""):
        table.add_column(name, justify="right" if name == "median ms" else "left", no_wrap=True)
    for each in readings:
        scans = f" (reads through {', '.join(sorted(each.scanned))})" if each.scanned else ""
        result = mark(is_met=each.is_met) + scans
        table.add_row(each.name, f"{each.milliseconds:.1f}", each.wanted_index, result)
    return table


def grading_table(rates: Sequence[grading.Rate]) -> Table:
    """Return how many answers of each type are graded a second."""
    table = Table(title="Answers graded a second, one core", title_justify="left", box=None)
    for name in ("", "rate", "target", ""):
        table.add_column(name, justify="right" if name else "left", no_wrap=True)
    for each in rates:
        result = mark(is_met=each.is_met)
        table.add_row(each.name, f"{each.per_second:,.0f}", f"{each.target:,}", result)
    return table


def mark(*, is_met: bool) -> str:
    """Return what a reader looks for first."""
    return "[green]✓[/]" if is_met else "[red]missed[/]"


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="little data: proves plans only")
    parser.add_argument("--renew", action="store_true", help="generate the volume again")
    options = parser.parse_args()
    plan = QUICK if options.quick else FULL
    quiet_log()
    require_development("Benchmarking")
    os.environ.setdefault("BCRYPT_COST", "4")  # one hash for all generated learners
    with console.status("Grading"):
        rates = grading.rates(plan.seconds)
    with running_servers():
        if options.renew or uvloop.run(find_mark(plan)) != wanted_mark(plan):
            uvloop.run(create(plan))
            migrate(plan)
            uvloop.run(fill_and_mark(plan))
        comparisons, readings = uvloop.run(measure(plan))
    console.print()
    console.print(comparison_table(comparisons))
    console.print()
    console.print(reading_table(readings))
    console.print()
    console.print(grading_table(rates))
    plans_met = all(reading.is_met for reading in readings)
    # With little data the rates say nothing; the plans do.
    targets_met = options.quick or all(each.is_met for each in (*comparisons, *rates))
    return 0 if plans_met and targets_met else 1


if __name__ == "__main__":
    with explained_errors():
        sys.exit(main())
