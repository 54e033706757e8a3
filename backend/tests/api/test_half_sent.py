"""Requests whose bodies do not arrive: they keep nothing that others need, and they end."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import select

from app.models import Recording
from app.models.base import new_id
from tests.api.running import (
    CROWD,
    FORM,
    SENT_BYTES,
    WITH_BODY,
    Address,
    addresses,
    connections,
    is_served,
)
from tests.web.learner import lessons

PATIENCE_SECONDS = 20
HELLO = (Path(__file__).parents[1] / "web" / "hello.wav").read_bytes()


@pytest.mark.parametrize("address", addresses(*WITH_BODY), ids=str)
async def test_half_sent_requests_keep_no_connection(site, slow_token, other_token, address):
    async with asyncio.timeout(PATIENCE_SECONDS), connections(site, CROWD) as crowd:
        await asyncio.gather(*(slow.ask_half(address, slow_token) for slow in crowd))
        await is_served(site, other_token)
        assert not any(slow.reader.at_eof() for slow in crowd)


async def test_a_recording_that_arrives_slowly_is_stored(server, site_database, site, slow_token):
    """PostgreSQL ends what is idle in a transaction after a minute: here it is ended at once."""
    slug, number = _speaking_question()
    boundary = "frontier"
    fields = {"attempt_id": str(new_id()), "duration_ms": "70000"}
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    file = f'--{boundary}\r\nContent-Disposition: form-data; name="audio"; filename="a.wav"\r\n'
    parts.append(f"{file}Content-Type: audio/wav\r\n\r\n")
    body = "".join(parts).encode() + HELLO + f"\r\n--{boundary}--\r\n".encode()
    media_type = f"multipart/form-data; boundary={boundary}"
    address = Address("POST", f"/lessons/{slug}/questions/{number}", media_type)
    async with asyncio.timeout(PATIENCE_SECONDS), connections(site) as (slow,):
        await slow.ask_half(address, slow_token, body=body)
        assert await _end_idle_transactions(server, site_database) == 0
        await slow.send(body[SENT_BYTES:])
        answer = await slow.head()
    assert answer.startswith("HTTP/1.1 303"), answer
    async with site_database.sessions() as db:
        assert HELLO in set(await db.scalars(select(Recording.content)))


def _speaking_question() -> tuple[str, int]:
    for slug, lesson in lessons().items():
        for number, question in enumerate(lesson.questions, start=1):
            if question.type == "speaking":
                return slug, number
    raise LookupError("no lesson asks to speak")


async def _end_idle_transactions(server, database) -> int:
    """End the connections of the site that are idle in a transaction; return how many were."""
    connection = await asyncpg.connect(server.url("postgres").replace("+asyncpg", ""))
    try:
        ended = await connection.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = $1 AND state LIKE 'idle in transaction%'",
            database.engine.url.database,
        )
    finally:
        await connection.close()
    return len(ended)


async def test_a_half_sent_body_that_ends_is_refused_and_its_connection_closed(site, slow_token):
    async with asyncio.timeout(PATIENCE_SECONDS), connections(site) as (slow,):
        await slow.ask_half(Address("POST", "/sign-out", FORM), slow_token)
        slow.writer.write_eof()
        assert (await slow.head()).startswith("HTTP/1.1 400")
        await slow.reader.read()
        assert slow.reader.at_eof()
    await is_served(site, slow_token)  # nobody was signed out


async def test_a_page_is_not_kept_waiting_by_a_body_that_it_does_not_take(site, slow_token):
    async with asyncio.timeout(PATIENCE_SECONDS), connections(site) as (slow,):
        await slow.ask(Address("GET", "/api/v1/me"), slow_token, "Content-Length: 900")
        assert (await slow.head()).startswith("HTTP/1.1 200")
