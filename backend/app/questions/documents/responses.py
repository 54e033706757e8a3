"""What a learner answered (`question_attempts.response`, `tryout_answers.response`), by type.

Nothing answered is a response too: null, an empty text or an empty list.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.questions.documents.base import ChoiceId, Document

# PostgreSQL stores every character but NUL.
AnswerText = Annotated[str, StringConstraints(max_length=1_000, pattern=r"^[^\x00]*$")]
LongText = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\x00]*$")]


class MultipleChoiceResponse(Document):
    """The choice that was picked."""

    type: Literal["multiple_choice"]
    choice: ChoiceId | None = None


class MultipleAnswerResponse(Document):
    """The choices that were ticked."""

    type: Literal["multiple_answer"]
    choices: list[ChoiceId] = Field(default_factory=list, max_length=12)


class TrueFalseResponse(Document):
    """The learner's verdict on the statement."""

    type: Literal["true_false"]
    value: bool | None = None


class FillBlankResponse(Document):
    """The text typed into each gap, in order; a gap left open is an empty string."""

    type: Literal["fill_blank"]
    gaps: list[AnswerText] = Field(default_factory=list, max_length=12)


class ShortAnswerResponse(Document):
    """The text that was typed."""

    type: Literal["short_answer"]
    text: AnswerText = ""


class ClozeResponse(Document):
    """The choice made for each gap, in order; a gap left open is an empty string."""

    type: Literal["cloze_choice"]
    gaps: list[ChoiceId | Literal[""]] = Field(default_factory=list, max_length=12)


class MatchingResponse(Document):
    """Left id to right id, for the pairs that were made."""

    type: Literal["matching"]
    pairs: dict[ChoiceId, ChoiceId] = Field(default_factory=dict, max_length=12)


class OrderingResponse(Document):
    """The token ids in the learner's order."""

    type: Literal["ordering"]
    order: list[ChoiceId] = Field(default_factory=list, max_length=20)


class ErrorCorrectionResponse(Document):
    """The whole sentence as the learner mended it."""

    type: Literal["error_correction"]
    text: AnswerText = ""


class TranslationResponse(Document):
    """The translation that was typed."""

    type: Literal["translation"]
    text: AnswerText = ""


class DictationResponse(Document):
    """What the learner heard."""

    type: Literal["dictation"]
    text: AnswerText = ""


PartResponse = Annotated[
    MultipleChoiceResponse
    | MultipleAnswerResponse
    | TrueFalseResponse
    | FillBlankResponse
    | ShortAnswerResponse
    | ClozeResponse
    | MatchingResponse
    | OrderingResponse,
    Field(discriminator="type"),
]


class ReadingResponse(Document):
    """The response to each part, by the part's id; parts left open may be absent."""

    type: Literal["reading"]
    parts: dict[ChoiceId, PartResponse] = Field(default_factory=dict, max_length=12)


class EssayResponse(Document):
    """The text that was written."""

    type: Literal["essay"]
    text: LongText = ""


class SpeakingResponse(Document):
    """A recording of the learner's own (see `recordings`), and what they noted beside it."""

    type: Literal["speaking"]
    recording: UUID | None = None
    notes: AnswerText = ""


Response = Annotated[
    MultipleChoiceResponse
    | MultipleAnswerResponse
    | TrueFalseResponse
    | FillBlankResponse
    | ShortAnswerResponse
    | ClozeResponse
    | MatchingResponse
    | OrderingResponse
    | ErrorCorrectionResponse
    | TranslationResponse
    | DictationResponse
    | ReadingResponse
    | EssayResponse
    | SpeakingResponse,
    Field(discriminator="type"),
]
