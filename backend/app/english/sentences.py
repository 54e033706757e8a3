"""Words in a row: as a sentence is written, and whether they are English at all."""

import re

from app.english.forms import is_known
from app.english.word_classes import class_of

_ASKING = frozenset(
    """
    what where when who whose which why how am is are was were do does did have has had can could
    will would shall should may might must isn't aren't wasn't weren't don't doesn't didn't haven't
    hasn't can't couldn't won't wouldn't shouldn't
    """.split()
)


def as_sentence(text: str) -> str:
    """Return words in a row with a capital and a full stop, unless they have a stop of their own.

    A question is known by its first word, and ends with a question mark.
    """
    if not text or text[-1] in ".?!":
        return text
    is_question = text.split(maxsplit=1)[0].lower() in _ASKING
    return f"{text[0].upper()}{text[1:]}{'?' if is_question else '.'}"


_WORD = re.compile(r"[a-z]+")
_CONTRACTED = re.compile(r"n[’']t\b|[’'][a-z]+\b")
_ENDINGS = frozenset("d ed er est es ing r s ger gest ier iest".split())


def is_english(text: str) -> bool:
    """Return whether more than half of the words of a text are English words or their endings."""
    found: list[str] = _WORD.findall(_CONTRACTED.sub("", text.lower()))
    known = [word for word in found if word in _ENDINGS or class_of(word) or is_known(word)]
    return 2 * len(known) > len(found)
