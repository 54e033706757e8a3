"""Translations (`….translations`): Indonesian, later others, for the English columns."""

from app.questions.documents.base import Document, Text


class TitleText(Document):
    """Translated title and description of a path, a unit, a lesson or a question set.

    Lessons have a `topic` as well, as the statistics name it.
    """

    title: Text
    description: Text | None = None
    topic: Text | None = None


class QuestionText(Document):
    """Translated stem and explanation of a question.

    `stem` is the stem rendered for an Indonesian reader: the instruction and any meaning hint in
    Indonesian, the English under test left in English.
    """

    stem: Text
    explanation: Text | None = None


class Translations(Document):
    """`translations` of paths, units, lessons and question sets, by language code."""

    id: TitleText | None = None


class QuestionTranslations(Document):
    """`translations` of questions, by language code."""

    id: QuestionText | None = None
