"""Fixtures of the database tests."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.domain.accounts.service import Account
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
