"""What one user is given of exports and recordings, read or not, is bounded in all."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from app.core.config import get_settings
from app.http import downloads
from tests.api.test_recordings import OGG, URL, send

MEBIBYTE = 1_048_576
EXPORT = "/api/v1/reviews/export"


@pytest.fixture(autouse=True)
def four_mebibytes(monkeypatch):
    few = get_settings().model_copy(update={"DOWNLOAD_LIMIT_MIB_PER_MINUTE": 4})
    monkeypatch.setattr("app.core.ratelimit.get_settings", lambda: few)


async def test_exports_that_nobody_reads_fill_no_memory_without_end(client, signed_in):
    await signed_in()
    answers = [await client.get(EXPORT) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert (await client.get("/api/v1/me")).status_code == 200, "all else goes on"
    await signed_in()
    assert (await client.get(EXPORT)).status_code == 200, "others have their own allowance"


async def test_a_recording_counts_by_what_is_sent_of_it(client, signed_in):
    await signed_in()
    url = f"{URL}/{(await send(client, OGG + bytes(3 * MEBIBYTE))).json()['id']}"
    part = {"Range": "bytes=0-9"}
    heard = [(await client.get(url, headers=part)).status_code, (await client.get(url)).status_code]
    assert heard == [206, 429]


async def test_an_export_that_has_begun_waits_for_its_allowance(monkeypatch):
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)
        monkeypatch.setattr("app.core.ratelimit.limit_downloads", _allow)

    monkeypatch.setattr("app.http.downloads.asyncio.sleep", wait)
    answer = await downloads.download(_chunks(6), "log.csv", "text/csv", uuid4())
    sent = [len(chunk) async for chunk in answer.body_iterator]
    assert sent == [MEBIBYTE] * 6
    assert len(waits) == 1
    assert waits[0] > 0


async def _chunks(number: int) -> AsyncIterator[bytes]:
    for _ in range(number):
        yield bytes(MEBIBYTE)


async def _allow(_key: str, _mebibytes: int) -> None:
    """Admit everything."""
