"""`make bench`: the hot paths beside raw asyncpg on the same data, in one run.

The volumes of 2 million and 10 million cards are generated at the first run, in some ten minutes,
and kept until the schema or the generator changes; that of 100 thousand is generated at every run.
Exit code 1 when a target is missed or a plan does not use its index.
"""

import argparse
import os
import secrets
import sys
from dataclasses import dataclass

import uvloop
from rich.table import Table

from app.cli.connection import running_servers
from app.cli.console import explained_errors, fail
from app.cli.main import quiet_log
from app.core.config import get_settings
from tools.benchmarks import (
    bulk_import,
    due_queue,
    flatness,
    grading,
    http_review,
    page_weight,
    plans,
    review_write,
    searching,
    tables,
)
from tools.benchmarks.environment import (
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
from tools.benchmarks.measure import Comparison
from tools.benchmarks.plans import Reading


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that was measured on one volume."""

    readings: list[Reading]
    searches: list[Comparison]
    comparisons: list[Comparison]
    account: http_review.Account


async def measure(plan: Plan) -> Results:
    """Run every measurement on one volume, reads before writes."""
    async with opened(plan) as bench:
        version = await bench.raw.fetchval("SHOW server_version")
        console.print(f"PostgreSQL {version}, {plan.tasks} callers, {plan.rounds} rounds in turns")
        with console.status("Explaining and timing the reads"):
            readings = await plans.readings(bench)
        with console.status("Looking for the most expensive search"):
            searches = await searching.compare(bench)
        comparisons = []
        for area in (due_queue, review_write, bulk_import):
            with console.status(f"Measuring {area.__name__.removeprefix('tools.benchmarks.')}"):
                comparisons += await area.compare(bench)
        with console.status("Measuring reviews over HTTP"):
            over_http, account = await http_review.compare(bench)
    return Results(readings, searches, [*comparisons, over_http], account)


def fill(plan: Plan, *, renew: bool) -> None:
    """Generate a volume, unless it is there."""
    if renew or uvloop.run(find_mark(plan)) != wanted_mark(plan):
        console.print(f"Generating {plan.volume.cards:,} cards")
        uvloop.run(create(plan))
        migrate(plan)
        uvloop.run(fill_and_mark(plan))


def show(*shown: Table) -> None:
    """Print tables, each after an empty line."""
    for table in shown:
        console.print()
        console.print(table)


def show_pages() -> bool:
    """Print what the pages weigh; return whether they are light enough."""
    with console.status("Weighing pages"):
        weights = uvloop.run(page_weight.weigh())
    show(tables.page_table(weights))
    return all(each.is_met for each in weights)


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="little data: proves plans only")
    parser.add_argument("--pages", action="store_true", help="only what pages weigh")
    parser.add_argument("--renew", action="store_true", help="generate the volumes again")
    options = parser.parse_args()
    plan = QUICK if options.quick else FULL
    quiet_log()
    if not get_settings().is_development:
        fail("Benchmarks drop and fill databases: they run with ENVIRONMENT=development only.")
    os.environ.setdefault("BCRYPT_COST", "4")  # one hash for all generated learners
    # The application that is measured runs as in production, where the key must be a real one.
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(48))
    os.environ["RATE_LIMIT_PER_MINUTE"] = "1000000"  # these learners are in a hurry
    os.environ["SEARCH_TIMEOUT_MS"] = "60000"  # to be measured, not ended
    get_settings.cache_clear()
    if options.pages:
        with running_servers():
            return 0 if show_pages() else 1
    with console.status("Grading"):
        rates = grading.rates(plan.seconds)
    flat: list[Comparison] = []
    with running_servers():
        fill(plan, renew=options.renew)
        results = uvloop.run(measure(plan))
        show(
            tables.comparison_table(results.comparisons),
            tables.account_table(results.account),
            tables.reading_table(results.readings),
            tables.comparison_table(
                results.searches, "Searches a second, of a stranger", ("worst", "plain")
            ),
            tables.grading_table(rates),
        )
        pages_met = options.quick or show_pages()
        if not options.quick:
            fill(flatness.SMALL, renew=True)
            fill(flatness.LARGE, renew=options.renew)
            with console.status("Comparing 10 million cards with 100 thousand"):
                flat = uvloop.run(flatness.compare())
            title, sides = "A second, by the number of cards in the database", ("10 m", "100 k")
            show(tables.comparison_table(flat, title, sides))
    plans_met = all(reading.is_met for reading in results.readings)
    # With little data the rates say nothing; the plans do.
    measured = (*results.comparisons, *results.searches, *rates, *flat)
    met = all(each.is_met for each in measured)
    return 0 if plans_met and pages_met and (options.quick or met) else 1


if __name__ == "__main__":
    with explained_errors():
        sys.exit(main())
