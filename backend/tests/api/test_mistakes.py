"""The mistake book and the trial by the API: what a learner can do on a page, a program can do."""

from uuid import uuid4

import pytest

from app.api.v1.schemas.mistakes import CauseBookOut, CauseOut, PracticeOut
from app.core.clock import utcnow
from app.core.database import close_database, open_database
from app.domain.practice.trial import TRIAL


@pytest.fixture
async def database(site_database):
    """The process-wide database, with the curriculum."""
    yield open_database(site_database.engine.url.render_as_string(hide_password=False))
    await close_database()


async def test_a_stranger_tries_questions_and_hands_the_answers_in_later(client, signed_in):
    questions = (await client.get("/api/v1/trial/questions")).json()
    assert [question["level"] for question in questions] == ["A1", "A2", "B1", "B2"]
    assert len(questions) == len(TRIAL)
    first, second = questions[:2]
    body = {
        "id": str(uuid4()),
        "question_id": first["id"],
        "response": {"type": "multiple_choice", "choice": first["options"]["choices"][0]["id"]},
    }
    result = (await client.post("/api/v1/trial/answers", json=body)).json()
    assert result["attempt_id"] == body["id"]
    assert result["explanation"]["id"]
    elsewhere = body | {"question_id": str(uuid4())}
    assert (await client.post("/api/v1/trial/answers", json=elsewhere)).status_code == 404
    unknown = body | {"response": {"type": "multiple_choice", "choice": "zz"}}
    assert (await client.post("/api/v1/trial/answers", json=unknown)).status_code == 422

    await signed_in()
    assert (await client.get(f"/api/v1/attempts/{body['id']}")).status_code == 404
    kept = await client.post("/api/v1/attempts", json=body)
    assert kept.json()["is_correct"] == result["is_correct"]
    assert second["id"] != first["id"]


async def test_mistakes_are_listed_by_cause_and_practised(client, signed_in):
    await signed_in()
    assert (await client.get("/api/v1/mistakes")).json() == []
    questions = (await client.get("/api/v1/trial/questions")).json()
    question = questions[0]  # “She ___ from Bandung.”
    wrong = next(c["id"] for c in question["options"]["choices"] if c["text"] == "are")
    right = next(c["id"] for c in question["options"]["choices"] if c["text"] == "is")
    body = {
        "id": str(uuid4()),
        "question_id": question["id"],
        "response": {"type": "multiple_choice", "choice": wrong},
    }
    assert (await client.post("/api/v1/attempts", json=body)).status_code == 200
    (cause,) = [CauseOut.model_validate(x) for x in (await client.get("/api/v1/mistakes")).json()]
    assert (cause.cause, cause.open, cause.mended, cause.words) == ("agreement", 1, 0, 0)

    book = CauseBookOut.model_validate((await client.get("/api/v1/mistakes/agreement")).json())
    (mistake,) = book.mistakes
    assert (mistake.response.choice, mistake.answer.en, mistake.is_mended) == (wrong, "is", False)
    assert (await client.get("/api/v1/mistakes/handwriting")).status_code == 422

    began = utcnow().isoformat()
    address = "/api/v1/mistakes/agreement/practice"
    practice = (await client.get(address, params={"began": began})).json()
    PracticeOut.model_validate(practice)
    (card,) = practice["cards"]
    assert (card["card_id"], practice["left"], practice["done"]) == (str(mistake.card_id), 1, 0)
    review = {
        "id": str(uuid4()),
        "card_id": card["card_id"],
        "rating": 3,
        "state_token": card["state_token"],
        "answer": {"response": {"type": "multiple_choice", "choice": right}},
    }
    assert (await client.post("/api/v1/reviews/answered", json=review)).status_code == 200
    after = (await client.get(address, params={"began": began})).json()
    assert (after["left"], after["done"], after["mended"], after["is_over"]) == (0, 1, 1, True)
    assert (await client.get(address, params={"began": "yesterday"})).status_code == 422


async def test_the_account_has_a_year_of_birth(client, signed_in):
    await signed_in()
    assert (await client.get("/api/v1/me")).json()["birth_year"] is None
    changed = await client.patch("/api/v1/me", json={"birth_year": 1998})
    assert changed.json()["birth_year"] == 1998
    for year in (1899, utcnow().year, 20):
        refused = await client.patch("/api/v1/me", json={"birth_year": year})
        assert refused.status_code == 422
        assert "birth_year" in refused.text
    assert (await client.get("/api/v1/me")).json()["birth_year"] == 1998


async def test_nobody_is_told_the_mistakes_of_others(client):
    for path in ("", "/agreement", "/agreement/practice"):
        assert (await client.get(f"/api/v1/mistakes{path}")).status_code == 401
