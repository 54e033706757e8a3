"""The trial: a few questions for strangers, of which nothing is stored."""

import msgspec
from fastapi import APIRouter, Depends
from fastapi import Response as HTTPResponse

from app.api.v1.schemas.answers import AnswerOut, ShownQuestionOut
from app.api.v1.schemas.mistakes import TrialAnswerIn
from app.domain.practice import trial
from app.domain.practice.trial import SEED, TrialAnswer
from app.http.deps import CurrentWork, public
from app.http.problems import problems
from app.http.routing import JSONRoute
from app.questions.grades import GradedQuestion
from app.questions.grading import shuffled

router = APIRouter(
    prefix="/trial", tags=["practice"], route_class=JSONRoute, dependencies=[Depends(public)]
)


@router.get("/questions")
async def list_questions(work: CurrentWork) -> list[ShownQuestionOut]:
    """Return the questions that anybody may try before there is an account, the easiest first."""
    questions = await trial.list_questions(work)
    return [
        ShownQuestionOut.of(
            each, shuffled(GradedQuestion(each.answer_key, each.options), SEED), SEED
        )
        for each in questions
    ]


@router.post("/answers", response_model=AnswerOut, responses=problems(404))
async def check_answer(body: TrialAnswerIn, work: CurrentWork) -> HTTPResponse:
    """Grade a stranger's answer and explain it. Nothing is stored.

    Keep the answer, and send it with the same `id` by POST /attempts once there is an account.
    """
    answer = TrialAnswer(body.id, body.question_id, body.response.choice or "")
    result = trial.check_answer(await trial.list_questions(work), answer)
    return HTTPResponse(msgspec.json.encode(result), media_type="application/json")
