"""The figures of the statistics page, counted in the learner's days."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.account import Account
from app.domain.activity import days as activity_days
from app.domain.srs import statistics
from app.models import DailyActivity, SRSCard, SRSReview
from app.models.base import new_id
from tests.factories import make_account, make_card, make_user
from tests.work import work_on

NOW = datetime(2026, 3, 4, 5, 0, tzinfo=UTC)  # a Wednesday, noon in Jakarta
TODAY = date(2026, 3, 4)
MONDAY = date(2026, 3, 2)


@pytest.fixture
async def learner(db: AsyncSession) -> Account:
    user = make_user()
    db.add(user)
    await db.flush()
    return make_account(user)


async def add_cards(db: AsyncSession, learner: Account, *cards: dict[str, Any]) -> list[SRSCard]:
    rows = [make_card(learner.user_id, item_id=new_id(), **card) for card in cards]
    db.add_all(rows)
    await db.flush()
    return rows


def review(learner: Account, card_id: UUID, moment: datetime, **fields: Any) -> SRSReview:
    defaults: dict[str, Any] = {
        "user_id": learner.user_id,
        "card_id": card_id,
        "rating": 3,
        "reviewed_at": moment,
        "day": learner.day.date_of(moment),
        "was_learning": False,
        "interval": 4,
        "ease_factor": 2.5,
        "stability": 4.0,
        "difficulty": 5.0,
        "due_at": moment + timedelta(days=4),
    }
    return SRSReview(**defaults | fields)


async def test_days_without_practice_are_left_out_and_undone_ones_too(db, learner):
    for back, answers, reviews in ((0, 3, 4), (2, 0, 0), (10, 0, 7), (400, 9, 9)):
        db.add(
            DailyActivity(
                user_id=learner.user_id,
                day=TODAY - timedelta(days=back),
                answers=answers,
                correct_answers=0,
                reviews=reviews,
                duration_ms=90_000,
            )
        )
    await db.flush()
    days = await activity_days.get_active_days(work_on(db), learner, NOW)
    assert [(row.day, row.answers, row.reviews) for row in days] == [
        (TODAY - timedelta(days=10), 0, 7),
        (TODAY, 3, 4),
    ]
    assert days[0].minutes == 1.5


async def test_retention_counts_learnt_cards_by_week_without_what_was_undone(db, learner):
    (card,) = await add_cards(db, learner, {})
    undone = review(learner, card.id, NOW, rating=1)
    db.add_all(
        [
            review(learner, card.id, NOW, rating=1),
            review(learner, card.id, NOW - timedelta(days=1)),
            review(learner, card.id, NOW - timedelta(days=8), rating=2),
            review(learner, card.id, NOW, was_learning=True, rating=1),
            undone,
        ]
    )
    await db.flush()
    db.add(review(learner, card.id, NOW, kind="undo", rating=None, target_id=undone.id))
    await db.flush()
    figures = await statistics.get_memory_figures(work_on(db), learner, NOW)
    assert len(figures.retention) == 26
    last, now = figures.retention[-2:]
    assert (now.monday, now.reviews, now.remembered, now.share) == (MONDAY, 2, 1, 0.5)
    assert (last.monday, last.share) == (MONDAY - timedelta(days=7), 1.0)
    assert figures.retention[0].share is None


async def test_what_is_late_or_back_from_burial_is_forecast_for_the_right_day(db, learner):
    seen = {"review_count": 1, "revision": 1, "last_reviewed_at": NOW - timedelta(days=9)}
    await add_cards(
        db,
        learner,
        {"next_review_date": TODAY - timedelta(days=5), **seen},
        {"next_review_date": TODAY - timedelta(days=5)},
        {"next_review_date": TODAY, "buried_until": TODAY + timedelta(days=1), **seen},
        {
            "next_review_date": TODAY + timedelta(days=29),
            "due_at": NOW + timedelta(days=29),
            **seen,
        },
        {
            "next_review_date": TODAY + timedelta(days=30),
            "due_at": NOW + timedelta(days=30),
            **seen,
        },
        {"next_review_date": TODAY, "is_suspended": True, **seen},
    )
    forecast = (await statistics.get_memory_figures(work_on(db), learner, NOW)).forecast
    assert len(forecast) == 30
    assert (forecast[0].day, forecast[0].reviews, forecast[0].new) == (TODAY, 1, 1)
    assert forecast[1].reviews == 1
    assert forecast[29].reviews == 1
    assert sum(day.reviews + day.new for day in forecast) == 4


async def test_every_card_is_in_one_stage(db, learner):
    seen = {"review_count": 1, "revision": 1, "last_reviewed_at": NOW}
    learnt = {"is_learning": False, **seen}
    await add_cards(
        db,
        learner,
        {},
        {"is_learning": True, **seen},
        {"interval": 20, **learnt},
        {"interval": 21, **learnt},
        {"interval": 300, **learnt},
        {"interval": 300, "is_suspended": True, **learnt},
    )
    stages = (await statistics.get_memory_figures(work_on(db), learner, NOW)).stages
    assert (stages.new, stages.learning, stages.young, stages.mature, stages.suspended) == (
        1, 1, 1, 2, 1,
    )  # fmt: skip


async def test_an_imported_card_is_learnt_although_it_was_never_reviewed_here(db, learner):
    imported = {"is_learning": False, "stability": 30.0, "difficulty": 5.0}
    await add_cards(db, learner, {"interval": 30, "next_review_date": TODAY, **imported})
    figures = await statistics.get_memory_figures(work_on(db), learner, NOW)
    assert (figures.stages.new, figures.stages.mature) == (0, 1)
    assert (figures.forecast[0].reviews, figures.forecast[0].new) == (1, 0)


async def test_the_figures_are_ones_own(db, learner):
    other = make_user()
    db.add(other)
    await db.flush()
    stranger = make_account(other)
    (card,) = await add_cards(db, stranger, {})
    db.add(review(stranger, card.id, NOW))
    db.add(DailyActivity(user_id=other.id, day=TODAY, answers=1, correct_answers=1))
    await db.flush()
    figures = await statistics.get_memory_figures(work_on(db), learner, NOW)
    assert not any(week.reviews for week in figures.retention)
    assert not any(day.reviews + day.new for day in figures.forecast)
    assert figures.stages.new == 0
    assert await activity_days.get_active_days(work_on(db), learner, NOW) == []
