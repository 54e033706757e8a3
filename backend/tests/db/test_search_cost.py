"""What one search costs the database is bounded, whatever was typed."""

import asyncio
from functools import partial

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import get_settings
from app.core.database import SEARCHES_AT_ONCE, Database
from app.core.database_utils import DatabaseUtils
from app.domain.curriculum import searching
from app.models import Question
from app.search.limits import SEARCH_TURNS, SearchTooSlow
from app.search.terms import MAX_LITERAL, MAX_RANKED
from tests.conftest import count_queries
from tests.factories import make_question
from tests.work import work_on

pytestmark = pytest.mark.each_version

MANY_LITERAL = " or ".join(f'"{letter} b"' for letter in "acdefghijklmnopqrs")


@pytest.fixture
async def one_question(db: AsyncSession) -> AsyncSession:
    db.add(make_question(stem="She used to live in a café."))
    await db.flush()
    return db


async def statement_of(database: Database, db: AsyncSession, term: str) -> str:
    """Return the statement that finds questions."""
    with count_queries(database) as queries:
        await DatabaseUtils.find_matches(db, Question, term)
    (statement,) = [each for each in queries.statements if "candidates" in each]
    return statement


@pytest.mark.parametrize("term", ['"a"', '"a" ' * 24, MANY_LITERAL])
async def test_each_parts_vector_is_computed_once_a_row_however_many_words_are_literal(
    one_question: AsyncSession, worker_database: Database, term: str
) -> None:
    statement = await statement_of(worker_database, one_question, term)
    parts = Question.search_vector.info["search_parts"]
    assert statement.count("to_tsvector('simple'") == len(parts)
    assert "texts AS MATERIALIZED" in statement


async def test_repeated_words_are_looked_up_once(
    one_question: AsyncSession, worker_database: Database
) -> None:
    for once, often in (
        ('"a"', '"a" "A" ' * 12),
        ("live", "live LIVE " * 12),
        ("a or b", " or ".join("ab" * 12)),
        ("a -b", "a " + "-b " * 23),
    ):
        statements = [
            await statement_of(worker_database, one_question, term) for term in (once, often)
        ]
        assert statements[0] == statements[1]


async def test_beyond_six_literal_words_the_rest_is_found_by_stem(db: AsyncSession) -> None:
    words = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot"]
    db.add(make_question(stem=f"{' '.join(words)} lives", explanation="Mind it."))
    await db.flush()
    six = " ".join(f'"{word}"' for word in words)
    assert len(words) == MAX_LITERAL
    assert len(await DatabaseUtils.search_full_text(db, Question, f'{six} "living"')) == 1
    assert len(await DatabaseUtils.search_full_text(db, Question, '"living"')) == 0


async def test_the_order_is_made_by_the_first_words_of_a_long_term(
    one_question: AsyncSession, worker_database: Database
) -> None:
    ranks = []
    for number in (MAX_RANKED, 24):
        term = " or ".join(f"w{n}" for n in range(number))
        statement = await statement_of(worker_database, one_question, term)
        start = statement.index("ts_rank_cd(")
        ranks.append(statement[start : statement.index("AS place", start)].count("to_tsquery"))
    assert ranks[0] == ranks[1]


async def test_no_search_is_planned_for_any_words(
    one_question: AsyncSession, worker_database: Database
) -> None:
    search = partial(DatabaseUtils.search_full_text, one_question, Question, "used to live")
    for _ in range(8):
        assert len(await search()) == 1
    generic = await one_question.scalar(
        text(
            "SELECT sum(generic_plans) FROM pg_prepared_statements"
            " WHERE statement LIKE '%candidates%' AND statement NOT LIKE '%pg_prepared%'"
        )
    )
    assert generic == 0


@pytest.mark.parametrize("mode", ["sessions", "read_sessions"])
async def test_a_search_that_takes_too_long_is_ended_and_the_session_goes_on(
    fresh_database: Database, monkeypatch: pytest.MonkeyPatch, mode: str, server
) -> None:
    short = get_settings().model_copy(update={"SEARCH_TIMEOUT_MS": 50})
    monkeypatch.setattr("app.search.limits.get_settings", lambda: short)
    owner = Database(fresh_database.engine.url.render_as_string(hide_password=False), short)
    async with owner.sessions() as holder, getattr(fresh_database, mode)() as session:
        usual = await session.scalar(text("SHOW statement_timeout"))
        await holder.execute(text("LOCK TABLE questions IN ACCESS EXCLUSIVE MODE"))
        for work in (
            partial(searching.search, work_on(session), "used to"),
            partial(DatabaseUtils.search_full_text, session, Question, "used to"),
            partial(DatabaseUtils.count_matches, session, Question, "used to"),
        ):
            with pytest.raises(SearchTooSlow) as refusal:
                await work()
            assert refusal.value.retry_after
        assert await session.scalar(text("SHOW statement_timeout")) == usual
        await holder.rollback()
        assert await DatabaseUtils.search_full_text(session, Question, "used to") == []
        assert await session.scalar(text("SHOW statement_timeout")) == usual
        assert await session.scalar(text("SHOW plan_cache_mode")) == "auto"
    await owner.close()


async def test_few_of_a_crowd_of_searches_run_at_once_and_all_get_their_turn(
    fresh_database: Database,
) -> None:
    running = [0]

    def note(change: int, statement: str) -> None:
        if "candidates" in statement:
            running.append(running[-1] + change)

    engine = fresh_database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *given: note(1, given[2]))
    event.listen(engine, "after_cursor_execute", lambda *given: note(-1, given[2]))

    async def search() -> list[Question]:
        async with fresh_database.sessions() as session:
            return await DatabaseUtils.search_full_text(session, Question, "used to")

    found = await asyncio.gather(*(search() for _ in range(4 * SEARCHES_AT_ONCE)))
    assert found == [[]] * 4 * SEARCHES_AT_ONCE
    assert 1 < max(running) <= SEARCHES_AT_ONCE


async def test_a_search_whose_turn_does_not_come_says_so(
    fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty = get_settings().model_copy(update={"DATABASE_POOL_TIMEOUT_SECONDS": 0.05})
    monkeypatch.setattr("app.search.limits.get_settings", lambda: hasty)
    async with fresh_database.sessions() as session:
        for _ in range(SEARCHES_AT_ONCE):
            await session.info[SEARCH_TURNS].acquire()
        with pytest.raises(SearchTooSlow):
            await DatabaseUtils.search_full_text(session, Question, "used to")
