"""Numbers in English words and in figures are the same: "twenty-five" = "25", "first" = "1st".

Only whole numbers from 0 to 999,999 are read. A number that is written wrongly ("twenty twelve")
falls apart into those that it is made of. Times of day keep their figures ("7:30").
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_BELOW_HUNDRED = {word: value for value, word in enumerate(_SMALL)} | {
    word: 10 * value for value, word in enumerate(_TENS, start=2)
}
_SCALES = {"hundred": 100, "thousand": 1000}
_IRREGULAR_ORDINALS = {
    "first": "one",
    "second": "two",
    "third": "three",
    "fifth": "five",
    "eighth": "eight",
    "ninth": "nine",
    "twelfth": "twelve",
}
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_LAST = 999_999
_TEENS = range(11, 14)
_DIGITS = range(1, 10)


def _ordinals() -> dict[str, str]:
    cardinals = [*_BELOW_HUNDRED, *_SCALES]
    irregular = set(_IRREGULAR_ORDINALS.values())
    regular = {
        (word[:-1] + "ieth" if word.endswith("y") else word + "th"): word
        for word in cardinals
        if word not in irregular
    }
    return _IRREGULAR_ORDINALS | regular


_ORDINALS = _ordinals()
NUMBER_WORDS = frozenset(_BELOW_HUNDRED) | frozenset(_ORDINALS) | {"a"}
"""Every word that a number may begin with."""


def as_figures(word: str) -> str:
    """Return figures without the commas between thousands: 1,000 → 1000; other words as given."""
    return word.replace(",", "") if _GROUPED.fullmatch(word) else word


def read_number(words: Sequence[str], start: int) -> tuple[str, int] | None:
    """Return the number in words that begins at `start`, in figures, and where it ends.

    None where no number begins. "a hundred" begins one, "a" alone does not.

    >>> read_number(["two", "hundred", "and", "five", "men"], 0)
    ('205', 4)
    >>> read_number(["twenty", "first"], 0)
    ('21st', 2)
    """
    found = _scaled(words, start, 1000, _below_thousand)
    if found is None or found.value > _LAST:
        return None
    return (_ordinal(found.value) if found.is_ordinal else str(found.value)), found.end


class _Found(NamedTuple):
    value: int
    end: int
    is_ordinal: bool


_Reader = Callable[[Sequence[str], int], _Found | None]


def _scaled(words: Sequence[str], start: int, scale: int, read: _Reader) -> _Found | None:
    """Read [count] hundred (thousand) [[and] rest], or what `read` finds without that word."""
    if words[start] == "a" and _value(words, start + 1, _SCALES) == scale:
        count: _Found | None = _Found(1, start + 1, is_ordinal=False)
    else:
        count = read(words, start)
    if count is None or count.is_ordinal or _value(words, count.end, _SCALES) != scale:
        return count
    end = count.end + 1
    whole = _Found(count.value * scale, end, is_ordinal=words[count.end] not in _SCALES)
    if whole.is_ordinal or end >= len(words):
        return whole
    start = end + (words[end] == "and")
    rest = read(words, start) if start < len(words) else None
    return _Found(whole.value + rest.value, rest.end, rest.is_ordinal) if rest else whole


def _below_thousand(words: Sequence[str], start: int) -> _Found | None:
    return _scaled(words, start, 100, _below_hundred)


def _below_hundred(words: Sequence[str], start: int) -> _Found | None:
    value = _value(words, start, _BELOW_HUNDRED)
    if value is None:
        return None
    if value < len(_SMALL) or words[start] in _ORDINALS:
        return _Found(value, start + 1, words[start] in _ORDINALS)
    unit = _value(words, start + 1, _BELOW_HUNDRED)
    if unit is None or unit not in _DIGITS:
        return _Found(value, start + 1, is_ordinal=False)
    return _Found(value + unit, start + 2, words[start + 1] in _ORDINALS)


def _value(words: Sequence[str], position: int, table: Mapping[str, int]) -> int | None:
    """Return the value of the cardinal or ordinal at `position`, if it is in the table."""
    word = words[position] if position < len(words) else ""
    return table.get(_ORDINALS.get(word, word))


def _ordinal(value: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{value}{'th' if value % 100 in _TEENS else endings.get(value % 10, 'th')}"
