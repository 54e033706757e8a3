"""Answers, progress and the overview over HTTP."""

import asyncio
from uuid import UUID, uuid4

import pytest

from app.api.v1.schemas.answers import AnswerOut, AttemptOut, ShownQuestionOut
from app.api.v1.schemas.practice import (
    AchievementOut,
    MasteryReportOut,
    OverviewOut,
    PathProgressOut,
)
from app.core.database import Database
from app.models import Lesson, LessonQuestion, Path, Unit
from app.models.base import new_id
from tests.factories import make_lesson, make_question


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


async def test_a_summary_says_how_a_lesson_went_and_what_to_try_again(client, signed_in, lesson):
    await signed_in()
    lesson_id, (first, second) = lesson
    for question, choice in ((first, "b"), (second, "a")):
        await client.post("/api/v1/attempts", json=_answer(question, choice, lesson_id=lesson_id))
    assert (await client.get(f"/api/v1/lessons/{lesson_id}/summary")).json() == {
        "score": {"right": 1, "graded": 2, "waiting": 0},
        "grade": "fair",
        "types": [{"type": "multiple_choice", "right": 1, "total": 2}],
        "to_retry": [second],
    }
    assert (await client.get(f"/api/v1/lessons/{uuid4()}/summary")).status_code == 404


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
    assert (overview.streak.days, overview.answers_today, overview.accuracy) == (1, 2, 0.5)
    assert overview.achievements == ["first_lesson"]
    assert overview.new_achievements[0].title.id == "Pelajaran pertama"
    assert (overview.goal.goal_minutes, overview.goal.is_reached) == (15, False)
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
        (_answer(question, response=verdict), 422, "#/response/type"),
        (_answer(question, response={"type": "essay"}), 422, "#/response/type"),
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


async def test_fifty_identical_submits_at_once_are_one_attempt(client, signed_in, lesson):
    await signed_in()
    lesson_id, (question, _) = lesson
    body = _answer(question, "a", lesson_id=lesson_id, duration_ms=60_000)
    answers = await asyncio.gather(*(client.post("/api/v1/attempts", json=body) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    overview = (await client.get("/api/v1/me/overview")).json()
    assert (overview["answers_today"], overview["goal"]["minutes"]) == (1, 1)
    assert overview["progress"][0]["time_spent_seconds"] == 60


async def test_an_answer_can_be_looked_at_again(client, signed_in, lesson):
    await signed_in()
    body = _answer(lesson[1][0], "a", duration_ms=900, shuffle_seed=5)
    sent = AnswerOut.model_validate((await client.post("/api/v1/attempts", json=body)).json())
    assert (sent.answer_key.choice, sent.needs_marking) == ("b", False)
    url = f"/api/v1/attempts/{body['id']}"
    stored = AttemptOut.model_validate((await client.get(url)).json())
    assert (stored.result, stored.response.choice) == (sent, "a")
    assert (stored.shuffle_seed, stored.duration_ms, stored.lesson_id) == (5, 900, None)
    await signed_in()
    assert (await client.get(url)).status_code == 404, "somebody else's"


async def test_a_question_is_shown_without_its_answer(client, signed_in, lesson):
    await signed_in()
    url = f"/api/v1/questions/{lesson[1][0]}"
    body = (await client.get(url)).json()
    question = ShownQuestionOut.model_validate(body)
    assert {choice.id for choice in question.options.choices} == {"a", "b"}
    assert not {"answer_key", "explanation"} & body.keys()
    seed = question.shuffle_seed
    answer = await client.post("/api/v1/attempts", json=_answer(lesson[1][0], shuffle_seed=seed))
    assert answer.status_code == 200, answer.text
    assert (await client.get(url)).json()["shuffle_seed"] != seed
    assert (await client.get(f"/api/v1/questions/{uuid4()}")).status_code == 404


async def test_progress_mastery_and_badges_are_told(client, signed_in, database, lesson):
    await signed_in()
    translations = {"id": {"title": "Kursus"}}
    async with database.sessions.begin() as session:
        path = Path(slug="course", title="Course", status="published", translations=translations)
        session.add(path)
        await session.flush()
        unit = Unit(path_id=path.id, slug="unit", title="Unit", level="A1")
        session.add(unit)
        await session.flush()
        (await session.get_one(Lesson, UUID(lesson[0]))).unit_id = unit.id
    (found,) = (await client.get("/api/v1/me/progress")).json()
    assert PathProgressOut.model_validate(found).units[0].completion.share == 0
    for question in lesson[1]:
        await client.post("/api/v1/attempts", json=_answer(question, lesson_id=lesson[0]))
    (found,) = (await client.get("/api/v1/me/progress")).json()
    assert PathProgressOut.model_validate(found).completion.completed_at is not None
    report = MasteryReportOut.model_validate((await client.get("/api/v1/me/mastery")).json())
    (skill,), (topic,) = report.skills, report.topics
    assert (skill.skill, skill.answers, skill.estimate) == ("grammar", 2, None)
    assert (topic.skill, topic.topic.en, topic.answers) == (None, "verb to be", 2)
    badges = [
        AchievementOut.model_validate(row)
        for row in (await client.get("/api/v1/me/achievements")).json()
    ]
    earned = {row.badge.code for row in badges if row.earned_at}
    assert earned == {"first_lesson", "perfect_lesson", "first_unit", "first_level"}
    assert next(row for row in badges if row.badge.code == "ten_lessons").reached == 1


async def test_a_learner_can_do_without_a_streak(client, signed_in, lesson):
    await signed_in()
    await client.post("/api/v1/attempts", json=_answer(lesson[1][0]))
    assert (await client.get("/api/v1/me/overview")).json()["streak"]["days"] == 1
    changed = await client.patch("/api/v1/me", json={"preferences": {"show_streak": False}})
    assert changed.status_code == 200, changed.text
    assert (await client.get("/api/v1/me/overview")).json()["streak"] is None
    codes = [row["badge"]["code"] for row in (await client.get("/api/v1/me/achievements")).json()]
    assert not any(code.startswith("streak") for code in codes)


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
        await client.get("/api/v1/me/mastery"),
        await client.get("/api/v1/me/progress"),
        await client.get("/api/v1/me/achievements"),
        await client.get(f"/api/v1/questions/{lesson[1][0]}"),
        await client.get(f"/api/v1/attempts/{uuid4()}"),
        await client.post(f"/api/v1/lessons/{lesson[0]}/finish"),
    ):
        assert answer.status_code == 401
