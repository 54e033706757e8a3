"""`multiple_choice`: one of several choices is right."""

from collections.abc import Iterator
from random import Random
from typing import Literal

from app.questions.choices import another, choice_slips, instead, labels_of
from app.questions.documents.base import ChoiceId, KeyBase, ResponseBase
from app.questions.forms import Answer, Fields, filled, first
from app.questions.grades import NOTHING, RIGHT, Grade
from app.questions.slips import Slip
from app.questions.types._choices import ChoiceOptions, ChoiceType


class MultipleChoiceOptions(ChoiceOptions):
    """What there is to choose from."""

    type: Literal["multiple_choice"]


class MultipleChoiceKey(KeyBase):
    """The one right choice."""

    type: Literal["multiple_choice"]
    choice: ChoiceId


class MultipleChoiceResponse(ResponseBase):
    """The choice that was picked."""

    type: Literal["multiple_choice"]
    choice: ChoiceId | None = None


class MultipleChoice(ChoiceType[MultipleChoiceOptions, MultipleChoiceKey, MultipleChoiceResponse]):
    """One of several choices; all or nothing."""

    name = "multiple_choice"
    example = {"choice": "b"}
    field = "choice"

    def right(self, key: MultipleChoiceKey) -> list[str]:
        return [key.choice]

    def picked(self, response: MultipleChoiceResponse) -> list[str]:
        return [response.choice] if response.choice else []

    def grade(
        self,
        key: MultipleChoiceKey,
        options: MultipleChoiceOptions,
        response: MultipleChoiceResponse,
    ) -> Grade:
        if response.choice == key.choice:
            return RIGHT
        return Grade(NOTHING, (instead(labels_of(options.choices), key.choice, response.choice),))

    def wrong_response(
        self, key: MultipleChoiceKey, options: MultipleChoiceOptions, rng: Random
    ) -> MultipleChoiceResponse:
        wrong = another(options.choices, key.choice, rng)
        return MultipleChoiceResponse(type=key.type, choice=wrong)

    def slips(
        self,
        stem: str,
        key: MultipleChoiceKey,
        options: MultipleChoiceOptions,
        response: MultipleChoiceResponse,
    ) -> Iterator[Slip]:
        if response.choice:
            labels = [labels_of(options.choices)]
            yield from choice_slips(stem, labels, [key.choice], [response.choice])

    def read_form(
        self, stem: str, options: MultipleChoiceOptions, fields: Fields, prefix: str
    ) -> Answer | None:
        return filled({"choice": first(fields, f"{prefix}choice")})
