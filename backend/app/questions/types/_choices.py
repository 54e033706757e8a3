"""What `multiple_choice` and `multiple_answer` share: a list of choices."""

from collections.abc import Iterator
from typing import ClassVar, Generic, Self, TypeVar

from pydantic import model_validator

from app.questions.choices import (
    Choices,
    alike_errors,
    check_ids,
    id_errors,
    require_distinct_ids,
    texts_of,
)
from app.questions.documents.base import KeyBase, OptionsBase, ResponseBase
from app.questions.shuffling import in_turn
from app.questions.types.base import Front, QuestionType


class ChoiceOptions(OptionsBase):
    """What there is to choose from."""

    choices: Choices

    @model_validator(mode="after")
    def _check(self) -> Self:
        require_distinct_ids(self.choices, "choices")
        return self


OptionsT = TypeVar("OptionsT", bound=ChoiceOptions)
KeyT = TypeVar("KeyT", bound=KeyBase)
ResponseT = TypeVar("ResponseT", bound=ResponseBase)


class ChoiceType(QuestionType[OptionsT, KeyT, ResponseT], Generic[OptionsT, KeyT, ResponseT]):
    """A type that is answered by choices, of which `right` are right and `picked` were picked."""

    field: ClassVar[str]
    """The name of the field in the response, and in the form."""
    marks_choices = True

    def right(self, key: KeyT) -> list[str]:
        """Return the ids of the right choices."""
        raise NotImplementedError

    def picked(self, response: ResponseT) -> list[str]:
        """Return the ids of the choices that were made."""
        raise NotImplementedError

    def check_response(self, key: KeyT, options: OptionsT, response: ResponseT, field: str) -> None:
        check_ids(self.picked(response), options.choices, f"{field}.{self.field}")

    def shuffle(self, key: KeyT, options: OptionsT, seed: int, place: str) -> OptionsT:
        return options.model_copy(update={"choices": in_turn(options.choices, seed, place)})

    def key_errors(self, key: KeyT, options: OptionsT) -> Iterator[str]:
        yield from id_errors(self.right(key), options.choices, "choices")

    def options_errors(self, options: OptionsT) -> Iterator[str]:
        yield from alike_errors(options.choices, "choices")

    def response_lines(
        self, options: OptionsT | None, response: ResponseT, language: str
    ) -> list[str]:
        return texts_of(self.picked(response), options.choices if options else ())

    def write_form(self, response: ResponseT) -> dict[str, list[str]]:
        return {self.field: self.picked(response)}

    def front(self, options: OptionsT) -> Front:
        return Front([choice.text for choice in options.choices])
