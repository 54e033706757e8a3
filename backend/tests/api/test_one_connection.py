"""No request needs two database connections at once: pools would run dry under load."""

import re

import httpx
import pytest

from app.core.config import get_settings
from app.core.database import open_database
from app.core.security import verify_password
from tests.api.conftest import PASSWORD
from tests.api.running import APP, WITH_BODY, addresses, token_of
from tests.conftest import count_queries
from tests.web.site import fill


@pytest.fixture
async def database(server):
    """The process-wide database with the curriculum, and a pool of a single connection."""
    name = await server.create()
    settings = get_settings().model_copy(
        update={
            "DATABASE_POOL_SIZE": 1,
            "DATABASE_MAX_OVERFLOW": 0,
            "DATABASE_POOL_TIMEOUT_SECONDS": 2,
        }
    )
    database = open_database(server.url(name), settings)
    await fill(database)
    yield database
    await database.close()
    await server.drop(name)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/reviews",
        "/lessons/daily-routines",
        "/lessons/daily-routines/sections/1",
        "/lessons/daily-routines/questions/1",
        "/search?q=present",
        "/settings",
        "/api/v1/me",
        "/api/v1/me/overview",
        "/api/v1/reviews/due",
        "/api/v1/lessons",
        "/health/db",
    ],
)
async def test_reading(client: httpx.AsyncClient, signed_in, path: str) -> None:
    await signed_in()
    assert (await client.get(path)).status_code == 200


async def test_the_page_of_an_answer_takes_two_statements(client, signed_in, database) -> None:
    """One for the question in its lesson, one that stores the answer; the session is Valkey's."""
    await signed_in()
    address = "/lessons/daily-routines/questions/2"
    for _ in range(2):  # the first answer fills what the process keeps of the content
        page = (await client.get(address)).text
        attempt = re.search(r'name="attempt_id" value="([^"]+)"', page)
        form = {"attempt_id": attempt[1], "skip": "true"}
        with count_queries(database) as sent:
            answer = await client.post(address, data=form, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert "HX-Replace-Url" in answer.headers
    assert sent.count == 2, sent.statements


async def test_answering(client: httpx.AsyncClient, signed_in) -> None:
    await signed_in()
    page = (await client.get("/lessons/daily-routines/questions/1")).text
    attempt = re.search(r'name="attempt_id" value="([^"]+)"', page)
    form = {"attempt_id": attempt[1], "choice": "a", "value": "true", "gap-0": "x", "text": "x"}
    answer = await client.post("/lessons/daily-routines/questions/1", data=form)
    assert answer.status_code == 303, answer.text


async def test_signing_up_is_one_attempt(client: httpx.AsyncClient, monkeypatch) -> None:
    limit = get_settings().SIGN_IN_LIMIT_PER_MINUTE
    statuses = []
    for number in range(limit + 1):
        form = {
            "full_name": "Sari",
            "password": "kopi tubruk 3x",
            "email": f"s{number}@example.com",
        }
        statuses.append((await client.post("/sign-up", data=form)).status_code)
        client.cookies.clear()
    assert statuses == [303] * limit + [429]


async def test_no_answer_is_sent_with_a_connection_in_hand(database) -> None:
    """Neither of a page nor of the API, neither its beginning nor any part of a download."""
    sent = []

    async def watched(scope, receive, send):
        async def note(message):
            sent.append((scope["path"], database.pool_status().checked_out))
            await send(message)

        await APP(scope, receive, note)

    headers = {"Authorization": f"Bearer {await token_of(database, 'a@example.com', 'admin')}"}
    transport = httpx.ASGITransport(watched)
    async with httpx.AsyncClient(
        transport=transport, base_url="https://testserver", headers=headers
    ) as client:
        everything = addresses("GET", *WITH_BODY)
        for address in everything:
            content = None if address.method == "GET" else b"{}"
            answer = await client.request(
                address.method,
                address.path,
                content=content,
                headers={"Content-Type": address.media_type},
            )
            assert answer.status_code < 500, f"{address}: {answer.text}"
    assert {path for path, _ in sent} == {address.path for address in everything}
    assert [path for path, held in sent if held] == []


@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/sessions"])
async def test_no_password_is_checked_with_a_connection_in_hand(
    database, client, signed_in, monkeypatch, path
) -> None:
    me = await signed_in()
    client.cookies.clear()
    held = []

    async def check(password: str, password_hash: str) -> bool:
        held.append(database.pool_status().checked_out)
        return await verify_password(password, password_hash)

    monkeypatch.setattr("app.domain.accounts.signing_in.verify_password", check)
    credentials = {"email": me["email"], "password": PASSWORD}
    form = {"data": credentials} if path == "/sign-in" else {"json": credentials}
    answer = await client.post(path, **form)
    assert answer.status_code in {303, 201}
    assert held == [0]
