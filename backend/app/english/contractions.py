"""English contractions taken apart: "don't" = "do not", "she's happy" = "she is happy".

"'s" (is, has, possessive) and "'d" (would, had) have several readings. After a pronoun the next
word often decides: "it's raining" is "is", "she's been" is "has", "I'd go" is "would", "I'd gone"
is "had". Where it does not ("she's finished", "my brother's"), the ending stays a word of its own,
and only a key with the full word lets a learner write the ending for it: a key with "'s" would
otherwise accept "She is lived here" for "She's lived here".
"""

import re
from collections.abc import Sequence

from app.english.forms import analyses
from app.english.inflection import Form

READINGS = {"'s": ("is", "has"), "'d": ("would", "had")}
"""What an ending of several readings may stand for."""

_WHOLE = {
    "cannot": "can not",
    "can't": "can not",
    "won't": "will not",
    "shan't": "shall not",
    "let's": "let us",
}
_ENDINGS = {"n't": "not", "'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'s": "'s"}
_ENDINGS |= {"'d": "'d"}
_ENDING = re.compile(rf"(?<=\w)({'|'.join(_ENDINGS)})(?!\w)")
# Contractions without their apostrophe that are no other word ("well", "its", "were" are).
_BARE = {word.replace("'", ""): word for word in ("can't", "won't", "i'm", "i've")}
_BARE |= {
    f"{verb}nt": f"{verb}n't"
    for verb in ("are could did does do had has have is must need should was were would".split())
}
_BARE |= {
    pronoun + ending[1:]: pronoun + ending
    for pronoun, endings in {
        "you": ("'re", "'ve", "'ll"),
        "they": ("'re", "'ve", "'ll", "'d"),
        "we": ("'ve",),
        "he": ("'s",),
        "she": ("'s",),
        "that": ("'s",),
        "what": ("'s",),
        "there": ("'s",),
        "it": ("'ll",),
    }.items()
    for ending in endings
}
_PRONOUNS = frozenset(
    "i you he she it we they that this there here what who where when how why".split()
)
_ADVERBS = frozenset(
    "not never always already just ever also still really probably usually often only now".split()
)
_SUBJECTS = frozenset("i you he she it we they".split())


def mended(word: str) -> str | None:
    """Return the contraction that a word without apostrophe must be: dont → don't, its → None."""
    return _BARE.get(word)


def take_apart(word: str) -> list[str]:
    """Return the words of a contraction: don't → do not; she's → she 's."""
    if "'" not in word and word != "cannot":
        return [word]
    if whole := _WHOLE.get(word):
        return whole.split()
    return _ENDING.sub(lambda found: " " + _ENDINGS[found[1]], word).split()


def reading(words: Sequence[str], place: int) -> str:
    """Return the word that the ending "'s" or "'d" at `place` stands for, or the ending itself."""
    ending = words[place]
    before = words[place - 1] if place else ""
    after = place + 1
    if before in _PRONOUNS and after < len(words) and words[after] in _SUBJECTS:
        after += 1  # "What's he doing?"
    while after < len(words) and words[after] in _ADVERBS:
        after += 1
    following = words[after] if after < len(words) else ""
    if before in _PRONOUNS and following and following not in READINGS:
        return _is_or_has(following) if ending == "'s" else _would_or_had(following)
    if ending == "'s" and before and following in {"a", "an", "the"}:
        return "is"  # "My brother's a doctor"
    return ending


def _is_or_has(following: str) -> str:
    if following in {"been", "got", "had"}:
        return "has"
    return "'s" if _forms(following) & {Form.PARTICIPLE, Form.PAST} else "is"


def _would_or_had(following: str) -> str:
    if following == "better":
        return "had"
    if following == "rather":
        return "would"
    forms = _forms(following)
    if Form.PARTICIPLE in forms:
        return "'d" if Form.BASE in forms else "had"
    return "would" if Form.BASE in forms else "'d"


def _forms(word: str) -> set[Form]:
    return {form for _, form in analyses(word)}
