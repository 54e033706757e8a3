"""A learner's figures, in their own days."""

from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.database_utils import DatabaseUtils
from app.core.errors import NotFound
from app.models import (
    DailyActivity,
    LessonProgress,
    QuestionAttempt,
    SRSReview,
    User,
    UserAchievement,
    UserPreferences,
)
from app.models.base import new_id
from tests.conftest import count_queries
from tests.factories import NOW, make_card, make_lesson, make_question, make_user

# NOW is 2026-03-02 12:00 in Jakarta.
statistics = DatabaseUtils.get_user_statistics


async def add(db: AsyncSession, *rows: object) -> None:
    db.add_all(rows)
    await db.flush()


async def learner(db: AsyncSession, **preferences: object) -> User:
    user = make_user(preferences=UserPreferences(**preferences))
    await add(db, user)
    return user


def attempt(user: User, question_id, at: datetime, *, is_correct: bool = True) -> QuestionAttempt:
    return QuestionAttempt(
        user_id=user.id,
        question_id=question_id,
        response={"type": "multiple_choice", "choice": "b"},
        is_correct=is_correct,
        score=Decimal(int(is_correct)),
        attempted_at=at,
    )


def review(user: User, card_id, at: datetime, *, rating: int = 3, before: int = 0) -> SRSReview:
    return SRSReview(
        id=new_id(),
        user_id=user.id,
        card_id=card_id,
        rating=rating,
        reviewed_at=at,
        day=at.date(),
        interval_before=before,
        interval=1,
        ease_factor=Decimal("2.5"),
        stability=5.0,
        difficulty=5.0,
        due_at=at + timedelta(days=1),
        was_learning=not before,
    )


def day(user: User, days_ago: int = 0, **fields: int) -> DailyActivity:
    date = NOW.date() - timedelta(days=days_ago)
    return DailyActivity(**{"user_id": user.id, "day": date, "answers": 1} | fields)


async def test_a_new_learner_has_nothing_yet(db: AsyncSession) -> None:
    user = await learner(db)
    figures = await statistics(db, user.id, NOW)
    assert figures.accuracy is None and figures.retention is None
    assert not any(asdict(figures).values())


async def test_an_unknown_user_is_not_found(db: AsyncSession) -> None:
    with pytest.raises(NotFound):
        await statistics(db, new_id(), NOW)


async def test_lessons_and_answers(db: AsyncSession) -> None:
    user, other = await learner(db), await learner(db)
    question = make_question()
    lessons = [make_lesson() for _ in range(3)]
    await add(db, question, *lessons)
    progress = [
        {"status": "completed", "completion_percentage": 100, "completed_at": NOW},
        {"status": "in_progress", "completion_percentage": 25},
        {},
    ]
    await add(
        db,
        *(
            LessonProgress(user_id=user.id, lesson_id=lesson.id, **fields)
            for lesson, fields in zip(lessons, progress, strict=True)
        ),
        *(attempt(user, question.id, NOW, is_correct=n < 3) for n in range(4)),
        day(user, answers=5, correct_answers=3),  # the fifth waits for its mark
        attempt(other, question.id, NOW),
        day(other),
        UserAchievement(user_id=user.id, achievement="first_lesson"),
    )
    figures = await statistics(db, user.id, NOW)
    assert (figures.lessons_started, figures.lessons_completed) == (2, 1)
    assert figures.average_completion == 62.5
    assert (figures.questions_attempted, figures.questions_correct) == (5, 3)
    assert figures.accuracy == 0.75
    assert figures.achievements == 1


