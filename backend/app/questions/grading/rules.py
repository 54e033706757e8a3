"""What an answer is worth, for every type of question, and the order in which choices are shown.

`docs/question-types.md` describes each type with its partial credit; the types are in `grading/`.
"""

from app.core.errors import InvalidInput
from app.questions import documents as d
from app.questions.grading.answers import model_answer, model_response, model_responses
from app.questions.grading.choices import (
    grade_cloze_choice,
    grade_matching,
    grade_multiple_answer,
    grade_multiple_choice,
    grade_true_false,
)
from app.questions.grading.grades import Grade, GradedQuestion, PartResult, Texts
from app.questions.grading.marked import grade_essay, grade_speaking
from app.questions.grading.ordering import grade_ordering
from app.questions.grading.reading import grade_reading
from app.questions.grading.responses import parse_response
from app.questions.grading.shuffling import shuffle_seed, shuffled
from app.questions.grading.typed import (
    grade_dictation,
    grade_error_correction,
    grade_fill_blank,
    grade_short_answer,
    grade_translation,
)

__all__ = [
    "Grade",
    "GradedQuestion",
    "PartResult",
    "Texts",
    "grade",
    "model_answer",
    "model_response",
    "model_responses",
    "parse_response",
    "shuffle_seed",
    "shuffled",
]


def grade(question: GradedQuestion, response: d.Response) -> Grade:  # noqa: C901, PLR0911, PLR0912 - a type a branch
    """Return what `response` earns, and what to tell the learner about it.

    The same question and response always give the same grade, whatever the order in which choices
    were shown. Choices that the question does not (any longer) offer, and gaps that it lacks, count
    as wrong. Raises InvalidInput when the response is not for this type of question.
    """
    match question.key, question.options, response:
        case d.MultipleChoiceKey() as key, d.ChoiceOptions() as options, d.MultipleChoiceResponse():
            return grade_multiple_choice(key, options, response)
        case d.MultipleAnswerKey() as key, d.ChoiceOptions() as options, d.MultipleAnswerResponse():
            return grade_multiple_answer(key, options, response)
        case d.TrueFalseKey() as key, _, d.TrueFalseResponse():
            return grade_true_false(key, response)
        case d.FillBlankKey() as key, _, d.FillBlankResponse():
            return grade_fill_blank(key, response)
        case d.ShortAnswerKey() as key, _, d.ShortAnswerResponse():
            return grade_short_answer(key, response)
        case d.ClozeKey() as key, d.ClozeOptions() as options, d.ClozeResponse():
            return grade_cloze_choice(key, options, response)
        case d.MatchingKey() as key, d.MatchingOptions() as options, d.MatchingResponse():
            return grade_matching(key, options, response)
        case d.OrderingKey() as key, d.OrderingOptions() as options, d.OrderingResponse():
            return grade_ordering(key, options, response)
        case (
            d.ErrorCorrectionKey() as key,
            d.ErrorCorrectionOptions() as options,
            d.ErrorCorrectionResponse(),
        ):
            return grade_error_correction(key, options, response)
        case d.TranslationKey() as key, d.TranslationOptions() as options, d.TranslationResponse():
            return grade_translation(key, options, response)
        case d.DictationKey() as key, _, d.DictationResponse():
            return grade_dictation(key, response)
        case d.ReadingKey() as key, d.ReadingOptions() as options, d.ReadingResponse():
            return grade_reading(key, options, response, grade)
        case d.EssayKey(), d.EssayOptions() as options, d.EssayResponse():
            return grade_essay(options, response)
        case d.SpeakingKey(), _, d.SpeakingResponse():
            return grade_speaking(response)
        case _:
            raise InvalidInput(
                f"The question is {question.key.type}, the response {response.type}.",
                f"Soalnya {question.key.type}, jawabannya {response.type}.",
                field="response.type",
            )
