"""Grading of what is typed. Which answers are the same is decided by `english.answers.compare`."""

from collections.abc import Sequence
from decimal import Decimal

from app.english.answers import Comparison, compare
from app.english.normalization import Language, typed_words, words
from app.questions.documents import (
    DictationKey,
    DictationResponse,
    ErrorCorrectionKey,
    ErrorCorrectionOptions,
    ErrorCorrectionResponse,
    FillBlankKey,
    FillBlankResponse,
    ShortAnswerKey,
    ShortAnswerResponse,
    TranslationKey,
    TranslationOptions,
    TranslationResponse,
)
from app.questions.grading import remarks
from app.questions.grading.choices import from_parts, padded
from app.questions.grading.grades import (
    EVERYTHING,
    NOTHING,
    Grade,
    PartResult,
    Texts,
    partial,
)

HALF = Decimal("0.5")
"""What finding a mistake earns that is not mended; and the least similarity that earns anything."""


def grade_fill_blank(key: FillBlankKey, response: FillBlankResponse) -> Grade:
    """Score the share of right gaps; a gap that is left out is open."""
    texts = padded(response.gaps, len(key.gaps), "")
    parts = [
        _gap(str(number), accepted, text, exact=key.exact)
        for number, (accepted, text) in enumerate(zip(key.gaps, texts, strict=True), start=1)
    ]
    return from_parts(parts, remarks.GAPS_RIGHT)


def _gap(name: str, accepted: list[str], text: str, *, exact: bool) -> PartResult:
    expected = Texts(accepted[0], accepted[0])
    if not typed_words(text):
        feedback = (remarks.LEFT_OPEN,)
        return PartResult(name, is_correct=False, score=0, expected=expected, feedback=feedback)
    found = compare(accepted, text, exact=exact)
    return PartResult(
        name,
        is_correct=found.is_accepted,
        score=int(found.is_accepted),
        expected=expected,
        feedback=_reasons(found),
        diff=found.diff,
    )


def grade_short_answer(key: ShortAnswerKey, response: ShortAnswerResponse) -> Grade:
    """Grade all or nothing."""
    if not typed_words(response.text):
        return Grade(NOTHING, (remarks.LEFT_OPEN,))
    found = compare(key.accepted, response.text, exact=key.exact)
    return _grade(found, EVERYTHING if found.is_accepted else NOTHING)


def grade_translation(
    key: TranslationKey, options: TranslationOptions, response: TranslationResponse
) -> Grade:
    """Score the share of right words; less than half of them earns nothing."""
    language: Language = "en" if options.direction == "to_english" else "id"
    return _grade_sentence(key.accepted, response.text, language)


def grade_dictation(key: DictationKey, response: DictationResponse) -> Grade:
    """Score the share of right words; less than half of them earns nothing."""
    return _grade_sentence(key.accepted, response.text, "en")


def _grade_sentence(accepted: Sequence[str], text: str, language: Language) -> Grade:
    if not typed_words(text):
        return Grade(NOTHING, (remarks.LEFT_OPEN,))
    found = compare(accepted, text, language=language)
    if found.is_accepted:
        return _grade(found, EVERYTHING)
    words_right = Decimal(found.similarity)
    return _grade(found, partial(words_right) if words_right >= HALF else NOTHING)


def grade_error_correction(
    key: ErrorCorrectionKey, options: ErrorCorrectionOptions, response: ErrorCorrectionResponse
) -> Grade:
    """Score 1 for an accepted sentence, a half for the right place mended wrongly, else nothing.

    Typos are forgiven in words that were right before, not in what was to be mended: there the
    spelling may be what is taught.
    """
    if not typed_words(response.text):
        return Grade(NOTHING, (remarks.LEFT_OPEN,))
    faulty, given = words(options.text), words(response.text)
    if given == faulty:
        return Grade(NOTHING, (remarks.UNCHANGED,))
    found = compare(key.accepted, response.text)
    if found.is_accepted and all(set(words(typo.expected)) <= set(faulty) for typo in found.typos):
        return _grade(found, EVERYTHING)
    if any(_differs_only_between(faulty, given, *ends) for ends in _places(faulty, key.accepted)):
        return _grade(found, HALF, remarks.PLACE_FOUND)
    return _grade(found, NOTHING, remarks.SPOILED)


def _places(faulty: list[str], accepted: list[str]) -> set[tuple[int, int]]:
    """Return the places of the mistake, as the numbers of words before and after it.

    It reaches from the first to the last word in which an accepted sentence differs; of those, only
    the ones that change least, as the others reword what was right, too.
    """
    size: dict[tuple[int, int], int] = {}
    for sentence in accepted:
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


def _grade(found: Comparison, score: Decimal, *remarks_before: Texts) -> Grade:
    return Grade(score, (*remarks_before, *_reasons(found)), found.diff)


def _reasons(found: Comparison) -> tuple[Texts, ...]:
    """Return why the answer differs; where that is not known, the right answer that is closest."""
    reasons = tuple(Texts(reason.text("en"), reason.text("id")) for reason in found.reasons)
    if reasons or found.is_accepted:
        return reasons
    return (remarks.CLOSEST.format(answer=found.closest),)
