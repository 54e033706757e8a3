"""Word forms of English: which base forms a word may have, and which form of them it is.

`analyses` knows the right forms only ("bought"); `attempts` also sees what a learner aimed at with
a form that does not exist ("buyed", "childs", "stoped").
"""

from collections.abc import Iterator
from functools import lru_cache

from app.english.inflection import (
    IRREGULAR,
    IRREGULAR_BASES,
    Form,
    with_ed,
    with_er,
    with_ing,
    with_ly,
    with_s,
)
from app.english.lexicon import ADJECTIVE, LEXICON, NOUN, VERB
from app.english.spellings import american

Reading = tuple[str, Form]

_REGULAR = (
    ("s", NOUN, Form.PLURAL, with_s),
    ("s", VERB, Form.THIRD_PERSON, with_s),
    ("ed", VERB, Form.PAST, with_ed),
    ("ed", VERB, Form.PARTICIPLE, with_ed),
    ("ing", VERB, Form.ING, with_ing),
    ("er", ADJECTIVE, Form.COMPARATIVE, with_er),
    ("est", ADJECTIVE, Form.SUPERLATIVE, lambda word: with_er(word, "est")),
    ("ly", ADJECTIVE, Form.ADVERB, with_ly),
)
_ALWAYS = (("i", "y"), ("ck", "c"))
_CHANGES = {
    "s": (*_ALWAYS, ("e", ""), ("ie", "y")),
    "ing": (*_ALWAYS, ("y", "ie"), ("", "y")),
    "ly": (*_ALWAYS, ("", "le"), ("", "l"), ("al", "")),
    **dict.fromkeys(("ed", "er", "est"), _ALWAYS),
}
"""How a stem may be spelled before each ending, and the base form it is then of."""

_LONGEST = 40  # no English word is longer; what is longer has no forms
_SHORTEST_STEM = 2
_CACHED = 16_384


@lru_cache(maxsize=_CACHED)
def analyses(word: str) -> frozenset[Reading]:
    """Return every (base, form) that a word of the list can be; none for an unknown word.

    >>> sorted(analyses("left"))
    [('leave', 'participle'), ('leave', 'past'), ('left', 'base')]
    """
    readings = set(IRREGULAR.get(word, ()))  # "analyses" is a plural, "analyzes" is not
    word = american(word)
    readings |= IRREGULAR.get(word, set())
    if word in LEXICON:
        readings.add((word, Form.BASE))
    readings.update(
        (base, form)
        for base, form, spelled in _stripped(word)
        if spelled == word and (base, form) not in IRREGULAR_BASES
    )
    return frozenset(readings)


@lru_cache(maxsize=_CACHED)
def attempts(word: str) -> frozenset[Reading]:
    """Return `analyses` and, besides, what a wrongly made form aims at: buyed → (buy, past)."""
    word = american(word)
    readings = {(base, form) for base, form, _ in _stripped(word)}
    for stem in (word[:-1], word[:-2]):
        if word[len(stem) :] in {"s", "es", "d", "ed"}:
            readings.update((base, Form.DOUBLE) for base, _ in IRREGULAR.get(stem, ()))
    return frozenset(readings) | analyses(word)


@lru_cache(maxsize=_CACHED)
def lemmas(word: str) -> frozenset[str]:
    """Return the possible base forms of a word: went → go; lives → live, life; better → good, well.

    A word that is not in the list gets those that the regular rules allow, and itself.
    """
    word = word.casefold()
    known = analyses(word)
    if known:
        return frozenset(base for base, _ in known)
    word = american(word)
    guessed = {
        stem
        for ending, _, _, inflect in _REGULAR[:5]
        for stem in _stems(word, ending)
        if inflect(stem) == word
    }
    return frozenset(guessed | {word})


def same_lemma(a: str, b: str) -> bool:
    """Return whether two words are, or try to be, forms of one word: go and went, buy and buyed."""
    return not bases(a).isdisjoint(bases(b))


@lru_cache(maxsize=_CACHED)
def bases(word: str) -> frozenset[str]:
    """Return the base forms that a word is, or tries to be, a form of."""
    return frozenset(base for base, _ in attempts(word)) or lemmas(word)


def is_known(word: str) -> bool:
    """Return whether this is a word of the list or a right form of one: quiet, studies, better."""
    return bool(analyses(word))


def is_wrong_form(expected: str, given: str) -> bool:
    """Return whether `given` is another form of the expected word, or one that does not exist.

    A slip in spelling the right regular form ("stoped", "writting") is none; an irregular word
    with a regular ending ("buyed", "childs", "childrens") is one.
    """
    wanted = analyses(expected)
    bases = {base for base, _ in wanted}
    aimed = {reading for reading in attempts(given) if reading[0] in bases}
    return bool(aimed) and (
        aimed.isdisjoint(wanted) or all(reading in IRREGULAR_BASES for reading in aimed & wanted)
    )


def _stripped(word: str) -> Iterator[tuple[str, Form, str]]:
    """Yield (base, form, right spelling) for each listed base that an ending points to."""
    for ending, word_class, form, inflect in _REGULAR:
        for stem in _stems(word, ending):
            if word_class in LEXICON.get(stem, ""):
                yield stem, form, inflect(stem)


def _stems(word: str, ending: str) -> Iterator[str]:
    """Yield what may stand before an ending: "stopp", "stop", "stoppe"; "studi", "study"."""
    stem = word.removesuffix(ending)
    if not _SHORTEST_STEM <= len(stem) < len(word) <= _LONGEST:
        return
    yield stem
    yield stem + "e"
    if stem[-1] == stem[-2]:
        yield stem[:-1]
        yield stem[:-1] + "e"
    for spelled, base in _CHANGES[ending]:
        if stem.endswith(spelled):
            yield stem.removesuffix(spelled) + base
