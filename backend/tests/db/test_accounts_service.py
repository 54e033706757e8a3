"""Signing up and in: what is stored, what is refused, and how often one may try."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core import security
from app.core import security as core_security
from app.core.database import Database
from app.core.errors import Forbidden, InvalidInput, TooManyRequests
from app.domain.accounts import accounts, signing_in
from app.domain.accounts.accounts import EmailTaken
from app.domain.accounts.signing_in import WrongCredentials
from app.models import User, UserPreferences, UserSession
from app.models.base import new_id
from tests.db.accounts import PASSWORD, a_new_address, sign_in, sign_up
from tests.factories import NOW, make_user
from tests.work import work_on

pytestmark = pytest.mark.usefixtures("no_connections_left")


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
    verify = core_security.verify_password

    async def counting(password, password_hash):
        checked.append(password_hash)
        return await verify(password, password_hash)

    monkeypatch.setattr(signing_in, "verify_password", counting)
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


async def test_demo_accounts_are_made_once_and_can_sign_in(db):
    for _ in range(2):
        await accounts.ensure_demo_accounts(work_on(db), NOW)
    roles = (await db.execute(select(User.email, User.role).order_by(User.email))).all()
    assert [tuple(row) for row in roles] == [
        ("author@lancar.test", "author"),
        ("demo@lancar.test", "learner"),
    ]
    assert await sign_in(db, "demo@lancar.test", "belajar-lancar")


async def test_production_has_no_demo_accounts(db, settings, monkeypatch):
    production = settings.model_copy(update={"ENVIRONMENT": "production"})
    monkeypatch.setattr(accounts, "get_settings", lambda: production)
    with pytest.raises(Forbidden):
        await accounts.ensure_demo_accounts(work_on(db), NOW)
    assert await db.scalar(select(func.count()).select_from(User)) == 0
