"""Teachers' marks: what waits for one, who may give it, and what the learner sees."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.errors import InvalidInput, NotFound
from app.domain.accounts.account import Account
from app.domain.marking import marks as marking
from app.models import AttemptMark, QuestionAttempt
from app.models.base import new_id
from tests.conftest import count_queries
from tests.db.learning import NOW, RIGHT, answer, rows_of
from tests.factories import make_account, make_question, make_user
from tests.work import work_on

ESSAY = {
    "type": "essay",
    "min_words": 3,
    "max_words": 100,
    "rubric": [
        {"id": "task", "name": {"en": "Task", "id": "Tugas"}, "points": 4},
        {"id": "grammar", "name": {"en": "Grammar", "id": "Tata bahasa"}, "points": 4},
    ],
}
POINTS = {"task": 3, "grammar": 2}


def make_essay(**fields):
    return make_question(
        **{"type": "essay", "options": ESSAY, "answer_key": {"type": "essay"}} | fields
    )


@pytest.fixture
async def session(fresh_database: Database):
    async with fresh_database.sessions() as session:
        yield session


@pytest.fixture
async def people(session: AsyncSession):
    """Make two learners and a teacher."""
    users = [make_user(), make_user(), make_user(role="author")]
    session.add_all(users)
    await session.commit()
    return [make_account(user, role=user.role) for user in users]


@pytest.fixture
async def essay(session: AsyncSession):
    question = make_essay()
    session.add(question)
    await session.commit()
    return question


async def write(database, learner: Account, question, text="My name is Sari.", **fields):
    """Hand in an essay; return the attempt's id."""
    response = {"type": "essay", "text": text}
    result = await answer(database, learner, question, response, **fields)
    return result.attempt_id


async def give(session, teacher, attempt_id, points=POINTS, *, comment="Bagus.", now=NOW):
    saved = await marking.save_mark(
        work_on(session), teacher, attempt_id, points=points, comment=comment, now=now
    )
    await session.commit()
    return saved


async def waiting(session, teacher, **fields):
    page = await marking.list_waiting(work_on(session), teacher, **fields)
    return [item.attempt.id for item in page.items]


async def test_answers_wait_oldest_first_until_they_are_marked(
    fresh_database, session, people, essay
):
    sari, budi, teacher = people
    later = await write(fresh_database, sari, essay, now=NOW + timedelta(hours=1))
    first = await write(fresh_database, budi, essay)
    await write(fresh_database, sari, essay, text=" ")  # nothing to mark
    assert await waiting(session, teacher) == [first, later]
    await give(session, teacher, first)
    assert await waiting(session, teacher) == [later]


async def test_the_waiting_list_has_pages(fresh_database, session, people, essay):
    sari, _, teacher = people
    ids = [
        await write(fresh_database, sari, essay, now=NOW + timedelta(minutes=n)) for n in range(5)
    ]
    page = await marking.list_waiting(work_on(session), teacher, limit=2)
    assert [item.attempt.id for item in page.items] == ids[:2]
    await give(session, teacher, ids[0])
    page = await marking.list_waiting(work_on(session), teacher, limit=2, cursor=page.next_cursor)
    assert [item.attempt.id for item in page.items] == ids[2:4]


async def test_a_mark_is_stored_and_seen_by_its_learner_only(
    fresh_database, session, people, essay
):
    sari, budi, teacher = people
    attempt_id = await write(fresh_database, sari, essay)
    assert await marking.find_mark(work_on(session), sari, attempt_id) is None
    await give(session, teacher, attempt_id)
    seen = await marking.find_mark(work_on(session), sari, attempt_id)
    assert (seen.mark.score, seen.points, seen.most_points) == (Decimal("0.625"), 5, 8)
    assert (seen.mark.comment, seen.mark.points) == ("Bagus.", POINTS)
    assert await marking.find_mark(work_on(session), budi, attempt_id) is None
    (attempt,) = await rows_of(session, QuestionAttempt)
    assert (attempt.score, attempt.is_correct) == (None, False)


