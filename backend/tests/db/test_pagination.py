"""Numbered pages and keyset pages over real rows."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from app.core import pagination
from app.core.database import Database
from app.core.database_utils import DatabaseUtils
from app.core.errors import InvalidInput
from app.models import Lesson, LessonQuestion, Question, User, UserPreferences, VocabularyEntry
from tests.conftest import count_queries
from tests.factories import make_lesson, make_question, make_user, make_vocabulary

pytestmark = pytest.mark.each_version

get_paginated = DatabaseUtils.get_paginated
get_keyset_page = DatabaseUtils.get_keyset_page
LEVELS = ("A1", "A2", "B1", "B2")


async def add_lessons(db: AsyncSession, count: int) -> None:
    db.add_all(make_lesson(title=f"Lesson {n}", position=n + 1) for n in range(count))
    await db.flush()


async def test_a_page_tells_all_that_the_specification_lists(db: AsyncSession) -> None:
    await add_lessons(db, 5)
    page = await get_paginated(db, select(Lesson).order_by(Lesson.position), page=2, per_page=2)
    assert [lesson.position for lesson in page.items] == [3, 4]
    assert dict(page) == {
        "items": page.items,
        "total": 5,
        "page": 2,
        "per_page": 2,
        "pages": 3,
        "has_next": True,
        "has_prev": True,
        "total_is_exact": True,
    }
    assert page["items"] is page.items
    with pytest.raises(KeyError):
        page["colour"]


async def test_the_ends_and_beyond(db: AsyncSession) -> None:
    assert (await get_paginated(db, select(Lesson))).pages == 0
    await add_lessons(db, 4)
    first = await get_paginated(db, select(Lesson), page=1, per_page=2)
    last = await get_paginated(db, select(Lesson), page=2, per_page=2)
    beyond = await get_paginated(db, select(Lesson), page=9, per_page=2)
    assert (first.has_prev, first.has_next) == (False, True)
    assert (last.has_prev, last.has_next) == (True, False)
    assert (beyond.items, beyond.total, beyond.has_next, beyond.has_prev) == ([], 4, False, True)


@pytest.mark.parametrize("deep", [10_000, 0], ids=["offset", "deferred join"])
async def test_pages_cover_every_row_once_whatever_the_order(
    db: AsyncSession, monkeypatch: pytest.MonkeyPatch, deep: int
) -> None:
    monkeypatch.setattr(pagination, "DEFERRED_JOIN_OFFSET", deep)
    await add_lessons(db, 7)
    query = select(Lesson).order_by(Lesson.level)  # all A1: the primary key must decide
    pages = [(await get_paginated(db, query, page=n, per_page=3)).items for n in (1, 2, 3)]
    everything = list(itertools.chain(*pages))
    assert [len(items) for items in pages] == [3, 3, 1]
    assert [row.id for row in everything] == sorted(row.id for row in everything)


async def test_a_deep_page_keeps_joins_options_and_composite_keys(
    db: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pagination, "DEFERRED_JOIN_OFFSET", 0)
    lesson, questions = make_lesson(), [make_question() for _ in range(3)]
    users = [make_user(preferences=UserPreferences()) for _ in range(3)]
    db.add_all([lesson, *questions, *users])
    await db.flush()
    db.add_all(
        LessonQuestion(lesson_id=lesson.id, question_id=question.id, position=n + 1)
        for n, question in enumerate(questions)
    )
    await db.flush()
    links = select(LessonQuestion).order_by(LessonQuestion.position)
    page = await get_paginated(db, links, page=2, per_page=2)
    assert [link.position for link in page.items] == [3]
    db.expunge_all()
    people = (
        select(User)
        .join(User.preferences)
        .where(UserPreferences.theme == "system")
        .options(joinedload(User.preferences))
    )
    page = await get_paginated(db, people, page=1, per_page=2)
    assert page.total == 3
    assert [user.preferences.theme for user in page.items] == ["system"] * 2


async def test_columns_and_groups_can_be_paged(db: AsyncSession) -> None:
    db.add_all(make_question(level=level) for level in ("A1", "A1", "B1", "B2"))
    await db.flush()
    levels = await get_paginated(db, select(Question.level).distinct(), per_page=2)
    assert (levels.items, levels.total) == (["A1", "B1"], 3)
    counts = select(Question.level, func.count()).group_by(Question.level)
    page = await get_paginated(db, counts, page=2, per_page=2)
    assert [tuple(row) for row in page.items] == [("B2", 1)]


async def test_totals_can_be_capped_or_omitted(
    db: AsyncSession, monkeypatch: pytest.MonkeyPatch, worker_database: Database
) -> None:
    monkeypatch.setattr(pagination, "TOTAL_CAP", 3)
    await add_lessons(db, 6)
    capped = await get_paginated(db, select(Lesson), per_page=2, totals="capped")
    assert (capped.total, capped.total_is_exact, capped.pages) == (3, False, None)
    deep = await get_paginated(db, select(Lesson), page=2, per_page=3, totals="capped")
    assert (deep.total, deep.has_next) == (6, False), "never less than what was seen"
    few = await get_paginated(
        db, select(Lesson).where(Lesson.position < 3), per_page=2, totals="capped"
    )
    assert (few.total, few.total_is_exact, few.pages) == (2, True, 1)
    with count_queries(worker_database) as queries:
        none = await get_paginated(db, select(Lesson), per_page=2, totals="omitted")
    assert (none.total, none.pages, none.has_next, queries.count) == (None, None, True, 1)


@pytest.mark.parametrize(
    ("page", "per_page", "field"),
    [
        (0, 10, "page"),
        (-1, 10, "page"),
        (10**18, 10, "page"),
        ("1", 10, "page"),
        (True, 10, "page"),
        (1, 0, "per_page"),
        (1, 10**9, "per_page"),
        (1, 2.5, "per_page"),
    ],
)
async def test_an_impossible_page_is_refused(db: AsyncSession, page, per_page, field) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await get_paginated(db, select(Lesson), page=page, per_page=per_page)
    assert refusal.value.field == field


async def test_what_is_no_way_of_counting_is_refused(db: AsyncSession) -> None:
    with pytest.raises(InvalidInput, match="exact, capped, omitted") as refusal:
        await get_paginated(db, select(Lesson), totals="nonsense")
    assert refusal.value.field == "totals"


@pytest.mark.parametrize("deep", [10_000, 0], ids=["offset", "deferred join"])
async def test_a_limit_and_an_offset_of_the_query_hold(
    db: AsyncSession, monkeypatch: pytest.MonkeyPatch, deep: int
) -> None:
    monkeypatch.setattr(pagination, "DEFERRED_JOIN_OFFSET", deep)
    await add_lessons(db, 8)
    query = select(Lesson).order_by(Lesson.position.desc()).offset(1).limit(5)
    pages = [await get_paginated(db, query, page=n, per_page=2) for n in (1, 2, 3, 4)]
    assert [[lesson.position for lesson in page.items] for page in pages] == [
        [7, 6],
        [5, 4],
        [3],
        [],
    ]
    assert {(page.total, page.pages) for page in pages} == {(5, 3)}
    assert [page.has_next for page in pages] == [True, True, False, False]
    positions = select(Lesson.position).order_by(Lesson.position).limit(3)
    page = await get_paginated(db, positions, page=2, per_page=2)
    assert (page.items, page.total, page.pages) == ([3], 3, 2)
    ends = select(Lesson.position, Lesson.level).order_by(Lesson.position.desc()).limit(3)
    page = await get_paginated(db, ends, page=1, per_page=2)
    assert [row.position for row in page.items] == [8, 7]


# --- keyset pages ---------------------------------------------------------------------------------


async def walk(db: AsyncSession, query, order_by, limit: int):
    """Return the pages forwards, and the pages met on the way back from the last one."""
    pages, cursor = [], None
    while True:
        page = await get_keyset_page(db, query, order_by, limit=limit, cursor=cursor)
        pages.append(page)
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
    back = []
    while (cursor := page.previous_cursor) is not None:
        page = await get_keyset_page(db, query, order_by, limit=limit, cursor=cursor)
        back.append(page)
    return pages, back


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.tuples(st.sampled_from(LEVELS), st.integers(1, 5)), max_size=14),
    limit=st.integers(1, 5),
    descending=st.booleans(),
)
async def test_walking_there_and_back_gives_the_ordered_list(
    db: AsyncSession, rows, limit: int, descending: bool
) -> None:
    await db.execute(delete(Question))
    db.add_all(make_question(level=level, difficulty=difficulty) for level, difficulty in rows)
    await db.flush()
    columns = [Question.level, Question.difficulty]
    order = [column.desc() if descending else column.asc() for column in columns]
    expected = list(
        await db.scalars(
            select(Question).order_by(*order, Question.id.desc() if descending else Question.id)
        )
    )
    pages, back = await walk(db, select(Question), order, limit)
    assert [row for page in pages for row in page.items] == expected
    assert pages[0].previous_cursor is None and pages[-1].next_cursor is None
    assert all(len(page.items) == limit for page in pages[:-1])
    before_last = expected[: len(expected) - len(pages[-1].items)]
    assert [row for page in reversed(back) for row in page.items] == before_last
    assert not back or back[-1].previous_cursor is None


async def test_rows_that_arrive_or_leave_meanwhile_move_nothing(db: AsyncSession) -> None:
    words = [make_vocabulary(headword=f"w{n}") for n in range(4)]
    db.add_all(words)
    await db.flush()
    order = [VocabularyEntry.headword]
    first = await get_keyset_page(db, select(VocabularyEntry), order, limit=2)
    db.add(make_vocabulary(headword="a"))
    await db.delete(words[1])  # the row that the cursor stands on
    await db.flush()
    second = await get_keyset_page(
        db, select(VocabularyEntry), order, limit=2, cursor=first.next_cursor
    )
    assert second.items == words[2:]


async def test_a_cursor_whose_rows_are_gone_still_leads_back(db: AsyncSession) -> None:
    words = [make_vocabulary(headword=f"w{n}") for n in range(3)]
    db.add_all(words)
    await db.flush()
    order = [VocabularyEntry.headword]
    first = await get_keyset_page(db, select(VocabularyEntry), order, limit=2)
    await db.delete(words[2])
    await db.flush()
    empty = await get_keyset_page(
        db, select(VocabularyEntry), order, limit=2, cursor=first.next_cursor
    )
    assert (empty.items, empty.next_cursor) == ([], None)
    back = await get_keyset_page(
        db, select(VocabularyEntry), order, limit=2, cursor=empty.previous_cursor
    )
    assert back.items == words[:1]


async def test_keyset_queries_compare_rows_and_never_skip(
    db: AsyncSession, worker_database: Database
) -> None:
    db.add_all(make_question() for _ in range(3))
    await db.flush()
    order = [Question.created_at.desc()]
    first = await get_keyset_page(db, select(Question), order, limit=1)
    with count_queries(worker_database) as queries:
        await get_keyset_page(db, select(Question), order, limit=1, cursor=first.next_cursor)
    (statement,) = queries.statements
    assert "(questions.created_at, questions.id) < (" in statement
    assert "OFFSET" not in statement and " OR " not in statement


@pytest.mark.parametrize("limit", [0, 10**9, "2", True])
async def test_an_impossible_limit_is_refused(db: AsyncSession, limit) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await get_keyset_page(db, select(Question), [Question.id], limit=limit)
    assert refusal.value.field == "limit"
