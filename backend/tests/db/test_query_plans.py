"""At a realistic volume every growing list and every search goes through an index.

Made in SQL, once a server: 20,000 questions, 3,000 lessons, 300 learners with 60,000 reviews.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

import msgspec
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.database_utils import DatabaseUtils
from app.domain.curriculum.words import look_up
from app.domain.practice import answer_queries, mistakes
from app.domain.progress import standing, standing_queries
from app.models import Lesson, Question, User, VocabularyEntry
from app.models.base import new_id
from tests.factories import NOW, make_account
from tests.plans import Plan, assert_no_seq_scan, explain, plans_of
from tests.work import work_on

pytestmark = pytest.mark.each_version

QUESTIONS = 20_000
FILL = (
    """
    INSERT INTO questions (stem, type, answer_key, explanation, level, skill, slug, status,
        translations, created_at)
    SELECT (ARRAY['Say it in the ', 'Choose the ', 'Which is '])[1 + n % 3]
        || (ARRAY['present', 'past', 'future'])[1 + n % 3] || ' '
        || (ARRAY['perfect', 'simple', 'continuous', 'tense'])[1 + n % 4] || ' number' || n % 997
        || CASE WHEN n % 50 = 0 THEN ', as you used to' ELSE ', and use it' END,
        'true_false', '{"type": "true_false", "value": true}', 'Because of rule' || n % 499,
        (ARRAY['A1', 'A2', 'B1', 'B2'])[1 + n % 4], 'grammar', 'q-' || n, 'published',
        jsonb_build_object('id', jsonb_build_object('stem', 'Soal nomor' || n % 997)),
        timestamptz '2026-01-01' + n * interval '1 minute'
    FROM generate_series(1, 20000) AS n
    """,
    """
    INSERT INTO lessons (title, slug, level, skill, topic, sections, status, published_at,
        translations)
    SELECT md5('t' || n), 'lesson-' || n, (ARRAY['A1', 'A2', 'B1', 'B2'])[1 + n % 4],
        (ARRAY['grammar', 'reading', 'writing'])[1 + n % 3], md5(n::text),
        '[{"kind": "tip", "title": {"en": "Hint", "id": "Kiat"}, "body": {"en": "x", "id": "y"}}]',
        CASE WHEN n % 3 = 0 THEN 'draft' ELSE 'published' END,
        timestamptz '2026-01-01' + n * interval '1 minute', ('{"id": {"title": "Pelajaran' || n || '"}}')::jsonb
    FROM generate_series(1, 3000) AS n
    """,
    """
    INSERT INTO vocabulary_entries (slug, headword, part_of_speech, ipa, level, meaning,
        example_en, example_id)
    SELECT 'w-' || n, md5(n::text), 'noun', '/w/', 'A1', 'kata' || n, 'Word.', 'Kata.'
    FROM generate_series(1, 3000) AS n
    """,
    """
    INSERT INTO users (email, password_hash, full_name)
    SELECT 'learner' || n || '@example.com', 'x', 'Learner' FROM generate_series(1, 300) AS n
    """,
    "INSERT INTO user_preferences (user_id) SELECT id FROM users",
    """
    INSERT INTO srs_cards (user_id, item_type, item_id, next_review_date)
    SELECT u.id, 'question', q.id, '2026-03-02'
    FROM users AS u, LATERAL (SELECT id FROM questions ORDER BY created_at LIMIT 50) AS q
    """,
    """
    INSERT INTO srs_reviews (user_id, card_id, rating, reviewed_at, day, interval_before, interval,
        was_learning, ease_factor, stability, difficulty, due_at)
    SELECT user_id, id, 3, timestamptz '2026-03-01' - n * interval '20 days',
        date '2026-03-01' - n * 20, 30, 30, false, 2.5, 5, 5, now()
    FROM srs_cards, generate_series(0, 3) AS n
    """,
    """
    INSERT INTO question_attempts (user_id, question_id, response, is_correct, score)
    SELECT user_id, item_id, '{"type": "true_false", "value": true}', true, 1 FROM srs_cards
    """,
    # What autovacuum does soon after a bulk load.
    """
    SELECT gin_clean_pending_list(c.oid) FROM pg_class AS c JOIN pg_am ON pg_am.oid = c.relam
    WHERE amname = 'gin' AND c.relname LIKE 'idx%'
    """,
    "ANALYZE",
)
LARGE = ("questions", "lessons", "vocabulary_entries", "srs_cards", "srs_reviews")
LARGE += ("question_attempts",)


@pytest.fixture(scope="module")
async def filled(server, settings) -> AsyncIterator[Database]:
    """A database of its own at that volume."""
    name = await server.create()
    owner = Database(server.url(name), settings)
    async with owner.sessions() as session:
        for statement in FILL:
            await session.execute(text(statement))
        await session.commit()
    await owner.close()
    database = Database(server.url(name), settings, role=settings.DATABASE_ROLE)
    yield database
    await database.close()
    await server.drop(name)


@pytest.fixture
async def session(filled: Database) -> AsyncIterator[AsyncSession]:
    async with filled.sessions() as session:
        yield session


def uses(plans: list[Plan], index: str) -> bool:
    return all(index in plan.indexes for plan in plans)


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("number500", 20),
        ("present perfect number500", None),
        ("nomor500", 20),
        ('"number500, and use it"', 20),
        ("rule77 -past", None),
        ("number1 or number2 or number3", 63),
    ],
)
async def test_search_with_its_total_uses_the_search_index(
    filled: Database, session: AsyncSession, term: str, found: int | None
) -> None:
    arguments = (session, Question, term, ["stem", "explanation"], {"status": "published"})
    plans = await plans_of(filled, session, partial(DatabaseUtils.search_full_text, *arguments))
    plans += await plans_of(filled, session, partial(DatabaseUtils.count_matches, *arguments))
    assert len(plans) == 2, "one statement for the page, one for the total"
    for plan in plans:
        assert_no_seq_scan(plan, *LARGE)
    assert uses(plans, "idx_questions_search")
    total = await DatabaseUtils.count_matches(*arguments)
    assert found is None or abs(total.value - found) <= 1


async def test_a_grammar_pattern_uses_the_search_index(
    filled: Database, session: AsyncSession
) -> None:
    arguments = (session, Question, "used to")
    plans = await plans_of(filled, session, partial(DatabaseUtils.search_full_text, *arguments))
    plans += await plans_of(filled, session, partial(DatabaseUtils.count_matches, *arguments))
    assert uses(plans, "idx_questions_search")
    for plan in plans:
        assert_no_seq_scan(plan, *LARGE)
    assert (await DatabaseUtils.count_matches(*arguments)).value == QUESTIONS // 50


async def test_lessons_and_words_are_searched_by_index(
    filled: Database, session: AsyncSession
) -> None:
    for model, index, term in (
        (Lesson, "idx_lessons_search", "pelajaran77"),
        (VocabularyEntry, "idx_vocabulary_entries_search", "kata77"),
    ):
        work = partial(DatabaseUtils.search_full_text, session, model, term)
        (plan,) = await plans_of(filled, session, work)
        assert index in plan.indexes
        assert_no_seq_scan(plan, *LARGE)


async def test_a_word_of_a_text_is_looked_up_by_index(
    filled: Database, session: AsyncSession
) -> None:
    work = partial(
        look_up, work_on(session), "went", "She went to bed early, and he looked for her."
    )
    (plan,) = await plans_of(filled, session, work)
    assert plan.indexes, "PostgreSQL 18 may skip through the levels of the other index"
    assert plan.indexes <= {
        "vocabulary_entries_headword_part_of_speech_key",
        "idx_vocabulary_entries_level",
    }
    assert_no_seq_scan(plan, *LARGE)


async def test_suggestions_use_the_trigram_indexes(filled: Database, session: AsyncSession) -> None:
    sources = [
        select(Lesson.topic).where(Lesson.status == "published"),
        Lesson.title,
        VocabularyEntry.headword,
    ]
    work = partial(DatabaseUtils.suggest, session, sources, "c4ca4238a0b923820dcc509a6f75848")
    (plan,) = await plans_of(filled, session, work)
    assert plan.indexes >= {
        "idx_lessons_topic_trgm",
        "idx_lessons_title_trgm",
        "idx_vocabulary_entries_headword_trgm",
    }
    assert_no_seq_scan(plan, *LARGE)


async def test_a_filtered_lesson_list_uses_its_index(
    filled: Database, session: AsyncSession
) -> None:
    query = select(Lesson).where(Lesson.level == "A1", Lesson.skill == "grammar")
    plans = await plans_of(
        filled, session, partial(DatabaseUtils.get_paginated, session, query, 1, 20)
    )
    for plan in plans:
        assert_no_seq_scan(plan, "lessons")
    assert "idx_lessons_level_skill" in plans[0].indexes, "the count"


async def test_the_public_lesson_list_reads_its_index_in_order(
    filled: Database, session: AsyncSession
) -> None:
    query = select(Lesson).where(Lesson.status == "published", Lesson.published_at.is_not(None))
    order = [Lesson.published_at.desc()]
    page = await DatabaseUtils.get_keyset_page(session, query, order)
    work = partial(DatabaseUtils.get_keyset_page, session, query, order, cursor=page.next_cursor)
    (plan,) = await plans_of(filled, session, work)
    assert plan.indexes == {"idx_lessons_published"}
    assert "Sort" not in plan.kinds


@pytest.mark.parametrize("way", ["next_cursor", "previous_cursor"])
async def test_a_deep_keyset_page_starts_in_the_index(
    filled: Database, session: AsyncSession, way: str
) -> None:
    order = [Question.created_at.desc()]
    deep = await session.scalar(
        select(Question).order_by(Question.created_at.desc()).offset(QUESTIONS // 2).limit(1)
    )
    assert deep is not None
    page = await DatabaseUtils.get_keyset_page(session, select(Question), order, limit=5)
    # Walk straight to the middle: a cursor is only a signed place.
    from app.core.pagination import _keyset

    keyset = _keyset(select(Question), order)
    cursor = keyset.cursor(deep, backwards=way == "previous_cursor")
    work = partial(DatabaseUtils.get_keyset_page, session, select(Question), order, cursor=cursor)
    (plan,) = await plans_of(filled, session, work)
    assert plan.indexes == {"idx_questions_created"}
    assert plan.kinds <= {"Limit", "Index Scan"}, plan
    assert page.items[0] != deep


async def test_a_deep_numbered_page_reads_only_its_rows(
    filled: Database, session: AsyncSession
) -> None:
    query = select(Question).order_by(Question.created_at.desc(), Question.id.desc())
    work = partial(DatabaseUtils.get_paginated, session, query, 500, 20, totals="omitted")
    (plan,) = await plans_of(filled, session, work)
    assert "idx_questions_created" in plan.indexes
    assert_no_seq_scan(plan, "questions")


async def test_a_learners_figures_read_only_their_rows(
    filled: Database, session: AsyncSession
) -> None:
    user_id = await session.scalar(select(User.id).limit(1)) or new_id()
    work = partial(DatabaseUtils.get_user_statistics, session, user_id, NOW)
    plans = await plans_of(filled, session, work)
    for plan in plans:
        assert_no_seq_scan(plan, "srs_cards", "srs_reviews", "question_attempts", "users")
    assert len(plans) == 8
    figures = await DatabaseUtils.get_user_statistics(session, user_id, NOW)
    assert (figures.cards_total, figures.retention) == (50, 1.0)


async def test_a_learners_standing_and_mastery_read_only_their_rows(
    filled: Database, session: AsyncSession
) -> None:
    account = make_account((await session.scalars(select(User).limit(1))).one())
    since = datetime(2026, 1, 1, tzinfo=UTC)
    overview = partial(standing.get_overview, work_on(session), account, NOW)
    answers = {"user_id": account.user_id, "since": since, "most": 2_000}
    for plan in await plans_of(filled, session, overview):
        assert_no_seq_scan(plan, "srs_cards", "question_attempts")
    assert_no_seq_scan(await explain(session, standing_queries.FETCH_ANSWERS, **answers), *LARGE)
    assert len(await work_on(session).fetch(standing_queries.FETCH_ANSWERS, **answers)) == 50


async def test_storing_an_answer_reads_only_by_index(
    filled: Database, session: AsyncSession
) -> None:
    attempt = answer_queries.NewAttempt(
        attempt_id=new_id(), user_id=new_id(), question_id=new_id(), question_updated_at=NOW,
        lesson_id=new_id(), lesson_updated_at=NOW, lesson_questions=[new_id()], response="{}",
        score=Decimal(1), duration_ms=1, shuffle_seed=None, now=NOW, progress_id=new_id(),
        sections_behind=1, percentages=[50, 99], card_id=new_id(), passage_id=None,
        card_day=NOW.date(), card_due_at=NOW, activity_id=new_id(), today=NOW.date(),
        context="lesson", sections_total=1, split_from=None, counts_run=True,
    )  # fmt: skip
    plan = await explain(session, answer_queries.WRITE_ATTEMPT, **msgspec.structs.asdict(attempt))
    assert_no_seq_scan(plan, *LARGE)
    assert plan.indexes >= {"questions_pkey", "lessons_pkey"}


async def test_the_mistake_book_reads_only_the_learners_rows(
    filled: Database, session: AsyncSession
) -> None:
    account = make_account((await session.scalars(select(User).limit(1))).one())
    for use_case, statements in ((mistakes.get_standings, 2), (mistakes.count_open, 1)):
        work = partial(use_case, work_on(session), account, NOW)
        plans = await plans_of(filled, session, work)
        assert len(plans) == statements
        for plan in plans:
            assert_no_seq_scan(plan, *LARGE, "srs_cards")
            of_learner = ("idx_question_attempts_user", "idx_srs_cards_due")
            assert any(index.startswith(of_learner) for index in plan.indexes)
