"""When two typed English answers are the same answer.

Ignored, in this order:

- Unicode compatibility forms (NFKC), letter case, curly or straight quotes, runs of spaces;
- commas, semicolons, colons, double quotation marks and dashes, unless they stand between digits
  ("7:30", "1,000"); a hyphen is a dash when spaces surround it, and part of the word otherwise;
- full stops, question marks, exclamation marks and hyphens at the end;
- whether a usual contraction is written out ("I'm" = "I am", "doesn't" = "does not",
  "can't" = "cannot" = "can not", "let's" = "let us");
- whether a whole number from 1 to 12 is written in figures ("7" = "seven"), and "o'clock" after it;
- whether "any more" is one word or two, as Americans and the British do not agree on it.

Everything else counts: spelling, word order, and every other word. An answer that consists of
marks only is compared as it stands. A question about punctuation must therefore be a choice.

"'s" (is, has, possessive) and "'d" (would, had) have several readings, and only the author knows
which is meant: a learner may write them for the full word of the key, but a key written with them
does not accept the full word ("She's lived here" would otherwise accept "She is lived here"). They
lean on the word before them, so an answer that begins with one, as in a gap, has to be in the key:
"If I ___ more time" takes "had" but not "'d".
"""

import re
import unicodedata
from collections.abc import Iterable

_QUOTES = str.maketrans(dict.fromkeys("‘’‚‛′`´ʼ", "'") | dict.fromkeys("“”„‟″«»", '"'))
_MARK = re.compile(r'"|(?<!\d)[,;:‒–—―]|[,;:‒–—―](?!\d)|(?<!\S)-+(?!\S)')
_FINAL_MARKS = " .!?-"
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
_NUMBERS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_FIGURES = {str(value): word for value, word in enumerate(_NUMBERS, start=1)}
_O_CLOCK = re.compile(rf"(?<!\S)({'|'.join(_NUMBERS)})(?: o'clock)+(?!\S)")
_ANY_MORE = re.compile(r"(?<!\S)any more(?!\S)")


def words(text: str) -> list[str]:
    """Return the words of `text` as they are compared, contractions taken apart."""
    folded = unicodedata.normalize("NFKC", text.translate(_QUOTES)).casefold()
    line = " ".join(unicodedata.normalize("NFKC", folded).split())
    line = _without_marks(line) or line  # an answer may be a mark: "?"
    apart = _CONTRACTION.sub(_take_apart, line).split()
    spelled = " ".join(_FIGURES.get(word, word) for word in apart)
    return _ANY_MORE.sub("anymore", _O_CLOCK.sub(r"\1", spelled)).split()


def _without_marks(line: str) -> str:
    return " ".join(_MARK.sub(" ", line).split()).rstrip(_FINAL_MARKS)


def _take_apart(found: re.Match[str]) -> str:
    whole, ending = found.groups()
    return _IRREGULAR[whole] if whole else _ENDINGS[ending]


def accepts(accepted: Iterable[str], answer: str) -> bool:
    """Tell whether `answer` is one of the accepted ones. A blank answer never is."""
    given = words(answer)
    return bool(given) and any(_same(words(text), given) for text in accepted)


def _same(wanted: list[str], given: list[str]) -> bool:
    return len(wanted) == len(given) and all(
        theirs == ours or (place > 0 and ours in _READINGS.get(theirs, ()))
        for place, (ours, theirs) in enumerate(zip(wanted, given, strict=True))
    )
