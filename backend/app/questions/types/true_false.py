"""`true_false`: whether the statement in the stem is true."""

from collections.abc import Sequence
from random import Random
from typing import Literal

from app.questions import remarks
from app.questions.documents.base import Flag, KeyBase, ResponseBase
from app.questions.forms import Answer, Fields, first
from app.questions.grades import NOTHING, RIGHT, Grade
from app.questions.types.base import QuestionType

_VERDICTS = {"en": ("False", "True"), "id": ("Salah", "Benar")}


class TrueFalseKey(KeyBase):
    """Whether the statement in the stem is true."""

    type: Literal["true_false"]
    value: Flag


class TrueFalseResponse(ResponseBase):
    """The learner's verdict on the statement."""

    type: Literal["true_false"]
    value: bool | None = None


class TrueFalse(QuestionType[None, TrueFalseKey, TrueFalseResponse]):
    """A statement to be judged; all or nothing."""

    name = "true_false"
    example = {"value": True}
    marks_choices = True

    def grade(self, key: TrueFalseKey, options: None, response: TrueFalseResponse) -> Grade:
        if response.value == key.value:
            return RIGHT
        if response.value is None:
            return Grade(NOTHING, (remarks.LEFT_OPEN,))
        verdict = remarks.STATEMENT_IS_TRUE if key.value else remarks.STATEMENT_IS_FALSE
        return Grade(NOTHING, (verdict,))

    def wrong_response(self, key: TrueFalseKey, options: None, rng: Random) -> TrueFalseResponse:
        return TrueFalseResponse(type=key.type, value=not key.value)

    def response_lines(
        self, options: None, response: TrueFalseResponse, language: str
    ) -> list[str]:
        return [] if response.value is None else [_VERDICTS[language][response.value]]

    def answer_language(self, options: None) -> None:
        return None

    def is_said(self, answer: Sequence[str], remarks: Sequence[str]) -> bool:
        return bool(remarks)

    def read_form(self, stem: str, options: None, fields: Fields, prefix: str) -> Answer | None:
        value = first(fields, f"{prefix}value")
        return {"value": value == "true"} if value else None

    def write_form(self, response: TrueFalseResponse) -> dict[str, list[str]]:
        return {} if response.value is None else {"value": [str(response.value).lower()]}
