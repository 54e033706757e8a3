"""The trial on the landing page: its questions as they are shown, and the cookie of a guest."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import InvalidInput
from app.core.security import signer
from app.domain.practice import trial
from app.domain.practice.trial import TrialAnswer
from app.http.middleware import is_secure
from app.models import Question
from app.models.base import new_id
from app.questions.grades import GradedQuestion
from app.questions.grading import shuffled
from app.web.feedback import Feedback, feedback_on
from app.web.questions import Form
from app.web.rendering import stem_in
from app.web.visit import Visit

COOKIE = "lancar_trial"
_PURPOSE = "trial"
_KEPT_SECONDS = 7 * 86_400


@dataclass(frozen=True, slots=True)
class ShownTrial:
    """One question of the trial, with feedback once it was answered.

    `is_next`: it was asked for, after another one. `right` answers were right; `next_number` is the
    question to go on with, None when all are answered.
    """

    number: int
    total: int
    question: Question
    form: Form
    feedback: Feedback | None
    attempt_id: UUID
    is_next: bool
    right: int
    next_number: int | None


def read_answers(request: Request) -> list[TrialAnswer]:
    """Return the answers in a guest's cookie; none when there is no cookie, or a forged one."""
    token = request.cookies.get(COOKIE)
    if not token:
        return []
    try:
        rows = signer().unsign(_PURPOSE, token)
    except InvalidInput:
        return []
    return [
        TrialAnswer(UUID(attempt), UUID(question), choice) for attempt, question, choice in rows
    ]


def with_answer(answers: Sequence[TrialAnswer], new: TrialAnswer) -> list[TrialAnswer]:
    """Return the answers with one more; the first answer to a question, and of an id, stays."""
    if any(new.question_id == each.question_id or new.id == each.id for each in answers):
        return list(answers)
    return [*answers, new]


def keep(request: Request, response: Response, answers: Sequence[TrialAnswer]) -> None:
    """Have the browser keep a guest's answers: nothing is stored here."""
    rows = [[each.id.hex, each.question_id.hex, each.choice] for each in answers]
    response.set_cookie(
        COOKIE,
        signer().sign(_PURPOSE, rows),
        max_age=_KEPT_SECONDS,
        httponly=True,
        samesite="lax",
        secure=is_secure(request.scope),
    )


def forget(response: Response) -> None:
    """Have the browser forget a guest's answers: an account has them now."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")


def show(
    visit: Visit, questions: Sequence[Question], answers: Sequence[TrialAnswer], number: int | None
) -> ShownTrial | None:
    """Return question `number` (from 1) as it is shown, without one the next that is open.

    None where there are no questions to try. Answers to questions that are gone do not count.
    """
    if not questions:
        return None
    known = {question.id for question in questions}
    answers = [answer for answer in answers if answer.question_id in known]
    given = {answer.question_id: answer for answer in answers}
    open_numbers = [n for n, each in enumerate(questions, start=1) if each.id not in given]
    is_next = number is not None
    if number is None or not 1 <= number <= len(questions):
        number = open_numbers[0] if open_numbers else len(questions)
    question = questions[number - 1]
    graded = GradedQuestion(question.answer_key, question.options)
    options, answer = shuffled(graded, trial.SEED), given.get(question.id)
    result = None if answer is None else trial.check_answer(questions, answer)
    form = Form(
        stem=stem_in(question, visit.language),
        options=options,
        key=question.answer_key,
        language=visit.language,
        fields={"choice": [answer.choice]} if answer else {},
        is_graded=result is not None,
        is_correct=result is not None and result.is_correct,
    )
    return ShownTrial(
        number=number,
        total=len(questions),
        question=question,
        form=form,
        feedback=None
        if result is None
        else feedback_on(result, question.answer_key, options, visit.language, is_open=False),
        attempt_id=answer.id if answer else new_id(),
        is_next=is_next,
        right=sum(trial.check_answer(questions, each).is_correct for each in answers),
        next_number=next((n for n in open_numbers if n > number), None)
        or next(iter(open_numbers), None),
    )
