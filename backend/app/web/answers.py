"""Between the question forms and the responses of practice, for all question types.

The fields of a part of a reading carry the part's prefix: `part-a-choice`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from starlette.datastructures import FormData

from app.core.characters import visible
from app.core.errors import InvalidInput
from app.questions.documents import (
    GAP,
    Choice,
    ClozeOptions,
    ClozeResponse,
    ErrorCorrectionOptions,
    EssayResponse,
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
from app.web.i18n import translate
from app.web.numbers import MAX_PLACE, read_whole

MAX_DURATION_MS = 86_400_000
MAX_SEED = 2**31 - 1

Fields: TypeAlias = Mapping[str, Sequence[str]]
"""The values of a form by the names of its fields."""


class RepeatedPlace(InvalidInput):
    """Two words were put in the same place; the tiles of questions.js cannot, the selects can."""

    message = "Choose each place once."
    message_id = "Pilih setiap urutan satu kali saja."


def fields_of(form: FormData) -> dict[str, list[str]]:
    """Return the text fields of a form; files are left out."""
    fields: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            fields.setdefault(name, []).append(value)
    return fields


def first(fields: Fields, name: str) -> str:
    """Return the first value of a field, "" without one."""
    return next(iter(fields.get(name, ())), "")


def part_prefix(part_id: str) -> str:
    """Return what the names of the fields of a part of a reading begin with."""
    return f"part-{part_id}-"


def read_response(  # noqa: PLR0911 - a type a line
    kind: str, stem: str, options: Options | None, fields: Fields, prefix: str = ""
) -> dict[str, Any] | None:
    """Return the learner's response as practice takes it, or None when nothing was answered.

    `stem` tells how many gaps there are. Raises RepeatedPlace.
    """
    response: dict[str, Any] = {"type": kind}
    match kind, options:
        case "multiple_choice", _:
            return _filled(response, choice=first(fields, f"{prefix}choice"))
        case "multiple_answer", _:
            return _filled(response, choices=list(fields.get(f"{prefix}choices", ())))
        case "true_false", _:
            value = first(fields, f"{prefix}value")
            return response | {"value": value == "true"} if value else None
        case ("fill_blank", _) | ("cloze_choice", _):
            total = len(options.gaps) if isinstance(options, ClozeOptions) else stem.count(GAP)
            gaps = [first(fields, f"{prefix}gap-{number}") for number in range(total)]
            return response | {"gaps": gaps} if visible("".join(gaps)).strip() else None
        case "matching", MatchingOptions():
            return _filled(response, pairs=_by_choice(fields, f"{prefix}match-", options.left))
        case "ordering", OrderingOptions():
            return _filled(response, order=placed(options.tokens, fields, prefix))
        case "reading", ReadingOptions():
            return _filled(response, parts=_read_parts(options, fields))
        case "speaking", _:
            recording, notes = first(fields, "recording"), first(fields, "notes")
            return response | {"recording": recording, "notes": notes} if recording else None
        case _:
            text = first(fields, f"{prefix}text")
            return response | {"text": text} if visible(text).strip() else None


def read_answer(kind: str, stem: str, options: Options | None, fields: Fields) -> dict[str, Any]:
    """Return the response in a form that was sent; a skipped question is answered with nothing.

    Raises InvalidInput, with what to do, when the question is still open.
    """
    if first(fields, "skip"):
        return {"type": kind}
    response = read_response(kind, stem, options, fields)
    if response is None:
        raise _problem("question.no_recording" if kind == "speaking" else "question.missing")
    if isinstance(options, ErrorCorrectionOptions) and response["text"].strip() == options.text:
        raise _problem("question.unchanged")
    return response


def _problem(key: str) -> InvalidInput:
    return InvalidInput(translate("en", key), translate("id", key))


def _filled(response: dict[str, Any], **answer: Any) -> dict[str, Any] | None:
    return response | answer if any(answer.values()) else None


def _read_parts(options: ReadingOptions, fields: Fields) -> dict[str, Any]:
    """Return the responses to the parts that were answered."""
    read = {
        part.id: read_response(part.type, part.stem.en, part.options, fields, part_prefix(part.id))
        for part in options.parts
    }
    return {name: response for name, response in read.items() if response is not None}


def placed(tokens: Sequence[Choice], fields: Fields, prefix: str = "") -> list[str]:
    """Return the ids of the tokens that were given a place, in order. Raises RepeatedPlace."""
    chosen = _by_choice(fields, f"{prefix}position-", tokens)
    numbers = {token: read_whole(place, MAX_PLACE) for token, place in chosen.items()}
    places = {token: number for token, number in numbers.items() if number is not None}
    if len(set(places.values())) < len(places):
        raise RepeatedPlace
    return sorted(places, key=lambda token: places[token])


def _by_choice(fields: Fields, prefix: str, choices: Iterable[Choice]) -> dict[str, str]:
    """Return what was chosen for each of `choices`, without those left open."""
    chosen = ((choice.id, first(fields, prefix + choice.id)) for choice in choices)
    return {key: value for key, value in chosen if value}


def fields_from(response: Response, prefix: str = "") -> dict[str, list[str]]:
    """Return the fields with which the form shows a stored response: `read_response` undone."""
    if isinstance(response, ReadingResponse):
        parts = (fields_from(part, part_prefix(name)) for name, part in response.parts.items())
        return {name: values for part in parts for name, values in part.items()}
    return {prefix + name: values for name, values in _fields_from(response).items()}


def _fields_from(response: Response) -> dict[str, list[str]]:  # noqa: PLR0911 - a type a line
    match response:
        case MultipleChoiceResponse():
            return {"choice": [response.choice] if response.choice else []}
        case MultipleAnswerResponse():
            return {"choices": response.choices}
        case TrueFalseResponse():
            return {} if response.value is None else {"value": [str(response.value).lower()]}
        case FillBlankResponse() | ClozeResponse():
            return {f"gap-{number}": [text] for number, text in enumerate(response.gaps)}
        case MatchingResponse():
            return {f"match-{left}": [right] for left, right in response.pairs.items()}
        case OrderingResponse():
            return {
                f"position-{token}": [str(n)] for n, token in enumerate(response.order, start=1)
            }
        case SpeakingResponse():
            recording = [str(response.recording)] if response.recording else []
            return {"recording": recording, "notes": [response.notes]}
        case EssayResponse():
            return {"text": [response.text]}
        case ReadingResponse():
            return {}
        case _:
            return {"text": [response.text]}


def read_duration(text: str) -> int | None:
    """Return the milliseconds that a page counted; None when it did not, or for over a day."""
    return read_whole(text, MAX_DURATION_MS)


def read_seed(text: str) -> int | None:
    """Return the seed of the order in which choices were shown; None when a page names none."""
    return read_whole(text, MAX_SEED)
