"""`translation`: a sentence is translated, into English or into Indonesian."""

from collections.abc import Iterator
from typing import Literal

from app.english.normalization import Language
from app.questions.documents.base import OptionsBase, Text
from app.questions.grades import Grade
from app.questions.typed import grade_sentence
from app.questions.types._text import TextKey, TextResponse, TextType
from app.questions.types.base import Front


class TranslationOptions(OptionsBase):
    """What is to be translated: Indonesian `to_english`, English `to_indonesian`."""

    type: Literal["translation"]
    direction: Literal["to_english", "to_indonesian"]
    text: Text


class TranslationKey(TextKey):
    """Every accepted translation (the first is shown)."""

    type: Literal["translation"]


class TranslationResponse(TextResponse):
    """The translation that was typed."""

    type: Literal["translation"]


class Translation(TextType[TranslationOptions, TranslationKey, TranslationResponse]):
    """A sentence to be translated; right words count, from a half on."""

    name = "translation"
    example = {"text": "I have lived here for two years."}

    def grade(
        self, key: TranslationKey, options: TranslationOptions, response: TranslationResponse
    ) -> Grade:
        return grade_sentence(key.accepted, response.text, self.answer_language(options))

    def key_errors(self, key: TranslationKey, options: TranslationOptions) -> Iterator[str]:
        copied = TranslationResponse(type="translation", text=options.text[:1_000])
        if self.grade(key, options, copied).is_correct:
            yield "the text is accepted as it is, untranslated; correct the key"

    def answer_language(self, options: TranslationOptions) -> Language:
        return "en" if options.direction == "to_english" else "id"

    def front(self, options: TranslationOptions) -> Front:
        given: Language = "id" if options.direction == "to_english" else "en"
        return Front(text=options.text, text_language=given)
