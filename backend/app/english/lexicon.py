"""The list of common English words, each with its word classes: what is a real word, not a typo."""

from pathlib import Path

NOUN, VERB, ADJECTIVE = "n", "v", "a"


def _load() -> dict[str, str]:
    lines = Path(__file__).with_name("words.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return {word: "".join(classes) for word, *classes in rows}


LEXICON = _load()
"""Base form to word classes, the most usual first: "n" noun, "v" verb, "a" adjective, "" others."""
