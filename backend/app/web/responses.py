"""A learner's response as lines of text, as `answer_lines` shows the right answer."""

from collections.abc import Sequence

from app.models.documents import (
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
    ReadingOptions,
    ReadingResponse,
    Response,
    SpeakingResponse,
    TrueFalseResponse,
)


def response_lines(response: Response, options: Options | None) -> list[str]:  # noqa: PLR0911 - a type a line
    """Return what a learner answered, a line a gap, a pair or a part; empty when nothing."""
    match response, options:
        case MultipleChoiceResponse(), ChoiceOptions():
            return _named([response.choice or ""], options)
        case MultipleAnswerResponse(), ChoiceOptions():
            return _named(response.choices, options)
        case TrueFalseResponse(), _:
            return [] if response.value is None else [str(response.value)]
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
        case ReadingResponse(), ReadingOptions():
            return [
                "; ".join(response_lines(response.parts[part.id], part.options))
                for part in options.parts
                if part.id in response.parts
            ]
        case SpeakingResponse(), _:
            return [response.notes] if response.notes else []
        case _:
            return [text] if (text := getattr(response, "text", "")) else []


def _named(ids: list[str], options: ChoiceOptions) -> list[str]:
    return [_text(choice, options.choices) for choice in ids if choice]


def _text(choice_id: str, offered: Sequence[Choice]) -> str:
    return next((choice.text for choice in offered if choice.id == choice_id), choice_id)
