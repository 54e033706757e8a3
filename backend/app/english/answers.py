"""When a typed answer is one of the accepted ones, and what sets it apart if it is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from app.english.diffs import (
    DiffPiece,
    match_words,
    pieces,
    same_word,
    similarity,
)
from app.english.explaining import explain
from app.english.forms import lemmas
from app.english.normalization import Language, Token, tokens
from app.english.reasons import Remark
from app.english.typos import is_typo

__all__ = ["Comparison", "DiffPiece", "Remark", "accepts", "compare"]

_WORDS_PER_TYPO = 5


@dataclass(frozen=True, slots=True)
class Comparison:
    """An answer beside the closest of the accepted ones.

    `similarity` is the share of words in common, from 0 to 1 (1 for every accepted answer);
    `typos` are the forgiven ones of an accepted answer; `reasons` say what to correct, typos too.
    """

    is_accepted: bool
    typos: tuple[DiffPiece, ...]
    similarity: float
    closest: str
    diff: tuple[DiffPiece, ...]
    reasons: tuple[Remark, ...]


class _Key(NamedTuple):
    text: str
    tokens: tuple[Token, ...]
    words: frozenset[str]
    bases: frozenset[str]


def accepts(
    accepted: Sequence[str], answer: str, *, exact: bool = False, language: Language = "en"
) -> bool:
    """Return whether `answer` is one of the accepted ones. A blank answer never is.

    A few typos are forgiven (see `typos.is_typo`), one for every five words, at least one; none
    when spelling and form are what is taught (`exact`).
    """
    return _find_accepted(accepted, tokens(answer, language), exact=exact, language=language) >= 0


def compare(
    accepted: Sequence[str], answer: str, *, exact: bool = False, language: Language = "en"
) -> Comparison:
    """Compare `answer` with the accepted ones; see `accepts` for what is forgiven."""
    given = tokens(answer, language)
    place = _find_accepted(accepted, given, exact=exact, language=language)
    key = _key(accepted[place], language) if place >= 0 else _closest(accepted, given, language)
    matches = match_words(key.tokens, given, language)
    diff = pieces(matches, key.text, answer)
    share = similarity(matches)
    return Comparison(
        is_accepted=place >= 0,
        typos=tuple(piece for piece in diff if piece.kind == "typo") if place >= 0 else (),
        similarity=share,
        closest=key.text,
        diff=diff,
        reasons=explain(matches, key.text, answer, share, language),
    )


def _find_accepted(
    accepted: Sequence[str], given: tuple[Token, ...], *, exact: bool, language: Language
) -> int:
    """Return the place of the first accepted answer with the fewest typos, or -1."""
    allowed = 0 if exact else max(1, len(given) // _WORDS_PER_TYPO)
    fewest, best = allowed + 1, -1
    for place, text in enumerate(accepted):
        ours = tokens(text, language)
        if not given or len(ours) != len(given):
            continue
        count = _count_typos(ours, given, fewest, language)
        if count < fewest:
            fewest, best = count, place
            if not count:
                break
    return best


def _count_typos(
    ours: tuple[Token, ...], given: tuple[Token, ...], limit: int, language: Language
) -> int:
    """Return how many typed words have a typo, or `limit` if one is wrong or they are too many."""
    typed: set[int] = set()
    for place, (word, theirs) in enumerate(zip(ours, given, strict=True)):
        if same_word(word, theirs, place):
            is_right = word.is_slip or not theirs.is_slip
        elif is_typo(word.raw, theirs.raw, language):
            is_right = False
        else:
            return limit
        if not is_right:
            typed.add(theirs.first)
            if len(typed) >= limit:
                return limit
    return len(typed)


def _closest(accepted: Sequence[str], given: tuple[Token, ...], language: Language) -> _Key:
    """Return the accepted answer that has most words in common with what was given."""
    words = {token.text for token in given}
    bases = _bases(words, language)

    def common(key: _Key) -> float:
        shared = len(key.words & words) + len(key.bases & bases)
        return shared / max(len(key.words) + len(words), 1)

    return max((_key(text, language) for text in accepted), key=common, default=_key("", language))


@lru_cache(maxsize=8_192)
def _key(text: str, language: Language) -> _Key:
    found = tokens(text, language)
    words = frozenset(token.text for token in found)
    return _Key(text, found, words, _bases(words, language))


def _bases(words: frozenset[str] | set[str], language: Language) -> frozenset[str]:
    if language == "id":
        return frozenset(words)
    return frozenset(base for word in words for base in lemmas(word))
