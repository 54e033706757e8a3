"""Sixty days of the demo learner: made by the use cases, true to the log, and newer at each start."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

import app.core.database as core
from app.cli.demo.history import LEARNER, write_history
from app.core.clock import utcnow
from app.domain.accounts import accounts, sessions
from app.domain.activity import days as activity_days
from app.domain.practice import mistakes
from app.domain.progress import proof
from app.domain.srs import checking, queue
from app.models import QuestionAttempt, SRSReview, UserAchievement
from tests.web.site import fill
from tests.work import work_on

DAYS = 60


@pytest.fixture
async def database(fresh_database, monkeypatch):
    """A database with the curriculum and the demo accounts, for `session_scope`, too."""
    monkeypatch.setattr(core, "_current", fresh_database)
    await fill(fresh_database)
    async with fresh_database.sessions.begin() as db:
        await accounts.ensure_demo_accounts(work_on(db), utcnow())
    return fresh_database


async def count(db, model):
    return await db.scalar(select(func.count()).select_from(model))


async def test_the_history_is_believable_and_goes_on(database):
    now = utcnow()
    assert await write_history(work_on(database), now, DAYS) == DAYS
    account = await sessions.get_account_of(work_on(database), LEARNER)
    async with database.sessions() as db:
        days = await activity_days.get_active_days(work_on(db), account, now)
        assert 40 <= len(days) < DAYS  # days are missed
        assert max(day.day for day in days) < account.day.date_of(now)
        standings = await mistakes.get_standings(work_on(db), account, now)
        assert len([each for each in standings if each.open]) >= 4
        assert await count(db, UserAchievement) >= 5
        ratings = await db.execute(
            select(SRSReview.rating, func.count()).group_by(SRSReview.rating)
        )
        assert {rating for rating, _ in ratings} == {1, 2, 3, 4}  # lapses are among them
        attempts = await count(db, QuestionAttempt)
        assert await proof.find_unproven_progress(work_on(db)) == []
        assert await proof.find_unproven_activity(work_on(db)) == []
    assert (await queue.count_due(work_on(database), account, now)).total >= 5
    assert not (await checking.check_logs(work_on(database), now)).wrong

    assert await write_history(work_on(database), now, DAYS) <= 1  # nothing to make up for
    later = now + timedelta(days=5)
    assert 4 <= await write_history(work_on(database), later, DAYS) <= 6
    async with database.sessions() as db:
        assert await count(db, QuestionAttempt) >= attempts
        days = await activity_days.get_active_days(work_on(db), account, later)
    assert max(day.day for day in days) > account.day.date_of(now)
