"""What is right (`questions.answer_key`), by type; learners see it after they answered."""

from typing import Annotated, Literal

from pydantic import Field

from app.questions.documents.base import ChoiceId, Document, Flag, Text

Accepted = Annotated[list[Text], Field(min_length=1, max_length=30)]


class MultipleChoiceKey(Document):
    """The one right choice."""

    type: Literal["multiple_choice"]
    choice: ChoiceId


class MultipleAnswerKey(Document):
    """All right choices (at least two: otherwise use `multiple_choice`)."""

    type: Literal["multiple_answer"]
    choices: list[ChoiceId] = Field(min_length=2, max_length=12)


class TrueFalseKey(Document):
    """Whether the statement in the stem is true."""

    type: Literal["true_false"]
    value: Flag


class FillBlankKey(Document):
    """For each gap of the stem, in order, every accepted filling (the first is shown).

    `exact`: the spelling or the form is what is taught, so no typo is forgiven.
    """

    type: Literal["fill_blank"]
    gaps: list[Annotated[list[Text], Field(min_length=1, max_length=12)]] = Field(
        min_length=1, max_length=12
    )
    exact: Flag = False


class ShortAnswerKey(Document):
    """Every accepted answer (the first is shown); `exact` as for `fill_blank`."""

    type: Literal["short_answer"]
    accepted: Accepted
    exact: Flag = False


class ClozeKey(Document):
    """For each gap, in order, the right one of its choices."""

    type: Literal["cloze_choice"]
    gaps: list[ChoiceId] = Field(min_length=1, max_length=12)


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


class ErrorCorrectionKey(Document):
    """The sentence without its mistake, in every accepted wording (the first is shown)."""

    type: Literal["error_correction"]
    accepted: Accepted


class TranslationKey(Document):
    """Every accepted translation (the first is shown)."""

    type: Literal["translation"]
    accepted: Accepted


class DictationKey(Document):
    """What was said, in every accepted spelling (the first is shown)."""

    type: Literal["dictation"]
    accepted: Accepted


PartKey = Annotated[
    MultipleChoiceKey
    | MultipleAnswerKey
    | TrueFalseKey
    | FillBlankKey
    | ShortAnswerKey
    | ClozeKey
    | MatchingKey
    | OrderingKey,
    Field(discriminator="type"),
]


class ReadingKey(Document):
    """The key of each part, by the part's id."""

    type: Literal["reading"]
    parts: dict[ChoiceId, PartKey] = Field(min_length=2, max_length=12)


class EssayKey(Document):
    """A text that would earn full marks, shown after answering; a teacher marks, not the key."""

    type: Literal["essay"]
    sample: Text | None = None


class SpeakingKey(Document):
    """What a good answer could say, shown after answering; a teacher marks, not the key."""

    type: Literal["speaking"]
    sample: Text | None = None


AnswerKey = Annotated[
    MultipleChoiceKey
    | MultipleAnswerKey
    | TrueFalseKey
    | FillBlankKey
    | ShortAnswerKey
    | ClozeKey
    | MatchingKey
    | OrderingKey
    | ErrorCorrectionKey
    | TranslationKey
    | DictationKey
    | ReadingKey
    | EssayKey
    | SpeakingKey,
    Field(discriminator="type"),
]
