"""The content files under `content/`: their shapes, and the tree of files, before they become rows.

Layout (numbers only order the files in a listing; `position` in the file decides):

    content/vocabulary/<level>.yaml                     VocabularyFile
    content/paths/<path>/path.yaml                      PathFile
    content/paths/<path>/<unit>/unit.yaml               UnitFile
    content/paths/<path>/<unit>/<lesson>.yaml           LessonFile, with its questions
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import Field, StringConstraints, model_validator

from app.questions.documents.base import Document, Plain, Slug, Text, Whole
from app.questions.documents.sections import Sections
from app.questions.documents.translations import QuestionTranslations, Translations
from app.questions.types import TYPES_WITH_OPTIONS, AnswerKey, Options, TypeName

Level = Literal["A1", "A2", "B1", "B2"]
Skill = Literal[
    "grammar", "vocabulary", "reading", "listening", "speaking", "writing", "pronunciation"
]
PartOfSpeech = Literal[
    "noun",
    "verb",
    "phrasal verb",
    "adjective",
    "adverb",
    "pronoun",
    "preposition",
    "conjunction",
    "determiner",
    "numeral",
    "interjection",
    "phrase",
]
Short = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), Plain
]
Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255), Plain
]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9 -]{0,48}$")]


class VocabularyItem(Document):
    """One vocabulary entry; `slug` is its stable name (usually the headword)."""

    slug: Slug
    headword: Short
    part_of_speech: PartOfSpeech
    ipa: Annotated[str, StringConstraints(pattern=r"^/[^/]+/$", max_length=100), Plain]
    level: Level
    meaning: Title
    example_en: Text
    example_id: Text
    tags: list[Tag] = Field(default_factory=list, max_length=30)


class VocabularyFile(Document):
    """`content/vocabulary/<level>.yaml`."""

    entries: list[VocabularyItem] = Field(min_length=1)


class PathFile(Document):
    """`path.yaml`: a course of units."""

    slug: Slug
    title: Title
    description: Text
    position: Whole = Field(ge=1)
    translations: Translations


class UnitFile(Document):
    """`unit.yaml`: a group of lessons at one level."""

    slug: Slug
    title: Title
    description: Text
    level: Level
    position: Whole = Field(ge=1)
    translations: Translations


class QuestionItem(Document):
    """One question of the bank, with everything needed to grade and explain it.

    `about` is the slug of the `reading` question whose passage this one is about, too. `after` is
    the number of the section behind which it is asked; without it, it comes after the last one.
    """

    slug: Slug
    type: TypeName
    skill: Skill | None = None
    level: Level | None = None
    difficulty: Whole = Field(default=3, ge=1, le=5)
    about: Slug | None = None
    after: Whole | None = Field(default=None, ge=1)
    stem: Text
    options: Options | None = None
    answer_key: AnswerKey
    explanation: Text
    translations: QuestionTranslations
    tags: list[Tag] = Field(default_factory=list, max_length=30)

    @model_validator(mode="before")
    @classmethod
    def _name_the_type_once(cls, data: Any) -> Any:
        """Copy `type` into options and answer key, so that authors write it once."""
        if not isinstance(data, dict):
            return data
        named = _with_types(data)
        parts = _parts(named.get("options"))
        if isinstance(parts, list):
            _name_part_types(named, parts)
        return named

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        if self.answer_key.type != self.type:
            raise ValueError(f"answer_key is for {self.answer_key.type}, the question {self.type}")
        if self.options is not None and self.options.type != self.type:
            raise ValueError(f"options are for {self.options.type}, the question is {self.type}")
        if self.options is None and self.type in TYPES_WITH_OPTIONS:
            raise ValueError(f"a {self.type} question needs options")
        return self


def _with_types(question: dict[str, Any]) -> dict[str, Any]:
    """Return a question, or a part of a reading, with its type in options and answer key."""
    return question | {
        name: {"type": question.get("type"), **question[name]}
        for name in ("options", "answer_key")
        if isinstance(question.get(name), dict)
    }


def _parts(document: Any) -> Any:
    return document.get("parts") if isinstance(document, dict) else None


def _name_part_types(question: dict[str, Any], parts: list[Any]) -> None:
    """Copy the type of each part of a reading into the part's options and its answer key."""
    named = [_with_types(part) if isinstance(part, dict) else part for part in parts]
    question["options"] = question["options"] | {"parts": named}
    keys = _parts(question.get("answer_key"))
    if not isinstance(keys, dict):
        return
    types = {str(part.get("id")): part.get("type") for part in parts if isinstance(part, dict)}
    question["answer_key"] = question["answer_key"] | {
        "parts": {
            name: {"type": types[name], **key} if isinstance(key, dict) and name in types else key
            for name, key in keys.items()
        }
    }


class LessonFile(Document):
    """A lesson with its sections and its questions, in teaching order.

    `split_from` is the slug of the lesson of which this one was a part: what learners have done of
    it there counts here.
    """

    slug: Slug
    split_from: Slug | None = None
    title: Title
    level: Level
    skill: Skill
    topic: Short
    position: Whole = Field(ge=1)
    estimated_minutes: Whole = Field(default=15, ge=1, le=240)
    summary: Text
    tags: list[Tag] = Field(default_factory=list, max_length=30)
    translations: Translations
    sections: Sections
    questions: list[QuestionItem] = Field(min_length=1)


# --- the tree of files --------------------------------------------------------------------------

FileModel = TypeVar("FileModel", bound=Document)
Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something to fix in a content file. `file` is relative to `content/`."""

    file: str
    line: int | None
    field: str
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return (
            f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"
        )


def _no_line(_: Location) -> int | None:
    return None


@dataclass(frozen=True, slots=True)
class SourceFile(Generic[FileModel]):
    """One content file: its name relative to `content/`, what it says, and where it says it."""

    name: str
    document: FileModel
    line_of: Callable[[Location], int | None] = field(default=_no_line, repr=False, compare=False)

    def problem(self, message: str, *location: str | int) -> Problem:
        """Return a problem at `location`, for example `("questions", 3, "stem")`."""
        return Problem(self.name, self.line_of(location), field_name(location), message)


def field_name(location: Location) -> str:
    """Return `location` as authors write it: `questions[3].stem`, counted from 1."""
    name = ""
    for part in location:
        name += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return name.lstrip(".")


@dataclass(frozen=True, slots=True)
class UnitFolder:
    """`unit.yaml` and the lessons beside it."""

    source: SourceFile[UnitFile]
    lessons: list[SourceFile[LessonFile]]


@dataclass(frozen=True, slots=True)
class PathFolder:
    """`path.yaml` and the unit folders beside it."""

    source: SourceFile[PathFile]
    units: list[UnitFolder]


@dataclass(frozen=True, slots=True)
class Content:
    """Everything under `content/`."""

    paths: list[PathFolder]
    vocabulary: list[SourceFile[VocabularyFile]]

    def units(self) -> Iterator[UnitFolder]:
        """Yield every unit, path by path."""
        for path in self.paths:
            yield from path.units

    def lessons(self) -> Iterator[SourceFile[LessonFile]]:
        """Yield every lesson, unit by unit."""
        for unit in self.units():
            yield from unit.lessons

    def questions(self) -> Iterator[QuestionItem]:
        """Yield every question, lesson by lesson."""
        for lesson in self.lessons():
            yield from lesson.document.questions

    def words(self) -> Iterator[VocabularyItem]:
        """Yield every vocabulary entry."""
        for source in self.vocabulary:
            yield from source.document.entries
