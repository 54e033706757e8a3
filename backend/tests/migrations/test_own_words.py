"""Words that are compared by a key now, in a database of the first release: nothing is lost."""

import asyncio

import asyncpg
import pytest

from alembic import command
from tests.conftest import Server
from tools.scratch import alembic_config, driver_url, scratch_database

pytestmark = pytest.mark.each_version

FILL = """
INSERT INTO users (id, email, password_hash, full_name) VALUES
    ('00000000-0000-7000-8000-000000000001', 'sari@example.com', 'x', 'Sari'),
    ('00000000-0000-7000-8000-000000000002', 'budi@example.com', 'x', 'Budi');
INSERT INTO personal_entries (user_id, headword, meaning, created_at)
SELECT ('00000000-0000-7000-8000-00000000000' || owner)::uuid, headword, meaning,
       timestamptz '2026-01-01 00:00+00' + day * interval '1 day'
FROM (VALUES
    (1, 'Alpha', 'kedua', 2), (1, 'alpha', 'pertama', 1), (1, 'ALPHA', 'ketiga', 3),
    (1, E'caf\\u00e9', 'kopi', 1), (1, E'cafe\\u0301', 'kafe', 2),
    (1, E'I\\u2019m', 'saya', 5), (1, 'I''m', 'aku', 4),
    (1, E'\\u200b', 'kosong', 1), (1, 'alone', 'sendiri', 1), (2, 'alpha', 'lain', 9)
) AS given (owner, headword, meaning, day);
INSERT INTO srs_cards (user_id, item_type, item_id, next_review_date, review_count, revision,
                       last_reviewed_at, stability, difficulty, is_learning, "interval")
SELECT user_id, 'personal', id, date '2026-02-01', 1, 1, created_at, 3, 5, false, 3
FROM personal_entries;
INSERT INTO srs_reviews (user_id, card_id, rating, reviewed_at, day, "interval", ease_factor,
                         stability, difficulty, due_at)
SELECT user_id, id, 3, last_reviewed_at, date '2026-01-02', 3, 2.5, 3, 5, last_reviewed_at
FROM srs_cards;
"""
EVERYTHING = """
SELECT e.id, e.user_id, e.headword, e.meaning, e.example, e.created_at, e.updated_at,
       to_json(c) AS card, to_json(r) AS review
FROM personal_entries AS e
JOIN srs_cards AS c ON c.item_id = e.id AND c.user_id = e.user_id
JOIN srs_reviews AS r ON r.card_id = c.id
ORDER BY e.id
"""


async def test_words_stored_twice_keep_their_rows_their_cards_and_their_logs(server: Server):
    async with scratch_database(server.url("postgres"), migrated=False) as url:

        async def migrate(action: str, revision: str) -> None:
            await asyncio.to_thread(getattr(command, action), alembic_config(url), revision)

        async def connect() -> asyncpg.Connection:
            return await asyncpg.connect(driver_url(url))

        await migrate("upgrade", "0002")
        db = await connect()
        await db.execute(FILL)
        before = await db.fetch(EVERYTHING)
        assert len(before) == 10
        await db.close()
        for _ in range(2):  # there, back, and there again
            await migrate("upgrade", "0005")
            db = await connect()
            spellings = await db.fetch(
                "SELECT meaning, spelling FROM personal_entries ORDER BY headword_key, spelling"
            )
            numbers = {row["meaning"]: row["spelling"] for row in spellings}
            assert numbers == {
                "pertama": 1, "kedua": 2, "ketiga": 3, "kopi": 1, "kafe": 2, "aku": 1, "saya": 2,
                "kosong": 2, "sendiri": 1, "lain": 1,
            }  # fmt: skip
            assert [tuple(row)[:7] for row in await db.fetch(EVERYTHING)] == [
                tuple(row)[:7] for row in before
            ]
            assert len(await db.fetch("SELECT FROM srs_reviews")) == 10
            await db.close()
            await migrate("downgrade", "0002")
            db = await connect()
            assert await db.fetch(EVERYTHING) == before
            await db.close()
