"""What a question offers (`questions.options`), by type; the learner sees all of it."""

from typing import Annotated, Literal, Self, get_args

from pydantic import Field, StringConstraints, model_validator

from app.questions.documents.base import Bilingual, ChoiceId, Document, Text, Whole

GAP = "___"
"""Three underscores mark one gap in the stem of a `fill_blank` or `cloze_choice` question."""

AudioName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,100}\.(mp3|ogg|opus|m4a|wav)$")]


class Choice(Document):
    """One selectable text, referred to by `id` in answer keys and responses."""

    id: ChoiceId
    text: Text


Choices = Annotated[list[Choice], Field(min_length=2, max_length=12)]


def _distinct_ids(choices: list[Choice], where: str) -> None:
    ids = [choice.id for choice in choices]
    if len(set(ids)) != len(ids):
        raise ValueError(f"{where}: two choices share an id; give each its own")


class ChoiceOptions(Document):
    """Options of `multiple_choice` and `multiple_answer`."""

    type: Literal["multiple_choice", "multiple_answer"]
    choices: Choices

    @model_validator(mode="after")
    def _check(self) -> Self:
        _distinct_ids(self.choices, "choices")
        return self


class ClozeOptions(Document):
    """What each gap of a `cloze_choice` offers, in the order of the gaps."""

    type: Literal["cloze_choice"]
    gaps: list[Choices] = Field(min_length=1, max_length=12)

    @model_validator(mode="after")
    def _check(self) -> Self:
        for number, choices in enumerate(self.gaps, start=1):
            _distinct_ids(choices, f"gap {number}")
        return self


class MatchingOptions(Document):
    """Two columns to be paired; each left item belongs to exactly one right item."""

    type: Literal["matching"]
    left: Choices
    right: Choices

    @model_validator(mode="after")
    def _check(self) -> Self:
        _distinct_ids(self.left, "left")
        _distinct_ids(self.right, "right")
        return self


class OrderingOptions(Document):
    """Tiles (words or sentences) to be put in order."""

    type: Literal["ordering"]
    tokens: Annotated[list[Choice], Field(min_length=2, max_length=20)]

    @model_validator(mode="after")
    def _check(self) -> Self:
        _distinct_ids(self.tokens, "tokens")
        return self


class ErrorCorrectionOptions(Document):
    """The English sentence in which the mistake is to be found and mended."""

    type: Literal["error_correction"]
    text: Text


class TranslationOptions(Document):
    """What is to be translated: Indonesian `to_english`, English `to_indonesian`."""

    type: Literal["translation"]
    direction: Literal["to_english", "to_indonesian"]
    text: Text


class DictationOptions(Document):
    """What is to be heard: a recording by its file name, else the text that the browser speaks."""

    type: Literal["dictation"]
    speech: Text
    audio: AudioName | None = None


class Passage(Document):
    """The English text of a `reading` (Markdown without HTML)."""

    title: Text
    text: Text


PartOptions = Annotated[
    ChoiceOptions | ClozeOptions | MatchingOptions | OrderingOptions,
    Field(discriminator="type"),
]


class ReadingPart(Document):
    """One question about a passage, of a type that is graded at once."""

    id: ChoiceId
    type: Literal[
        "multiple_choice",
        "multiple_answer",
        "true_false",
        "fill_blank",
        "short_answer",
        "cloze_choice",
        "matching",
        "ordering",
    ]
    stem: Bilingual
    options: PartOptions | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        offered = self.options.type if self.options else None
        expected = self.type if self.type in TYPES_WITH_OPTIONS else None
        if offered != expected:
            raise ValueError(
                f"part {self.id}: options must be of type {self.type}"
                if expected
                else f"part {self.id}: {self.type} takes no options"
            )
        return self


class ReadingOptions(Document):
    """A passage and the questions about it."""

    type: Literal["reading"]
    passage: Passage
    parts: list[ReadingPart] = Field(min_length=2, max_length=12)

    @model_validator(mode="after")
    def _check(self) -> Self:
        ids = [part.id for part in self.parts]
        if len(set(ids)) != len(ids):
            raise ValueError("parts: two parts share an id; give each its own")
        return self


class Criterion(Document):
    """One line of a rubric: what a teacher looks at, for at most `points` points."""

    id: ChoiceId
    name: Bilingual
    points: Whole = Field(ge=1, le=100)


Rubric = Annotated[list[Criterion], Field(min_length=1, max_length=10)]


class EssayOptions(Document):
    """How long the text should be, in words, and what a teacher marks."""

    type: Literal["essay"]
    min_words: Whole = Field(ge=1, le=2_000)
    max_words: Whole = Field(ge=1, le=2_000)
    rubric: Rubric

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.max_words < self.min_words:
            raise ValueError("max_words is less than min_words")
        return self


class SpeakingOptions(Document):
    """How long the learner may speak, in seconds, and what a teacher marks."""

    type: Literal["speaking"]
    max_seconds: Whole = Field(ge=5, le=300)
    rubric: Rubric


Options = Annotated[
    ChoiceOptions
    | ClozeOptions
    | MatchingOptions
    | OrderingOptions
    | ErrorCorrectionOptions
    | TranslationOptions
    | DictationOptions
    | ReadingOptions
    | EssayOptions
    | SpeakingOptions,
    Field(discriminator="type"),
]

QuestionType = Literal[
    "multiple_choice",
    "multiple_answer",
    "true_false",
    "fill_blank",
    "short_answer",
    "cloze_choice",
    "matching",
    "ordering",
    "error_correction",
    "translation",
    "dictation",
    "reading",
    "essay",
    "speaking",
]
QUESTION_TYPES: tuple[str, ...] = get_args(QuestionType)
TYPES_WITHOUT_OPTIONS = ("true_false", "fill_blank", "short_answer")
TYPES_WITH_OPTIONS = tuple(kind for kind in QUESTION_TYPES if kind not in TYPES_WITHOUT_OPTIONS)
MARKED_TYPES = ("essay", "speaking")
"""Types that a teacher marks; every other one is graded at once."""
