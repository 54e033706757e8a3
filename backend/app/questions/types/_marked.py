"""What the types share that a teacher marks."""

from collections.abc import Iterator
from random import Random
from typing import Generic, TypeVar

from app.questions.choices import repeated
from app.questions.documents.base import KeyBase, OptionsBase, ResponseBase, Text
from app.questions.marked import Criterion, Rubric
from app.questions.types.base import QuestionType


class MarkedOptions(OptionsBase):
    """What is asked for, and what a teacher marks."""

    rubric: Rubric


class MarkedKey(KeyBase):
    """What would earn full marks, shown after answering; a teacher marks, not the key."""

    sample: Text | None = None


OptionsT = TypeVar("OptionsT", bound=MarkedOptions)
KeyT = TypeVar("KeyT", bound=MarkedKey)
ResponseT = TypeVar("ResponseT", bound=ResponseBase)


class MarkedType(QuestionType[OptionsT, KeyT, ResponseT], Generic[OptionsT, KeyT, ResponseT]):
    """A type that has no right answer, but a rubric: grading tells whether there is anything."""

    is_marked = True
    needs_setting = True

    def options_errors(self, options: OptionsT) -> Iterator[str]:
        for name in repeated(criterion.id for criterion in options.rubric):
            yield f"rubric: {name!r} is used twice; use each id once"

    def wrong_response(self, key: KeyT, options: OptionsT, rng: Random) -> ResponseT:
        return self.response(type=key.type)

    def rubric(self, options: OptionsT) -> list[Criterion]:
        return options.rubric
