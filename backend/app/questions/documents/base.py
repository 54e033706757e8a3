"""What every stored document shares."""

import re
from html.entities import html5
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo

from app.core.characters import find_invisible

STORED: Final[dict[str, Any]] = {"is_stored": True}
"""Context of validating what is in the database: it was accepted once, and must stay readable."""

_ELEMENTS = (
    "a|abbr|b|big|blockquote|body|br|button|center|cite|code|dd|del|details|div|dl|dt|em|font|form"
    "|h[1-6]|head|hr|html|i|iframe|img|input|ins|kbd|label|li|link|mark|meta|ol|p|pre|q|s|samp"
    "|script|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|tt|u|ul|video"
)
_TAG = re.compile(
    rf"""</?(?:{_ELEMENTS})(?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))*\s*/?>|<!--""",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|([A-Za-z][A-Za-z0-9]{1,31}));")


def _plain(text: str, info: ValidationInfo) -> str:
    """Refuse what an author does not see, and HTML, which pages show as it stands."""
    if info.context is STORED:
        return text
    if character := find_invisible(text):
        raise ValueError(f"it holds {character}, which nobody sees; remove it")
    if found := _html(text):
        raise ValueError(f"it holds HTML ({found}); write plain text and the character itself")
    return text


def _html(text: str) -> str | None:
    if "<" in text and (tag := _TAG.search(text)):
        return tag[0]
    entities = _ENTITY.finditer(text) if "&" in text else ()
    return next((e[0] for e in entities if e[1] is None or f"{e[1]};" in html5), None)


Plain = AfterValidator(_plain)
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000), Plain
]
Whole = Annotated[int, Field(strict=True)]
"""A number without a fraction; true is none, nor is a text that looks like one."""
Flag = Annotated[bool, Field(strict=True)]
Slug = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", min_length=2, max_length=255)
]
ChoiceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,8}$")]
# PostgreSQL stores every character but NUL.
AnswerText = Annotated[str, StringConstraints(max_length=1_000, pattern=r"^[^\x00]*$")]


class Document(BaseModel):
    """Base of every stored document: unknown keys are errors, values are immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OptionsBase(Document):
    """What a question of some type offers (`questions.options`); the learner sees all of it."""

    type: str


class KeyBase(Document):
    """What is right (`questions.answer_key`); learners see it after they answered."""

    type: str


class ResponseBase(Document):
    """What a learner answered (`question_attempts.response`, `tryout_answers.response`).

    Nothing answered is a response too: null, an empty text or an empty list.
    """

    type: str


class Bilingual(Document):
    """The same text in English and in Indonesian; both are required."""

    en: Text
    id: Text


class Passage(Document):
    """The English text of a `reading` (Markdown without HTML)."""

    title: Text
    text: Text
