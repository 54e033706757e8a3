"""What an answer key describes: as responses, and as text to show."""

from collections.abc import Iterable
from typing import Any

from app.questions.documents import (
    AnswerKey,
    ChoiceOptions,
    ClozeKey,
    ClozeOptions,
    ClozeResponse,
    DictationKey,
    DictationResponse,
    ErrorCorrectionKey,
    ErrorCorrectionResponse,
    EssayKey,
    EssayResponse,
    FillBlankKey,
    FillBlankResponse,
    MatchingKey,
    MatchingOptions,
    MatchingResponse,
    MultipleAnswerKey,
    MultipleAnswerResponse,
    MultipleChoiceKey,
    MultipleChoiceResponse,
    Options,
    OrderingKey,
    OrderingOptions,
    OrderingResponse,
    ReadingKey,
    ReadingOptions,
    ReadingResponse,
    Response,
    ShortAnswerKey,
    ShortAnswerResponse,
    SpeakingKey,
    SpeakingResponse,
    TranslationKey,
    TranslationResponse,
    TrueFalseKey,
    TrueFalseResponse,
)
from app.questions.grading.choices import labels_of
from app.questions.grading.grades import GradedQuestion, parts_of

_VERDICTS = {"en": ("False", "True"), "id": ("Salah", "Benar")}


def model_response(key: AnswerKey) -> Response:
    """Return the response that the key shows first; unless a teacher marks it, it is right."""
    return model_responses(key)[0]


def model_responses(key: AnswerKey) -> list[Response]:  # noqa: C901, PLR0911, PLR0912 - a type a branch
    """Return responses that `key` says are right, together using every accepted answer."""
    match key:
        case MultipleChoiceKey():
            return [MultipleChoiceResponse(type=key.type, choice=key.choice)]
        case MultipleAnswerKey():
            return [MultipleAnswerResponse(type=key.type, choices=key.choices)]
        case TrueFalseKey():
            return [TrueFalseResponse(type=key.type, value=key.value)]
        case FillBlankKey():
            return [FillBlankResponse(type=key.type, gaps=gaps) for gaps in _rows(key.gaps)]
        case ShortAnswerKey():
            return [ShortAnswerResponse(type=key.type, text=text) for text in key.accepted]
        case ClozeKey():
            return [ClozeResponse(type=key.type, gaps=list(key.gaps))]
        case MatchingKey():
            return [MatchingResponse(type=key.type, pairs=key.pairs)]
        case OrderingKey():
            return [OrderingResponse(type=key.type, order=order) for order in key.orders]
        case ErrorCorrectionKey():
            return [ErrorCorrectionResponse(type=key.type, text=text) for text in key.accepted]
        case TranslationKey():
            return [TranslationResponse(type=key.type, text=text) for text in key.accepted]
        case DictationKey():
            return [DictationResponse(type=key.type, text=text) for text in key.accepted]
        case ReadingKey():
            rows = _rows([model_responses(part) for part in key.parts.values()])
            return [
                ReadingResponse(type=key.type, parts=dict(zip(key.parts, row, strict=True)))
                for row in rows
            ]
        case EssayKey():
            return [EssayResponse(type=key.type, text=key.sample or "")]
        case SpeakingKey():
            return [SpeakingResponse(type=key.type, notes=key.sample or "")]


def _rows(alternatives: list[list[Any]]) -> list[list[Any]]:
    """Return lists with one alternative for each place, together using every alternative."""
    longest = max(len(each) for each in alternatives)
    return [[each[min(row, len(each) - 1)] for each in alternatives] for row in range(longest)]


def model_answer(key: AnswerKey, options: Options | None, language: str = "en") -> str:  # noqa: PLR0911 - a type a line
    """Return the right answer as one line of text to show; `language` is "id" or "en".

    Only the verdict of a true-or-false question is translated: everything else is what is under
    test. A choice id that the options lack is shown as it is. An essay or speaking question
    without a sample has no right answer: the text is empty.
    """
    match key:
        case MultipleChoiceKey():
            return _texts(options).get(key.choice, key.choice)
        case MultipleAnswerKey():
            texts = _texts(options)
            return "; ".join(texts.get(choice, choice) for choice in key.choices)
        case TrueFalseKey():
            return _VERDICTS.get(language, _VERDICTS["en"])[key.value]
        case FillBlankKey():
            return " … ".join(gap[0] for gap in key.gaps)
        case ClozeKey():
            return " … ".join(_gap_texts(key, options))
        case MatchingKey():
            return "; ".join(_pair_texts(key, options))
        case OrderingKey():
            texts = _texts(options)
            return " ".join(texts.get(token, token) for token in key.orders[0])
        case ReadingKey():
            return "; ".join(_part_texts(key, options, language))
        case EssayKey() | SpeakingKey():
            return key.sample or ""
        case _:
            return key.accepted[0]


def _texts(options: Options | None) -> dict[str, str]:
    match options:
        case ChoiceOptions():
            return labels_of(options.choices)
        case OrderingOptions():
            return labels_of(options.tokens)
        case _:
            return {}


def _gap_texts(key: ClozeKey, options: Options | None) -> Iterable[str]:
    if not isinstance(options, ClozeOptions):
        return key.gaps
    rows = zip(key.gaps, options.gaps, strict=False)
    return (labels_of(choices).get(choice, choice) for choice, choices in rows)


def _pair_texts(key: MatchingKey, options: Options | None) -> Iterable[str]:
    left: dict[str, str] = {}
    right: dict[str, str] = {}
    if isinstance(options, MatchingOptions):
        left, right = labels_of(options.left), labels_of(options.right)
    return (f"{left.get(a, a)} → {right.get(b, b)}" for a, b in key.pairs.items())


def _part_texts(key: ReadingKey, options: Options | None, language: str) -> Iterable[str]:
    """Return the answers of the parts, numbered as they are asked."""
    parts = (
        [part for _, part in parts_of(key, options)]
        if isinstance(options, ReadingOptions)
        else [GradedQuestion(part) for part in key.parts.values()]
    )
    return (
        f"{number}. {model_answer(part.key, part.options, language)}"
        for number, part in enumerate(parts, start=1)
    )
