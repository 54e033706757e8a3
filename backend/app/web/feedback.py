"""What a learner is told about an answer, in the language of their pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from app.domain.practice.results import AnswerResult
from app.english.answers import DiffPiece
from app.questions.grades import PartResult, Texts
from app.questions.remarks import CLOSEST
from app.questions.types import TYPES, AnswerKey, Options
from app.questions.types.base import QuestionType

Verdict: TypeAlias = Literal[
    "right", "typo", "partly", "wrong", "open", "skipped", "marked", "assessed"
]
_LEAST_ALIKE = 1 / 3
"""The share of an answer's words, beside the key's, from which on a diff is worth reading."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """The verdict on an answer and why.

    `reason` says why in one sentence or two, `more` whatever else there is to say, `gaps` the same
    of single gaps, by their number. `answer` is the right answer, a line a gap or pair, and empty
    where nothing is left to say; a remark may name another that is nearer (`is_another`).
    """

    kind: QuestionType[Any, Any, Any]
    verdict: Verdict
    reason: str
    more: list[str]
    diff: Sequence[DiffPiece]
    language: str
    gaps: list[tuple[str, list[str]]]
    answer: list[str]
    is_another: bool


def feedback_on(
    result: AnswerResult,
    key: AnswerKey,
    options: Options | None,
    language: str,
    *,
    is_open: bool,
) -> Feedback:
    """Return what to say about a graded answer; `is_open`: nothing was answered."""
    kind = TYPES[key.type]
    verdict = _verdict(result, kind, is_open=is_open)
    remarks = [] if is_open else texts_in(result.feedback, language)
    gaps = [] if is_open or not kind.explains_parts else _gap_remarks(result.parts, language)
    if kind.marks_choices:
        remarks = []  # the marks of the choices, or the answer below, say the same
    remarks.sort(key=lambda remark: not names_answer([remark]))  # what is right, then why
    said = [*remarks, *(text for _, texts in gaps for text in texts)]
    has_more = verdict not in {"right", "typo"}
    is_shown = is_open and kind.shows_key
    answer = unsaid_answer(key, options, said, language) if has_more and not is_shown else []
    explanation = text_in(result.explanation, language)
    reason, *more = [*remarks, *([explanation] if explanation else [])] or [""]
    return Feedback(
        kind=kind,
        verdict=verdict,
        reason=reason,
        more=more,
        diff=() if is_open or not kind.shows_diff else telling(result.diff),
        language=kind.answer_language(options) or language,
        gaps=gaps,
        answer=answer,
        is_another=bool(answer) and names_answer(said),
    )


def names_answer(remarks: Sequence[str]) -> bool:
    """Return whether a remark names the right answer that is nearest to what was given."""
    beginnings = tuple(text.partition("{")[0] for text in (CLOSEST.en, CLOSEST.id))
    return any(remark.startswith(beginnings) for remark in remarks)


def _verdict(result: AnswerResult, kind: QuestionType[Any, Any, Any], *, is_open: bool) -> Verdict:
    if result.needs_marking:
        return "marked"
    if is_open:
        return "skipped" if kind.is_marked else "open"  # the others become cards
    if kind.is_marked:
        return "assessed"  # what a teacher says is shown beside it
    if result.is_correct:
        return "typo" if _has_typo(result.diff, result.parts) else "right"
    return "partly" if result.score else "wrong"


def _has_typo(diff: Sequence[DiffPiece], parts: Sequence[PartResult]) -> bool:
    return any(piece.kind == "typo" for piece in diff) or any(
        _has_typo(part.diff, part.parts) for part in parts
    )


def telling(diff: Sequence[DiffPiece]) -> Sequence[DiffPiece]:
    """Return a diff in which something differs and enough is alike to be read, else none."""
    alike = sum(_length(piece) for piece in diff if piece.kind in {"same", "typo"})
    total = sum(_length(piece) for piece in diff)
    return diff if any(p.kind != "same" for p in diff) and alike >= _LEAST_ALIKE * total else ()


def _length(piece: DiffPiece) -> int:
    return max(len(piece.expected.split()), len(piece.given.split()))


def _gap_remarks(parts: Sequence[PartResult], language: str) -> list[tuple[str, list[str]]]:
    """Return why single typed gaps are as they are; a single gap is told as the whole answer."""
    if len(parts) == 1:
        return []
    return [(part.id, texts_in(part.feedback, language)) for part in parts if part.feedback]


def texts_in(texts: Sequence[Texts], language: str) -> list[str]:
    """Return remarks in one language."""
    return [text.id if language == "id" else text.en for text in texts]


def text_in(text: object, language: str) -> str | None:
    """Return one side of a text with an `en` and an `id`, either of which may be lacking."""
    english: str | None = getattr(text, "en", None)
    return (getattr(text, "id", None) or english) if language == "id" else english


def unsaid_answer(
    key: AnswerKey, options: Options | None, remarks: Sequence[str], language: str
) -> list[str]:
    """Return the right answer unless the remarks, or the marks beside the inputs, say the same."""
    kind = TYPES[key.type]
    answer = kind.answer_lines(key, options, language)
    return [] if kind.is_said(answer, remarks) else answer
