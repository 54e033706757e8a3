"""`speaking`: a recording that a teacher marks."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from app.questions import remarks
from app.questions.documents.base import AnswerText, ResponseBase, Whole
from app.questions.forms import Answer, Fields, Problem, first
from app.questions.grades import NOTHING, Grade
from app.questions.types._marked import MarkedKey, MarkedOptions, MarkedType


class SpeakingOptions(MarkedOptions):
    """How long the learner may speak, in seconds, and what a teacher marks."""

    type: Literal["speaking"]
    max_seconds: Whole = Field(ge=5, le=300)


class SpeakingKey(MarkedKey):
    """What a good answer could say, shown after answering; a teacher marks, not the key."""

    type: Literal["speaking"]


class SpeakingResponse(ResponseBase):
    """A recording of the learner's own (see `recordings`), and what they noted beside it."""

    type: Literal["speaking"]
    recording: UUID | None = None
    notes: AnswerText = ""


class Speaking(MarkedType[SpeakingOptions, SpeakingKey, SpeakingResponse]):
    """A recording; notes alone are not marked."""

    name = "speaking"
    example = {"recording": None, "notes": "I talked about my family."}
    has_upload = True

    def grade(
        self, key: SpeakingKey, options: SpeakingOptions, response: SpeakingResponse
    ) -> Grade:
        """Leave the score to a teacher; without a recording nothing is earned nor to be marked."""
        if response.recording is None:
            return Grade(NOTHING, (remarks.NO_RECORDING,))
        return Grade(None, (remarks.WILL_BE_MARKED,))

    def model_responses(self, key: SpeakingKey) -> list[SpeakingResponse]:
        return [SpeakingResponse(type=key.type, notes=key.sample or "")]

    def response_lines(
        self, options: SpeakingOptions | None, response: SpeakingResponse, language: str
    ) -> list[str]:
        return [response.notes] if response.notes else []

    def read_form(
        self, stem: str, options: SpeakingOptions, fields: Fields, prefix: str
    ) -> Answer | None:
        recording, notes = first(fields, f"{prefix}recording"), first(fields, f"{prefix}notes")
        return {"recording": recording, "notes": notes} if recording else None

    def write_form(self, response: SpeakingResponse) -> dict[str, list[str]]:
        recording = [str(response.recording)] if response.recording else []
        return {"recording": recording, "notes": [response.notes]}

    def find_problem(self, options: SpeakingOptions, answer: Answer | None) -> Problem | None:
        return Problem("type.speaking.no_recording") if answer is None else None

    def recording(self, response: SpeakingResponse) -> UUID | None:
        return response.recording
