"""The tables that `make bench` prints."""

from collections.abc import Sequence
from statistics import median

from rich.table import Table

from tools.benchmarks import grading
from tools.benchmarks.http_review import Account
from tools.benchmarks.measure import Comparison
from tools.benchmarks.page_weight import Weight
from tools.benchmarks.plans import Reading


def comparison_table(
    comparisons: Sequence[Comparison],
    title: str = "A second, beside raw asyncpg",
    sides: tuple[str, str] = ("ours", "raw"),
) -> Table:
    """Return both sides and their ratio, each as the median of the rounds."""
    table = Table(title=title, title_justify="left", box=None)
    table.add_column("", no_wrap=True)
    for name in (*sides, "ratio", "min…max", "target", ""):
        table.add_column(name, justify="right", no_wrap=True)
    for each in comparisons:
        table.add_row(
            each.name,
            rate(median(each.ours)),
            rate(median(each.raw)),
            f"{each.ratio:.2f}",
            f"{min(each.ratios):.2f}…{max(each.ratios):.2f}",
            "" if each.target is None else f"{each.target:.2f}",
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


def page_table(weights: Sequence[Weight]) -> Table:
    """Return what the first load of each page costs."""
    table = Table(title="First load of a page", title_justify="left", box=None)
    table.add_column("", no_wrap=True)
    for name in ("requests", "kB on the wire", "LCP ms", "slow phone", "shift", ""):
        table.add_column(name, justify="right", no_wrap=True)
    for each in weights:
        table.add_row(
            each.name,
            str(each.requests),
            f"{each.size / 1000:.1f}",
            f"{each.paint_ms:.0f}",
            f"{each.slow_paint_ms:.0f}",
            f"{each.layout_shift:.3f}",
            mark(is_met=each.is_met),
        )
    return table


def rate(per_second: float) -> str:
    """Return a rate with as many digits as say something."""
    return f"{per_second:,.0f}" if per_second >= 100 else f"{per_second:,.1f}"


def mark(*, is_met: bool) -> str:
    """Return what a reader looks for first."""
    return "[green]✓[/]" if is_met else "[red]missed[/]"


def account_table(account: Account) -> Table:
    """Return where the processor time of a review over HTTP goes."""
    table = Table(title="A review over HTTP, processor time", title_justify="left", box=None)
    table.add_column("", no_wrap=True)
    table.add_column("µs", justify="right")
    for part, used in account.parts.items():
        table.add_row(part, f"{used:,.0f}")
    table.add_row("[bold]all parts, on all cores[/]", f"{sum(account.parts.values()):,.0f}")
    table.add_row("", "")
    for stage, used in account.stages.items():
        table.add_row(stage, f"{used:,.0f}")
    return table
