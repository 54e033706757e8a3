"""Numbers in Indonesian words and in figures are the same: "dua puluh lima" = "25"."""

import re

_UNITS = {
    word: value
    for value, word in enumerate("nol satu dua tiga empat lima enam tujuh delapan sembilan".split())
}
_SCALES = ((1000, "ribu"), (100, "ratus"), (10, "puluh"))
_TEEN = "belas"
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+")

NUMBER_WORDS = frozenset(_UNITS) | {"sebelas", "sepuluh", "seratus", "seribu"}
"""Every word that a number may begin with."""


def as_figures(word: str) -> str:
    """Return figures without the full stops between thousands: 1.000 → 1000; others as given."""
    return word.replace(".", "") if _GROUPED.fullmatch(word) else word


def read_number(words: list[str], start: int) -> tuple[str, int] | None:
    """Return the whole number in words that begins at `start`, in figures, and where it ends.

    None where no number begins.

    >>> read_number("seratus dua puluh lima orang".split(), 0)
    ('125', 4)
    """
    found = _read(words, start, 0)
    return found and (str(found[0]), found[1])


def _read(words: list[str], start: int, level: int) -> tuple[int, int] | None:
    """Read [count] ribu (ratus, puluh) [rest], or what there is without that word."""
    if level == len(_SCALES):
        return _below_twenty(words, start)
    scale, name = _SCALES[level]
    if words[start] == f"se{name}":
        count, end = 1, start + 1
    else:
        found = _read(words, start, level + 1)
        if found is None or not found[0] or words[found[1] : found[1] + 1] != [name]:
            return found
        count, end = found[0], found[1] + 1
    rest = _read(words, end, level + 1) if end < len(words) else None
    if rest is None or not 0 < rest[0] < scale:
        return count * scale, end
    return count * scale + rest[0], rest[1]


def _below_twenty(words: list[str], start: int) -> tuple[int, int] | None:
    if words[start] == f"se{_TEEN}":
        return 11, start + 1
    unit = _UNITS.get(words[start])
    if unit is None:
        return None
    if unit and words[start + 1 : start + 2] == [_TEEN]:
        return 10 + unit, start + 2
    return unit, start + 1
