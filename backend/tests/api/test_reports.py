"""Reports over HTTP: who may send, list and answer them."""

from sqlalchemy import update

from app.core.database import Database
from app.models import User
from app.models.base import new_id
from tests.factories import make_question

WRONG = {"type": "multiple_choice", "choice": "a"}


async def test_a_learner_reports_an_author_answers_and_the_learner_reads_it(
    database: Database, client, signed_in
):
    question = make_question()
    async with database.sessions() as session:
        session.add(question)
        await session.commit()
    author = await signed_in()
    learner = await signed_in()
    body = {"id": str(new_id()), "question_id": str(question.id), "kind": "answer"}
    body |= {"response": WRONG, "comment": "Sama saja."}
    sent = await client.post("/api/v1/reports", json=body)
    assert sent.status_code == 201, sent.text
    assert (sent.json()["score"], sent.json()["status"]) == (0, "open")
    assert (await client.post("/api/v1/reports", json=body)).json() == sent.json()
    assert (await client.get("/api/v1/reports")).status_code == 403
    decision = f"/api/v1/reports/{body['id']}/decision"
    assert (await client.put(decision, json={"status": "accepted"})).status_code == 403

    async with database.sessions() as session:
        await session.execute(
            update(User).where(User.email == author["email"]).values(role="author")
        )
        await session.commit()
    credentials = {"email": author["email"], "password": "kopi tubruk 3x"}
    await client.post("/api/v1/sessions", json=credentials)
    (found,) = (await client.get("/api/v1/reports")).json()
    assert (found["reports"], found["report"]["comment"]) == (1, "Sama saja.")
    assert found["question"]["answer_key"]["choice"] == "b"
    answer = {"status": "declined", "reply": "Perhatikan subjeknya."}
    assert (await client.put(decision, json=answer)).json()["reply"] == "Perhatikan subjeknya."
    assert (await client.put(decision, json=answer)).json()["code"] == "already_settled"

    credentials = {"email": learner["email"], "password": "kopi tubruk 3x"}
    await client.post("/api/v1/sessions", json=credentials)
    (own,) = (await client.get("/api/v1/me/reports")).json()
    assert (own["status"], own["reply"]) == ("declined", "Perhatikan subjeknya.")
