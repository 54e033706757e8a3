"""Which rating an answer proposes in a review, and which part of a reading is asked there."""

from dataclasses import dataclass

from app.domain.srs.rules import Rating
from app.questions.documents import (
    DictationOptions,
    FillBlankKey,
    Options,
    ReadingKey,
    ReadingOptions,
)
from app.questions.grading.answers import model_answer
from app.questions.grading.grades import Grade, GradedQuestion

THINKING_SECONDS = 10
"""What everybody has before an answer counts as slow, however short the question is."""
WORDS_A_SECOND = 2
"""The pace of reading: 120 words a minute. Readers of English as a second language do 139 on
average (Brysbaert, 2019, How many words do we read per minute?)."""
CHARACTERS_A_SECOND = 2
"""The pace of typing: 24 words a minute. On phones people type 36 in languages they know well
(Palin et al., 2019, How do people type on mobile devices?)."""
HEARD = 2
"""How often a dictation is listened to before it counts as slow."""
_TYPED = {"fill_blank", "short_answer", "translation", "dictation"}


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
    words = len(stem.split()) + _words_shown(question.options)
    typed = len(_typed_text(question)) if question.key.type in _TYPED else 0
    return round(THINKING_SECONDS + words / WORDS_A_SECOND + typed / CHARACTERS_A_SECOND)


def _words_shown(options: Options | None) -> int:
    """Return how many words are read, or heard, before a question is answered."""
    if options is None:
        return 0
    if isinstance(options, DictationOptions):
        return HEARD * len(options.speech.split())
    return sum(len(text.split()) for text in _texts(options.model_dump()))


def _texts(value: object) -> list[str]:
    """Return every `text` in the options of a question."""
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [text for item in value.values() for text in _texts(item)]


def _typed_text(question: GradedQuestion) -> str:
    if isinstance(question.key, FillBlankKey):
        return " ".join(gap[0] for gap in question.key.gaps)
    return model_answer(question.key, question.options)


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


def part_of(question: GradedQuestion, part_id: str) -> GradedQuestion | None:
    """Return one part of a reading as a question of its own; None when there is no such part."""
    if not isinstance(question.key, ReadingKey) or not isinstance(question.options, ReadingOptions):
        return None
    for part in question.options.parts:
        if part.id == part_id and part_id in question.key.parts:
            return GradedQuestion(question.key.parts[part_id], part.options)
    return None


def text_of_part(options: ReadingOptions, part_id: str) -> str:
    """Return what is read before a part of a reading is answered: the passage, and its stem."""
    stems = [part.stem.en for part in options.parts if part.id == part_id]
    return " ".join([options.passage.text, *stems])


def choose_part(options: ReadingOptions, seed: int) -> str:
    """Return the id of the part of a reading that a review asks: each as often as the others."""
    return options.parts[seed % len(options.parts)].id
