"""`reading`: a passage with questions about it, each of a type of its own."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from app.core.errors import InvalidInput
from app.questions import remarks
from app.questions.choices import overall, repeated
from app.questions.documents.base import (
    Bilingual,
    ChoiceId,
    Document,
    KeyBase,
    OptionsBase,
    Passage,
    ResponseBase,
)
from app.questions.forms import Answer, Fields, filled
from app.questions.grades import (
    EVERYTHING,
    Grade,
    GradedQuestion,
    PartResult,
    QuestionPart,
    Texts,
    share,
)
from app.questions.types._parts import PART_TYPES, PartKey, PartName, PartOptions, PartResponse
from app.questions.types.base import Front, QuestionType, one_of_each


class ReadingPart(Document):
    """One question about a passage, of a type that is graded at once."""

    id: ChoiceId
    type: PartName
    stem: Bilingual
    options: PartOptions | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        offered = self.options.type if self.options else None
        expected = self.type if PART_TYPES[self.type].options else None
        if offered != expected:
            raise ValueError(
                f"part {self.id}: options must be of type {self.type}"
                if expected
                else f"part {self.id}: {self.type} takes no options"
            )
        return self


class ReadingOptions(OptionsBase):
    """A passage and the questions about it."""

    type: Literal["reading"]
    passage: Passage
    parts: list[ReadingPart] = Field(min_length=2, max_length=12)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if repeated(part.id for part in self.parts):
            raise ValueError("parts: two parts share an id; give each its own")
        return self


class ReadingKey(KeyBase):
    """The key of each part, by the part's id."""

    type: Literal["reading"]
    parts: dict[ChoiceId, PartKey] = Field(min_length=2, max_length=12)


class ReadingResponse(ResponseBase):
    """The response to each part, by the part's id; parts left open may be absent."""

    type: Literal["reading"]
    parts: dict[ChoiceId, PartResponse] = Field(default_factory=dict, max_length=12)


