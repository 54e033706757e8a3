"""Answers, progress and the overview over HTTP."""

from uuid import uuid4

import pytest

from app.api.v1.schemas.practice import AnswerOut, OverviewOut
from app.core.database import Database
from app.models import LessonQuestion
from app.models.base import new_id
from tests.factories import make_lesson, make_question

pytestmark = pytest.mark.pg18_only


@pytest.fixture
async def lesson(database: Database):
    """A lesson with two questions, as (lesson id, question ids)."""
    lesson, questions = make_lesson(), [make_question(), make_question()]
    async with database.sessions() as session:
        session.add_all([lesson, *questions])
        await session.flush()
        session.add_all(
            LessonQuestion(lesson_id=lesson.id, question_id=question.id, position=position)
            for position, question in enumerate(questions, 1)
        )
        await session.commit()
    return str(lesson.id), [str(question.id) for question in questions]


def _answer(question_id, choice="b", **fields):
    response = {"type": "multiple_choice", "choice": choice}
    return {"id": str(new_id()), "question_id": question_id, "response": response} | fields


async def test_a_lesson_is_opened_answered_and_finished(client, signed_in, lesson):
    await signed_in()
    lesson_id, questions = lesson
    url = f"/api/v1/lessons/{lesson_id}"
    assert (await client.get(f"{url}/progress")).json()["status"] == "not_started"
    opened = await client.put(f"{url}/progress", json={"sections_read": 1})
    assert (opened.json()["status"], opened.json()["completion_percentage"]) == ("in_progress", 33)
    early = await client.post(f"{url}/finish")
    assert (early.status_code, early.json()["code"]) == (409, "lesson_unfinished")
    for question_id, choice in zip(questions, "ab", strict=True):
        answer = await client.post(
            "/api/v1/attempts", json=_answer(question_id, choice, lesson_id=lesson_id)
        )
        assert answer.status_code == 200, answer.text
        result = AnswerOut.model_validate(answer.json())
        assert result.is_correct == (choice == "b")
        assert result.answer.en == "is"
    assert result.progress.status == "completed"
    finished = (await client.post(f"{url}/finish")).json()
    assert (finished["status"], finished["completion_percentage"]) == ("completed", 100)
    overview = OverviewOut.model_validate((await client.get("/api/v1/me/overview")).json())
    assert (overview.streak_days, overview.answers_today, overview.accuracy) == (1, 2, 0.5)
    assert overview.achievements == ["first_lesson"]
    assert [str(row.lesson_id) for row in overview.progress] == [lesson_id]


async def test_a_repeated_answer_is_stored_once(client, signed_in, lesson):
    await signed_in()
    body = _answer(lesson[1][0], "a")
    first = await client.post("/api/v1/attempts", json=body)
    again = await client.post("/api/v1/attempts", json=body)
    assert first.json() == again.json()
    assert (await client.get("/api/v1/me/overview")).json()["answers_today"] == 1


async def test_what_does_not_fit_is_refused_by_name(client, signed_in, lesson):
    await signed_in()
    question = lesson[1][0]
    verdict = {"type": "true_false", "value": True}
    for body, status, pointer in (
        (_answer(question, response=verdict), 422, "#/response"),
        (_answer(question, response={"type": "essay"}), 422, "#/response"),
        (
            _answer(question, response={"type": "multiple_choice", "choice": "zzz"}),
            422,
            "#/response/choice",
        ),
        (_answer(question, duration_ms=10**12), 422, "#/duration_ms"),
        (_answer(str(uuid4())), 404, None),
        (_answer(question, lesson_id=str(uuid4())), 404, None),
    ):
        answer = await client.post("/api/v1/attempts", json=body)
        assert answer.status_code == status, answer.text
        if pointer:
            assert answer.json()["errors"][0]["pointer"] == pointer


async def test_a_lesson_that_does_not_exist_is_not_found(client, signed_in):
    await signed_in()
    url = f"/api/v1/lessons/{uuid4()}"
    for answer in (
        await client.get(f"{url}/progress"),
        await client.put(f"{url}/progress", json={}),
        await client.post(f"{url}/finish"),
    ):
        assert answer.status_code == 404


async def test_practice_needs_somebody_signed_in(client, lesson):
    for answer in (
        await client.post("/api/v1/attempts", json=_answer(lesson[1][0])),
        await client.get("/api/v1/me/overview"),
        await client.post(f"/api/v1/lessons/{lesson[0]}/finish"),
    ):
        assert answer.status_code == 401
