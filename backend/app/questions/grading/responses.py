"""What a client sends, as a response to the question, or a clear refusal."""

import re
from collections.abc import Iterable
from itertools import takewhile
from typing import Any, get_args

from pydantic import ValidationError

from app.core.errors import InvalidInput
from app.questions.documents import (
    QUESTION_TYPES,
    Choice,
    ChoiceOptions,
    ClozeKey,
    ClozeOptions,
    ClozeResponse,
    Document,
    FillBlankKey,
    FillBlankResponse,
    MatchingOptions,
    MatchingResponse,
    MultipleAnswerResponse,
    MultipleChoiceResponse,
    OrderingOptions,
    OrderingResponse,
    ReadingKey,
    ReadingOptions,
    ReadingResponse,
    Response,
)
from app.questions.grading.grades import GradedQuestion, parts_of

_UNION = get_args(Response)[0]
_SHAPES: dict[str, Any] = {
    get_args(shape.model_fields["type"].annotation)[0]: shape for shape in get_args(_UNION)
}
_TOO_LONG = (
    "The answer is too long: at most {max_length} characters.",
    "Jawabannya terlalu panjang: paling banyak {max_length} karakter.",
)
_PLAIN = re.compile(r"[a-z0-9_]{1,40}")


def parse_response(question: GradedQuestion, data: object) -> Response:
    """Return `data` (any JSON, or a response document) as a response to `question`.

    Raises InvalidInput, naming the field from "response" on, for what is no answer to this type of
    question, and for what nobody who was shown it can answer: choices that are not offered, the
    same one twice, gaps too many or too few. Open questions are fine: nothing ticked, a pair or a
    part left out, no gap at all.
    """
    kind = question.key.type
    if isinstance(data, Document | dict) and _type_of(data) != kind:
        raise InvalidInput(
            f"The question is of type {kind}; so must the response be.",
            f"Soal ini bertipe {kind}; jawabannya juga harus begitu.",
            field="response.type",
        )
    try:
        response: Response = _SHAPES[kind].model_validate(data)
    except ValidationError as error:
        raise _refused(error, kind) from error
    _check(question, response, "response")
    return response


def empty_response(kind: str) -> Response:
    """Return the response of somebody who left a question of this type open."""
    response: Response = _SHAPES[kind](type=kind)
    return response


def _type_of(data: Document | dict[str, Any]) -> object:
    return data.get("type") if isinstance(data, dict) else getattr(data, "type", None)


def _refused(error: ValidationError, kind: str) -> InvalidInput:
    found = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(["response", *_path(found["loc"])])
    if found["type"] == "string_too_long":
        english, indonesian = (text.format(**found["ctx"]) for text in _TOO_LONG)
        return InvalidInput(english, indonesian, field=field)
    return InvalidInput(
        f"This cannot be an answer to a question of type {kind}.",
        f"Ini tidak bisa menjadi jawaban untuk soal bertipe {kind}.",
        field=field,
    )


def _path(location: tuple[int | str, ...]) -> Iterable[str]:
    """Return a location in the JSON, up to a name that a client made up.

    In `parts.<id>.<type>.choice`, the type is Pydantic's name for the member of the union.
    """
    names = [
        str(part)
        for place, part in enumerate(location)
        if not (location[0] == "parts" and place == 2 and part in QUESTION_TYPES)  # noqa: PLR2004
    ]
    return takewhile(_PLAIN.fullmatch, names)


def _check(question: GradedQuestion, response: Response, field: str) -> None:
    match question.options, response:
        case ChoiceOptions(choices=choices), MultipleChoiceResponse(choice=str() as choice):
            _check_ids([choice], choices, f"{field}.choice")
        case ChoiceOptions(choices=choices), MultipleAnswerResponse():
            _check_ids(response.choices, choices, f"{field}.choices")
        case OrderingOptions(tokens=tokens), OrderingResponse():
            _check_ids(response.order, tokens, f"{field}.order")
        case MatchingOptions(left=left, right=right), MatchingResponse():
            _check_ids(response.pairs, left, f"{field}.pairs")
            for partner in response.pairs.values():  # two items may be given the same partner
                _check_ids([partner], right, f"{field}.pairs")
        case ClozeOptions(gaps=gaps), ClozeResponse():
            _check_gaps(question, response, field)
            for place, (picked, choices) in enumerate(zip(response.gaps, gaps, strict=False)):
                _check_ids([picked] if picked else [], choices, f"{field}.gaps.{place}")
        case _, FillBlankResponse():
            _check_gaps(question, response, field)
        case ReadingOptions(), ReadingResponse():
            _check_parts(question, response, field)


def _check_ids(given: Iterable[str], offered: Iterable[Choice], field: str) -> None:
    ids = list(given)
    if not set(ids) <= {choice.id for choice in offered}:
        raise InvalidInput(
            "The question does not offer this choice.",
            "Pilihan ini tidak ada di soal.",
            field=field,
        )
    if len(set(ids)) < len(ids):
        raise InvalidInput(
            "Each choice can be given once.",
            "Setiap pilihan hanya boleh dipakai satu kali.",
            field=field,
        )


def _check_gaps(
    question: GradedQuestion, response: FillBlankResponse | ClozeResponse, field: str
) -> None:
    assert isinstance(question.key, FillBlankKey | ClozeKey)
    gaps = len(question.key.gaps)
    if response.gaps and len(response.gaps) != gaps:
        raise InvalidInput(
            f"The question has {gaps} gaps; send an empty text for an open one.",
            f"Soal ini punya {gaps} isian; kirim teks kosong untuk yang belum diisi.",
            field=f"{field}.gaps",
        )


def _check_parts(question: GradedQuestion, response: ReadingResponse, field: str) -> None:
    key, options = question.key, question.options
    assert isinstance(key, ReadingKey)
    assert isinstance(options, ReadingOptions)
    parts = dict(parts_of(key, options))
    for name, answer in response.parts.items():
        part = parts.get(name)
        if part is None:
            raise InvalidInput(
                "The passage has no such question.",
                "Bacaan ini tidak punya pertanyaan tersebut.",
                field=f"{field}.parts.{name}",
            )
        if part.key.type != answer.type:
            raise InvalidInput(
                f"This question is of type {part.key.type}; so must the answer be.",
                f"Pertanyaan ini bertipe {part.key.type}; jawabannya juga harus begitu.",
                field=f"{field}.parts.{name}.type",
            )
        _check(part, answer, f"{field}.parts.{name}")
