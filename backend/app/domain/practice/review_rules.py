"""Which rating an answer proposes in a review, and which part of a reading is asked there."""

from dataclasses import dataclass

from app.domain.srs.rules import Rating
from app.questions.grades import Grade, GradedQuestion, QuestionPart
from app.questions.grading import parts_of
from app.questions.types import TYPES

THINKING_SECONDS = 10
"""What everybody has before an answer counts as slow, however short the question is."""
WORDS_A_SECOND = 2
"""The pace of reading: 120 words a minute. Readers of English as a second language do 139 on
average (Brysbaert, 2019, How many words do we read per minute?)."""
CHARACTERS_A_SECOND = 2
"""The pace of typing: 24 words a minute. On phones people type 36 in languages they know well
(Palin et al., 2019, How do people type on mobile devices?)."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The rating that an answer proposes. `slow_seconds` is the limit that a right one missed."""

    rating: Rating
    slow_seconds: int | None = None


def seconds_expected(question: GradedQuestion, stem: str) -> int:
    """Return the seconds in which somebody who remembers has read, thought and answered.

    `stem` is all that is read besides the options.

    An answer that comes later was worked out rather than recalled: slow retrieval is a sign of a
    weak memory, so it proposes a shorter interval (Mettler, Massey and Kellman, 2016, let response
    times decide on intervals in the same way).
    """
    kind = TYPES[question.key.type]
    words = len(stem.split()) + kind.words_shown(question.options)
    typed = len(kind.typed_text(question.key))
    return round(THINKING_SECONDS + words / WORDS_A_SECOND + typed / CHARACTERS_A_SECOND)


def propose(grade: Grade, duration_ms: int | None, expected_seconds: int) -> Proposal:
    """Return the rating for an answer: wrong, Again; right but misspelt or slow, Hard; else Good.

    What is partly right was not remembered. Without a duration nothing counts as slow. What a
    teacher would have to mark is taken for right.
    """
    if not (grade.is_correct or grade.needs_marking):
        return Proposal(Rating.AGAIN)
    if duration_ms is not None and duration_ms > expected_seconds * 1000:
        return Proposal(Rating.HARD, expected_seconds)
    return Proposal(Rating.HARD if _is_misspelt(grade) else Rating.GOOD)


def _is_misspelt(grade: Grade) -> bool:
    pieces = [*grade.diff, *(piece for part in grade.parts for piece in part.diff)]
    return any(piece.kind == "typo" for piece in pieces)


def text_of_part(question: GradedQuestion, part_id: str) -> str:
    """Return what is read before a part of a reading is answered: the passage, and its stem."""
    passage = TYPES[question.key.type].front(question.options).passage
    stems = [part.stem.en for part in parts_of(question) if part.id == part_id]
    return " ".join([*([passage.text] if passage else []), *stems])


def choose_part(question: GradedQuestion, seed: int) -> QuestionPart | None:
    """Return the part of a reading that a review asks, each as often as the others; else None."""
    parts = parts_of(question)
    return parts[seed % len(parts)] if parts else None
