"""PostgreSQL killed with -9 while people review: nothing acknowledged is lost, the site recovers."""

import asyncio
import os
import signal
import tempfile
from pathlib import Path

import asyncpg
import httpx
import pytest

from app.core.clock import utcnow
from app.core.database import Database
from app.domain.srs.checking import check_logs
from app.embedded.privileges import let_in
from app.embedded.process import PostgresServer
from app.embedded.servers import postgres_binaries
from app.models.base import new_id
from tests.servers import migrate
from tests.web.learner import PASSWORD, lessons
from tests.web.site import fill, serve
from tests.work import work_on

REVIEWERS = 4
REVIEWS_AFTERWARDS = 5


@pytest.fixture
def postgres():
    """A durable server of its own, for killing."""
    with tempfile.TemporaryDirectory(prefix="lancar-killed-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        let_in(folder)
        server = PostgresServer(postgres_binaries(), folder / "postgresql", "test")
        server.start()
        yield server
        server.stop("immediate")


async def test_no_acknowledged_review_is_lost_and_the_site_recovers(
    postgres, settings, pg_version, valkey, tmp_path
) -> None:
    migrate(postgres.url("lancar"))
    database = Database(postgres.url("lancar"), settings)
    await fill(database)
    await database.close()

    async with asyncio.timeout(180), serve(postgres.url("lancar"), tmp_path / "log") as site:
        acknowledged: list[str] = []
        ready, killed, recovered = asyncio.Barrier(REVIEWERS), asyncio.Event(), asyncio.Event()
        reviewers = [
            asyncio.create_task(
                _review(site, number, acknowledged, ready, killed=killed, recovered=recovered)
            )
            for number in range(REVIEWERS)
        ]
        while len(acknowledged) < REVIEWERS * 3:
            await asyncio.sleep(0.01)
            assert not any(task.done() for task in reviewers), [t.exception() for t in reviewers]
        pid_file = postgres.data / "postmaster.pid"
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
        killed.set()
        while postgres.is_running():  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.01)
        await asyncio.to_thread(postgres.start)
        recovered.set()
        await asyncio.gather(*reviewers)

    stored = await _stored_reviews(postgres)
    assert set(acknowledged) <= stored
    assert len(acknowledged) >= REVIEWERS * (3 + REVIEWS_AFTERWARDS)
    assert await _drifted(postgres, settings) == []


async def _review(site, number, acknowledged, ready, *, killed, recovered) -> None:
    """Sign up, add cards, and review without end until some reviews after the recovery succeeded.

    Nobody begins before all are `ready`: the server is killed while they review, not before.

    A review without an answer is sent again with the same id, as a browser's retry does.
    """
    async with httpx.AsyncClient(base_url=f"{site}/api/v1", timeout=30) as client:
        await _sign_up(client, number)
        afterwards = 0
        cards = await _cards(client)
        await ready.wait()
        while afterwards < REVIEWS_AFTERWARDS:
            for card in cards:
                review = {"id": str(new_id()), "rating": 1, **card}
                card.pop("state_token", None)  # good for one review: the one-statement write
                was_recovered = recovered.is_set()
                if await _send(client, review, killed):
                    acknowledged.append(review["id"])
                    afterwards += was_recovered
                    if afterwards == REVIEWS_AFTERWARDS:
                        return


async def _send(client, review, killed) -> bool:
    """Send a review until it is answered; only the killed database may refuse it (503)."""
    while True:
        answer = await client.post("/reviews", json=review)
        if answer.status_code == httpx.codes.OK:
            return True
        assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text
        assert killed.is_set()


async def _sign_up(client, number) -> None:
    account = {
        "email": f"reviewer-{number}@example.com",
        "password": PASSWORD,
        "full_name": "Budi Santoso",
    }
    (await client.post("/accounts", json=account)).raise_for_status()
    session = await client.post("/sessions", json={"email": account["email"], "password": PASSWORD})
    session.raise_for_status()
    client.headers["authorization"] = f"Bearer {session.json()['token']}"


async def _cards(client) -> list[dict[str, str]]:
    slug = next(iter(lessons()))
    words = (await client.get(f"/lessons/{slug}")).json()["vocabulary"]
    items = [{"item_type": "vocabulary", "item_id": word["id"]} for word in words]
    (await client.post("/cards", json={"items": items})).raise_for_status()
    due = await client.get("/reviews/due")
    return [
        {"card_id": card["card_id"], "state_token": card["state_token"]}
        for card in due.json()["cards"]
    ]


async def _stored_reviews(postgres) -> set[str]:
    connection = await asyncpg.connect(postgres.url("lancar").replace("+asyncpg", ""))
    try:
        return {str(row["id"]) for row in await connection.fetch("SELECT id FROM srs_reviews")}
    finally:
        await connection.close()


async def _drifted(postgres, settings) -> list:
    database = Database(postgres.url("lancar"), settings)
    drifted = (await check_logs(work_on(database), utcnow())).findings
    await database.close()
    return drifted
