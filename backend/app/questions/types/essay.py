"""`essay`: a text that a teacher marks."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from app.questions import remarks
from app.questions.documents.base import ResponseBase, Whole
from app.questions.forms import Answer, Fields, Problem, read_text
from app.questions.grades import NOTHING, Grade
from app.questions.marked import count_words
from app.questions.types._marked import MarkedKey, MarkedOptions, MarkedType

LEAST_SHARE = 0.5
"""Of the words asked for: with fewer, a text was probably sent by mistake."""
LongText = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\x00]*$")]


class EssayOptions(MarkedOptions):
    """How long the text should be, in words, and what a teacher marks."""

    type: Literal["essay"]
    min_words: Whole = Field(ge=1, le=2_000)
    max_words: Whole = Field(ge=1, le=2_000)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.max_words < self.min_words:
            raise ValueError("max_words is less than min_words")
        return self


class EssayKey(MarkedKey):
    """A text that would earn full marks, shown after answering; a teacher marks, not the key."""

    type: Literal["essay"]


class EssayResponse(ResponseBase):
    """The text that was written."""

    type: Literal["essay"]
    text: LongText = ""


class Essay(MarkedType[EssayOptions, EssayKey, EssayResponse]):
    """A text; its length is told, not marked."""

    name = "essay"
    example = {"text": "My name is Sari and I live in Bandung."}

    def grade(self, key: EssayKey, options: EssayOptions, response: EssayResponse) -> Grade:
        """Leave the score to a teacher; an empty text earns nothing and needs no mark."""
        words = count_words(response.text)
        if not words:
            return Grade(NOTHING, (remarks.LEFT_OPEN,))
        if options.min_words <= words <= options.max_words:
            return Grade(None, (remarks.WILL_BE_MARKED,))
        length = remarks.LENGTH.format(words=words, least=options.min_words, most=options.max_words)
        return Grade(None, (remarks.WILL_BE_MARKED, length))

    def model_responses(self, key: EssayKey) -> list[EssayResponse]:
        return [EssayResponse(type=key.type, text=key.sample or "")]

    def response_lines(
        self, options: EssayOptions | None, response: EssayResponse, language: str
    ) -> list[str]:
        return [response.text] if response.text else []

    def read_form(
        self, stem: str, options: EssayOptions, fields: Fields, prefix: str
    ) -> Answer | None:
        return read_text(fields, prefix)

    def write_form(self, response: EssayResponse) -> dict[str, list[str]]:
        return {"text": [response.text]}

    def find_problem(self, options: EssayOptions, answer: Answer | None) -> Problem | None:
        if answer and is_hardly_begun(options, answer["text"]):
            numbers = {"n": count_words(answer["text"]), "least": options.min_words}
            return Problem("type.essay.hardly_begun", numbers, is_question=True)
        return super().find_problem(options, answer)

    def written(self, response: EssayResponse) -> str:
        return response.text


def is_hardly_begun(options: EssayOptions, text: str) -> bool:
    """Return whether a text has so few words that its writer is asked before it is final."""
    return 0 < count_words(text) < options.min_words * LEAST_SHARE
