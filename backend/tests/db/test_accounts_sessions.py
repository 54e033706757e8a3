"""Sessions in PostgreSQL and Valkey: found once, and over everywhere at once."""

from datetime import timedelta

import pytest

from app.core import security
from app.core.cache import cache, close_cache
from app.domain.accounts import queries, sessions, signing_in
from tests.conftest import count_queries
from tests.db.accounts import sign_in, sign_up
from tests.factories import NOW
from tests.work import work_on

pytestmark = pytest.mark.usefixtures("no_connections_left")


async def test_the_session_check_returns_the_account_and_the_learners_day(signed_in):
    database, token = signed_in
    account = await sessions.find_account(work_on(database), token, NOW)
    assert account is not None
    assert (account.full_name, account.role, account.level) == ("Sari Dewi", "learner", "A1")
    assert account.desired_retention == 0.9
    assert account.day.date_of(NOW).isoformat() == "2026-03-02"
    assert await sessions.find_account(work_on(database), token, NOW) == account  # from Valkey


async def test_a_session_is_read_from_the_database_once_and_then_from_valkey(signed_in):
    database, token = signed_in
    with count_queries(database) as sent:
        for _ in range(5):
            assert await sessions.find_account(work_on(database), token, NOW)
    assert sent.statements == [queries.FIND_SESSION.text]


async def test_the_session_check_uses_unique_indexes_only(signed_in):
    database, token = signed_in
    async with database.driver() as connection:
        await connection.execute("SET enable_seqscan = off")
        try:
            plan = await connection.fetch(
                f"EXPLAIN {queries.FIND_SESSION.text}", security.hash_token(token)
            )
        finally:
            await connection.execute("RESET enable_seqscan")
    text = "\n".join(row[0] for row in plan)
    for index in ("user_sessions_token_hash_key", "users_pkey", "user_preferences_user_id_key"):
        assert index in text, text
    assert "Seq Scan" not in text, text


@pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "\udcff", "\x00"])
async def test_a_token_that_nobody_was_given_is_nobodys_session(fresh_database, token):
    assert await sessions.find_account(work_on(fresh_database), token, NOW) is None


async def test_a_session_ends_after_its_days_also_in_valkey(signed_in):
    database, token = signed_in
    almost = NOW + timedelta(days=30) - timedelta(seconds=1)
    assert await sessions.find_account(work_on(database), token, almost)
    assert await sessions.find_account(work_on(database), token, NOW + timedelta(days=30)) is None
    await close_cache()
    await cache().set(sessions._key(security.hash_token(token)), b"-", 1)
    assert await sessions.find_account(work_on(database), token, NOW + timedelta(days=30)) is None


async def test_signing_out_ends_the_session_at_once(signed_in):
    database, token = signed_in
    assert await sessions.find_account(work_on(database), token, NOW)
    async with database.sessions() as db:
        await signing_in.sign_out(work_on(db), token)
        await db.commit()
    assert await sessions.find_account(work_on(database), token, NOW) is None


async def test_a_reader_who_was_faster_cannot_put_an_ended_session_back(signed_in, monkeypatch):
    database, token = signed_in
    find = queries.find_session

    async def find_then_be_overtaken(*arguments):
        row = await find(*arguments)
        async with database.sessions() as db:
            await signing_in.sign_out(work_on(db), token)
            await db.commit()
        return row

    with monkeypatch.context() as patch:
        patch.setattr(queries, "find_session", find_then_be_overtaken)
        assert await sessions.find_account(work_on(database), token, NOW)  # it began before the end
    assert await sessions.find_account(work_on(database), token, NOW) is None


async def test_signing_out_everywhere_ends_the_own_sessions_and_no_others(signed_in):
    database, token = signed_in
    account = await sessions.find_account(work_on(database), token, NOW)
    async with database.sessions() as db:
        second = await sign_in(db, account.email)
        stranger = await sign_in(db, (await sign_up(db)).email)
        await db.commit()
    async with database.sessions() as db:
        await signing_in.sign_out_everywhere(work_on(db), account)
        await db.commit()
    found = [
        await sessions.find_account(work_on(database), each, NOW)
        for each in (token, second, stranger)
    ]
    assert found[:2] == [None, None] and found[2] is not None


async def test_without_valkey_sessions_work_and_end_from_the_database_alone(signed_in, monkeypatch):
    database, token = signed_in
    monkeypatch.setattr("app.core.cache._current", None)
    monkeypatch.setattr(
        "app.core.cache.get_settings",
        lambda: type("Settings", (), {"REDIS_URL": "redis://127.0.0.1:1/0"}),
    )
    assert await sessions.find_account(work_on(database), token, NOW)
    assert await sessions.find_account(work_on(database), token, NOW)
    async with database.sessions() as db:
        await signing_in.sign_out(work_on(db), token)
        await db.commit()
    assert await sessions.find_account(work_on(database), token, NOW) is None
