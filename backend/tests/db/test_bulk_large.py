"""Bulk work on much: its memory does not grow with its rows, and no time-out stops it."""

import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.bulk import COPY_THRESHOLD
from app.core.config import Settings
from app.core.database import Database
from app.core.database_utils import DatabaseUtils
from app.models import Question, VocabularyEntry
from tests.db.test_bulk import bulk_insert, bulk_upsert, questions


def words(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {
            "slug": f"w-{number}",
            "headword": f"w{number}",
            "part_of_speech": "noun",
            "ipa": "/w/",
            "level": "A1",
            "meaning": "kata",
            "example_en": "A word. " * 20,
            "example_id": "Kata. " * 20,
        }


async def test_export_needs_no_more_memory_for_more_rows(db: AsyncSession) -> None:
    """50,000 rows of some 500 bytes are 25 MB; a tenth of that must do."""
    await bulk_insert(db, VocabularyEntry, words(50_000))
    written = lines = 0
    await anext(aiter(DatabaseUtils.bulk_export(db, VocabularyEntry)))  # caches and imports
    tracemalloc.start()
    async for chunk in DatabaseUtils.bulk_export(db, VocabularyEntry):
        written += len(chunk)
        lines += chunk.count(b"\n")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert lines == 50_000
    assert written > 20_000_000
    assert peak < written / 5


SLOW_QUESTIONS = (
    "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN PERFORM pg_sleep(0.003); RETURN NEW; END';"
    "CREATE TRIGGER slow BEFORE INSERT ON questions FOR EACH ROW EXECUTE FUNCTION slow()"
)


async def test_bulk_work_outlasts_both_time_outs_and_leaves_them_as_they_were(
    fresh_database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    url = fresh_database.engine.url.render_as_string(hide_password=False)
    owner = Database(url, settings)
    async with owner.driver() as connection:
        await connection.execute(SLOW_QUESTIONS)
    await owner.close()
    monkeypatch.setattr("app.core.database._client_timeout", lambda _settings: 1)
    short = settings.model_copy(update={"DATABASE_STATEMENT_TIMEOUT_MS": 1000})
    database = Database(url, short, role=settings.DATABASE_ROLE)
    rows = questions(COPY_THRESHOLD)
    async with database.sessions() as session:
        assert await bulk_insert(session, Question, rows) == COPY_THRESHOLD
        await session.rollback()
        result = await bulk_upsert(session, Question, rows, ["slug"], ["stem"])
        assert result.inserted == COPY_THRESHOLD
        assert await session.scalar(text("SHOW statement_timeout")) == "1s"
        with pytest.raises((DBAPIError, TimeoutError)):
            await session.execute(text("SELECT pg_sleep(5)"))
    await database.close()
