"""What was asked, answered and right, in words: for reports and for the mistake book."""

from dataclasses import dataclass, replace

from app.models import ItemReport, Question
from app.questions.grades import GradedQuestion
from app.questions.types import TYPES, Response
from app.web.rendering import in_language, stem_in


@dataclass(frozen=True, slots=True)
class ReportedItem:
    """A question, or a part of a reading, as it was asked and answered; `language` of the answer.

    `text` is what was to be translated, corrected or read.
    """

    stem: str
    text: str
    language: str
    given: list[str]
    answer: list[str]


def asked_in(report: ItemReport, question: Question, language: str) -> list[ReportedItem]:
    """Return what a report is about: of a reading the parts that were answered."""
    return answered_in(question, report.response, language)


def answered_in(question: Question, given: Response | None, language: str) -> list[ReportedItem]:
    """Return a question with an answer to it: of a reading the parts that were answered."""
    graded = GradedQuestion(question.answer_key, question.options)
    kind = TYPES[question.type]
    parts = kind.parts(graded.key, graded.options)
    if not parts:
        return [_item(stem_in(question, language), graded, given, language)]
    answered = {} if given is None else kind.answered_parts(given)
    passage = kind.front(graded.options).passage
    items = [
        _item(in_language(part.stem, language), part.question, answered.get(part.id), language)
        for part in parts
        if part.id in answered or not answered
    ]
    return [replace(item, text=passage.title if passage else "") for item in items]


def _item(
    stem: str, question: GradedQuestion, given: Response | None, language: str
) -> ReportedItem:
    key, options, kind = question.key, question.options, TYPES[question.key.type]
    return ReportedItem(
        stem=stem,
        text=kind.front(options).text,
        language=kind.answer_language(options) or language,
        given=[] if given is None else kind.response_lines(options, given, language),
        answer=kind.answer_lines(key, options, language),
    )
