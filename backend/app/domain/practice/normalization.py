"""When two typed English answers are the same answer.

Ignored: letter case, Unicode compatibility forms (NFKC), runs of spaces, curly or straight quotes,
a final full stop, question or exclamation mark, and whether a usual contraction is written out
("I'm" = "I am", "doesn't" = "does not", "can't" = "cannot" = "can not", "let's" = "let us").
Everything else counts: other punctuation, spelling, word order.

"'s" (is, has, possessive) and "'d" (would, had) have several readings, and only the author knows
which is meant: a learner may write them for the full word of the key, but a key written with them
does not accept the full word ("She's lived here" would otherwise accept "She is lived here").
"""

import re
import unicodedata
from collections.abc import Iterable

_QUOTES = str.maketrans(dict.fromkeys("‘’‚‛′`´ʼ", "'") | dict.fromkeys("“”„‟″", '"'))
_FINAL_MARKS = " .!?"
_IRREGULAR = {
    "cannot": "can not",
    "can't": "can not",
    "won't": "will not",
    "shan't": "shall not",
    "let's": "let us",
}
_ENDINGS = {
    "n't": " not",
    "'m": " am",
    "'re": " are",
    "'ve": " have",
    "'ll": " will",
    "'s": " 's",
    "'d": " 'd",
}
_CONTRACTION = re.compile(
    rf"\b({'|'.join(_IRREGULAR)})\b|(?<=\w)({'|'.join(_ENDINGS)})\b",
)
_READINGS = {"'s": ("is", "has"), "'d": ("would", "had")}


def words(text: str) -> list[str]:
    """Return the words of `text` as they are compared, contractions taken apart."""
    folded = unicodedata.normalize("NFKC", text.translate(_QUOTES)).casefold()
    line = " ".join(unicodedata.normalize("NFKC", folded).split())
    line = line.rstrip(_FINAL_MARKS) or line  # an answer may be a mark: "?"
    return _CONTRACTION.sub(_take_apart, line).split()


def _take_apart(found: re.Match[str]) -> str:
    whole, ending = found.groups()
    return _IRREGULAR[whole] if whole else _ENDINGS[ending]


def accepts(accepted: Iterable[str], answer: str) -> bool:
    """Tell whether `answer` is one of the accepted ones. A blank answer never is."""
    given = words(answer)
    return bool(given) and any(_same(words(text), given) for text in accepted)


def _same(wanted: list[str], given: list[str]) -> bool:
    return len(wanted) == len(given) and all(
        theirs == ours or ours in _READINGS.get(theirs, ())
        for ours, theirs in zip(wanted, given, strict=True)
    )
