"""The trial on real commits: what a stranger answered becomes part of the new account."""

from uuid import UUID

import pytest

from app.core.errors import InvalidInput, NotFound
from app.domain.practice import trial
from app.domain.practice.trial import TRIAL, TrialAnswer
from app.models import QuestionAttempt, SRSCard
from app.models.base import LEVELS, new_id
from tests.db.learning import NOW, rows_of
from tests.factories import make_account, make_question, make_user
from tests.work import work_on


@pytest.fixture
async def session(fresh_database):
    async with fresh_database.sessions() as session:
        yield session


@pytest.fixture
async def questions(session):
    session.add_all(
        make_question(slug=slug, level=level)
        for slug, level in zip(reversed(TRIAL), reversed(LEVELS), strict=True)
    )
    await session.commit()
    return await trial.list_questions(work_on(session))


async def make_learner(session):
    user = make_user()
    session.add(user)
    await session.commit()
    return make_account(user)


async def test_the_questions_come_in_order_and_only_while_they_are_published(session, questions):
    assert [question.slug for question in questions] == list(TRIAL)
    questions[1].status = "archived"
    await session.commit()
    assert [q.slug for q in await trial.list_questions(work_on(session))] == [TRIAL[0], *TRIAL[2:]]


def test_an_answer_is_graded_and_explained(questions):
    right = trial.check_answer(questions, TrialAnswer(new_id(), questions[0].id, "b"))
    wrong = trial.check_answer(questions, TrialAnswer(new_id(), questions[0].id, "a"))
    assert (right.is_correct, wrong.is_correct) == (True, False)
    assert wrong.feedback
    with pytest.raises(NotFound):
        trial.check_answer(questions, TrialAnswer(new_id(), new_id(), "a"))
    with pytest.raises(InvalidInput):
        trial.check_answer(questions, TrialAnswer(new_id(), questions[0].id, "z" * 300))


async def test_answers_become_attempts_and_cards_once(fresh_database, session, questions):
    sari, budi = await make_learner(session), await make_learner(session)
    answers = [
        TrialAnswer(new_id(), questions[0].id, "b"),
        TrialAnswer(new_id(), questions[1].id, "a"),
        TrialAnswer(UUID(int=1), new_id(), "a"),  # a question that is gone
    ]
    await session.commit()
    assert await trial.keep_answers(work_on(fresh_database), sari, answers, NOW) == 2
    assert (
        await trial.keep_answers(work_on(fresh_database), budi, answers, NOW) == 0
    )  # they are Sari's
    attempts = await rows_of(session, QuestionAttempt)
    assert [(row.user_id, row.is_correct) for row in attempts] == [
        (sari.user_id, True),
        (sari.user_id, False),
    ]
    cards = await rows_of(session, SRSCard)
    assert [card.item_id for card in cards] == [questions[0].id]  # the second is above her level
