"""Reviews that ask, over HTTP: an answer is checked, then stored with its rating."""

import pytest

from app.core.database import Database
from app.models.base import new_id
from tests.factories import make_question

RIGHT = {"type": "multiple_choice", "choice": "b"}
WRONG = {"type": "multiple_choice", "choice": "a"}


@pytest.fixture
async def card(database: Database, client, signed_in):
    """The card of a question that is due."""
    question = make_question()
    async with database.sessions() as session:
        session.add(question)
        await session.commit()
    await signed_in()
    items = [{"item_type": "question", "item_id": str(question.id)}]
    await client.post("/api/v1/cards", json={"items": items})
    (card,) = (await client.get("/api/v1/reviews/due")).json()["cards"]
    return card


async def test_an_answer_is_checked_and_then_stored_with_its_review(client, card):
    review = {"id": str(new_id()), "card_id": card["card_id"]}
    checked = await client.post(
        "/api/v1/reviews/check", json=review | {"answer": {"response": WRONG}}
    )
    assert checked.status_code == 200, checked.text
    assert checked.json()["proposed_rating"] == 1
    assert checked.json()["answer"]["answer"]["en"] == "is"
    assert (await client.get(f"/api/v1/attempts/{review['id']}")).status_code == 404

    body = review | {"rating": 2, "duration_ms": 9000, "state_token": card["state_token"]}
    body |= {"answer": {"response": WRONG, "duration_ms": 4000}}
    done = await client.post("/api/v1/reviews/answered", json=body)
    assert done.status_code == 200, done.text
    assert done.json()["review"]["rating"] == 2
    assert done.json()["answer"]["attempt_id"] == review["id"]
    again = await client.post("/api/v1/reviews/answered", json=body)
    assert again.json() == done.json()
    attempt = (await client.get(f"/api/v1/attempts/{review['id']}")).json()
    assert (attempt["response"], attempt["lesson_id"]) == (WRONG, None)
    overview = (await client.get("/api/v1/me/overview")).json()
    assert (overview["answers_today"], overview["reviews_today"]) == (1, 1)


@pytest.mark.parametrize("path", ["check", "answered"])
async def test_what_is_no_answer_to_this_card_is_refused(client, card, path):
    body = {"id": str(new_id()), "card_id": card["card_id"]}
    body |= {"rating": 3} if path == "answered" else {}

    async def status(answer, **fields):
        sent = body | fields | {"answer": answer}
        return (await client.post(f"/api/v1/reviews/{path}", json=sent)).status_code

    assert await status({"response": {"type": "true_false", "value": True}}) == 422
    assert await status({"response": RIGHT | {"choice": "z"}}) == 422
    assert await status({}) == 422
    assert await status({"response": RIGHT, "part": "p1"}) == 404
    assert await status({"response": RIGHT}, card_id=str(new_id())) == 404
    due = (await client.get("/api/v1/reviews/due")).json()
    assert due["counts"]["new"] == 1
