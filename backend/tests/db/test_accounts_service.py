"""Accounts and sessions against a real database and a real Valkey."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core import security
from app.core.cache import cache, close_cache
from app.core.database import Database
from app.core.errors import Forbidden, InvalidInput, NotFound, TooManyRequests
from app.domain.accounts import queries, service, sessions
from app.domain.accounts.service import EmailTaken, WrongCredentials
from app.models import SRSSettings, User, UserPreferences, UserSession
from app.models.base import new_id
from tests.conftest import count_queries
from tests.factories import NOW, make_user

PASSWORD = "kopi tubruk 3x"


@pytest.fixture(autouse=True)
async def no_connections_left():
    yield
    await close_cache()


def a_new_address() -> str:
    """One that no rate limit has counted."""
    return f"sari-{new_id().hex}@example.com"


async def sign_up(db, **fields):
    defaults = {"email": a_new_address(), "password": PASSWORD, "full_name": "Sari Dewi"}
    return await service.sign_up(db, **defaults | fields, now=NOW)


async def sign_in(db, email, password=PASSWORD, **fields):
    defaults = {"user_agent": "Tests", "now": NOW}
    return await service.sign_in(db, email=email, password=password, **defaults | fields)


@pytest.fixture
async def learner(fresh_database: Database):
    """A learner who is signed in: (database, token)."""
    async with fresh_database.sessions() as db:
        user = await sign_up(db)
        token = await sign_in(db, user.email)
        await db.commit()
    return fresh_database, token


async def test_signing_up_stores_the_account_with_its_preferences_and_no_password(db):
    email = a_new_address()
    user = await sign_up(db, email=f" {email.upper()} ", level="B1", ui_language="en")
    assert (user.email, user.current_level, user.role, user.is_active) == (
        email,
        "B1",
        "learner",
        True,
    )
    assert user.created_at == NOW
    assert user.preferences.ui_language == "en"
    assert PASSWORD not in user.password_hash
    assert await security.verify_password(PASSWORD, user.password_hash)


async def test_an_address_belongs_to_one_account_however_it_is_written(db):
    user = await sign_up(db)
    with pytest.raises(EmailTaken) as caught:
        await sign_up(db, email=user.email.title())
    assert caught.value.field == "email"
    await sign_up(db)  # the session is still usable


async def test_of_two_sign_ups_at_once_with_one_address_one_wins(fresh_database: Database):
    email = a_new_address()

    async def attempt():
        async with fresh_database.sessions() as db:
            await sign_up(db, email=email)
            await db.commit()

    results = await asyncio.gather(attempt(), attempt(), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["EmailTaken", "NoneType"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("password", "password"),
        ("full_name", " "),
        ("level", "C2"),
        ("ui_language", "jv"),
    ],
)
async def test_a_refused_value_names_its_field_and_stores_nothing(db, field, value):
    with pytest.raises(InvalidInput) as caught:
        await sign_up(db, **{field: value})
    assert caught.value.field == field
    assert await db.scalar(select(func.count()).select_from(User)) == 0


async def test_signing_in_begins_a_session_of_which_only_a_digest_is_stored(db):
    user = await sign_up(db)
    token = await sign_in(db, user.email.upper(), user_agent="x" * 300)
    row = (await db.scalars(select(UserSession))).one()
    assert row.token_hash == security.hash_token(token)
    assert row.expires_at == NOW + timedelta(days=30)
    assert row.user_agent == "x" * 255


async def test_wrong_password_unknown_address_and_closed_account_are_told_apart_by_nobody(db):
    user = await sign_up(db)
    closed = await sign_up(db)
    closed.is_active = False
    await db.flush()
    attempts = [
        (user.email, "kopi tubruk 4x"),
        (a_new_address(), PASSWORD),
        (closed.email, PASSWORD),
        ("no address", PASSWORD),
    ]
    for email, password in attempts:
        with pytest.raises(WrongCredentials):
            await sign_in(db, email, password)
    assert await db.scalar(select(func.count()).select_from(UserSession)) == 0


async def test_an_unknown_address_costs_a_hash_too(db, monkeypatch):
    checked = []
    verify = service.verify_password

    async def counting(password, password_hash):
        checked.append(password_hash)
        return await verify(password, password_hash)

    monkeypatch.setattr(service, "verify_password", counting)
    with pytest.raises(WrongCredentials):
        await sign_in(db, a_new_address())
    known = await sign_up(db)
    assert len(checked) == 1
    assert checked[0][:7] == known.password_hash[:7]  # algorithm and cost


async def test_a_user_made_without_preferences_gets_them_at_sign_in(db):
    user = make_user(password_hash=await security.hash_password(PASSWORD), email=a_new_address())
    db.add(user)
    await db.flush()
    await sign_in(db, user.email)
    assert await db.scalar(select(UserPreferences.timezone)) == "Asia/Jakarta"


async def test_signing_in_sweeps_the_own_ended_sessions(db):
    user, other = await sign_up(db), await sign_up(db)
    for email in (user.email, other.email):
        await sign_in(db, email, now=NOW - timedelta(days=31))
    await sign_in(db, user.email)
    owners = (await db.scalars(select(UserSession.user_id))).all()
    assert sorted(owners) == sorted([user.id, other.id])


async def test_attempts_on_one_account_are_limited_wherever_they_come_from(db):
    user = await sign_up(db)
    for number in range(10):
        with pytest.raises(WrongCredentials):
            await sign_in(db, user.email, "kopi tubruk 4x", address=f"address {new_id()}{number}")
    with pytest.raises(TooManyRequests) as caught:
        await sign_in(db, user.email, address=f"address {new_id()}")
    assert 1 <= caught.value.retry_after <= 60


async def test_attempts_from_one_address_are_limited_whomever_they_try(db):
    address = f"address {new_id()}"
    for _ in range(10):
        with pytest.raises(WrongCredentials):
            await sign_in(db, a_new_address(), address=address)
    with pytest.raises(TooManyRequests):
        await sign_in(db, a_new_address(), address=address)
    with pytest.raises(TooManyRequests):
        await sign_up(db, address=address)


async def test_the_session_check_returns_the_account_and_the_learners_day(learner):
    database, token = learner
    account = await service.find_account(database, token, NOW)
    assert account is not None
    assert (account.full_name, account.role, account.level) == ("Sari Dewi", "learner", "A1")
    assert account.desired_retention == 0.9
    assert account.day.date_of(NOW).isoformat() == "2026-03-02"
    assert await service.find_account(database, token, NOW) == account  # from Valkey


async def test_a_session_is_read_from_the_database_once_and_then_from_valkey(learner, monkeypatch):
    database, token = learner
    reads = []
    find = queries.find_session

    async def counting(*arguments):
        reads.append(1)
        return await find(*arguments)

    monkeypatch.setattr(queries, "find_session", counting)
    with count_queries(database) as through_sqlalchemy:
        for _ in range(5):
            assert await service.find_account(database, token, NOW)
    assert len(reads) == 1 and through_sqlalchemy.count == 0


async def test_the_session_check_uses_unique_indexes_only(learner):
    database, token = learner
    async with database.driver() as connection:
        await connection.execute("SET enable_seqscan = off")
        try:
            plan = await connection.fetch(
                f"EXPLAIN {queries.FIND_SESSION}", security.hash_token(token)
            )
        finally:
            await connection.execute("RESET enable_seqscan")
    text = "\n".join(row[0] for row in plan)
    for index in ("user_sessions_token_hash_key", "users_pkey", "user_preferences_user_id_key"):
        assert index in text, text
    assert "Seq Scan" not in text, text


@pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "\udcff", "\x00"])
async def test_a_token_that_nobody_was_given_is_nobodys_session(fresh_database, token):
    assert await service.find_account(fresh_database, token, NOW) is None


async def test_a_session_ends_after_its_days_also_in_valkey(learner):
    database, token = learner
    almost = NOW + timedelta(days=30) - timedelta(seconds=1)
    assert await service.find_account(database, token, almost)
    assert await service.find_account(database, token, NOW + timedelta(days=30)) is None
    await close_cache()
    await cache().set(sessions._key(security.hash_token(token)), b"-", 1)
    assert await service.find_account(database, token, NOW + timedelta(days=30)) is None


async def test_signing_out_ends_the_session_at_once(learner):
    database, token = learner
    assert await service.find_account(database, token, NOW)
    async with database.sessions() as db:
        await service.sign_out(db, token)
        await db.commit()
    assert await service.find_account(database, token, NOW) is None


async def test_a_reader_who_was_faster_cannot_put_an_ended_session_back(learner, monkeypatch):
    database, token = learner
    find = queries.find_session

    async def find_then_be_overtaken(*arguments):
        row = await find(*arguments)
        async with database.sessions() as db:
            await service.sign_out(db, token)
            await db.commit()
        return row

    with monkeypatch.context() as patch:
        patch.setattr(queries, "find_session", find_then_be_overtaken)
        assert await service.find_account(database, token, NOW)  # it began before the end
    assert await service.find_account(database, token, NOW) is None


async def test_signing_out_everywhere_ends_the_own_sessions_and_no_others(learner):
    database, token = learner
    account = await service.find_account(database, token, NOW)
    async with database.sessions() as db:
        second = await sign_in(db, account.email)
        stranger = await sign_in(db, (await sign_up(db)).email)
        await db.commit()
    async with database.sessions() as db:
        await service.sign_out_everywhere(db, account)
        await db.commit()
    found = [await service.find_account(database, each, NOW) for each in (token, second, stranger)]
    assert found[:2] == [None, None] and found[2] is not None


async def test_a_change_is_seen_at_once_on_every_device(learner):
    database, token = learner
    account = await service.find_account(database, token, NOW)
    async with database.sessions() as db:
        other_device = await sign_in(db, account.email)
        await db.commit()
    assert await service.find_account(database, other_device, NOW)
    changes = {"timezone": "Asia/Jayapura", "daily_goal_minutes": "30", "theme": None}
    later = NOW + timedelta(hours=1)
    async with database.sessions() as db:
        changed = await service.update_preferences(db, account, changes, later)
        changed = await service.change_level(db, changed, "B2", later)
        changed = await service.change_name(db, changed, "  Sari  Wijaya ", later)
        await db.commit()
    assert (changed.timezone, changed.level, changed.full_name) == (
        "Asia/Jayapura",
        "B2",
        "Sari Wijaya",
    )
    for each in (token, other_device):
        seen = await service.find_account(database, each, NOW)
        assert seen is not None
        assert (seen.timezone, seen.level) == ("Asia/Jayapura", "B2")
    async with database.sessions() as db:
        user = await service.get_profile(db, account)
        assert user.preferences.daily_goal_minutes == 30
        assert user.preferences.updated_at == user.updated_at == later


async def test_every_change_of_what_scheduling_depends_on_is_kept_as_a_version(learner):
    database, token = learner
    account = await service.find_account(database, token, NOW)
    assert account.srs_settings_id is None
    versions = []
    for changes in (
        {"desired_retention": 0.85, "learning_steps": "1, 5 15", "relearning_steps": ""},
        {"theme": "dark", "new_cards_per_day": 7},
        {"timezone": "Asia/Jayapura", "maximum_interval_days": 365},
    ):
        async with database.sessions.begin() as db:
            changed = await service.update_preferences(db, account, changes, NOW)
        account = await service.find_account(database, token, NOW)
        assert account == changed
        versions.append(account.srs_settings_id)
    assert versions[0] == versions[1] != versions[2]
    assert account.learning_steps == (1, 5, 15)
    assert account.relearning_steps == ()
    async with database.sessions() as db:
        rows = (await db.scalars(select(SRSSettings).order_by(SRSSettings.id))).all()
    assert [row.id for row in rows] == [versions[0], versions[2]]
    old, new = rows
    assert (float(old.desired_retention), old.timezone) == (0.85, "Asia/Jakarta")
    assert (float(new.desired_retention), new.timezone) == (0.85, "Asia/Jayapura")
    assert new.learning_steps == [1, 5, 15]
    assert (old.maximum_interval_days, new.maximum_interval_days) == (36_500, 365)


async def test_a_change_touches_nobody_else(learner):
    database, token = learner
    account = await service.find_account(database, token, NOW)
    async with database.sessions() as db:
        other = await sign_up(db)
        await service.update_preferences(db, account, {"theme": "dark"}, NOW)
        await service.change_level(db, account, "B2", NOW)
        await db.commit()
    async with database.sessions() as db:
        user = await queries.find_user(db, other.id)
        assert (user.current_level, user.preferences.theme) == ("A1", "system")


async def test_refused_preferences_change_nothing(learner):
    database, token = learner
    account = await service.find_account(database, token, NOW)
    async with database.sessions() as db:
        for changes in ({"theme": "dark", "timezone": "Mars/Base"}, {"role": "admin"}):
            with pytest.raises(InvalidInput):
                await service.update_preferences(db, account, changes, NOW)
        with pytest.raises(InvalidInput):
            await service.change_level(db, account, "C1", NOW)
        assert (await service.get_profile(db, account)).preferences.theme == "system"


async def test_every_allowed_preference_is_allowed_by_the_database_too(learner):
    """The ranges of the rules and of the CHECKs are the same."""
    database, token = learner
    account = await service.find_account(database, token, NOW)
    extremes = [
        {"day_cutoff_hour": 0, "daily_goal_minutes": 1, "new_cards_per_day": 0},
        {"day_cutoff_hour": 23, "daily_goal_minutes": 480, "new_cards_per_day": 1000},
        {"desired_retention": 0.70, "ui_language": "en", "theme": "light"},
        {"desired_retention": 0.97, "speech_enabled": False, "email_reminders": True},
    ]
    async with database.sessions() as db:
        for changes in extremes:
            await service.update_preferences(db, account, changes, NOW)


async def test_the_profile_of_a_deleted_account_is_not_found(learner):
    database, token = learner
    account = await service.find_account(database, token, NOW)
    async with database.sessions() as db:
        await db.delete(await db.get(User, account.user_id))
        await db.flush()
        with pytest.raises(NotFound):
            await service.get_profile(db, account)


async def test_demo_accounts_are_made_once_and_can_sign_in(db):
    for _ in range(2):
        await service.ensure_demo_accounts(db, NOW)
    roles = (await db.execute(select(User.email, User.role).order_by(User.email))).all()
    assert [tuple(row) for row in roles] == [
        ("author@lancar.test", "author"),
        ("demo@lancar.test", "learner"),
    ]
    assert await sign_in(db, "demo@lancar.test", "belajar-lancar")


async def test_production_has_no_demo_accounts(db, settings, monkeypatch):
    production = settings.model_copy(update={"ENVIRONMENT": "production"})
    monkeypatch.setattr(service, "get_settings", lambda: production)
    with pytest.raises(Forbidden):
        await service.ensure_demo_accounts(db, NOW)
    assert await db.scalar(select(func.count()).select_from(User)) == 0


async def test_without_valkey_sessions_work_and_end_from_the_database_alone(learner, monkeypatch):
    database, token = learner
    monkeypatch.setattr("app.core.cache._current", None)
    monkeypatch.setattr(
        "app.core.cache.get_settings",
        lambda: type("Settings", (), {"REDIS_URL": "redis://127.0.0.1:1/0"}),
    )
    assert await service.find_account(database, token, NOW)
    assert await service.find_account(database, token, NOW)
    async with database.sessions() as db:
        await service.sign_out(db, token)
        await db.commit()
    assert await service.find_account(database, token, NOW) is None
