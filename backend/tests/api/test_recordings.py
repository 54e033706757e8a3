"""Recordings over HTTP: who may send what, and who hears it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.core.database import Database
from app.domain.marking import recordings
from app.models import Recording, User
from app.models.base import new_id
from app.models.progress import MAX_RECORDING_BYTES
from tests.api.conftest import PASSWORD
from tests.factories import make_question
from tests.rules.test_recordings import BEGINNINGS

URL = "/api/v1/recordings"
OGG = BEGINNINGS["audio/ogg"] + bytes(range(100))
HEADERS = {"Content-Type": "audio/ogg; codecs=opus"}


async def send(client, content=OGG, media_type="audio/ogg; codecs=opus"):
    return await client.post(URL, content=content, headers={"Content-Type": media_type})


async def test_what_a_learner_recorded_comes_back_as_it_was(client, signed_in):
    await signed_in()
    sent = await send(client)
    assert sent.status_code == 201, sent.text
    heard = await client.get(f"{URL}/{sent.json()['id']}")
    assert heard.content == OGG
    assert heard.headers["content-type"] == "audio/ogg"
    assert heard.headers["content-disposition"] == 'inline; filename="recording.ogg"'
    assert heard.headers["x-content-type-options"] == "nosniff"
    assert heard.headers["cache-control"].startswith("private")


async def test_a_player_gets_the_part_it_asks_for(client, signed_in):
    await signed_in()
    url = f"{URL}/{(await send(client)).json()['id']}"
    part = await client.get(url, headers={"Range": "bytes=2-9"})
    assert (part.status_code, part.content) == (206, OGG[2:10])
    assert part.headers["content-range"] == f"bytes 2-9/{len(OGG)}"
    beyond = await client.get(url, headers={"Range": "bytes=5000-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(OGG)}")
    assert beyond.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (OGG, "application/json", 415),
        (OGG, "audio/amr", 415),
        (b"<html></html>", "audio/ogg", 422),
        (b"", "audio/ogg", 422),
        (OGG.ljust(MAX_RECORDING_BYTES + 1, b"\0"), "audio/ogg", 413),
    ],
)
async def test_what_is_no_recording_is_refused_as_a_problem(
    client, signed_in, content, media_type, status
):
    await signed_in()
    answer = await send(client, content, media_type)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_without_end_is_cut_off(client, signed_in):
    await signed_in()

    async def endless():
        while True:
            yield b"\0" * 262_144

    assert (await send(client, endless())).status_code == 413


async def test_the_largest_recording_is_taken(client, signed_in):
    await signed_in()
    assert (await send(client, OGG.ljust(MAX_RECORDING_BYTES, b"\0"))).status_code == 201


async def test_other_addresses_still_take_a_mebibyte_of_json_only(client, signed_in):
    await signed_in()
    answer = await client.post("/api/v1/attempts", content=OGG, headers=HEADERS)
    assert answer.status_code == 415


async def test_only_its_owner_and_teachers_hear_a_recording(client, signed_in, database: Database):
    await signed_in()
    url = f"{URL}/{(await send(client)).json()['id']}"
    other = await signed_in()
    assert (await client.get(url)).status_code == 404
    async with database.sessions.begin() as db:
        await db.execute(update(User).where(User.email == other["email"]).values(role="author"))
    await client.post("/api/v1/sessions", json={"email": other["email"], "password": PASSWORD})
    assert (await client.get(url)).content == OGG
    client.cookies.clear()
    assert (await client.get(url)).status_code == 401
    assert (await send(client)).status_code == 401


async def test_a_speaking_answer_names_a_recording_of_the_learners_own(
    client, signed_in, database: Database
):
    rubric = [{"id": "task", "name": {"en": "Task", "id": "Tugas"}, "points": 4}]
    question = make_question(
        type="speaking",
        options={"type": "speaking", "max_seconds": 30, "rubric": rubric},
        answer_key={"type": "speaking"},
    )
    async with database.sessions.begin() as db:
        db.add(question)
    await signed_in()
    others = (await send(client)).json()["id"]
    await signed_in()
    own = (await send(client)).json()["id"]
    for recording, status in ((others, 422), (str(new_id()), 422), (own, 200)):
        response = {"type": "speaking", "recording": recording}
        body = {"id": str(new_id()), "question_id": str(question.id), "response": response}
        answer = await client.post("/api/v1/attempts", json=body)
        assert answer.status_code == status, answer.text
        if status == 422:
            assert answer.json()["errors"][0]["pointer"] == "#/response/recording"
    assert answer.json()["needs_marking"]


async def test_a_day_has_room_for_so_many_recordings(client, signed_in, database: Database):
    me = await signed_in()
    async with database.sessions.begin() as db:
        user_id = await db.scalar(select(User.id).where(User.email == me["email"]))
        yesterday = datetime.now(UTC) - timedelta(days=2)
        for number in range(recordings.MOST_A_DAY):
            moment = yesterday if number == 0 else datetime.now(UTC)
            db.add(
                Recording(
                    id=new_id(),
                    user_id=user_id,
                    media_type="audio/ogg",
                    content=OGG,
                    created_at=moment,
                )
            )
    assert (await send(client)).status_code == 201
    refused = await send(client)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 86_400
