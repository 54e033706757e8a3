"""Between the question forms and the response documents of practice."""

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.datastructures import FormData

from app.core.errors import InvalidInput
from app.domain.practice.service import accepts, model_answer
from app.models import Question
from app.models.documents import (
    GAP,
    AnswerKey,
    Choice,
    ChoiceOptions,
    FillBlankKey,
    FillBlankResponse,
    MatchingKey,
    MatchingOptions,
    MatchingResponse,
    MultipleChoiceResponse,
    MultipleAnswerKey,
    MultipleAnswerResponse,
    Options,
    OrderingResponse,
    Response,
    ShortAnswerResponse,
    TrueFalseResponse,
)
from app.web.rendering import split_gaps

MIN_GAP_SIZE = 6
MAX_GAP_SIZE = 22
MAX_DURATION_MS = 86_400_000

Fields = Mapping[str, Any]


class RepeatedPlace(InvalidInput):
    """Two words were put in the same place; the tiles of lancar.js cannot, the selects can."""

    message = "Choose each place once."
    message_id = "Pilih setiap urutan satu kali saja."


def fields_of(form: FormData) -> dict[str, Any]:
    """Return the text fields of a form; `choices` holds the list of what was ticked."""
    fields: dict[str, Any] = {k: v for k, v in form.items() if isinstance(v, str)}
    fields["choices"] = [value for value in form.getlist("choices") if isinstance(value, str)]
    return fields


def read_response(question: Question, fields: Fields) -> Response | None:  # noqa: PLR0911 - a type a line
    """Return the learner's response, or None when nothing was answered.

    Raises RepeatedPlace, and pydantic.ValidationError for values that the page does not offer.
    """
    kind: Any = question.type
    match kind:
        case "multiple_choice" if fields.get("choice"):
            return MultipleChoiceResponse(type=kind, choice=fields["choice"])
        case "multiple_answer" if fields["choices"]:
            return MultipleAnswerResponse(type=kind, choices=fields["choices"])
        case "true_false" if fields.get("value"):
            return TrueFalseResponse(type=kind, value=fields["value"] == "true")
        case "fill_blank":
            gaps = [fields.get(f"gap-{n}", "") for n in range(question.stem.count(GAP))]
            return FillBlankResponse(type=kind, gaps=gaps) if any(map(str.strip, gaps)) else None
        case "short_answer" if fields.get("text", "").strip():
            return ShortAnswerResponse(type=kind, text=fields["text"])
        case "matching":
            pairs = _by_choice(fields, "match-", question.options.left)  # type: ignore[union-attr]
            return MatchingResponse(type=kind, pairs=pairs) if pairs else None
        case "ordering":
            places = _places(question, fields)
            if len(set(places.values())) < len(places):
                raise RepeatedPlace
            order = sorted(places, key=lambda token: places[token])
            return OrderingResponse(type=kind, order=order) if order else None
        case _:
            return None


def read_duration(text: str) -> int | None:
    """Return the milliseconds that a page counted; None when it did not, or for over a day."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_DURATION_MS))):
        return None
    return int(text) if int(text) <= MAX_DURATION_MS else None


def fields_from(response: Response) -> dict[str, Any]:  # noqa: PLR0911 - a type a line
    """Return the fields with which the form shows a stored response: `read_response` undone."""
    match response:
        case MultipleChoiceResponse():
            return {"choice": response.choice}
        case MultipleAnswerResponse():
            return {"choices": response.choices}
        case TrueFalseResponse():
            return {"value": str(response.value).lower()}
        case FillBlankResponse():
            return {f"gap-{n}": text for n, text in enumerate(response.gaps)}
        case ShortAnswerResponse():
            return {"text": response.text}
        case MatchingResponse():
            return {f"match-{left}": right for left, right in response.pairs.items()}
        case OrderingResponse():
            return {f"position-{token}": str(n) for n, token in enumerate(response.order, start=1)}


def answer_lines(key: AnswerKey, options: Options | None, language: str) -> list[str]:
    """Return the right answer as a list to show: a line a gap, a pair, a choice; else one line."""
    match key, options:
        case FillBlankKey(), _:
            return [gap[0] for gap in key.gaps]
        case MatchingKey(), MatchingOptions():
            left = {choice.id: choice.text for choice in options.left}
            right = {choice.id: choice.text for choice in options.right}
            return [f"{left[a]} → {right[b]}" for a, b in key.pairs.items()]
        case MultipleAnswerKey(), ChoiceOptions():
            return [choice.text for choice in options.choices if choice.id in key.choices]
        case _:
            return [model_answer(key, options, language)]


def _places(question: Question, fields: Fields) -> dict[str, int]:
    """Return the place that each token was given, by the token's id."""
    tokens: list[Choice] = question.options.tokens  # type: ignore[union-attr]
    chosen = _by_choice(fields, "position-", tokens)
    return {token: int(place) for token, place in chosen.items() if place.isdecimal()}


def _by_choice(fields: Fields, prefix: str, choices: Iterable[Choice]) -> dict[str, str]:
    """Return what was chosen for each of `choices`, without those left open."""
    chosen = ((choice.id, fields.get(prefix + choice.id, "")) for choice in choices)
    return {key: value for key, value in chosen if value}


def form_view(question: Question, stem: str, fields: Fields) -> dict[str, Any]:
    """Return what the inputs of a question show: what was answered, and how a gap text is cut."""
    view: dict[str, Any] = {"choices": [], **fields}
    if isinstance(question.answer_key, FillBlankKey):
        gaps = question.answer_key.gaps
        longest = max(len(text) for gap in gaps for text in gap)
        view["pieces"] = split_gaps(gap_text(stem))
        view["gap_size"] = min(MAX_GAP_SIZE, max(MIN_GAP_SIZE, longest + 1))
        view["gaps_right"] = [
            accepts(gap, fields.get(f"gap-{n}", "")) for n, gap in enumerate(gaps)
        ]
    elif question.type == "ordering":
        places = _places(question, fields)
        texts = {token.id: token.text for token in question.options.tokens}  # type: ignore[union-attr]
        view["ordered"] = [
            texts[token] for token in sorted(places, key=lambda token: places[token])
        ]
    return view


def gap_instruction(stem: str) -> str:
    """Return the part of a fill-blank stem before the text with the gaps: the instruction."""
    return stem[: _gap_text_start(stem)].strip().removesuffix(":")


def gap_text(stem: str) -> str:
    """Return the part of a fill-blank stem that holds the gaps, from its quotation mark on."""
    return stem[_gap_text_start(stem) :]


def _gap_text_start(stem: str) -> int:
    return max(0, stem.find("“", 0, stem.find(GAP)))
