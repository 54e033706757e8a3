"""`short_answer`: a short text is typed."""

from typing import Literal

from app.english.answers import compare
from app.english.normalization import typed_words
from app.questions import remarks
from app.questions.documents.base import Flag
from app.questions.grades import EVERYTHING, NOTHING, Grade
from app.questions.typed import grade_text
from app.questions.types._text import TextKey, TextResponse, TextType


class ShortAnswerKey(TextKey):
    """Every accepted answer (the first is shown); `exact` as for `fill_blank`."""

    type: Literal["short_answer"]
    exact: Flag = False


class ShortAnswerResponse(TextResponse):
    """The text that was typed."""

    type: Literal["short_answer"]


class ShortAnswer(TextType[None, ShortAnswerKey, ShortAnswerResponse]):
    """A short text; all or nothing, typos aside."""

    name = "short_answer"
    example = {"text": "She is a teacher."}

    def grade(self, key: ShortAnswerKey, options: None, response: ShortAnswerResponse) -> Grade:
        if not typed_words(response.text):
            return Grade(NOTHING, (remarks.LEFT_OPEN,))
        found = compare(key.accepted, response.text, exact=key.exact)
        return grade_text(found, EVERYTHING if found.is_accepted else NOTHING)
