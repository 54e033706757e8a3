"""Use cases of the trial: four questions that strangers answer before they have an account.

Nothing is stored of a stranger. Who answers keeps the answers (a page in a signed cookie, a program
as it likes) and hands them in once there is an account, where they are answers like any other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core.errors import Conflict, InvalidInput, NotFound
from app.core.work import Work
from app.domain.accounts.account import Account
from app.domain.curriculum import questions
from app.domain.practice import asked
from app.domain.practice.answering import result_of, submit_answer
from app.domain.practice.results import AnswerResult
from app.models import Question
from app.questions import grading
from app.questions.grades import GradedQuestion

TRIAL = (
    "introducing-yourself-01",
    "last-weekend-02",
    "life-experiences-01",
    "linking-ideas-01",
)
"""The slugs of the questions, the easiest first: one of each level, each answered by one press."""

SEED = 7
"""The order of the choices: the same for everybody, and not the one in which they were written."""


@dataclass(frozen=True, slots=True)
class TrialAnswer:
    """An answer of a stranger; `id` is the one it gets as an attempt."""

    id: UUID
    question_id: UUID
    choice: str


async def list_questions(work: Work) -> list[Question]:
    """Return the published questions of the trial in their order, in one statement."""
    by_slug = {question.slug: question for question in await questions.fetch_by_slug(work, TRIAL)}
    return [by_slug[slug] for slug in TRIAL if slug in by_slug]


def check_answer(questions: Iterable[Question], answer: TrialAnswer) -> AnswerResult:
    """Grade an answer to one of `questions` and explain it; nothing is stored.

    Raises NotFound (the question is not of the trial) or InvalidInput (there is no such choice).
    """
    question = next((each for each in questions if each.id == answer.question_id), None)
    if question is None:
        raise NotFound
    graded = GradedQuestion(question.answer_key, question.options)
    response = grading.parse_response(graded, response_of(answer))
    grade = grading.grade(graded, response)
    return result_of(answer.id, asked.question_from(question), grade, grade.score)


def response_of(answer: TrialAnswer) -> dict[str, str]:
    """Return an answer as the response to its question."""
    return {"type": "multiple_choice", "choice": answer.choice}


async def keep_answers(
    work: Work, account: Account, answers: Iterable[TrialAnswer], now: datetime
) -> int:
    """Store the answers of a stranger who has an account now, and return how many they were.

    Each is an attempt, as an answer outside a lesson is, but a question above the learner's level
    makes no card: nobody's first review asks it. What was kept before, by this account or another,
    and what no longer fits its question is passed over: a sign-up never fails by it.
    """
    levels = {question.id: question.level for question in await list_questions(work)}
    kept = 0
    for answer in answers:
        try:
            await submit_answer(
                work,
                account,
                attempt_id=answer.id,
                question_id=answer.question_id,
                lesson_id=None,
                response=response_of(answer),
                duration_ms=None,
                now=now,
                makes_card=levels.get(answer.question_id, "") <= account.level,
            )
        except (NotFound, InvalidInput, Conflict):
            continue
        kept += 1
    return kept
