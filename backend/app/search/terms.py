"""What a person typed into a search box, taken apart. Pure: no SQL.

The syntax is that of PostgreSQL's `websearch_to_tsquery`: words are all wanted, "quotes" make a
phrase, `OR` separates alternatives, a leading minus excludes. What counts as the same spelling is
in `search_spelling`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from app.core.errors import InvalidInput
from app.search.spelling import fold, spellings

MAX_TERM_LENGTH = 300
MAX_UNITS = 24
MAX_LITERAL = 6
"""How many units are compared as typed, which no index can do; further ones are stemmed only."""
MAX_RANKED = 6
"""How many units make the order of what was found: the first ones."""
MAX_COMPOUND_UNITS = 4
"""In terms of so many units "e mail" and "email" find "e-mail" and each other."""
PATTERN_WORDS = range(2, 5)
FUNCTION_WORDS = frozenset(
    {
        *("to", "be", "been", "being", "am", "is", "are", "was", "were"),
        *("have", "has", "had", "having", "do", "does", "did", "used", "going", "get", "got"),
        *("will", "would", "shall", "should", "can", "could", "may", "might", "must", "ought"),
        *("let", "rather", "better"),
    }
)
"""Words that make up grammar patterns ("used to", "have been"): in them, the form is the point."""

_TOKEN = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_WORD_CHARACTER = re.compile(r"[^\W_]")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unit:
    """A word or a phrase. `is_literal`: its words must be found as typed, side by side."""

    text: str
    is_literal: bool = False

    @property
    def typed(self) -> str:
        """This unit as it was typed, as `to_tsquery` reads it."""
        return _quoted(self.text)

    @property
    def query(self) -> str:
        """This unit in any spelling, as `to_tsquery` reads it: quoted words are a phrase."""
        return " | ".join(_quoted(text) for text in spellings(self.text))


Units = tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """Alternatives of units that are all wanted, and units that must be absent everywhere.

    `phrase` is the whole term as it was typed, when it is several units: adjacent hits rank first.
    """

    alternatives: tuple[Units, ...] = ()
    excluded: Units = ()
    phrase: str | None = None

    def __bool__(self) -> bool:
        return bool(self.alternatives)

    @property
    def literal(self) -> list[Unit]:
        """The units that must be found as typed."""
        return [unit for units in self.alternatives for unit in units if unit.is_literal]

    @property
    def has_compounds(self) -> bool:
        """Whether words may be compounds that texts hyphenate: too costly in long terms."""
        return sum(map(len, self.alternatives)) <= MAX_COMPOUND_UNITS

    @property
    def readings(self) -> tuple[Units, ...]:
        """The alternatives; in a short term also with each two plain neighbours as one word."""
        if not self.has_compounds:
            return self.alternatives
        return tuple(reading for units in self.alternatives for reading in _joined(units))

    @property
    def ranked(self) -> list[Units]:
        """The alternatives, as far as they make the order of what was found."""
        left = MAX_RANKED
        found = []
        for units in self.alternatives:
            if left > 0:
                found.append(units[:left])
                left -= len(units)
        return found

    @property
    def query(self) -> str:
        """The whole term, without what it excludes, as `to_tsquery` reads it."""
        wanted = (" & ".join(f"({unit.query})" for unit in units) for units in self.readings)
        return " | ".join(f"({units})" for units in wanted)


def parse_term(term: str) -> SearchTerm:
    """Take `term` apart; it is empty (false) when there is nothing to look for.

    Two to four plain words with a function word among them ("used to", "have been") are a grammar
    pattern and become one literal phrase: stems alone would find "use to" as well. Quoted phrases
    are literal too, the first six of them. A single plain word is looked up by its stem ("used"
    finds "use"); in quotes it is literal. What is repeated counts once. Raises InvalidInput for
    more than 300 characters or 24 words and phrases.
    """
    if not isinstance(term, str):
        raise InvalidInput("search_term must be text", field="search_term")
    if len(term) > MAX_TERM_LENGTH:
        raise InvalidInput(
            f"search_term may have at most {MAX_TERM_LENGTH} characters", field="search_term"
        )
    alternatives: list[list[Unit]] = [[]]
    excluded: list[Unit] = []
    for token in _TOKEN.finditer(fold(term)):
        if token["word"] and token["word"].lower() == "or" and not token["minus"]:
            alternatives.append([])
            continue
        unit = _unit(token)
        if unit is not None:
            (excluded if token["minus"] else alternatives[-1]).append(unit)
    if sum(map(len, alternatives)) + len(excluded) > MAX_UNITS:
        raise InvalidInput(f"search_term may have at most {MAX_UNITS} words", field="search_term")
    is_single = len(alternatives) == 1
    if is_single and not excluded:
        alternatives = [_pattern(alternatives[0])]
    wanted = _few_literal(_unique(tuple(_unique(units)) for units in alternatives if units))
    phrase = None
    if is_single and wanted and len(wanted[0]) > 1:
        phrase = " ".join(unit.text for unit in alternatives[0])
    return SearchTerm(wanted, tuple(_unique(excluded)) if wanted else (), phrase)


def _unit(token: re.Match[str]) -> Unit | None:
    text = token["word"] if token["phrase"] is None else token["phrase"]
    if not _WORD_CHARACTER.search(text):
        return None
    return Unit(" ".join(text.split()), is_literal=token["phrase"] is not None)


def _unique(things: Iterable[T]) -> list[T]:
    """Return `things` (units, or tuples of them) without repetitions, in whatever letter case."""
    found: dict[str, T] = {}
    for thing in things:
        found.setdefault(repr(thing).casefold(), thing)
    return list(found.values())


def _few_literal(alternatives: list[Units]) -> tuple[Units, ...]:
    """Have only the first six different literal units compared as typed."""
    literal = _unique(unit for units in alternatives for unit in units if unit.is_literal)
    kept = {unit.text.casefold() for unit in literal[:MAX_LITERAL]}
    return tuple(
        tuple(
            unit if unit.text.casefold() in kept else replace(unit, is_literal=False)
            for unit in units
        )
        for units in alternatives
    )


def _joined(units: Units) -> Iterator[Units]:
    """Yield `units` as they are, and with each two plain neighbours as one word."""
    yield units
    for place, (one, other) in enumerate(pairwise(units)):
        if not (one.is_literal or other.is_literal):
            yield (*units[:place], Unit(one.text + other.text), *units[place + 2 :])


def _quoted(text: str) -> str:
    return "'{}'".format(text.replace("\\", "\\\\").replace("'", "''"))


def _pattern(units: list[Unit]) -> list[Unit]:
    """Join plain words that form a grammar pattern into one literal phrase."""
    words = [unit.text for unit in units]
    is_plain = not any(unit.is_literal for unit in units)
    has_function_word = any(word.lower() in FUNCTION_WORDS for word in words)
    if is_plain and len(words) in PATTERN_WORDS and has_function_word:
        return [Unit(" ".join(words), is_literal=True)]
    return units
