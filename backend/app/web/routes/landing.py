"""What strangers see first: a question that they can answer at once, and what Lancar is."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from app.core.ratelimit import limit_requests
from app.core.work import Work
from app.domain.curriculum import lessons
from app.domain.practice import trial
from app.domain.practice.trial import TrialAnswer
from app.http.deps import CurrentWork, client_address
from app.models import Question
from app.web.trial import keep, read_answers, show, with_answer
from app.web.visit import Visit, Visitor, see_other

router = APIRouter()
MISTAKES = ("tired", "since", "like")
"""What Indonesian speakers get wrong most, by the names of the messages."""


async def landing_page(visit: Visit, work: Work, number: int | None = None) -> Response:
    """Show the landing page with question `number` of the trial, or the next that is open."""
    questions = await trial.list_questions(work)
    return await _page(visit, work, questions, read_answers(visit.request), number)


async def _page(
    visit: Visit,
    work: Work,
    questions: Sequence[Question],
    answers: Sequence[TrialAnswer],
    number: int | None,
) -> Response:
    return visit.page(
        "landing.html",
        trial=show(visit, questions, answers, number),
        lessons=await lessons.count_lessons(work),
        mistakes=MISTAKES,
    )


@router.post("/try")
async def answer_trial(
    visit: Visitor,
    work: CurrentWork,
    *,
    address: Annotated[str, Depends(client_address)],
    question: Annotated[UUID, Form()],
    attempt_id: Annotated[UUID, Form()],
    choice: Annotated[str, Form()] = "",
) -> Response:
    """Grade a stranger's answer and show why it is right or not; their browser keeps it."""
    if visit.account:
        return see_other("/")
    await limit_requests(address)
    questions = await trial.list_questions(work)
    new = TrialAnswer(attempt_id, question, choice)
    trial.check_answer(questions, new)
    answers = with_answer(read_answers(visit.request), new)
    number = [each.id for each in questions].index(question) + 1
    if visit.is_htmx:
        response = await _page(visit, work, questions, answers, number)
    else:
        response = see_other(f"/?question={number}#trial")
    keep(visit.request, response, answers)
    return response
