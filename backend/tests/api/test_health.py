"""Health over HTTP: with everything up, a cache down, migrations missing, and no database."""

import asyncio
import contextlib

import httpx

from app.core.cache import Cache, close_cache
from app.core.config import get_settings
from app.core.database import close_database, database, head_revision, open_database


async def test_everything_up_is_healthy(client: httpx.AsyncClient):
    live, ready = await client.get("/health/live"), await client.get("/health/ready")
    assert (live.status_code, live.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (
        200,
        {"status": "ok", "revision": head_revision(), "cache": "up"},
    )


async def test_the_database_reports_latency_pool_version_and_revision(client: httpx.AsyncClient):
    async with database().driver() as connection:
        shown = await connection.fetchval("SHOW server_version")
    answer = await client.get("/health/db")
    assert answer.status_code == 200
    body = answer.json()
    assert body["status"] == "ok"
    assert body["latency_ms"] > 0
    assert body["server_version"] == shown.split()[0]
    assert body["revision"] == body["head"] == head_revision()
    assert body["pool"]["size"] == get_settings().DATABASE_POOL_SIZE
    assert body["pool"]["checked_in"] + body["pool"]["checked_out"] >= 1


async def test_a_cache_that_is_down_does_not_make_it_unready(client, monkeypatch):
    await close_cache()
    monkeypatch.setattr("app.core.cache._current", Cache("redis://127.0.0.1:1/0"))
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()["cache"]) == (200, "down")


async def test_a_database_without_migrations_is_alive_and_not_ready(client, server):
    await close_database()
    name = await server.create("template0")
    settings = get_settings().model_copy(update={"DATABASE_ROLE": ""})
    open_database(server.url(name), settings)
    try:
        assert (await client.get("/health/live")).status_code == 200
        ready = await client.get("/health/ready")
        assert (ready.status_code, ready.json()["code"]) == (503, "database_behind")
        behind = (await client.get("/health/db")).json()
        assert (behind["status"], behind["revision"]) == ("behind", None)
    finally:
        await close_database()
        await server.drop(name)


async def test_without_a_database_it_is_alive_and_says_when_to_come_back(client, monkeypatch):
    await close_database()
    open_database("postgresql+asyncpg://nobody:secret-of-tests@127.0.0.1:1/lancar", get_settings())
    monkeypatch.setattr("app.core.work.REPEAT_SECONDS", 0.1)
    monkeypatch.setattr("app.http.repeating.SECONDS", 0.1)
    assert (await client.get("/health/live")).status_code == 200
    token = {"Authorization": "Bearer nobody-was-given-this"}
    for path in ("/health/ready", "/health/db", "/api/v1/me"):
        answer = await client.get(path, headers=token)
        assert answer.status_code == 503, path
        assert answer.headers["retry-after"] == "2"
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "unavailable"
        assert "secret" not in answer.text and "127.0.0.1" not in answer.text


async def test_a_full_pool_delays_no_answer_about_it(client):
    """Whoever waited for the pool here would wait for an hour."""
    url = database().engine.url.render_as_string(hide_password=False)
    await close_database()
    settings = get_settings().model_copy(
        update={
            "DATABASE_POOL_SIZE": 1,
            "DATABASE_MAX_OVERFLOW": 0,
            "DATABASE_POOL_TIMEOUT_SECONDS": 3600,
        }
    )
    one = open_database(url, settings)
    async with asyncio.timeout(60), one.driver():
        ready, seen = await client.get("/health/ready"), await client.get("/health/db")
    assert (ready.status_code, seen.status_code) == (200, 200)
    pool = seen.json()["pool"]
    assert (pool["checked_out"], pool["checked_in"], pool["size"]) == (1, 0, 1)


async def test_a_pool_without_a_free_connection_is_unavailable(client):
    url = database().engine.url.render_as_string(hide_password=False)
    await close_database()
    settings = get_settings().model_copy(
        update={
            "DATABASE_POOL_SIZE": 1,
            "DATABASE_MAX_OVERFLOW": 0,
            "DATABASE_POOL_TIMEOUT_SECONDS": 0.05,
        }
    )
    one = open_database(url, settings)
    async with one.driver():
        answer = await client.get("/api/v1/paths")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"] == "2"
    assert (await client.get("/api/v1/paths")).status_code == 200


async def test_a_look_that_was_given_up_does_not_spoil_the_next(client):
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0):
            await client.get("/health/ready")
    assert (await client.get("/health/ready")).status_code == 200
