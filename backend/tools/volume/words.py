"""Drawing words so that a few are common and most are rare (Zipf's law), as in real texts."""

import tomllib
from itertools import accumulate
from pathlib import Path
from random import Random

_LISTS = tomllib.loads(Path(__file__).with_name("words.toml").read_text())


def _words(name: str) -> list[str]:
    """Return a list of words.toml: words, or phrases between bars."""
    text: str = " ".join(_LISTS[name].split())
    return text.split(" | ") if "|" in text else text.split()


PEOPLE, VERBS, NOUNS, ADJECTIVES = map(_words, ("people", "verbs", "nouns", "adjectives"))
TIMES, TOPICS, HINTS = map(_words, ("times", "topics", "hints"))
_SYLLABLES = _words("syllables")


class Words:
    """Draws from the lists; the same seed draws the same."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._weights: dict[int, list[float]] = {}

    def pick(self, words: list[str]) -> str:
        """Return one of `words`, the n-th with a weight of 1/n."""
        weights = self._weights.get(len(words))
        if weights is None:
            weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
            self._weights[len(words)] = weights
        return self.random.choices(words, cum_weights=weights)[0]

    def name(self) -> str:
        """Return the name of a place that hardly any other text mentions."""
        return "".join(self.random.choices(_SYLLABLES, k=4)).capitalize()
