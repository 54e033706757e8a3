"""Lesson sections (`lessons.sections`)."""

from typing import Annotated, Literal

from pydantic import Field

from app.questions.documents.base import Bilingual, Document, Slug, Text


class ExplanationSection(Document):
    """Teaching text. `body` is Markdown without HTML (paragraphs, emphasis, lists, tables)."""

    kind: Literal["explanation"]
    title: Bilingual
    body: Bilingual


class TipSection(Document):
    """A short warning or trick, often about a mistake that Indonesian speakers make."""

    kind: Literal["tip"]
    title: Bilingual
    body: Bilingual


class Example(Document):
    """One English sentence, its Indonesian translation and, if useful, a remark."""

    en: Text
    id: Text
    note: Bilingual | None = None


class ExamplesSection(Document):
    """Example sentences in both languages."""

    kind: Literal["examples"]
    title: Bilingual
    items: list[Example] = Field(min_length=1, max_length=50)


class DialogueLine(Document):
    """One turn of a dialogue."""

    speaker: Text
    en: Text
    id: Text


class DialogueSection(Document):
    """A conversation, each line in both languages."""

    kind: Literal["dialogue"]
    title: Bilingual
    lines: list[DialogueLine] = Field(min_length=2, max_length=60)


class ReadingSection(Document):
    """A reading text (Markdown without HTML) with its translation."""

    kind: Literal["reading"]
    title: Bilingual
    body: Bilingual


class VocabularySection(Document):
    """Words of the lesson, by the slug of their vocabulary entry."""

    kind: Literal["vocabulary"]
    title: Bilingual
    entries: list[Slug] = Field(min_length=1, max_length=60)


Section = Annotated[
    ExplanationSection
    | TipSection
    | ExamplesSection
    | DialogueSection
    | ReadingSection
    | VocabularySection,
    Field(discriminator="kind"),
]
Sections = Annotated[list[Section], Field(min_length=1, max_length=60)]
