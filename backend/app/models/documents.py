"""The shapes of the JSONB columns: one Pydantic union each (lesson sections, options, answer keys).

Nothing else may be stored in those columns: `PydanticJSON` validates on every way in, the JSON
Schemas in `content/schemas/` are generated from here, and the database checks the outer shape.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
Slug = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", min_length=2, max_length=255)
]
ChoiceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,8}$")]

GAP = "___"
"""Three underscores mark one gap in the stem of a `gap_fill` question."""


class Document(BaseModel):
    """Base of every stored document: unknown keys are errors, values are immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(Document):
    """The same text in English and in Indonesian; both are required."""

    en: Text
    id: Text


# --- lesson sections (lessons.sections) -------------------------------------------------------


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


# --- question options (questions.options) -----------------------------------------------------


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
    """Options of `multiple_choice` and `multiple_select`."""

    type: Literal["multiple_choice", "multiple_select"]
    choices: Choices

    @model_validator(mode="after")
    def _check(self) -> Self:
        _distinct_ids(self.choices, "choices")
        return self


class GapFillOptions(Document):
    """Optional word bank of a `gap_fill`; without it the learner types freely."""

    type: Literal["gap_fill"]
    word_bank: list[Text] = Field(min_length=2, max_length=20)


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
    """Tokens (words or sentences) to be put in order; shown in the stored order."""

    type: Literal["ordering"]
    tokens: Annotated[list[Choice], Field(min_length=2, max_length=20)]

    @model_validator(mode="after")
    def _check(self) -> Self:
        _distinct_ids(self.tokens, "tokens")
        return self


Options = Annotated[
    ChoiceOptions | GapFillOptions | MatchingOptions | OrderingOptions,
    Field(discriminator="type"),
]


# --- answer keys (questions.answer_key) -------------------------------------------------------


class MultipleChoiceKey(Document):
    """The one right choice."""

    type: Literal["multiple_choice"]
    choice: ChoiceId


class MultipleSelectKey(Document):
    """All right choices (at least two: otherwise use `multiple_choice`)."""

    type: Literal["multiple_select"]
    choices: list[ChoiceId] = Field(min_length=2, max_length=12)


class TrueFalseKey(Document):
    """Whether the statement in the stem is true."""

    type: Literal["true_false"]
    value: bool


class GapFillKey(Document):
    """For each gap of the stem, in order, every accepted filling (the first is shown)."""

    type: Literal["gap_fill"]
    gaps: list[Annotated[list[Text], Field(min_length=1, max_length=12)]] = Field(
        min_length=1, max_length=12
    )


class ShortAnswerKey(Document):
    """Every accepted answer (the first is shown)."""

    type: Literal["short_answer"]
    accepted: list[Text] = Field(min_length=1, max_length=30)


class MatchingKey(Document):
    """Left id to right id."""

    type: Literal["matching"]
    pairs: dict[ChoiceId, ChoiceId] = Field(min_length=2, max_length=12)


class OrderingKey(Document):
    """Every accepted order of the token ids (the first is shown); unused tokens are distractors."""

    type: Literal["ordering"]
    orders: list[Annotated[list[ChoiceId], Field(min_length=2, max_length=20)]] = Field(
        min_length=1, max_length=10
    )


AnswerKey = Annotated[
    MultipleChoiceKey
    | MultipleSelectKey
    | TrueFalseKey
    | GapFillKey
    | ShortAnswerKey
    | MatchingKey
    | OrderingKey,
    Field(discriminator="type"),
]

QUESTION_TYPES = (
    "multiple_choice",
    "multiple_select",
    "true_false",
    "gap_fill",
    "short_answer",
    "matching",
    "ordering",
)
TYPES_WITH_OPTIONS = ("multiple_choice", "multiple_select", "matching", "ordering")


# --- responses (question_attempts.response, tryout_answers.response) --------------------------


class MultipleChoiceResponse(Document):
    """The choice that was picked."""

    type: Literal["multiple_choice"]
    choice: ChoiceId


class MultipleSelectResponse(Document):
    """The choices that were ticked; may be empty."""

    type: Literal["multiple_select"]
    choices: list[ChoiceId] = Field(max_length=12)


class TrueFalseResponse(Document):
    """The learner's verdict on the statement."""

    type: Literal["true_false"]
    value: bool


# PostgreSQL stores every character but NUL.
AnswerText = Annotated[str, StringConstraints(max_length=1_000, pattern=r"^[^\x00]*$")]


class GapFillResponse(Document):
    """The text typed into each gap, in order; a gap left open is an empty string."""

    type: Literal["gap_fill"]
    gaps: list[AnswerText] = Field(max_length=12)


class ShortAnswerResponse(Document):
    """The text that was typed."""

    type: Literal["short_answer"]
    text: AnswerText


class MatchingResponse(Document):
    """Left id to right id, for the pairs that were made."""

    type: Literal["matching"]
    pairs: dict[ChoiceId, ChoiceId] = Field(max_length=12)


class OrderingResponse(Document):
    """The token ids in the learner's order."""

    type: Literal["ordering"]
    order: list[ChoiceId] = Field(max_length=20)


Response = Annotated[
    MultipleChoiceResponse
    | MultipleSelectResponse
    | TrueFalseResponse
    | GapFillResponse
    | ShortAnswerResponse
    | MatchingResponse
    | OrderingResponse,
    Field(discriminator="type"),
]


# --- translations (… .translations): Indonesian (later others) for the English columns --------


class TitleText(Document):
    """Translated title and description of a path, a unit, a lesson or a question set."""

    title: Text
    description: Text | None = None


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
