"""The most expensive search that a stranger can send, beside a plain one, on the same data.

What a search costs depends on its shape: many words, many as typed, phrases that nowhere stand.
So each shape is tried with the commonest words of the bank, and the worst of them is measured.
"""

import time
from collections.abc import Callable
from itertools import pairwise

from app.core.work import Work
from app.domain.curriculum.searching import MAX_HITS, search
from app.search.terms import MAX_TERM_LENGTH, MAX_UNITS
from tools.benchmarks.environment import Bench
from tools.benchmarks.measure import Comparison, in_turns, median_ms

PLAIN = "present perfect"
MOST_TIMES = 10
"""How many plain searches the worst one may cost."""

_COMMON = """
    SELECT word FROM ts_stat('SELECT search_vector FROM questions ORDER BY id LIMIT 2000')
    WHERE word ~ '^[a-z]+$' ORDER BY ndoc DESC, word LIMIT 24
"""
_SHAPES: dict[str, Callable[[list[str]], str]] = {
    "one quoted word, repeated": lambda words: f'"{words[0]}" ' * MAX_UNITS,
    "quoted words": lambda words: " ".join(f'"{word}"' for word in words),
    "six quoted words": lambda words: " ".join(f'"{word}"' for word in words[:6]),
    "alternatives": " or ".join,
    "quoted alternatives": lambda words: " or ".join(f'"{word}"' for word in words),
    "quoted phrases": lambda words: " or ".join(
        f'"{one} {other}"' for one, other in pairwise(words)
    ),
    "two words, no phrase": lambda words: f"{words[1]} {words[0]} {words[1]}",
    "four words": lambda words: " ".join(words[:4]),
    "eight words": lambda words: " ".join(words[:8]),
    "all words": " ".join,
    "a phrase that nowhere stands": lambda words: f'"{" ".join(words[:2] * 40)}',
    "a word without others": " -".join,
    "a word without phrases": lambda words: f'{words[0]} -"{words[1]} {words[0]}" -{words[2]}',
    "hyphens": lambda words: "-".join(words * 4),
    "letters": lambda _: " ".join("abcdefghijklmnopqrstuvwx"),
    "one long word": lambda _: "x" * MAX_TERM_LENGTH,
}


async def compare(bench: Bench) -> list[Comparison]:
    """Return the rates of the worst search and of the plain one, one pair a round."""

    async def run(term: str) -> None:
        async with bench.ours.sessions() as db:
            await search(Work.of(db), term, limit=MAX_HITS)

    async def rate(term: str) -> float:
        started = time.perf_counter()
        await run(term)
        return 1 / (time.perf_counter() - started)

    common = [row["word"] for row in await bench.raw.fetch(_COMMON)]
    terms = {name: shape(common)[:MAX_TERM_LENGTH] for name, shape in _SHAPES.items()}
    taken = {
        name: await median_ms(min(3, bench.plan.repeats), lambda t=term: run(t))
        for name, term in terms.items()
    }
    worst = max(taken, key=taken.__getitem__)
    comparison = Comparison(f"worst search: {worst}", target=1 / MOST_TIMES)
    await in_turns(comparison, bench.plan.rounds, lambda: rate(terms[worst]), lambda: rate(PLAIN))
    return [comparison]
