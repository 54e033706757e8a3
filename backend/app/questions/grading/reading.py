"""Grading of a passage with questions about it."""

from collections.abc import Callable
from decimal import Decimal

from app.questions.documents import ReadingKey, ReadingOptions, ReadingResponse, Response
from app.questions.grading import remarks
from app.questions.grading.answers import model_answer
from app.questions.grading.grades import (
    EVERYTHING,
    Grade,
    GradedQuestion,
    PartResult,
    Texts,
    parts_of,
    share,
)
from app.questions.grading.responses import empty_response


def grade_reading(
    key: ReadingKey,
    options: ReadingOptions,
    response: ReadingResponse,
    grade: Callable[[GradedQuestion, Response], Grade],
) -> Grade:
    """Return the mean of the parts, each graded by `grade`; a part that is left out is open."""
    parts = []
    total = Decimal(0)
    for name, question in parts_of(key, options):
        given = response.parts.get(name) or empty_response(question.key.type)
        earned = grade(question, given)
        total += earned.score or 0
        parts.append(_part(name, question, earned))
    right = sum(part.is_correct for part in parts)
    feedback: tuple[Texts, ...] = ()
    if all(part.feedback == (remarks.LEFT_OPEN,) for part in parts):
        feedback = (remarks.LEFT_OPEN,)
    elif 0 < right < len(parts):
        feedback = (remarks.PARTS_RIGHT.format(right=right, total=len(parts)),)
    return Grade(share(total, len(parts)), feedback, parts=tuple(parts))


def _part(name: str, question: GradedQuestion, earned: Grade) -> PartResult:
    answers = (model_answer(question.key, question.options, language) for language in ("en", "id"))
    return PartResult(
        id=name,
        is_correct=earned.score == EVERYTHING,
        score=float(earned.score or 0),
        expected=Texts(*answers),
        feedback=earned.feedback,
        diff=earned.diff,
        parts=earned.parts,
    )
