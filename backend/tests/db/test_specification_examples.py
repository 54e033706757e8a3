"""The specification's usage examples, as written there, with only imports and names supplied."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import CONTENT
from app.core.database import get_db
from app.domain.curriculum.loading import load_content
from app.models.content import Lesson, Question
from app.models.user import User
from tests.factories import NOW, make_card, make_lesson, make_question, make_user
from tests.work import work_on

pytestmark = pytest.mark.each_version


async def create_user(db: AsyncSession):
    user = User(
        email="user@example.com",
        password_hash="hashed_password",
        full_name="John Doe",
        current_level="A1",
    )
    db.add(user)
    await db.commit()
    return user


async def test_basic_model_usage(db: AsyncSession) -> None:
    assert callable(get_db)
    user = await create_user(db)
    stored = await db.scalar(select(User).where(User.email == "user@example.com"))
    assert stored is user
    assert user.id.version == 7
    assert user.is_active and not user.is_premium


@pytest.mark.parametrize("today", [NOW.date(), NOW.date().isoformat()])
async def test_due_cards(db: AsyncSession, today: date | str) -> None:
    from app.models.srs import SRSCard

    session = db
    user = make_user()
    db.add(user)
    await db.flush()
    user_id = user.id
    due = make_card(user_id)
    db.add_all(
        [
            due,
            make_card(user_id, is_suspended=True),
            make_card(user_id, next_review_date=NOW.date() + timedelta(days=1)),
        ]
    )
    await db.flush()

    # Get due reviews
    due_cards = await session.execute(
        select(SRSCard)
        .where(SRSCard.user_id == user_id)
        .where(SRSCard.next_review_date <= today)
        .where(SRSCard.is_suspended == False)
    )
    assert due_cards.scalars().all() == [due]


async def test_search_and_filtering(db: AsyncSession) -> None:
    wanted = make_question(stem="Choose the present perfect.", level="A2")
    lesson = make_lesson(level="A1")
    db.add_all([wanted, make_question(level="A2"), make_question(stem="The present perfect.")])
    db.add_all([lesson, make_lesson(level="A2")])
    await db.flush()

    # fmt: off
    from app.core.database_utils import DatabaseUtils

    # Full-text search
    results = await DatabaseUtils.search_full_text(
        session=db,
        model=Question,
        search_term="present perfect",
        search_fields=["stem", "explanation"],
        filters={"level": "A2"},
        limit=20
    )

    # Paginated results
    paginated = await DatabaseUtils.get_paginated(
        session=db,
        query=select(Lesson).where(Lesson.level == "A1"),
        page=1,
        per_page=10
    )
    # fmt: on
    assert results == [wanted]
    assert paginated.items == paginated["items"] == [lesson]
    assert (paginated.total, paginated.page, paginated.per_page, paginated.pages) == (1, 1, 10, 1)
    assert not paginated.has_next and not paginated.has_prev


async def test_the_search_example_finds_questions_in_the_curriculum(db: AsyncSession) -> None:
    await load_content(work_on(db), CONTENT, NOW)

    # fmt: off
    from app.core.database_utils import DatabaseUtils

    # Full-text search
    results = await DatabaseUtils.search_full_text(
        session=db,
        model=Question,
        search_term="present perfect",
        search_fields=["stem", "explanation"],
        filters={"level": "A2"},
        limit=20
    )
    # fmt: on
    assert len(results) >= 5
    assert {question.level for question in results} == {"A2"}
    assert {question.status for question in results} == {"published"}
    for question in results:
        assert "present perfect" in f"{question.stem} {question.explanation}".lower()
