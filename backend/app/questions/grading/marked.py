"""What a teacher marks: grading only tells whether there is anything to mark."""

from app.core.characters import visible
from app.questions.documents import EssayOptions, EssayResponse, SpeakingResponse
from app.questions.grading import remarks
from app.questions.grading.grades import NOTHING, Grade

LEAST_SHARE = 0.5
"""Of the words asked for: with fewer, a text was probably sent by mistake."""


def count_words(text: str) -> int:
    """Return the number of words in a text."""
    return len(visible(text).split())


def is_hardly_begun(options: EssayOptions, text: str) -> bool:
    """Return whether a text has so few words that its writer is asked before it is final."""
    return 0 < count_words(text) < options.min_words * LEAST_SHARE


def grade_essay(options: EssayOptions, response: EssayResponse) -> Grade:
    """Leave the score to a teacher; an empty text earns nothing and needs no mark."""
    words = count_words(response.text)
    if not words:
        return Grade(NOTHING, (remarks.LEFT_OPEN,))
    if options.min_words <= words <= options.max_words:
        return Grade(None, (remarks.WILL_BE_MARKED,))
    length = remarks.LENGTH.format(words=words, least=options.min_words, most=options.max_words)
    return Grade(None, (remarks.WILL_BE_MARKED, length))


def grade_speaking(response: SpeakingResponse) -> Grade:
    """Leave the score to a teacher; without a recording nothing is earned nor to be marked."""
    if response.recording is None:
        return Grade(NOTHING, (remarks.NO_RECORDING,))
    return Grade(None, (remarks.WILL_BE_MARKED,))