async def test_a_second_mark_corrects_the_first(fresh_database, session, people, essay):
    sari, _, teacher = people
    attempt_id = await write(fresh_database, sari, essay)
    await give(session, teacher, attempt_id)
    tomorrow = NOW + timedelta(days=1)
    full = {"task": 4, "grammar": 4}
    again = await give(session, teacher, attempt_id, full, comment=None, now=tomorrow)
    (mark,) = await rows_of(session, AttemptMark)
    assert (mark.score, mark.comment, mark.points) == (1, None, full)
    assert (mark.created_at, mark.updated_at) == (NOW, tomorrow)
    assert again.mark.id == mark.id


async def test_two_teachers_at_once_leave_one_mark(fresh_database, session, people, essay):
    sari, _, teacher = people
    attempt_id = await write(fresh_database, sari, essay)

    async def save(task):
        async with fresh_database.sessions() as own:
            await give(own, teacher, attempt_id, {"task": task, "grammar": 0})

    await asyncio.gather(*(save(task) for task in range(5)))
    assert len(await rows_of(session, AttemptMark)) == 1


async def test_teachers_do_not_mark_or_see_their_own_answers_as_teachers(
    fresh_database, session, people, essay
):
    *_, teacher = people
    attempt_id = await write(fresh_database, teacher, essay)
    assert await waiting(session, teacher) == []
    with pytest.raises(marking.OwnAnswer):
        await marking.get_marking(work_on(session), teacher, attempt_id)
    with pytest.raises(marking.OwnAnswer):
        await give(session, teacher, attempt_id)


async def test_what_was_graded_at_once_is_not_marked(fresh_database, session, people, essay):
    sari, _, teacher = people
    question = make_question()
    session.add(question)
    await session.commit()
    graded = (await answer(fresh_database, sari, question, RIGHT)).attempt_id
    empty = await write(fresh_database, sari, essay, text=" ")
    for attempt_id in (graded, empty):
        with pytest.raises(marking.NothingToMark):
            await give(session, teacher, attempt_id)
    with pytest.raises(NotFound):
        await give(session, teacher, new_id())


async def test_points_outside_the_rubric_change_nothing(fresh_database, session, people, essay):
    sari, _, teacher = people
    attempt_id = await write(fresh_database, sari, essay)
    for points in ({"task": 9, "grammar": 0}, {"task": 1}):
        with pytest.raises(InvalidInput):
            await give(session, teacher, attempt_id, points)
    assert await rows_of(session, AttemptMark) == []


async def test_a_learner_reads_their_marks_latest_first(fresh_database, session, people, essay):
    sari, budi, teacher = people
    ids = [await write(fresh_database, sari, essay) for _ in range(3)]
    await give(session, teacher, await write(fresh_database, budi, essay))
    for hours, attempt_id in enumerate(ids):
        await give(session, teacher, attempt_id, now=NOW + timedelta(hours=hours))
    with count_queries(fresh_database) as counted:
        page = await marking.list_marks(work_on(session), sari, limit=2)
    assert counted.count == 2
    assert [item.attempt.id for item in page.items] == [ids[2], ids[1]]
    rest = await marking.list_marks(work_on(session), sari, limit=2, cursor=page.next_cursor)
    assert [item.attempt.id for item in rest.items] == [ids[0]]


async def test_a_mark_is_new_for_a_week(fresh_database, session, people, essay):
    sari, budi, teacher = people
    assert not await marking.has_new_marks(work_on(session), sari, NOW)
    await give(session, teacher, await write(fresh_database, sari, essay))
    assert await marking.has_new_marks(work_on(session), sari, NOW + timedelta(days=7))
    assert not await marking.has_new_marks(
        work_on(session), sari, NOW + timedelta(days=7, seconds=1)
    )
    assert not await marking.has_new_marks(work_on(session), budi, NOW)


async def test_the_rubric_may_change_after_a_mark(fresh_database, session, people, essay):
    sari, _, teacher = people
    attempt_id = await write(fresh_database, sari, essay)
    await give(session, teacher, attempt_id)
    rubric = [{"id": "style", "name": {"en": "Style", "id": "Gaya"}, "points": 2}]
    essay.options = ESSAY | {"rubric": [ESSAY["rubric"][0], *rubric]}
    await session.commit()
    session.expunge_all()
    seen = await marking.find_mark(work_on(session), sari, attempt_id)
    assert (seen.points, seen.most_points, seen.mark.score) == (3, 6, Decimal("0.625"))
