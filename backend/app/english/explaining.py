"""From the words that differ to the reasons: which rule of English was broken."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from app.english.contractions import READINGS
from app.english.diffs import Match, group_kind, groups, typed
from app.english.form_reasons import form_reason
from app.english.forms import analyses, is_known, same_lemma
from app.english.lexicon import ADJECTIVE, LEXICON
from app.english.normalization import Language, Token
from app.english.reasons import Kind, Reason, Remark
from app.english.word_classes import (
    TAKES_BASE_FORM,
    TAKES_PARTICIPLE,
    WordClass,
    class_of,
    is_base_form,
)

_MOST = 5
"""Remarks on one answer; more would help nobody."""

_TOO_FAR = 1 / 3
"""Below this similarity a longer answer is another sentence: its words are not explained."""

_SHORT = 2
_CLOSE = 2
_MARKS = '.,!?;:"“”()…'
_BETWEEN = frozenset("not never always usually often sometimes also just already ever".split())
_SUBJECTS = frozenset("i you he she it we they".split())
_HOMOPHONES = (
    frozenset({"their", "there", "they're"}),
    frozenset({"your", "you're"}),
    frozenset({"whose", "who's"}),
)
"""Contractions that sound like another word; like every word that is one edit away, confused."""

_HELPERS = dict.fromkeys(
    "am is are was were be been have has had do does did will would".split(), Reason.TENSE
) | {"to": Reason.INFINITIVE, "more": Reason.COMPARATIVE, "most": Reason.SUPERLATIVE}
"""Words that go with a form of the next one, and what is wrong if both are missed."""

_A_AND_AN = {"a", "an"}
_OF_CLASS: dict[WordClass | None, Reason] = {
    WordClass.ARTICLE: Reason.ARTICLE,
    WordClass.AUXILIARY: Reason.AUXILIARY,
    WordClass.NEGATION: Reason.NEGATION,
    WordClass.PREPOSITION: Reason.PREPOSITION,
    WordClass.PRONOUN: Reason.PRONOUN,
}


def explain(
    matches: Sequence[Match], key: str, answer: str, similarity: float, language: Language
) -> tuple[Remark, ...]:
    """Return why an answer differs from its key, in the order of the words, at most five times."""
    ours = [match.ours for match in matches if match.ours]
    theirs = [match.theirs for match in matches if match.theirs]
    if _letters(ours) == _letters(theirs) and any(m.kind != "same" for m in matches):
        wrong = [m for g in groups(matches) if group_kind(g) != "same" for m in g]
        reason = Reason.APOSTROPHE if _only_slips(wrong) else Reason.SPACING
        pair = typed(wrong, key, is_key=True), typed(wrong, answer, is_key=False)
        return (Remark(reason, "wrong", *map(_plain, pair)),)
    if Counter(t.text for t in ours) == Counter(t.text for t in theirs):
        is_same = all(match.kind in {"same", "typo"} for match in matches)
        return _distinct(_each(matches, key, answer, language)) if is_same else _REORDERED
    if similarity < _TOO_FAR and len(ours) > _SHORT:
        return ()
    return _distinct(_each(matches, key, answer, language))


_REORDERED = (Remark(Reason.WORD_ORDER, "wrong"),)


def _letters(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens).replace("-", "")


def _only_slips(matches: Sequence[Match]) -> bool:
    return all(match.theirs and match.theirs.is_slip for match in matches)


def _distinct(remarks: Iterator[Remark]) -> tuple[Remark, ...]:
    return tuple(dict.fromkeys(remarks))[:_MOST]


def _each(matches: Sequence[Match], key: str, answer: str, language: Language) -> Iterator[Remark]:
    """Yield the remarks on each piece that differs."""
    moved = _moved(matches)
    place = 0
    for group in _phrases(groups(matches)):
        expected = _plain(typed(group, key, is_key=True))
        given = _plain(typed(group, answer, is_key=False))
        whole = _of_whole(group, expected, given)
        if whole:
            yield Remark(*whole, expected, given)
        else:
            for offset, match in enumerate(group, start=place):
                found = None if match.kind == "same" else _reason(matches, offset, moved, language)
                if found:
                    yield Remark(*found, expected, given)
        place += len(group)


def _phrases(found: Iterator[list[Match]]) -> Iterator[list[Match]]:
    """Yield the groups, a helping word that one text lacks joined with the word whose form it asks.

    "has lived" for "lives" and "more cheap" for "cheaper" are one mistake each, not two.
    """
    helper: list[Match] = []
    for group in found:
        if helper and _is_other_form(group):
            yield helper + group
            helper = []
            continue
        if helper:
            yield helper
        helper = group if _is_helper(group) else []
        if not helper:
            yield group
    if helper:
        yield helper


def _is_helper(group: Sequence[Match]) -> bool:
    kind, ours, theirs = group[0]
    word = ours or theirs
    if len(group) > 1 or word is None or kind not in {"missing", "extra"}:
        return False
    return word.text in _HELPERS and (word.text != "to" or kind == "missing")


def _is_other_form(group: Sequence[Match]) -> bool:
    if len(group) != 1:
        return False
    kind, ours, theirs = group[0]
    is_pair = kind == "wrong" and ours and theirs
    return bool(is_pair and ours and theirs and same_lemma(ours.text, theirs.text))


def _of_whole(group: Sequence[Match], expected: str, given: str) -> tuple[Reason, Kind] | None:
    """Return the reason that holds for all words of a group together."""
    if group_kind(group) == "same":
        return None
    if _is_apostrophe(expected, given):
        return Reason.APOSTROPHE, "wrong"
    if group_kind(group) == "wrong" and _sound_alike(expected, given):
        return Reason.CONFUSED, "wrong"
    word = group[0].ours or group[0].theirs
    if word and _is_helper(group[:1]) and _is_other_form(group[1:]):
        reason = _HELPERS[word.text]
        return reason, ("missing" if reason is Reason.INFINITIVE else "wrong")
    return None


def _moved(matches: Sequence[Match]) -> set[str]:
    """Return the words that are missing in one place and too many in another."""
    missing = {match.ours.text for match in matches if match.ours and not match.theirs}
    return {m.theirs.text for m in matches if m.theirs and not m.ours} & missing


def _plain(text: str) -> str:
    return text.strip(_MARKS) or text


def _is_apostrophe(expected: str, given: str) -> bool:
    ours, theirs = _folded(expected), _folded(given)
    return ours != theirs and ours.replace("'", "") == theirs.replace("'", "") != ""


def _sound_alike(expected: str, given: str) -> bool:
    pair = {_folded(expected), _folded(given)}
    return any(pair <= group for group in _HOMOPHONES)


def _folded(text: str) -> str:
    return text.casefold().replace("’", "'")


def _reason(
    matches: Sequence[Match], place: int, moved: set[str], language: Language
) -> tuple[Reason, Kind] | None:
    kind, ours, theirs = matches[place]
    if ours and theirs:
        if kind == "typo":
            return Reason.SPELLING, "wrong"
        if ours.text[:1].isdigit() and theirs.text[:1].isdigit():
            return Reason.NUMBER, "wrong"
        if language == "id":
            return _spelling(ours, theirs) or Reason.WRONG_WORD, "wrong"
        return _of_wrong(matches, place, ours, theirs)
    word = ours or theirs
    if word is None or word.text in moved:
        return (Reason.WORD_ORDER, "missing") if ours else None
    side: Kind = "missing" if ours else "extra"
    reason = _of_single(matches, place, word) if language == "en" else None
    return reason or (Reason.MISSING_WORD if ours else Reason.EXTRA_WORD), side


def _of_single(matches: Sequence[Match], place: int, word: Token) -> Reason | None:
    """Return the rule that a missing or superfluous word belongs to."""
    beside = matches[place + 1] if place + 1 < len(matches) else None
    is_missing = matches[place].ours is not None
    after = beside and ((beside.ours if is_missing else beside.theirs) or beside.ours)
    following = after.text if after else ""
    if word.text == "'s":
        return Reason.POSSESSIVE
    if word.text == "to" and is_base_form(following, {form for _, form in analyses(following)}):
        return Reason.INFINITIVE
    kind = class_of(word.text)
    if kind is WordClass.DEGREE and ADJECTIVE in LEXICON.get(min(_bases_of(following)), ""):
        return Reason.COMPARATIVE if word.text == "more" else Reason.SUPERLATIVE
    return _OF_CLASS.get(kind)


def _bases_of(word: str) -> set[str]:
    return {base for base, _ in analyses(word)} or {word}


def _of_wrong(
    matches: Sequence[Match], place: int, ours: Token, theirs: Token
) -> tuple[Reason, Kind]:
    """Return the reason for one word in place of another."""
    if same_lemma(ours.text, theirs.text) and {ours.text, theirs.text} != _A_AND_AN:
        return form_reason(ours.text, theirs.text, _governor(matches, place))
    return _of_other_word(ours, theirs), "wrong"


def _of_other_word(ours: Token, theirs: Token) -> Reason:
    if {ours.text, theirs.text} == _A_AND_AN:
        return Reason.A_OR_AN
    if ours.text in READINGS or theirs.text in READINGS:
        return Reason.AUXILIARY
    kind = class_of(ours.text)
    if kind in _OF_CLASS and kind == class_of(theirs.text):
        return _OF_CLASS[kind]
    spelling = _spelling(ours, theirs)
    if spelling and is_known(theirs.raw):
        return Reason.CONFUSED
    return spelling or Reason.WRONG_WORD


def _spelling(ours: Token, theirs: Token) -> Reason | None:
    limit = 1 if len(ours.raw) <= 2 * _CLOSE else _CLOSE
    is_close = OSA.distance(ours.raw, theirs.raw, score_cutoff=limit) <= limit < len(ours.raw)
    return Reason.SPELLING if is_close else None


def _governor(matches: Sequence[Match], place: int) -> str:
    """Return the word of the key that decides the form at `place`: does in "Does she like"."""
    words = [match.ours.text for match in matches[max(0, place - 6) : place] if match.ours]
    while words and words[-1] in _BETWEEN:
        words.pop()
    if (
        len(words) > 1
        and words[-1] in _SUBJECTS
        and words[-2] in TAKES_BASE_FORM | TAKES_PARTICIPLE
    ):
        return words[-2]
    return words[-1] if words else ""
