"""What a person typed into a search box, taken apart. Pure: no SQL.

The syntax is that of PostgreSQL's `websearch_to_tsquery`: words are all wanted, "quotes" make a
phrase, `OR` separates alternatives, a leading minus excludes.
"""

import re
from dataclasses import dataclass

from app.core.errors import InvalidInput

MAX_TERM_LENGTH = 300
MAX_UNITS = 24
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
# Control characters (NUL among them) and lone surrogates cannot be stored as text.
_UNSTORABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Unit:
    """A word or a phrase. `is_literal`: its words must be found as typed, side by side."""

    text: str
    is_literal: bool = False


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """Alternatives of units that are all wanted, and units that must be absent everywhere."""

    alternatives: tuple[tuple[Unit, ...], ...] = ()
    excluded: tuple[Unit, ...] = ()

    @property
    def phrase(self) -> str | None:
        """The whole term as one phrase, when it is several units: adjacent hits rank first."""
        if len(self.alternatives) != 1 or len(self.alternatives[0]) == 1:
            return None
        return " ".join(unit.text for unit in self.alternatives[0])

    def __bool__(self) -> bool:
        return bool(self.alternatives)


def parse_term(term: str) -> SearchTerm:
    """Take `term` apart; it is empty (false) when there is nothing to look for.

    Two to four plain words with a function word among them ("used to", "have been") are a grammar
    pattern and become one literal phrase: stems alone would find "use to" as well. Quoted phrases
    are literal too. A single plain word is looked up by its stem ("used" finds "use"); in quotes it
    is literal. Raises InvalidInput for more than 300 characters or 24 words and phrases.
    """
    if not isinstance(term, str):
        raise InvalidInput("search_term must be text", field="search_term")
    if len(term) > MAX_TERM_LENGTH:
        raise InvalidInput(
            f"search_term may have at most {MAX_TERM_LENGTH} characters", field="search_term"
        )
    tokens = list(_TOKEN.finditer(visible(term)))
    alternatives: list[list[Unit]] = [[]]
    excluded: list[Unit] = []
    for token in tokens:
        if token["word"] and token["word"].lower() == "or" and not token["minus"]:
            alternatives.append([])
            continue
        unit = _unit(token)
        if unit is not None:
            (excluded if token["minus"] else alternatives[-1]).append(unit)
    if sum(map(len, alternatives)) + len(excluded) > MAX_UNITS:
        raise InvalidInput(f"search_term may have at most {MAX_UNITS} words", field="search_term")
    wanted = tuple(tuple(units) for units in alternatives if units)
    if len(wanted) == 1 and not excluded and len(alternatives) == 1:
        wanted = (_pattern(wanted[0]),)
    return SearchTerm(wanted, tuple(excluded) if wanted else ())


def visible(term: str) -> str:
    """Return `term` with a space for each character that cannot be stored as text."""
    return _UNSTORABLE.sub(" ", term)


def _unit(token: re.Match[str]) -> Unit | None:
    text = token["word"] if token["phrase"] is None else token["phrase"]
    if not _WORD_CHARACTER.search(text):
        return None
    return Unit(" ".join(text.split()), is_literal=token["phrase"] is not None)


def _pattern(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Join plain words that form a grammar pattern into one literal phrase."""
    words = [unit.text for unit in units]
    is_plain = not any(unit.is_literal for unit in units)
    has_function_word = any(word.lower() in FUNCTION_WORDS for word in words)
    if is_plain and len(words) in PATTERN_WORDS and has_function_word:
        return (Unit(" ".join(words), is_literal=True),)
    return units
