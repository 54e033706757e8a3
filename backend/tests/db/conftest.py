"""Fixtures of the database tests."""

from collections.abc import AsyncIterator

import pytest

from app.core.database import Database
from tests.db.study import Study, begin_study


@pytest.fixture
async def study(fresh_database: Database) -> AsyncIterator[Study]:
    """A learner with the default preferences and no cards, in a database of their own."""
    async with fresh_database.sessions() as session:
        yield await begin_study(fresh_database, session)
