"""What pages show of an answer that a teacher marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core.characters import visible
from app.domain.marking.marks import Marking, corrections_of
from app.english.answers import DiffPiece
from app.questions.types.essay import EssayResponse
from app.questions.types.speaking import SpeakingResponse
from app.web.rendering import stem_in
from app.web.time_texts import day_text
from app.web.visit import LearnerVisit


@dataclass(frozen=True, slots=True)
class MarkedAnswer:
    """An answer, its question and its mark; days are those of whoever looks at it.

    `corrections` are what the teacher changed in the text, and what stands.
    """

    marking: Marking
    stem: str
    text: str
    notes: str
    recording: UUID | None
    sample: str | None
    answered_on: str
    marked_on: str
    corrections: Sequence[DiffPiece] = ()

    @property
    def words(self) -> int:
        """How long the text is."""
        return len(visible(self.text).split())


def marked_answer(visit: LearnerVisit, item: Marking) -> MarkedAnswer:
    """Return what pages show of `item`, in the visitor's language."""
    day, response = visit.account.day, item.attempt.response
    today = day.date_of(visit.now)
    spoken = response if isinstance(response, SpeakingResponse) else None
    marked_on = day.date_of(item.mark.updated_at) if item.mark else None
    return MarkedAnswer(
        marking=item,
        stem=stem_in(item.question, visit.language),
        text=response.text if isinstance(response, EssayResponse) else "",
        notes=spoken.notes if spoken else "",
        recording=spoken.recording if spoken else None,
        sample=getattr(item.question.answer_key, "sample", None),
        answered_on=day_text(day.date_of(item.attempt.attempted_at), today, visit.language),
        marked_on=day_text(marked_on, today, visit.language) if marked_on else "",
        corrections=corrections_of(item),
    )
