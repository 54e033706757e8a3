"""What is typed: which answers are the same is decided by `english.answers.compare`."""

import re
from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Annotated

from pydantic import Field

from app.english.answers import Comparison, compare
from app.english.normalization import Language, typed_words
from app.questions import remarks
from app.questions.documents.base import Text
from app.questions.grades import EVERYTHING, NOTHING, Grade, Texts, partial

Accepted = Annotated[list[Text], Field(min_length=1, max_length=30)]
LEAST_ALIKE = Decimal("0.5")
"""The share of right words below which a sentence earns nothing."""


def grade_text(found: Comparison, score: Decimal, *remarks_before: Texts) -> Grade:
    """Return the grade of a compared text: `remarks_before`, then the reasons that were found."""
    return Grade(score, (*remarks_before, *reasons_of(found)), found.diff)


def grade_sentence(accepted: Sequence[str], text: str, language: Language) -> Grade:
    """Score the share of right words; less than half of them earns nothing."""
    if not typed_words(text):
        return Grade(NOTHING, (remarks.LEFT_OPEN,))
    found = compare(accepted, text, language=language)
    if found.is_accepted:
        return grade_text(found, EVERYTHING)
    words_right = Decimal(found.similarity)
    return grade_text(found, partial(words_right) if words_right >= LEAST_ALIKE else NOTHING)


def reasons_of(found: Comparison) -> tuple[Texts, ...]:
    """Return why the answer differs; where that is not known, the right answer that is closest."""
    reasons = tuple(Texts(reason.text("en"), reason.text("id")) for reason in found.reasons)
    if reasons or found.is_accepted:
        return reasons
    return (remarks.CLOSEST.format(answer=found.closest),)


_SWAPPED = {"is": "are", "was": "were", "has": "have", "in": "on", "on": "in", "at": "in"}
_MISTAKES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:a|an|the) "), ""),  # no article
    (re.compile(r"\b(\w{3,})s\b"), r"\1"),  # no -s
    (re.compile(r"\b(\w+[^e ])ed\b"), r"\1"),  # no past tense
    (re.compile(r"\b(?:have|has|had) "), ""),  # no auxiliary
    (re.compile(r"\b(\w+) (\w+)$"), r"\2 \1"),  # the last two words the other way round
    *((re.compile(rf"\b{word}\b"), other) for word, other in _SWAPPED.items()),
)


def misspelt(text: str, rng: Random) -> str:
    """Return an English text with one typical mistake; one of spelling where no other fits."""
    for pattern, replacement in rng.sample(_MISTAKES, len(_MISTAKES)):
        found = pattern.sub(replacement, text, count=1)
        if found != text and found.strip():
            return found
    return text[:-2] + text[-1:] if len(text) > 2 else text + "s"  # noqa: PLR2004 - what can lose one
