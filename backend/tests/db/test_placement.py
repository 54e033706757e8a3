"""The placement test on real commits: one question at a time, each counted once, then a result."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.errors import Conflict, InvalidInput, NotFound
from app.domain.accounts.account import Account
from app.domain.placement import test as placement
from app.domain.placement.irt import item_difficulty
from app.models import (
    DailyActivity,
    LessonQuestion,
    Path,
    PlacementTest,
    Question,
    QuestionAttempt,
    SRSCard,
    Unit,
    User,
)
from app.models.base import LEVELS, new_id
from tests.db.learning import NOW, RIGHT, TODAY, WRONG, rows_of
from tests.factories import make_account, make_lesson, make_question, make_user
from tests.work import work_on

OF_A_LEVEL = 12
SKILLS = ("grammar", "vocabulary", "reading")


@pytest.fixture
async def session(fresh_database: Database):
    async with fresh_database.sessions() as session:
        yield session


@pytest.fixture
async def learner(session: AsyncSession) -> Account:
    user = make_user()
    session.add(user)
    await session.commit()
    return make_account(user)


async def store_path(session: AsyncSession, per_level: int = OF_A_LEVEL, **fields) -> list[Unit]:
    """Store a published path: a unit with a lesson of multiple-choice questions at each level."""
    titles = {"id": {"title": "Jalur"}}
    path = Path(slug="path", title="Path", status="published", translations=titles)
    session.add(path)
    await session.flush()
    units = []
    for place, level in enumerate(LEVELS, 1):
        unit = Unit(path_id=path.id, slug=f"unit-{place}", title=level, level=level, position=place)
        session.add(unit)
        await session.flush()
        units.append(unit)
        lesson = make_lesson(unit_id=unit.id, level=level)
        questions = [
            make_question(
                **{"level": level, "difficulty": 1 + n % 5, "skill": SKILLS[n % 3]} | fields
            )
            for n in range(per_level)
        ]
        session.add_all([lesson, *questions])
        await session.flush()
        session.add_all(
            LessonQuestion(lesson_id=lesson.id, question_id=question.id, position=n)
            for n, question in enumerate(questions, 1)
        )
    await session.commit()
    return units


async def answer(session, learner, standing, response=RIGHT, **fields) -> placement.Standing:
    """Answer the question of a standing, and commit."""
    standing = await placement.submit_answer(
        work_on(session),
        learner,
        **{
            "attempt_id": new_id(),
            "question_id": standing.question.id,
            "response": response,
            "duration_ms": 4000,
            "now": NOW,
        }
        | fields,
    )
    await session.commit()
    return standing


async def take(session, learner, knows) -> placement.Standing:
    """Take a test by answering right what `knows(question)` says, the rest "I don't know"."""
    standing = await placement.begin(work_on(session), learner, NOW)
    while standing.result is None:
        response = RIGHT if knows(standing.question) else None
        standing = await answer(session, learner, standing, response)
    return standing


@pytest.mark.parametrize(("place", "ability"), [(0, -3.0), (1, -0.6), (2, 0.6), (3, 3.0)])
async def test_a_learner_starts_where_their_knowledge_ends(session, learner, place, ability):
    units = await store_path(session)
    standing = await take(session, learner, lambda q: difficulty_of(q) < ability)
    unit = units[place]
    assert standing.result.unit.id == unit.id
    assert (standing.test.status, standing.test.level) == ("finished", unit.level)
    assert placement.LEAST_ITEMS <= standing.answered <= placement.MOST_ITEMS
    assert await session.scalar(select(User.current_level)) == unit.level
    assert (await placement.find_result(work_on(session), learner)).test.id == standing.test.id


def difficulty_of(question) -> float:
    return item_difficulty(question.level, question.difficulty)


async def test_answers_are_attempts_and_activity_but_no_cards(session, learner):
    await store_path(session)
    standing = await placement.begin(work_on(session), learner, NOW)
    for response in (RIGHT, WRONG, None):
        standing = await answer(session, learner, standing, response)
    attempts = await rows_of(session, QuestionAttempt)
    assert sorted(float(row.score) for row in attempts) == [0, 0, 1]
    assert {(row.context, row.placement_test_id) for row in attempts} == {
        ("placement", standing.test.id)
    }
    assert all(row.shuffle_seed is not None for row in attempts)
    (day,) = await rows_of(session, DailyActivity)
    assert (day.day, day.answers, day.correct_answers, day.duration_ms) == (TODAY, 3, 1, 12_000)
    assert await rows_of(session, SRSCard) == []


async def test_the_question_stays_the_same_until_it_is_answered(session, learner, fresh_database):
    await store_path(session)
    standing = await placement.begin(work_on(session), learner, NOW)
    await session.commit()
    async with fresh_database.sessions() as elsewhere:
        again = await placement.begin(work_on(elsewhere), learner, NOW + timedelta(days=1))
        looked = await placement.get_standing(work_on(elsewhere), learner, NOW)
    assert again.test.id == looked.test.id == standing.test.id
    assert again.question.id == looked.question.id == standing.question.id
    assert again.options == standing.options


async def test_no_question_is_asked_twice(session, learner):
    await store_path(session)
    standing = await take(session, learner, lambda q: q.difficulty < 4)
    asked = [row.question_id for row in await rows_of(session, QuestionAttempt)]
    assert len(asked) == len(set(asked)) == standing.answered


async def test_an_answer_sent_twice_counts_once(session, learner):
    await store_path(session)
    first = await placement.begin(work_on(session), learner, NOW)
    attempt_id = new_id()
    once = await answer(session, learner, first, attempt_id=attempt_id)
    twice = await answer(session, learner, first, attempt_id=attempt_id)
    from_another_tab = await answer(session, learner, first, WRONG)
    assert once.answered == twice.answered == from_another_tab.answered == 1
    assert once.question.id == twice.question.id == from_another_tab.question.id
    assert len(await rows_of(session, QuestionAttempt)) == 1


async def test_the_last_answer_sent_twice_shows_the_result_again(session, learner):
    await store_path(session)
    standing = await placement.begin(work_on(session), learner, NOW)
    while standing.result is None:
        before, attempt_id = standing, new_id()
        standing = await answer(session, learner, before, attempt_id=attempt_id)
    again = await answer(session, learner, before, attempt_id=attempt_id)
    assert (again.answered, again.result.test.id) == (standing.answered, standing.test.id)
    with pytest.raises(NotFound):
        await answer(session, learner, before)


async def test_parallel_identical_answers_count_once(session, learner, fresh_database):
    await store_path(session)
    standing = await placement.begin(work_on(session), learner, NOW)
    await session.commit()
    attempt_id = new_id()

    async def send():
        async with fresh_database.sessions() as own:
            return await answer(own, learner, standing, attempt_id=attempt_id)

    results = await asyncio.gather(*(send() for _ in range(8)))
    assert {result.answered for result in results} == {1}
    assert len(await rows_of(session, QuestionAttempt)) == 1
    assert (await rows_of(session, DailyActivity))[0].answers == 1


async def test_two_beginnings_at_once_make_one_test(session, learner, fresh_database):
    await store_path(session)

    async def start():
        async with fresh_database.sessions.begin() as own:
            return (await placement.begin(work_on(own), learner, NOW)).question.id

    questions = await asyncio.gather(*(start() for _ in range(6)))
    assert len(set(questions)) == 1
    assert len(await rows_of(session, PlacementTest)) == 1


async def test_the_database_refuses_a_second_answer_to_a_question_of_a_test(session, learner):
    await store_path(session)
    standing = await placement.begin(work_on(session), learner, NOW)
    question_id = standing.question.id
    await answer(session, learner, standing)
    session.add(
        QuestionAttempt(
            user_id=learner.user_id,
            question_id=question_id,
            context="placement",
            placement_test_id=standing.test.id,
            response=RIGHT,
            is_correct=True,
            score=1,
        )
    )
    with pytest.raises(IntegrityError, match="question_attempts_placement_key"):
        await session.flush()


async def test_a_connection_begins_tests_time_and_again(session, learner):
    """PostgreSQL plans a prepared statement anew for its first five uses only."""
    await store_path(session)
    begun = {(await placement.begin(work_on(session), learner, NOW)).test.id for _ in range(8)}
    assert len(begun) == 1


async def test_an_answer_to_another_question_is_refused(session, learner):
    await store_path(session)
    standing = await placement.begin(work_on(session), learner, NOW)
    other = await session.scalar(
        select(Question.id).where(Question.id != standing.question.id).limit(1)
    )
    for question_id in (other, new_id()):
        with pytest.raises(placement.NotAsked):
            await answer(session, learner, standing, question_id=question_id)


async def test_what_does_not_fit_the_question_is_refused_and_changes_nothing(session, learner):
    await store_path(session)
    standing = await placement.begin(work_on(session), learner, NOW)
    for response in ({"type": "essay", "text": "x"}, {"type": "multiple_choice", "choice": "z"}):
        with pytest.raises(InvalidInput):
            await answer(session, learner, standing, response)
    assert await rows_of(session, QuestionAttempt) == []


async def test_the_id_of_another_answer_is_a_conflict(session, learner):
    await store_path(session)
    standing = await placement.begin(work_on(session), learner, NOW)
    attempt_id = new_id()
    standing = await answer(session, learner, standing, attempt_id=attempt_id)
    with pytest.raises(Conflict):
        await answer(session, learner, standing, attempt_id=attempt_id)


async def test_a_test_can_be_stopped_and_begun_anew(session, learner):
    await store_path(session)
    first = await placement.begin(work_on(session), learner, NOW)
    await answer(session, learner, first)
    await placement.abandon(work_on(session), learner, NOW)
    assert await placement.find_standing(work_on(session), learner, NOW) is None
    assert await placement.find_result(work_on(session), learner) is None
    with pytest.raises(NotFound):
        await placement.abandon(work_on(session), learner, NOW)
    second = await placement.begin(work_on(session), learner, NOW)
    assert (second.answered, second.test.id == first.test.id) == (0, False)
    assert await session.scalar(select(User.current_level)) == "A1"


async def test_a_later_result_replaces_an_earlier_one(session, learner):
    units = await store_path(session)
    await take(session, learner, lambda _: True)
    await session.execute(update(PlacementTest).values(started_at=NOW - timedelta(days=1)))
    again = await take(session, learner, lambda _: False)
    assert (await placement.find_result(work_on(session), learner)).test.id == again.test.id
    assert again.result.unit.id == units[0].id


async def test_the_home_page_starts_where_the_test_says_until_the_level_is_changed(
    session, learner
):
    units = await store_path(session)
    assert await placement.find_start(work_on(session), learner) is None
    user = await session.get(User, learner.user_id)
    await take(session, learner, lambda q: difficulty_of(q) < -0.6)
    await session.refresh(user)
    placed = make_account(user, level=user.current_level)
    assert await placement.find_start(work_on(session), placed) == units[1].id
    assert await placement.find_start(work_on(session), make_account(user, level="B2")) is None


async def test_a_deleted_question_is_replaced(session, learner):
    await store_path(session)
    standing = await placement.begin(work_on(session), learner, NOW)
    await session.commit()
    gone = standing.question.id
    session.expunge_all()
    await session.execute(delete(Question).where(Question.id == gone))
    again = await placement.get_standing(work_on(session), learner, NOW)
    assert again.question.id != gone


async def test_only_what_is_graded_at_once_is_asked(session, learner):
    speech = {"type": "dictation", "speech": "Hello."}
    await store_path(
        session,
        type="dictation",
        options=speech,
        answer_key={"type": "dictation", "accepted": ["Hello."]},
    )
    with pytest.raises(placement.NoQuestions):
        await placement.begin(work_on(session), learner, NOW)


async def test_drafts_are_not_asked(session, learner):
    await store_path(session, status="draft")
    with pytest.raises(placement.NoQuestions):
        await placement.begin(work_on(session), learner, NOW)


async def test_a_small_bank_ends_the_test_early(session, learner):
    await store_path(session, per_level=1)
    standing = await take(session, learner, lambda _: True)
    assert (standing.answered, standing.test.level) == (4, "B2")


async def test_further_questions_about_a_text_are_not_asked_without_it(session, learner):
    await store_path(session, per_level=2)
    (text, about_it) = (await session.scalars(select(Question).where(Question.level == "B1"))).all()
    about_it.passage_id = text.id
    await session.commit()
    standing = await take(session, learner, lambda _: True)
    asked = {row.question_id for row in await rows_of(session, QuestionAttempt)}
    assert (standing.answered, about_it.id in asked, text.id in asked) == (8 - 1, False, True)


async def test_others_see_nothing_of_a_test(session, learner):
    await store_path(session)
    standing = await placement.begin(work_on(session), learner, NOW)
    await session.commit()
    stranger_user = make_user()
    session.add(stranger_user)
    await session.commit()
    stranger = make_account(stranger_user)
    assert await placement.find_standing(work_on(session), stranger, NOW) is None
    with pytest.raises(NotFound):
        await answer(session, stranger, standing)
    with pytest.raises(NotFound):
        await placement.abandon(work_on(session), stranger, NOW)
