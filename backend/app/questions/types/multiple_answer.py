"""`multiple_answer`: several choices are right."""

from collections.abc import Sequence
from random import Random
from typing import Literal

from pydantic import Field

from app.questions import remarks
from app.questions.documents.base import ChoiceId, KeyBase, ResponseBase
from app.questions.forms import Answer, Fields, filled
from app.questions.grades import NOTHING, RIGHT, Grade, share
from app.questions.types._choices import ChoiceOptions, ChoiceType


class MultipleAnswerOptions(ChoiceOptions):
    """What there is to choose from."""

    type: Literal["multiple_answer"]


class MultipleAnswerKey(KeyBase):
    """All right choices (at least two: otherwise use `multiple_choice`)."""

    type: Literal["multiple_answer"]
    choices: list[ChoiceId] = Field(min_length=2, max_length=12)


class MultipleAnswerResponse(ResponseBase):
    """The choices that were ticked."""

    type: Literal["multiple_answer"]
    choices: list[ChoiceId] = Field(default_factory=list, max_length=12)


class MultipleAnswer(ChoiceType[MultipleAnswerOptions, MultipleAnswerKey, MultipleAnswerResponse]):
    """Several of several choices, to be ticked."""

    name = "multiple_answer"
    example = {"choices": ["a", "c"]}
    field = "choices"

    def right(self, key: MultipleAnswerKey) -> list[str]:
        return key.choices

    def picked(self, response: MultipleAnswerResponse) -> list[str]:
        return response.choices

    def grade(
        self,
        key: MultipleAnswerKey,
        options: MultipleAnswerOptions,
        response: MultipleAnswerResponse,
    ) -> Grade:
        """Score right ticks minus wrong ticks, so that ticking everything earns nothing."""
        right, ticked = set(key.choices), set(response.choices)
        if right == ticked:
            return RIGHT
        if not ticked:
            return Grade(NOTHING, (remarks.LEFT_OPEN,))
        missed = [choice.text for choice in options.choices if choice.id in right - ticked]
        in_vain = [choice.text for choice in options.choices if choice.id in ticked - right]
        feedback = [
            remark.format(items=remarks.quoted(texts))
            for remark, texts in ((remarks.MISSED, missed), (remarks.TICKED_IN_VAIN, in_vain))
            if texts
        ]
        return Grade(share(len(right & ticked) - len(ticked - right), len(right)), tuple(feedback))

    def wrong_response(
        self, key: MultipleAnswerKey, options: MultipleAnswerOptions, rng: Random
    ) -> MultipleAnswerResponse:
        return MultipleAnswerResponse(type=key.type, choices=key.choices[1:])

    def is_said(self, answer: Sequence[str], remarks: Sequence[str]) -> bool:
        return True

    def read_form(
        self, stem: str, options: MultipleAnswerOptions, fields: Fields, prefix: str
    ) -> Answer | None:
        return filled({"choices": list(fields.get(f"{prefix}choices", ()))})
