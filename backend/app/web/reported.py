"""What was asked, answered and right, in words: for reports and for the mistake book."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.models import ItemReport, Question
from app.questions.documents import (
    AnswerKey,
    Choice,
    ChoiceOptions,
    ClozeOptions,
    ClozeResponse,
    FillBlankResponse,
    MatchingOptions,
    MatchingResponse,
    MultipleAnswerResponse,
    MultipleChoiceResponse,
    Options,
    OrderingOptions,
    OrderingResponse,
    ReadingKey,
    ReadingOptions,
    ReadingResponse,
    Response,
    SpeakingResponse,
    TranslationOptions,
    TrueFalseKey,
    TrueFalseResponse,
)
from app.web.feedback import answer_lines
from app.web.i18n import translate
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
    key, options = question.answer_key, question.options
    if not isinstance(options, ReadingOptions) or not isinstance(key, ReadingKey):
        return [_item(stem_in(question, language), key, options, given, language)]
    answered = given.parts if isinstance(given, ReadingResponse) else {}
    items = [
        _item(
            in_language(part.stem, language),
            key.parts[part.id],
            part.options,
            answered.get(part.id),
            language,
        )
        for part in options.parts
        if part.id in key.parts and (part.id in answered or not answered)
    ]
    return [replace(item, text=options.passage.title) for item in items]


def _item(
    stem: str, key: AnswerKey, options: Options | None, given: Response | None, language: str
) -> ReportedItem:
    is_indonesian = isinstance(options, TranslationOptions) and options.direction == "to_indonesian"
    is_verdict = isinstance(key, TrueFalseKey)
    return ReportedItem(
        stem=stem,
        text=getattr(options, "text", ""),
        language=language if is_verdict else "id" if is_indonesian else "en",
        given=[] if given is None else response_lines(given, options, language),
        answer=answer_lines(key, options, language),
    )


def response_lines(  # noqa: PLR0911 - a type a line
    response: Response, options: Options | None, language: str
) -> list[str]:
    """Return what a learner answered, a line a gap or a pair; empty when nothing."""
    match response, options:
        case MultipleChoiceResponse(), ChoiceOptions():
            return _named([response.choice or ""], options)
        case MultipleAnswerResponse(), ChoiceOptions():
            return _named(response.choices, options)
        case TrueFalseResponse(), _:
            if response.value is None:
                return []
            return [translate(language, f"question.{str(response.value).lower()}")]
        case FillBlankResponse(), _:
            return list(response.gaps)
        case ClozeResponse(), ClozeOptions():
            rows = zip(response.gaps, options.gaps, strict=False)
            return [_text(choice, offered) for choice, offered in rows]
        case MatchingResponse(), MatchingOptions():
            pairs = response.pairs.items()
            return [f"{_text(a, options.left)} → {_text(b, options.right)}" for a, b in pairs]
        case OrderingResponse(), OrderingOptions():
            row = " ".join(_text(token, options.tokens) for token in response.order)
            return [row] if row else []
        case SpeakingResponse(), _:
            return [response.notes] if response.notes else []
        case _:
            return [text] if (text := getattr(response, "text", "")) else []


def _named(ids: list[str], options: ChoiceOptions) -> list[str]:
    return [_text(choice, options.choices) for choice in ids if choice]


def _text(choice_id: str, offered: Sequence[Choice]) -> str:
    return next((choice.text for choice in offered if choice.id == choice_id), choice_id)
