"""`error_correction`: the mistake in a sentence is found and corrected."""

from collections.abc import Iterator
from typing import Literal

from app.english.answers import compare
from app.english.normalization import typed_words, words
from app.questions import remarks
from app.questions.documents.base import OptionsBase, Text
from app.questions.forms import Answer, Problem
from app.questions.grades import EVERYTHING, NOTHING, Grade
from app.questions.typed import grade_text
from app.questions.types._text import TextKey, TextResponse, TextType
from app.questions.types.base import Front

PLACE_FOUND = EVERYTHING / 2
"""What finding a mistake earns that is not corrected."""


class ErrorCorrectionOptions(OptionsBase):
    """The English sentence in which the mistake is to be found and mended."""

    type: Literal["error_correction"]
    text: Text


class ErrorCorrectionKey(TextKey):
    """The sentence without its mistake, in every accepted wording (the first is shown)."""

    type: Literal["error_correction"]


class ErrorCorrectionResponse(TextResponse):
    """The whole sentence as the learner mended it."""

    type: Literal["error_correction"]


class ErrorCorrection(
    TextType[ErrorCorrectionOptions, ErrorCorrectionKey, ErrorCorrectionResponse]
):
    """A faulty sentence to be corrected."""

    name = "error_correction"
    example = {"text": "She goes to school every day."}

    def grade(
        self,
        key: ErrorCorrectionKey,
        options: ErrorCorrectionOptions,
        response: ErrorCorrectionResponse,
    ) -> Grade:
        """Score 1 for an accepted sentence, a half for the right place mended wrongly.

        Typos are forgiven in words that were right before, not in what was to be mended: there the
        spelling may be what is taught.
        """
        if not typed_words(response.text):
            return Grade(NOTHING, (remarks.LEFT_OPEN,))
        faulty, given = words(options.text), words(response.text)
        if given == faulty:
            return Grade(NOTHING, (remarks.UNCHANGED,))
        found = compare(key.accepted, response.text)
        is_mended = all(set(words(typo.expected)) <= set(faulty) for typo in found.typos)
        if found.is_accepted and is_mended:
            return grade_text(found, EVERYTHING)
        if any(_differs_only_between(faulty, given, *ends) for ends in _places(faulty, key)):
            return grade_text(found, PLACE_FOUND, remarks.PLACE_FOUND)
        return grade_text(found, NOTHING, remarks.SPOILED)

    def key_errors(self, key: ErrorCorrectionKey, options: ErrorCorrectionOptions) -> Iterator[str]:
        for answer in key.accepted:
            if words(answer) == words(options.text):
                yield f"{answer!r} is the faulty sentence itself, to the grader; mend it"

    def typed_text(self, key: ErrorCorrectionKey) -> str:
        return ""  # the form holds the sentence: only the mistake is typed over

    def find_problem(
        self, options: ErrorCorrectionOptions, answer: Answer | None
    ) -> Problem | None:
        if answer and answer["text"].strip() == options.text:
            return Problem("type.error_correction.unchanged")
        return super().find_problem(options, answer)

    def front(self, options: ErrorCorrectionOptions) -> Front:
        return Front(text=options.text)


def _places(faulty: list[str], key: ErrorCorrectionKey) -> set[tuple[int, int]]:
    """Return the places of the mistake, as the numbers of words before and after it.

    It reaches from the first to the last word in which an accepted sentence differs; of those, only
    the ones that change least, as the others reword what was right, too.
    """
    size: dict[tuple[int, int], int] = {}
    for sentence in key.accepted:
        mended = words(sentence)
        before = _common_start(faulty, mended)
        after = _common_start(faulty[before:][::-1], mended[before:][::-1])
        size[before, after] = len(faulty) + len(mended) - 2 * (before + after)
    least = min(size.values())
    return {place for place, changed in size.items() if changed == least}


def _differs_only_between(faulty: list[str], given: list[str], before: int, after: int) -> bool:
    return (
        len(given) >= before + after
        and given[:before] == faulty[:before]
        and given[len(given) - after :] == faulty[len(faulty) - after :]
    )


def _common_start(one: list[str], other: list[str]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))
