"""Answers that nobody reads: they keep nothing that others need, and are whole when read."""

import asyncio

import asyncpg
import httpx
import pytest

from app.core.clock import utcnow
from app.domain.accounts.sessions import find_account
from app.domain.srs import reviewing
from app.models.base import new_id
from tests.api.running import CROWD, Address, addresses, connections, is_served, token_of
from tests.factories import make_card, make_vocabulary
from tests.work import work_on

PATIENCE_SECONDS = 60
ENTRIES = 5_000


@pytest.fixture(scope="module")
async def reader_token(server, site_database):
    """The session of somebody with a long history, who may use every route."""
    token = await token_of(site_database, "reader@example.com", "admin")
    account = await find_account(work_on(site_database), token, utcnow())
    async with site_database.sessions.begin() as db:
        word = make_vocabulary()
        db.add(word)
        await db.flush()
        card = make_card(account.user_id, item_id=word.id)
        db.add(card)
    await reviewing.submit_review(
        work_on(site_database),
        account,
        review_id=new_id(),
        card_id=card.id,
        rating=3,
        duration_ms=900,
        state_token=None,
        now=utcnow(),
    )
    url = server.url(site_database.engine.url.database).replace("+asyncpg", "")
    connection = await asyncpg.connect(url)
    try:
        columns = await connection.fetchval(
            "SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute"
            " WHERE attrelid = 'srs_reviews'::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attgenerated = '' AND attname <> ALL ('{id,reviewed_at}')"
        )
        await connection.execute(
            f"INSERT INTO srs_reviews (id, reviewed_at, {columns})"
            f" SELECT gen_random_uuid(), reviewed_at + n * interval '1 ms', {columns}"
            f" FROM srs_reviews, generate_series(2, {ENTRIES}) AS n"
        )
        await connection.execute("ANALYZE")  # as autovacuum does
    finally:
        await connection.close()
    return token


@pytest.fixture(scope="module")
async def streams(site, reader_token):
    """The addresses whose answers come in pieces, found by asking for each."""
    headers = {"Authorization": f"Bearer {reader_token}"}
    found = []
    async with httpx.AsyncClient(base_url=site, headers=headers, timeout=30) as client:
        for address in addresses("GET"):
            async with client.stream("GET", address.path) as answer:
                if "content-length" not in answer.headers and answer.has_redirect_location is False:
                    found.append(address)
    assert "/api/v1/reviews/export" in [address.path for address in found]
    return found


async def test_unread_downloads_keep_no_connection(site, streams, reader_token, other_token):
    for address in streams:
        for path in (address.path, f"{address.path}?format=jsonl"):
            async with asyncio.timeout(PATIENCE_SECONDS), connections(site, CROWD) as crowd:
                await asyncio.gather(
                    *(slow.ask(Address("GET", path), reader_token) for slow in crowd)
                )
                for slow in crowd:
                    assert (await slow.head()).startswith("HTTP/1.1 200"), path
                await is_served(site, other_token)
                rest = await asyncio.gather(*(slow.reader.read(1_000) for slow in crowd))
                assert all(rest), path


async def test_an_unread_download_is_whole_when_it_is_read(site, reader_token, other_token):
    address = Address("GET", "/api/v1/reviews/export?format=jsonl")
    async with asyncio.timeout(PATIENCE_SECONDS), connections(site) as (slow,):
        await slow.ask(address, reader_token, "Connection: close")
        await slow.head()
        await is_served(site, other_token)
        content = await slow.reader.read()
    assert content.count(b'"kind":"review"') == ENTRIES
    assert content.endswith(b"0\r\n\r\n")
