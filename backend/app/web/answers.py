"""Between the question forms and the response documents of practice."""

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.datastructures import FormData

from app.domain.practice.service import accepts
from app.models import Question
from app.models.documents import (
    GAP,
    Choice,
    GapFillKey,
    GapFillResponse,
    MatchingResponse,
    MultipleChoiceResponse,
    MultipleSelectResponse,
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


def fields_of(form: FormData) -> dict[str, Any]:
    """Return the text fields of a form; `choices` holds the list of what was ticked."""
    fields: dict[str, Any] = {k: v for k, v in form.items() if isinstance(v, str)}
    fields["choices"] = [value for value in form.getlist("choices") if isinstance(value, str)]
    return fields


def read_response(question: Question, fields: Fields) -> Response | None:  # noqa: PLR0911 - a type a line
    """Return the learner's response, or None when nothing was answered.

    Raises pydantic.ValidationError for values that the page does not offer.
    """
    kind: Any = question.type
    match kind:
        case "multiple_choice" if fields.get("choice"):
            return MultipleChoiceResponse(type=kind, choice=fields["choice"])
        case "multiple_select" if fields["choices"]:
            return MultipleSelectResponse(type=kind, choices=fields["choices"])
        case "true_false" if fields.get("value"):
            return TrueFalseResponse(type=kind, value=fields["value"] == "true")
        case "gap_fill":
            gaps = [fields.get(f"gap-{n}", "") for n in range(question.stem.count(GAP))]
            return GapFillResponse(type=kind, gaps=gaps) if any(map(str.strip, gaps)) else None
        case "short_answer" if fields.get("text", "").strip():
            return ShortAnswerResponse(type=kind, text=fields["text"])
        case "matching":
            pairs = _by_choice(fields, "match-", question.options.left)  # type: ignore[union-attr]
            return MatchingResponse(type=kind, pairs=pairs) if pairs else None
        case "ordering":
            order = [token.id for token in ordered_tokens(question, fields)]
            return OrderingResponse(type=kind, order=order) if order else None
        case _:
            return None


def read_duration(text: str) -> int | None:
    """Return the milliseconds that a page counted; None when it did not, or for over a day."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_DURATION_MS))):
        return None
    return int(text) if int(text) <= MAX_DURATION_MS else None


def ordered_tokens(question: Question, fields: Fields) -> list[Choice]:
    """Return the tokens that were given a place, in the order of the places."""
    tokens = question.options.tokens  # type: ignore[union-attr]
    places = {k: int(v) for k, v in _by_choice(fields, "position-", tokens).items() if v.isdigit()}
    return sorted((t for t in tokens if t.id in places), key=lambda t: places[t.id])


def _by_choice(fields: Fields, prefix: str, choices: Iterable[Choice]) -> dict[str, str]:
    """Return what was chosen for each of `choices`, without those left open."""
    chosen = ((choice.id, fields.get(prefix + choice.id, "")) for choice in choices)
    return {key: value for key, value in chosen if value}


def form_view(question: Question, stem: str, fields: Fields) -> dict[str, Any]:
    """Return what the inputs of a question show: what was answered, and how a gap text is cut."""
    view: dict[str, Any] = {"choices": [], **fields}
    if isinstance(question.answer_key, GapFillKey):
        gaps = question.answer_key.gaps
        longest = max(len(text) for gap in gaps for text in gap)
        view["pieces"] = split_gaps(gap_text(stem))
        view["gap_size"] = min(MAX_GAP_SIZE, max(MIN_GAP_SIZE, longest + 1))
        view["gaps_right"] = [
            accepts(gap, fields.get(f"gap-{n}", "")) for n, gap in enumerate(gaps)
        ]
    elif question.type == "ordering":
        view["ordered"] = ordered_tokens(question, fields)
    return view


def gap_instruction(stem: str) -> str:
    """Return the part of a gap-fill stem before the text with the gaps: the instruction."""
    return stem[: _gap_text_start(stem)].strip().removesuffix(":")


def gap_text(stem: str) -> str:
    """Return the part of a gap-fill stem that holds the gaps, from its quotation mark on."""
    return stem[_gap_text_start(stem) :]


def _gap_text_start(stem: str) -> int:
    return max(0, stem.find("“", 0, stem.find(GAP)))
