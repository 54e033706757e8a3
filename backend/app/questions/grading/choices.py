"""Grading of what is picked from choices."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from app.questions.documents import (
    Choice,
    ChoiceOptions,
    ClozeKey,
    ClozeOptions,
    ClozeResponse,
    MatchingKey,
    MatchingOptions,
    MatchingResponse,
    MultipleAnswerKey,
    MultipleAnswerResponse,
    MultipleChoiceKey,
    MultipleChoiceResponse,
    TrueFalseKey,
    TrueFalseResponse,
)
from app.questions.grading import remarks
from app.questions.grading.grades import (
    NOTHING,
    RIGHT,
    Grade,
    PartResult,
    Texts,
    share,
)

Item = TypeVar("Item")


def padded(items: Sequence[Item], length: int, filling: Item) -> list[Item]:
    """Return `items` cut or filled up to `length`."""
    return [*items[:length], *[filling] * (length - len(items))]


def labels_of(choices: Iterable[Choice]) -> dict[str, str]:
    """Return the text of each choice by its id."""
    return {choice.id: choice.text for choice in choices}


def grade_multiple_choice(
    key: MultipleChoiceKey, options: ChoiceOptions, response: MultipleChoiceResponse
) -> Grade:
    """Grade all or nothing."""
    if response.choice == key.choice:
        return RIGHT
    return Grade(NOTHING, (_instead(labels_of(options.choices), key.choice, response.choice),))


def _instead(labels: dict[str, str], expected: str, given: str | None) -> Texts:
    """Return the remark on a wrong choice, or on none."""
    if not given:
        return remarks.LEFT_OPEN
    return remarks.INSTEAD.format(
        expected=labels.get(expected, expected), given=labels.get(given, given)
    )


def grade_multiple_answer(
    key: MultipleAnswerKey, options: ChoiceOptions, response: MultipleAnswerResponse
) -> Grade:
    """Score right ticks minus wrong ticks, so that ticking everything earns nothing."""
    right, ticked = set(key.choices), set(response.choices)
    if right == ticked:
        return RIGHT
    if not ticked:
        return Grade(NOTHING, (remarks.LEFT_OPEN,))
    missed = [choice.text for choice in options.choices if choice.id in right - ticked]
    in_vain = [choice.text for choice in options.choices if choice.id in ticked - right]
    feedback = [
        remark.format(items=remarks.quoted(texts))
        for remark, texts in ((remarks.MISSED, missed), (remarks.TICKED_IN_VAIN, in_vain))
        if texts
    ]
    return Grade(share(len(right & ticked) - len(ticked - right), len(right)), tuple(feedback))


def grade_true_false(key: TrueFalseKey, response: TrueFalseResponse) -> Grade:
    """Grade all or nothing."""
    if response.value == key.value:
        return RIGHT
    if response.value is None:
        return Grade(NOTHING, (remarks.LEFT_OPEN,))
    verdict = remarks.STATEMENT_IS_TRUE if key.value else remarks.STATEMENT_IS_FALSE
    return Grade(NOTHING, (verdict,))


def grade_cloze_choice(key: ClozeKey, options: ClozeOptions, response: ClozeResponse) -> Grade:
    """Score the share of right gaps; a gap that is left out is open."""
    parts = [
        _pick(str(number), labels_of(choices), expected, picked)
        for number, (expected, picked, choices) in enumerate(
            zip(
                key.gaps,
                padded(response.gaps, len(key.gaps), ""),
                padded(options.gaps, len(key.gaps), []),
                strict=True,
            ),
            start=1,
        )
    ]
    return from_parts(parts, remarks.GAPS_RIGHT)


def grade_matching(key: MatchingKey, options: MatchingOptions, response: MatchingResponse) -> Grade:
    """Score the share of right pairs."""
    labels = labels_of(options.right)
    parts = [
        _pick(left, labels, right, response.pairs.get(left)) for left, right in key.pairs.items()
    ]
    return from_parts(parts, remarks.PAIRS_RIGHT)


def _pick(name: str, labels: dict[str, str], expected: str, given: str | None) -> PartResult:
    label = labels.get(expected, expected)
    wanted = Texts(label, label)
    if given == expected:
        return PartResult(name, is_correct=True, score=1, expected=wanted)
    feedback = (_instead(labels, expected, given),)
    return PartResult(name, is_correct=False, score=0, expected=wanted, feedback=feedback)


def from_parts(parts: list[PartResult], remark: Texts) -> Grade:
    """Return the grade of parts that are right or wrong; `remark` says how many are right.

    What is said of the only part is said of the whole.
    """
    if len(parts) == 1:
        (part,) = parts
        return Grade(share(int(part.is_correct), 1), part.feedback, part.diff, (part,))
    right = sum(part.is_correct for part in parts)
    feedback: tuple[Texts, ...] = ()
    if all(part.feedback == (remarks.LEFT_OPEN,) for part in parts):
        feedback = (remarks.LEFT_OPEN,)
    elif 0 < right < len(parts):
        feedback = (remark.format(right=right, total=len(parts)),)
    return Grade(share(right, len(parts)), feedback, parts=tuple(parts))
