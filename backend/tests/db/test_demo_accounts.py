"""Production does not know development's accounts: no password that is public signs in there."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select, text

from app.cli.prepare import DEACTIVATE, demo_accounts_left
from app.core import security
from app.core.config import get_settings
from app.core.errors import InvalidInput
from app.core.security import hash_password
from app.domain.accounts import accounts, sessions
from app.domain.accounts.accounts import DEMO_ACCOUNTS
from app.domain.accounts.rules import DEMO_PASSWORD
from app.domain.accounts.signing_in import WrongCredentials
from app.models import User
from tests.db.accounts import PASSWORD, a_new_address, sign_in, sign_up
from tests.factories import NOW, make_user
from tests.work import work_on

VOLUME = "learner-0190d2c0@volume.lancar.test"


@pytest.fixture
def in_production(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Make this process one of production, when called."""

    def become() -> None:
        monkeypatch.setenv("ENVIRONMENT", "production")
        monkeypatch.setenv("SECRET_KEY", "k" * 48)
        get_settings.cache_clear()

    yield become
    monkeypatch.undo()
    get_settings.cache_clear()


async def _store(db, email: str, password: str) -> None:
    db.add(make_user(email=email, password_hash=await hash_password(password)))
    await db.flush()


async def test_production_refuses_the_accounts_of_a_database_used_in_development(db, in_production):
    await accounts.ensure_demo_accounts(work_on(db), NOW)
    await _store(db, VOLUME, DEMO_PASSWORD)
    emails = [email for email, _, _ in DEMO_ACCOUNTS] + [VOLUME]
    for email in emails:
        assert await sign_in(db, email, DEMO_PASSWORD)
    in_production()
    for email in emails:
        with pytest.raises(WrongCredentials):
            await sign_in(db, email, DEMO_PASSWORD)


async def test_production_refuses_the_public_password_of_any_account(db, in_production):
    email = a_new_address()
    await sign_up(db, email=email, password=DEMO_PASSWORD)
    assert await sign_in(db, email, DEMO_PASSWORD)
    in_production()
    with pytest.raises(WrongCredentials):
        await sign_in(db, email, DEMO_PASSWORD)


async def test_production_refuses_a_demo_address_whatever_its_password(db, in_production):
    await _store(db, DEMO_ACCOUNTS[1][0], PASSWORD)
    in_production()
    with pytest.raises(WrongCredentials):
        await sign_in(db, DEMO_ACCOUNTS[1][0], PASSWORD)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", DEMO_PASSWORD),
        ("email", DEMO_ACCOUNTS[0][0]),
        ("email", VOLUME),
    ],
)
async def test_production_makes_no_account_that_could_not_sign_in(db, in_production, field, value):
    in_production()
    with pytest.raises(InvalidInput) as caught:
        await sign_up(db, **{field: value})
    assert caught.value.field == field
    assert caught.value.text("id") != caught.value.text("en")
    assert await sign_up(db, email="sari@notlancar.test")


@pytest.mark.usefixtures("no_connections_left")
async def test_a_session_that_development_began_is_none_in_production(
    fresh_database, in_production
):
    async with fresh_database.sessions.begin() as db:
        await accounts.ensure_demo_accounts(work_on(db), NOW)
    async with fresh_database.sessions() as db:
        token = await sign_in(db, DEMO_ACCOUNTS[1][0], DEMO_PASSWORD)
        await db.commit()
    assert await sessions.find_account(work_on(fresh_database), token, NOW)
    in_production()
    assert await sessions.find_account(work_on(fresh_database), token, NOW) is None  # from Valkey
    await sessions.forget([security.hash_token(token)])
    assert (
        await sessions.find_account(work_on(fresh_database), token, NOW) is None
    )  # from PostgreSQL


async def test_the_operator_is_told_who_is_left_and_how_to_be_rid_of_them(fresh_database):
    async with fresh_database.sessions.begin() as db:
        await accounts.ensure_demo_accounts(work_on(db), NOW)
        await _store(db, VOLUME, DEMO_PASSWORD)
        await _store(db, "budi@lancar.example", PASSWORD)
    [said] = await demo_accounts_left(fresh_database)
    assert said.startswith("3 accounts are left from development")
    assert "author@lancar.test, demo@lancar.test" in said
    assert said.endswith(DEACTIVATE)
    async with fresh_database.sessions.begin() as db:
        await db.execute(text(DEACTIVATE))
    assert await demo_accounts_left(fresh_database) == []
    async with fresh_database.read_sessions() as db:
        active = (await db.scalars(select(User.email).where(User.is_active))).all()
    assert active == ["budi@lancar.example"]
