"""When a word that differs from the expected one is only mistyped."""

from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

from app.english.forms import is_known, is_wrong_form
from app.english.normalization import Language

_SHORTEST = 5
_LONG = 9
_LONGEST = 40
"""Letters: shorter words allow no typo; long ones allow two edits; longer ones are no words."""

_INDONESIAN = frozenset(
    word
    for line in Path(__file__).with_name("indonesian_words.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)


@lru_cache(maxsize=16_384)
def is_typo(expected: str, given: str, language: Language = "en") -> bool:
    """Tell whether `given` is `expected`, mistyped.

    That is: one letter left out, added, replaced or swapped with its neighbour in a word of at
    least 5 letters (two such edits from 9 letters on), the first letter right or swapped with the
    second, and the outcome neither a real word nor another form of the expected one.
    """
    size = len(expected)
    allowed = 2 if size >= _LONG else 1
    if not _SHORTEST <= size <= _LONGEST or abs(size - len(given)) > allowed:
        return False
    if not (expected.isalpha() and given.isalpha()) or not _starts_alike(expected, given):
        return False
    if OSA.distance(expected, given, score_cutoff=allowed) > allowed:
        return False
    if language == "id":
        return given not in _INDONESIAN
    return not is_known(given) and not is_wrong_form(expected, given)


def _starts_alike(expected: str, given: str) -> bool:
    return expected[0] == given[0] or expected[:2] == given[1::-1]
