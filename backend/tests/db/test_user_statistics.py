"""A learner's figures, in their own days."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.database_utils import DatabaseUtils
from app.core.errors import NotFound
from app.models import (
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
    )


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
        attempt(other, question.id, NOW),
        UserAchievement(user_id=user.id, achievement="first_lesson"),
    )
    figures = await statistics(db, user.id, NOW)
    assert (figures.lessons_started, figures.lessons_completed) == (2, 1)
    assert figures.average_completion == 62.5
    assert (figures.questions_attempted, figures.questions_correct) == (4, 3)
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
    figures = await statistics(db, user.id, NOW)
    assert (figures.cards_total, figures.cards_due) == (5, 2)
    assert (figures.cards_learning, figures.cards_mature) == (1, 1)


async def test_retention_looks_at_mature_cards_only(db: AsyncSession) -> None:
    user = await learner(db)
    cards = [make_card(user.id, item_id=new_id()) for _ in range(3)]
    await add(db, *cards)
    yesterday = NOW - timedelta(days=1)
    taken_back = review(user, cards[0].id, NOW, rating=1, before=99)
    await add(
        db,
        review(user, cards[0].id, yesterday, rating=3, before=30),
        review(user, cards[1].id, yesterday, rating=1, before=21),
        review(user, cards[2].id, yesterday, rating=1, before=20),  # not mature
        review(user, cards[1].id, NOW, rating=1),  # lapsed a day ago: no longer mature
        taken_back,
    )
    undo = review(user, cards[0].id, NOW)
    undo.kind, undo.rating, undo.target_id = "undo", None, taken_back.id
    await add(db, undo)
    figures = await statistics(db, user.id, NOW)
    assert figures.reviews_last_30_days == 4
    assert figures.retention == 0.5


async def test_the_thirty_days_begin_at_the_learners_cutoff(db: AsyncSession) -> None:
    user = await learner(db)  # 04:00 in Jakarta is 21:00 UTC of the day before
    card = make_card(user.id)
    await add(db, card)
    first = datetime(2026, 1, 31, 21, tzinfo=UTC)  # 1 February, the thirtieth day back
    await add(db, review(user, card.id, first), review(user, card.id, first - timedelta(minutes=1)))
    assert (await statistics(db, user.id, NOW)).reviews_last_30_days == 1


@pytest.mark.parametrize(
    ("days_ago", "streak"),
    [
        ([], 0),
        ([0], 1),
        ([1], 1),  # today is still open
        ([2], 0),
        ([0, 1, 2, 4], 3),
        ([1, 2, 3], 3),
        ([0, 0, 1], 2),
    ],
)
async def test_a_streak_ends_with_the_first_gap(db: AsyncSession, days_ago, streak: int) -> None:
    user, question = await learner(db), make_question()
    await add(db, question)
    await add(db, *(attempt(user, question.id, NOW - timedelta(days=n)) for n in days_ago))
    figures = await statistics(db, user.id, NOW)
    assert (figures.streak_days, figures.study_days) == (streak, len(set(days_ago)))


async def test_a_day_is_the_learners_own(db: AsyncSession) -> None:
    question = make_question()
    evening = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)  # 01:30 of 2 March in Jakarta
    noon = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
    await add(db, question)
    for preferences, days in (
        ({}, 2),  # before the cut-off at 04:00 it is still 1 March
        ({"day_cutoff_hour": 0}, 1),
        ({"timezone": "America/New_York"}, 1),  # 13:30 of 1 March and 00:00 of 2 March
        ({"timezone": "America/New_York", "day_cutoff_hour": 0}, 2),
    ):
        user = await learner(db, **preferences)
        await add(db, attempt(user, question.id, evening), attempt(user, question.id, noon))
        figures = await statistics(db, user.id, noon)
        assert (figures.study_days, figures.streak_days) == (days, days), preferences


async def test_without_preferences_the_defaults_hold(db: AsyncSession) -> None:
    user, question = make_user(), make_question()
    await add(db, user, question)
    await db.execute(text("DELETE FROM user_preferences WHERE user_id = :id"), {"id": user.id})
    await add(db, attempt(user, question.id, NOW))
    assert (await statistics(db, user.id, NOW)).streak_days == 1


async def test_all_of_it_is_one_statement(db: AsyncSession, worker_database: Database) -> None:
    user = await learner(db)
    with count_queries(worker_database) as queries:
        await statistics(db, user.id, NOW)
    assert queries.count == 1