class Reading(QuestionType[ReadingOptions, ReadingKey, ReadingResponse]):
    """A passage; the mean of its parts."""

    name = "reading"
    example = {
        "parts": {
            "p1": {"type": "multiple_choice", "choice": "a"},
            "p2": {"type": "true_false", "value": False},
        },
    }
    has_parts = True
    shows_key = True

    def grade(self, key: ReadingKey, options: ReadingOptions, response: ReadingResponse) -> Grade:
        """Return the mean of the parts; one that is left out is open."""
        parts = []
        total = Decimal(0)
        for part in self.parts(key, options):
            kind = PART_TYPES[part.type]
            given = response.parts.get(part.id) or kind.response(type=part.type)
            earned = kind.grade_any(part.question.key, part.question.options, given)
            total += earned.score or 0
            parts.append(_result(part, earned))
        return Grade(
            share(total, len(parts)), overall(parts, remarks.PARTS_RIGHT), parts=tuple(parts)
        )

    def check_response(
        self, key: ReadingKey, options: ReadingOptions, response: ReadingResponse, field: str
    ) -> None:
        parts = {part.id: part for part in self.parts(key, options)}
        for name, answer in response.parts.items():
            part = parts.get(name)
            if part is None:
                raise InvalidInput(
                    "The passage has no such question.",
                    "Bacaan ini tidak punya pertanyaan tersebut.",
                    field=f"{field}.parts.{name}",
                )
            if part.type != answer.type:
                raise InvalidInput(
                    f"This question is of type {part.type}; so must the answer be.",
                    f"Pertanyaan ini bertipe {part.type}; jawabannya juga harus begitu.",
                    field=f"{field}.parts.{name}.type",
                )
            kind, question = PART_TYPES[part.type], part.question
            kind.check_response(question.key, question.options, answer, f"{field}.parts.{name}")

    def shuffle(
        self, key: ReadingKey, options: ReadingOptions, seed: int, place: str
    ) -> ReadingOptions:
        """Shuffle within the parts; they keep their order, as questions follow the text."""
        parts = [_shuffled(key, part, seed) for part in options.parts]
        return options.model_copy(update={"parts": parts})

    def key_errors(self, key: ReadingKey, options: ReadingOptions) -> Iterator[str]:
        asked = {part.id: part for part in options.parts}
        for name in sorted(key.parts.keys() - asked.keys()):
            yield f"{name!r} is not an id in options.parts ({', '.join(asked)})"
        for name, part in asked.items():
            if name not in key.parts:
                yield f"part {name} has no key; add it to answer_key.parts"
            elif key.parts[name].type != part.type:
                yield f"part {name} is {part.type}, its key {key.parts[name].type}; make them agree"
            else:
                yield from (f"part {name}: {error}" for error in _errors(part, key.parts[name]))

    def model_responses(self, key: ReadingKey) -> list[ReadingResponse]:
        rows = one_of_each(
            [PART_TYPES[part.type].model_responses(part) for part in key.parts.values()]
        )
        return [
            ReadingResponse(type=key.type, parts=dict(zip(key.parts, row, strict=True)))
            for row in rows
        ]

    def wrong_response(
        self, key: ReadingKey, options: ReadingOptions, rng: Random
    ) -> ReadingResponse:
        right = self.model_responses(key)[0]
        part = self.parts(key, options)[0]
        kind = PART_TYPES[part.type]
        wrong = kind.wrong_response(part.question.key, part.question.options, rng)
        return right.model_copy(update={"parts": right.parts | {part.id: wrong}})

    def model_answer(self, key: ReadingKey, options: ReadingOptions | None, language: str) -> str:
        answers = enumerate(self.answer_lines(key, options, language), start=1)
        return "; ".join(f"{number}. {answer}" for number, answer in answers)

    def answer_lines(
        self, key: ReadingKey, options: ReadingOptions | None, language: str
    ) -> list[str]:
        if options is None:
            return [_answer(GradedQuestion(part), language) for part in key.parts.values()]
        return [_answer(part.question, language) for part in self.parts(key, options)]

    def response_lines(
        self, options: ReadingOptions | None, response: ReadingResponse, language: str
    ) -> list[str]:
        return []  # each part is shown as a question of its own

    def is_said(self, answer: Sequence[str], remarks: Sequence[str]) -> bool:
        return True

    def read_form(
        self, stem: str, options: ReadingOptions, fields: Fields, prefix: str
    ) -> Answer | None:
        parts: dict[str, Any] = {}
        for part in options.parts:
            kind = PART_TYPES[part.type]
            read = kind.read_form(part.stem.en, part.options, fields, part_prefix(part.id))
            if read is not None:
                parts[part.id] = {"type": part.type, **read}
        return filled({"parts": parts})

    def write_form(self, response: ReadingResponse) -> dict[str, list[str]]:
        return {
            part_prefix(name) + field: values
            for name, part in response.parts.items()
            for field, values in PART_TYPES[part.type].write_form(part).items()
        }

    def front(self, options: ReadingOptions) -> Front:
        return Front(passage=options.passage)

    def parts(self, key: ReadingKey, options: ReadingOptions) -> list[QuestionPart]:
        return [
            QuestionPart(part.id, part.stem, GradedQuestion(key.parts[part.id], part.options))
            for part in options.parts
            if part.id in key.parts
        ]

    def answered_parts(self, response: ReadingResponse) -> Mapping[str, ResponseBase]:
        return response.parts


def part_prefix(part_id: str) -> str:
    """Return what the names of the fields of a part begin with."""
    return f"part-{part_id}-"


def _result(part: QuestionPart, earned: Grade) -> PartResult:
    return PartResult(
        id=part.id,
        is_correct=earned.score == EVERYTHING,
        score=float(earned.score or 0),
        expected=Texts(_answer(part.question, "en"), _answer(part.question, "id")),
        feedback=earned.feedback,
        diff=earned.diff,
        parts=earned.parts,
    )


def _answer(part: GradedQuestion, language: str) -> str:
    return PART_TYPES[part.key.type].model_answer(part.key, part.options, language)


def _errors(part: ReadingPart, key: KeyBase) -> Iterator[str]:
    kind = PART_TYPES[part.type]
    yield from (message for _, message in kind.find_errors(key, part.options))
    for language, stem in (("English", part.stem.en), ("Indonesian", part.stem.id)):
        yield from (f"the {language} stem {message}" for message in kind.stem_errors(key, stem))


def _shuffled(key: ReadingKey, part: ReadingPart, seed: int) -> ReadingPart:
    if part.options is None or part.id not in key.parts:
        return part
    options = PART_TYPES[part.type].shuffle(key.parts[part.id], part.options, seed, part.id)
    return part.model_copy(update={"options": options})
