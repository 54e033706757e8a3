"""What the types share that are answered by one line of text."""

from collections.abc import Iterator
from random import Random
from typing import Generic, TypeVar

from app.questions.documents.base import AnswerText, KeyBase, OptionsBase, ResponseBase
from app.questions.forms import Answer, Fields, read_text
from app.questions.slips import Slip
from app.questions.typed import Accepted, misspelt
from app.questions.types.base import QuestionType


class TextKey(KeyBase):
    """Every accepted text (the first is shown)."""

    accepted: Accepted


class TextResponse(ResponseBase):
    """The text that was typed."""

    text: AnswerText = ""


OptionsT = TypeVar("OptionsT", bound=OptionsBase | None)
KeyT = TypeVar("KeyT", bound=TextKey)
ResponseT = TypeVar("ResponseT", bound=TextResponse)


class TextType(QuestionType[OptionsT, KeyT, ResponseT], Generic[OptionsT, KeyT, ResponseT]):
    """A type whose key lists the texts that are right."""

    shows_diff = True

    def model_responses(self, key: KeyT) -> list[ResponseT]:
        return [self.response(type=key.type, text=text) for text in key.accepted]

    def wrong_response(self, key: KeyT, options: OptionsT, rng: Random) -> ResponseT:
        return self.response(type=key.type, text=misspelt(key.accepted[0], rng))

    def answer_lines(self, key: KeyT, options: OptionsT | None, language: str) -> list[str]:
        return key.accepted[:1]

    def response_lines(
        self, options: OptionsT | None, response: ResponseT, language: str
    ) -> list[str]:
        return [response.text] if response.text else []

    def slips(self, stem: str, key: KeyT, options: OptionsT, response: ResponseT) -> Iterator[Slip]:
        if response.text.strip():
            language = self.answer_language(options) or "en"
            yield Slip(key.accepted, response.text, language, exact=getattr(key, "exact", False))

    def typed_text(self, key: KeyT) -> str:
        return key.accepted[0]

    def read_form(self, stem: str, options: OptionsT, fields: Fields, prefix: str) -> Answer | None:
        return read_text(fields, prefix)

    def write_form(self, response: ResponseT) -> dict[str, list[str]]:
        return {"text": [response.text]}
