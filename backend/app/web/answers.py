"""Between the question forms and the responses of practice, for all question types."""

from typing import Any

from starlette.datastructures import FormData

from app.core.errors import InvalidInput
from app.questions.forms import Fields, Problem, first
from app.questions.types import TYPES, Options
from app.web.i18n import translate
from app.web.numbers import read_whole

MAX_DURATION_MS = 86_400_000
MAX_SEED = 2**31 - 1


class Unanswered(InvalidInput):
    """A form is not taken yet. `is_question`: it is once the learner confirms it."""

    def __init__(self, problem: Problem) -> None:
        texts = (translate(each, problem.message, **problem.values) for each in ("en", "id"))
        super().__init__(*texts)
        self.is_question = problem.is_question


def fields_of(form: FormData) -> dict[str, list[str]]:
    """Return the text fields of a form; files are left out."""
    fields: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            fields.setdefault(name, []).append(value)
    return fields


def read_answer(name: str, stem: str, options: Options | None, fields: Fields) -> dict[str, Any]:
    """Return the response in a form that was sent; a skipped question is answered with nothing.

    `stem` tells how many gaps there are. Raises InvalidInput when the question is still open.
    """
    if first(fields, "skip"):
        return {"type": name}
    answer = TYPES[name].read_form(stem, options, fields, "")
    problem = TYPES[name].find_problem(options, answer)
    if problem and not (problem.is_question and first(fields, "confirmed")):
        raise Unanswered(problem)
    return {"type": name, **(answer or {})}


def read_duration(text: str) -> int | None:
    """Return the milliseconds that a page counted; None when it did not, or for over a day."""
    return read_whole(text, MAX_DURATION_MS)


def read_seed(text: str) -> int | None:
    """Return the seed of the order in which choices were shown; None when a page names none."""
    return read_whole(text, MAX_SEED)
