"""An answer beside its key: which words are the same, mistyped, wrong, missing or too many."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from app.english.alignment import Pair, align
from app.english.contractions import READINGS
from app.english.forms import bases, same_lemma
from app.english.normalization import Language, Token, typed_words
from app.english.typos import is_typo
from app.english.word_classes import class_of

PieceKind = Literal["same", "missing", "extra", "wrong", "typo"]

_LOOKS_ALIKE = 4
"""Letters from which on words with the same beginning or end may be meant for each other."""


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """A stretch of an answer beside the key, words as the key's author and the learner wrote them.

    "same", "missing" and "extra" run over several words; "wrong" and "typo" are of one word, or
    of those that cannot be told apart (don't, do not). `expected` is empty for "extra", `given`
    for "missing".
    """

    kind: PieceKind
    expected: str
    given: str


class Match(NamedTuple):
    """A word of the key beside one of the answer; one of them may be lacking."""

    kind: PieceKind
    ours: Token | None
    theirs: Token | None


def same_word(ours: Token, theirs: Token, place: int) -> bool:
    """Return whether a word of an answer is that of the key at `place`, or may stand for it.

    "'s" and "'d" lean on a word, so they stand for nothing at the beginning.
    """
    return ours.text == theirs.text or (place > 0 and ours.text in READINGS.get(theirs.text, ()))


def match_words(key: Sequence[Token], answer: Sequence[Token], language: Language) -> list[Match]:
    """Pair the words of an answer with those of the key and say what each pair is."""

    def related(i: int, j: int) -> bool:
        return same_word(key[i], answer[j], i) or _look_alike(key[i].text, answer[j].text, language)

    texts = [token.text for token in key], [token.text for token in answer]
    return [_match(key, answer, pair, language) for pair in align(*texts, related)]


def _look_alike(ours: str, theirs: str, language: Language) -> bool:
    if min(len(ours), len(theirs)) >= _LOOKS_ALIKE and (
        ours[:2] == theirs[:2] or ours[-3:] == theirs[-3:]
    ):
        return True
    if language == "id":
        return False
    kind = class_of(ours)
    return (kind is not None and kind == class_of(theirs)) or not bases(ours).isdisjoint(
        bases(theirs)
    )


def _match(key: Sequence[Token], answer: Sequence[Token], pair: Pair, language: Language) -> Match:
    i, j = pair
    ours = None if i is None else key[i]
    theirs = None if j is None else answer[j]
    kind: PieceKind
    if i is None or ours is None:
        kind = "extra"
    elif theirs is None:
        kind = "missing"
    elif same_word(ours, theirs, i):
        kind = "typo" if theirs.is_slip and not ours.is_slip else "same"
    else:
        kind = "typo" if is_typo(ours.raw, theirs.raw, language) else "wrong"
    return Match(kind, ours, theirs)


def similarity(matches: Sequence[Match]) -> float:
    """Return the share of words in common: 1 for the same or mistyped, 0.5 for another form.

    It is taken of the longer of both texts, so words too many count as much as missing ones.
    """
    ours = sum(match.ours is not None for match in matches)
    theirs = sum(match.theirs is not None for match in matches)
    return sum(map(_worth, matches)) / max(ours, theirs, 1)


def _worth(match: Match) -> float:
    if match.kind in {"same", "typo"}:
        return 1
    if match.ours and match.theirs and same_lemma(match.ours.text, match.theirs.text):
        return 0.5
    return 0


def groups(matches: Sequence[Match]) -> Iterator[list[Match]]:
    """Yield the matches that share a typed word, which cannot be shown apart: don't, do not."""
    group: list[Match] = []
    ours = theirs = -1  # the last place of the group in each text
    for match in matches:
        joins = (match.ours and match.ours.first <= ours) or (
            match.theirs and match.theirs.first <= theirs
        )
        if group and not joins:
            yield group
            group = []
        group.append(match)
        ours = max(ours, match.ours.last if match.ours else -1)
        theirs = max(theirs, match.theirs.last if match.theirs else -1)
    if group:
        yield group


def group_kind(group: Sequence[Match]) -> PieceKind:
    """Return the kind of a piece: that of its words, "typo" over "same", else "wrong"."""
    kinds = {match.kind for match in group}
    if len(kinds) == 1:
        return group[0].kind
    return "typo" if kinds <= {"same", "typo"} else "wrong"


def typed(group: Sequence[Match], text: str, *, is_key: bool) -> str:
    """Return the words of `text`, the key or the answer, that a group was made of, as written."""
    found = [t for t in ((m.ours if is_key else m.theirs) for m in group) if t is not None]
    if not found:
        return ""
    return " ".join(typed_words(text)[found[0].first : found[-1].last + 1])


def pieces(matches: Sequence[Match], key: str, answer: str) -> tuple[DiffPiece, ...]:
    """Return the differences between two texts as they are shown, in order."""
    result: list[DiffPiece] = []
    run: list[Match] = []
    run_kind: PieceKind = "wrong"
    for group in groups(matches):
        kind = group_kind(group)
        if run and (kind != run_kind or kind in {"wrong", "typo"}):
            result.append(_piece(run_kind, run, key, answer))
            run = []
        run += group
        run_kind = kind
    if run:
        result.append(_piece(run_kind, run, key, answer))
    return tuple(result)


def _piece(kind: PieceKind, run: Sequence[Match], key: str, answer: str) -> DiffPiece:
    expected, given = typed(run, key, is_key=True), typed(run, answer, is_key=False)
    return DiffPiece(kind, expected, given)