async def test_cards_by_state(db: AsyncSession) -> None:
    user = await learner(db)
    today = NOW.date()
    reviewed = {"review_count": 1, "revision": 1, "last_reviewed_at": NOW}
    later = {"next_review_date": today + timedelta(days=9), **reviewed}
    await add(
        db,
        make_card(user.id),  # new and due
        make_card(user.id, is_suspended=True),
        make_card(user.id, **reviewed),  # learning and due
        make_card(user.id, interval=20, is_learning=False, **later),
        make_card(user.id, interval=21, is_learning=False, **later),
    )
    db.add(make_card(user.id, interval=30, is_learning=False, is_suspended=True, **later))
    db.add(make_card(user.id, buried_until=today + timedelta(days=1)))
    await db.flush()
    figures = await statistics(db, user.id, NOW)
    assert (figures.cards_total, figures.cards_due) == (7, 2)
    assert (figures.cards_learning, figures.cards_mature) == (1, 1)
    user.preferences.new_cards_per_day = 0
    await db.flush()
    assert (await statistics(db, user.id, NOW)).cards_due == 1


async def test_retention_looks_at_learnt_cards_only(db: AsyncSession) -> None:
    user = await learner(db)
    cards = [make_card(user.id, item_id=new_id()) for _ in range(3)]
    await add(db, *cards)
    yesterday = NOW - timedelta(days=1)
    taken_back = review(user, cards[0].id, NOW, rating=1, before=99)
    await add(
        db,
        review(user, cards[0].id, yesterday, rating=3, before=30),
        review(user, cards[1].id, yesterday, rating=1, before=21),
        review(user, cards[2].id, yesterday, rating=1),  # in steps
        review(user, cards[1].id, NOW, rating=1),  # lapsed a day ago: in steps again
        taken_back,
    )
    undo = review(user, cards[0].id, NOW)
    undo.kind, undo.rating, undo.target_id = "undo", None, taken_back.id
    await add(db, undo)
    figures = await statistics(db, user.id, NOW)
    assert figures.retention == 0.5


async def test_thirty_days_are_the_last_of_the_learner(db: AsyncSession) -> None:
    user = await learner(db)
    card = make_card(user.id)
    await add(db, card, day(user, 29, reviews=3), day(user, 30, reviews=5))
    long_ago = NOW - timedelta(days=30)
    await add(db, *(review(user, card.id, at, before=9) for at in (NOW, long_ago)))
    lapsed = review(user, card.id, long_ago + timedelta(days=1), rating=1, before=9)
    await add(db, lapsed)
    figures = await statistics(db, user.id, NOW)
    assert (figures.reviews_last_30_days, figures.retention) == (3, 0.5)


@pytest.mark.parametrize(
    ("days_ago", "streak"),
    [
        ([], 0),
        ([0], 1),
        ([1], 1),  # today is still open
        ([2], 0),
        ([0, 1, 2, 4], 3),
        ([0, *range(2, 9)], 8),  # a freeze, earned in seven days, forgives yesterday
        ([0, *range(3, 10)], 1),  # and no second day
    ],
)
async def test_the_streak_is_that_of_the_rules(db: AsyncSession, days_ago, streak: int) -> None:
    user = await learner(db)
    await add(db, *(day(user, n) for n in days_ago), day(user, 50, answers=0))  # undone
    figures = await statistics(db, user.id, NOW)
    assert (figures.streak_days, figures.study_days) == (streak, len(days_ago))


async def test_a_change_of_time_zone_rewrites_no_day(db: AsyncSession) -> None:
    for zone in ("Asia/Jakarta", "America/New_York", "Pacific/Kiritimati"):
        user = await learner(db, timezone=zone)
        await add(db, *(day(user, n) for n in range(3)))
        figures = await statistics(db, user.id, NOW)
        assert (figures.streak_days, figures.study_days) == (3, 3)


async def test_without_preferences_the_defaults_hold(db: AsyncSession) -> None:
    user = make_user()
    await add(db, user)
    await add(db, day(user), *(make_card(user.id) for _ in range(30)))
    figures = await statistics(db, user.id, NOW)
    assert (figures.streak_days, figures.cards_due) == (1, 20)


async def test_all_of_it_is_eight_statements_however_much_there_is(
    db: AsyncSession, worker_database: Database
) -> None:
    user = await learner(db)
    for more in (0, 99):
        await add(db, *(day(user, n) for n in range(more)))
        await add(db, *(make_card(user.id) for _ in range(more)))
        with count_queries(worker_database) as queries:
            await statistics(db, user.id, NOW)
        assert queries.count == 8
