"""What an answer is worth, for every type of question, and the order in which choices are shown.

`docs/question-types.md` describes each type with its partial credit; each is a file of `types/`.
"""

import re
from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.core.errors import InvalidInput
from app.questions.documents.base import STORED, Document
from app.questions.grades import Grade, GradedQuestion, QuestionPart
from app.questions.types import QUESTION_TYPES, TYPES, AnswerKey, Options, Response

_TOO_LONG = (
    "The answer is too long: at most {max_length} characters.",
    "Jawabannya terlalu panjang: paling banyak {max_length} karakter.",
)
_KEYS: TypeAdapter[AnswerKey] = TypeAdapter(AnswerKey)
_OPTIONS: TypeAdapter[Options] = TypeAdapter(Options)
_PLAIN = re.compile(r"[a-z0-9_]{1,40}")


def stored_question(answer_key: str | bytes, options: str | bytes | None) -> GradedQuestion:
    """Return what the two JSON columns of a question hold."""
    key = _KEYS.validate_json(answer_key, context=STORED)
    return GradedQuestion(
        key, None if options is None else _OPTIONS.validate_json(options, context=STORED)
    )


def grade(question: GradedQuestion, response: Response) -> Grade:
    """Return what `response` earns, and what to tell the learner about it.

    The same question and response always give the same grade, whatever the order in which choices
    were shown. Choices that the question does not (any longer) offer, and gaps that it lacks, count
    as wrong. Raises InvalidInput when the response is not for this type of question.
    """
    return TYPES[question.key.type].grade_any(question.key, question.options, response)


def parse_response(question: GradedQuestion, data: object) -> Response:
    """Return `data` (any JSON, or a response document) as a response to `question`.

    Raises InvalidInput, naming the field from "response" on, for what is no answer to this type of
    question, and for what nobody who was shown it can answer: choices that are not offered, the
    same one twice, gaps too many or too few. Open questions are fine: nothing ticked, a pair or a
    part left out, no gap at all.
    """
    name = question.key.type
    if isinstance(data, Document | dict) and _type_of(data) != name:
        raise InvalidInput(
            f"The question is of type {name}; so must the response be.",
            f"Soal ini bertipe {name}; jawabannya juga harus begitu.",
            field="response.type",
        )
    kind = TYPES[name]
    try:
        response: Response = kind.response.model_validate(data)
    except ValidationError as error:
        raise _refused(error, name) from error
    kind.check_response(question.key, question.options, response, "response")
    return response


def _type_of(data: Document | dict[str, Any]) -> object:
    return data.get("type") if isinstance(data, dict) else getattr(data, "type", None)


def _refused(error: ValidationError, name: str) -> InvalidInput:
    found = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(["response", *_path(found["loc"])])
    if found["type"] == "string_too_long":
        english, indonesian = (text.format(**found["ctx"]) for text in _TOO_LONG)
        return InvalidInput(english, indonesian, field=field)
    return InvalidInput(
        f"This cannot be an answer to a question of type {name}.",
        f"Ini tidak bisa menjadi jawaban untuk soal bertipe {name}.",
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


def empty_response(name: str) -> Response:
    """Return the response of somebody who left a question of this type open."""
    response: Response = TYPES[name].response(type=name)
    return response


def model_response(key: AnswerKey) -> Response:
    """Return the response that the key shows first; unless a teacher marks it, it is right."""
    return model_responses(key)[0]


def model_responses(key: AnswerKey) -> list[Response]:
    """Return responses that `key` says are right, together using every accepted answer."""
    return TYPES[key.type].model_responses(key)


def model_answer(key: AnswerKey, options: Options | None, language: str = "en") -> str:
    """Return the right answer as one line of text to show; `language` is "id" or "en".

    A choice id that the options lack is shown as it is. Empty without a right answer: of an essay,
    or of what is to be spoken, without a sample.
    """
    return TYPES[key.type].model_answer(key, options, language)


def shuffled(question: GradedQuestion, seed: int) -> Options | None:
    """Return the options of `question` in the order of `seed`, to be shown."""
    if question.options is None:
        return None
    options: Options = TYPES[question.key.type].shuffle(question.key, question.options, seed, "")
    return options


def parts_of(question: GradedQuestion) -> list[QuestionPart]:
    """Return the questions that this one consists of: of a reading its parts, else none."""
    return TYPES[question.key.type].parts(question.key, question.options)


def part_of(question: GradedQuestion, part_id: str) -> QuestionPart | None:
    """Return one part of a reading; None when there is no such part."""
    return next((part for part in parts_of(question) if part.id == part_id), None)
