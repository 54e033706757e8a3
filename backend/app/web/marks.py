"""What pages show of an answer that a teacher marks."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.characters import visible
from app.domain.marking.marks import Marking, corrections_of
from app.english.answers import DiffPiece
from app.questions.types import TYPES
from app.web.questions import Form
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
    form: Form
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
    marked_on = day.date_of(item.mark.updated_at) if item.mark else None
    stem, question = stem_in(item.question, visit.language), item.question
    return MarkedAnswer(
        marking=item,
        stem=stem,
        text=TYPES[response.type].written(response),
        form=Form(
            stem=stem,
            options=question.options,
            key=question.answer_key,
            language=visit.language,
            fields=TYPES[response.type].write_form(response),
            is_handed_in=True,
        ),
        sample=getattr(item.question.answer_key, "sample", None),
        answered_on=day_text(day.date_of(item.attempt.attempted_at), today, visit.language),
        marked_on=day_text(marked_on, today, visit.language) if marked_on else "",
        corrections=corrections_of(item),
    )
