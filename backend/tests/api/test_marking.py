"""Marks over HTTP: teachers give them, learners read their own, nobody else sees an answer."""

import pytest
from sqlalchemy import update

from app.api.v1.schemas.marking import AnswersToMark, AnswerToMark
from app.core.database import Database
from app.models import User
from app.models.base import new_id
from tests.api.conftest import PASSWORD
from tests.db.test_marking import POINTS, make_essay


@pytest.fixture
async def essay(database: Database):
    question = make_essay()
    async with database.sessions.begin() as db:
        db.add(question)
    return str(question.id)


@pytest.fixture
def as_teacher(client, signed_in, database: Database):
    """Sign a new teacher in."""

    async def sign_in(role="author"):
        me = await signed_in()
        async with database.sessions.begin() as db:
            await db.execute(update(User).where(User.email == me["email"]).values(role=role))
        credentials = {"email": me["email"], "password": PASSWORD}
        await client.post("/api/v1/sessions", json=credentials)
        return credentials

    return sign_in


async def hand_in(client, question_id, text="My name is Sari."):
    body = {
        "id": str(new_id()),
        "question_id": question_id,
        "response": {"type": "essay", "text": text},
    }
    answer = await client.post("/api/v1/attempts", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["needs_marking"]
    return body["id"]


async def test_an_essay_goes_to_a_teacher_and_comes_back_marked(
    client, signed_in, as_teacher, essay
):
    me = await signed_in()
    attempt_id = await hand_in(client, essay)
    await as_teacher()
    waiting = AnswersToMark.model_validate((await client.get("/api/v1/marking")).json())
    assert [str(item.attempt_id) for item in waiting.items] == [attempt_id]
    shown = (await client.get(f"/api/v1/marking/{attempt_id}")).json()
    assert shown["response"]["text"] == "My name is Sari."
    assert me["email"] not in str(shown) and "Sari Dewi" not in str(shown)
    body = {"points": POINTS, "comment": "Bagus."}
    saved = await client.put(f"/api/v1/attempts/{attempt_id}/mark", json=body)
    assert saved.status_code == 200, saved.text
    mark = AnswerToMark.model_validate(saved.json()).mark
    assert (mark.score, mark.points, mark.comment) == (0.625, POINTS, "Bagus.")
    assert (await client.get("/api/v1/marking")).json()["items"] == []
    assert (await client.get("/api/v1/me/marks")).json()["items"] == []
    await client.post("/api/v1/sessions", json={"email": me["email"], "password": PASSWORD})
    (own,) = (await client.get("/api/v1/me/marks")).json()["items"]
    assert (own["attempt_id"], own["mark"]["comment"]) == (attempt_id, "Bagus.")
    attempt = (await client.get(f"/api/v1/attempts/{attempt_id}")).json()
    assert attempt["result"]["score"] == 0.625


async def test_learners_see_nothing_of_marking_nor_of_others(client, signed_in, essay):
    await signed_in()
    attempt_id = await hand_in(client, essay)
    await signed_in()
    body = {"points": POINTS}
    for answer in (
        await client.get("/api/v1/marking"),
        await client.get(f"/api/v1/marking/{attempt_id}"),
        await client.put(f"/api/v1/attempts/{attempt_id}/mark", json=body),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert (await client.get(f"/api/v1/attempts/{attempt_id}")).status_code == 404


@pytest.mark.parametrize("role", ["author", "admin"])
async def test_nobody_marks_their_own_answer(client, as_teacher, essay, role):
    await as_teacher(role)
    attempt_id = await hand_in(client, essay)
    refused = await client.put(f"/api/v1/attempts/{attempt_id}/mark", json={"points": POINTS})
    assert (refused.status_code, refused.json()["code"]) == (403, "own_answer")


async def test_a_refused_criterion_is_named(client, signed_in, as_teacher, essay):
    await signed_in()
    attempt_id = await hand_in(client, essay)
    await as_teacher()
    url = f"/api/v1/attempts/{attempt_id}/mark"
    for body, pointer in (
        ({"points": {"task": 5, "grammar": 1}}, "#/points/task"),
        ({"points": {"task": 1}}, "#/points/grammar"),
        ({"points": POINTS | {"x": 1}}, "#/points/x"),
        ({"points": POINTS, "comment": "x" * 2001}, "#/comment"),
    ):
        answer = await client.put(url, json=body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == pointer


async def test_marks_need_somebody_signed_in(client):
    for path in ("/api/v1/marking", f"/api/v1/marking/{new_id()}", "/api/v1/me/marks"):
        assert (await client.get(path)).status_code == 401
