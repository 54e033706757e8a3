"""Answers as learners give them: right as the key has it, or wrong in a way that people are."""

import random

from app.questions.grades import GradedQuestion
from app.questions.grading import empty_response, model_response
from app.questions.types import TYPES, Response


def right_answer(question: GradedQuestion) -> Response:
    """Return the answer that the key shows first; an essay is the sample, speaking is skipped."""
    kind, response = TYPES[question.key.type], model_response(question.key)
    return empty_response(kind.name) if kind.has_upload else response


def wrong_answer(question: GradedQuestion, rng: random.Random) -> Response:
    """Return an answer with a mistake that fits the type of the question."""
    kind = TYPES[question.key.type]
    wrong: Response = kind.wrong_response(question.key, question.options, rng)
    return wrong
