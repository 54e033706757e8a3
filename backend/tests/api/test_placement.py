"""The placement test over HTTP, from its first question to its result."""

import pytest

from app.api.v1.schemas.placement import PlacementOut
from app.core.database import Database
from app.models.base import new_id
from tests.db.test_placement import store_path

URL = "/api/v1/placement-tests"
RIGHT = {"type": "multiple_choice", "choice": "b"}


@pytest.fixture
async def path(database: Database):
    async with database.sessions() as session:
        return await store_path(session)


def _answer(standing, response=RIGHT, **fields):
    return {
        "id": str(new_id()),
        "question_id": standing["question"]["id"],
        "response": response,
        "duration_ms": 3000,
    } | fields


async def test_a_learner_takes_the_test_and_is_placed(client, signed_in, path):
    await signed_in()
    assert (await client.get(f"{URL}/current")).status_code == 404
    begun = await client.post(URL)
    assert begun.status_code == 201, begun.text
    standing = begun.json()
    assert (await client.get(f"{URL}/current")).json() == standing
    assert (await client.post(URL)).json() == standing
    while standing["result"] is None:
        PlacementOut.model_validate(standing)
        assert "answer_key" not in str(standing)
        answer = await client.post(f"{URL}/current/answers", json=_answer(standing))
        assert answer.status_code == 200, answer.text
        assert "is_correct" not in answer.text
        standing = answer.json()
    assert (standing["status"], standing["result"]["level"]) == ("finished", "B2")
    assert standing["result"]["unit"]["id"] == str(path[-1].id)
    assert (await client.get(f"{URL}/current")).json() == standing
    assert (await client.get("/api/v1/me")).json()["level"] == "B2"
    overview = (await client.get("/api/v1/me/overview")).json()
    assert overview["answers_today"] == standing["answered"]


async def test_an_answer_sent_twice_and_i_do_not_know_count_once(client, signed_in, path):
    await signed_in()
    standing = (await client.post(URL)).json()
    body = _answer(standing, None)
    first = await client.post(f"{URL}/current/answers", json=body)
    again = await client.post(f"{URL}/current/answers", json=body)
    assert first.json() == again.json()
    assert first.json()["answered"] == 1


async def test_what_does_not_fit_is_refused(client, signed_in, path):
    await signed_in()
    standing = (await client.post(URL)).json()
    for body, status in (
        (_answer(standing, {"type": "multiple_choice", "choice": "zzz"}), 422),
        (_answer(standing, {"type": "true_false", "value": True}), 422),
        (_answer(standing, question_id=str(new_id())), 409),
        ({"id": str(new_id()), "question_id": standing["question"]["id"]}, 422),
    ):
        answer = await client.post(f"{URL}/current/answers", json=body)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_test_can_be_stopped(client, signed_in, path):
    await signed_in()
    assert (await client.delete(f"{URL}/current")).status_code == 404
    first = (await client.post(URL)).json()
    assert (await client.delete(f"{URL}/current")).status_code == 204
    assert (await client.get(f"{URL}/current")).status_code == 404
    assert (await client.post(URL)).json()["id"] != first["id"]


async def test_without_questions_there_is_no_test(client, signed_in):
    await signed_in()
    answer = await client.post(URL)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_placement_questions")
    assert (await client.get(f"{URL}/current")).status_code == 404


async def test_the_test_needs_somebody_signed_in(client):
    for answer in (await client.post(URL), await client.get(f"{URL}/current")):
        assert answer.status_code == 401
