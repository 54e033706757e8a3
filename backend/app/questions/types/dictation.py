"""`dictation`: what is heard is typed."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import StringConstraints

from app.questions.documents.base import OptionsBase, Text
from app.questions.grades import Grade
from app.questions.typed import grade_sentence
from app.questions.types._text import TextKey, TextResponse, TextType
from app.questions.types.base import Front

HEARD = 2
"""How often a dictation is listened to before it counts as slow."""
AudioName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,100}\.(mp3|ogg|opus|m4a|wav)$")]


class DictationOptions(OptionsBase):
    """What is to be heard: a recording by its file name, else the text that the browser speaks."""

    type: Literal["dictation"]
    speech: Text
    audio: AudioName | None = None


class DictationKey(TextKey):
    """What was said, in every accepted spelling (the first is shown)."""

    type: Literal["dictation"]


class DictationResponse(TextResponse):
    """What the learner heard."""

    type: Literal["dictation"]


class Dictation(TextType[DictationOptions, DictationKey, DictationResponse]):
    """A sentence to be heard and typed; right words count, from a half on."""

    name = "dictation"
    example = {"text": "Could you say that again?"}
    needs_setting = True
    stays_enabled = True

    def grade(
        self, key: DictationKey, options: DictationOptions, response: DictationResponse
    ) -> Grade:
        return grade_sentence(key.accepted, response.text, "en")

    def key_errors(self, key: DictationKey, options: DictationOptions) -> Iterator[str]:
        heard = DictationResponse(type="dictation", text=options.speech[:1_000])
        if not self.grade(key, options, heard).is_correct:
            yield "what is said is not accepted; list options.speech"

    def front(self, options: DictationOptions) -> Front:
        return Front(speech=options.speech)

    def words_shown(self, options: DictationOptions) -> int:
        return HEARD * len(options.speech.split())
