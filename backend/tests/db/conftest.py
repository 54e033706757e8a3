"""Fixtures of the database tests."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.cache import close_cache
from app.core.database import Database
from app.domain.accounts.account import Account
from tests.db.accounts import sign_in, sign_up
from tests.db.study import Study, begin_study
from tests.factories import make_account, make_user


@pytest.fixture
async def study(fresh_database: Database) -> AsyncIterator[Study]:
    """A learner with the default preferences and no cards, in a database of their own."""
    async with fresh_database.sessions() as session:
        yield await begin_study(fresh_database, session)


@pytest.fixture
async def session(fresh_database: Database) -> AsyncIterator[AsyncSession]:
    """A session on a database of the test's own; files may have another."""
    async with fresh_database.sessions() as session:
        yield session


@pytest.fixture
async def learner(session: AsyncSession) -> Account:
    """A stored learner in Jakarta, with the default preferences; files may have another."""
    user = make_user()
    session.add(user)
    await session.commit()
    return make_account(user)


@pytest.fixture
async def no_connections_left() -> AsyncIterator[None]:
    """Close the connections to Valkey with the event loop that opened them."""
    yield
    await close_cache()


@pytest.fixture
async def signed_in(fresh_database: Database) -> tuple[Database, str]:
    """A learner who has just signed up and in: the database and the session's token."""
    async with fresh_database.sessions() as db:
        user = await sign_up(db)
        token = await sign_in(db, user.email)
        await db.commit()
    return fresh_database, token
