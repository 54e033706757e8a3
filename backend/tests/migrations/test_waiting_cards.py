"""Cards that were dealt out to later days, and what was put aside, in a database of before."""

import asyncio

import asyncpg
import pytest

from alembic import command
from tests.conftest import Server
from tools.scratch import alembic_config, driver_url, scratch_database

pytestmark = pytest.mark.each_version

FILL = """
INSERT INTO users (id, email, password_hash, full_name)
VALUES ('00000000-0000-7000-8000-000000000001', 'sari@example.com', 'x', 'Sari');
INSERT INTO user_preferences (user_id, timezone, day_cutoff_hour)
SELECT id, 'America/New_York', 4 FROM users;
INSERT INTO srs_cards (user_id, item_type, item_id, "interval", next_review_date, due_at,
                       created_at, revision, is_suspended)
SELECT u.id, 'vocabulary', gen_random_uuid(), 0, CURRENT_DATE + ahead,
       now() + ahead * interval '1 day', date_trunc('day', now(), 'UTC') + interval '5 hours',
       revision, false
FROM users AS u, (VALUES (0, 0), (1, 0), (9, 0), (5, 1)) AS dealt (ahead, revision);
"""
CARDS = (
    "SELECT id, next_review_date, due_at, revision FROM srs_cards ORDER BY next_review_date, due_at"
)


async def migrate(url: str, action: str, revision: str) -> None:
    """Take the database at `url` up or down to `revision`."""
    await asyncio.to_thread(getattr(command, action), alembic_config(url), revision)


async def test_cards_that_were_dealt_out_wait_in_their_order_and_a_chosen_day_stays(
    server: Server,
):
    async with scratch_database(server.url("postgres"), migrated=False) as url:
        await migrate(url, "upgrade", "0008")
        db = await asyncpg.connect(driver_url(url))
        await db.execute(FILL)
        before = {row["id"]: row for row in await db.fetch(CARDS)}
        await migrate(url, "upgrade", "0009")
        after = await db.fetch(CARDS)
        today = await db.fetchval("SELECT CURRENT_DATE")
        waiting = [row for row in after if row["revision"] == 0]
        dealt_to = [(before[row["id"]]["next_review_date"] - today).days for row in waiting]
        assert [ahead for ahead in dealt_to if ahead] == [1, 9]
        # Five in the morning, UTC, is the evening before in New York.
        dealt = [row for row in waiting if before[row["id"]]["next_review_date"] > today]
        assert {row["next_review_date"].toordinal() for row in dealt} == {today.toordinal() - 1}
        (chosen,) = (row for row in after if row["revision"])
        assert chosen == before[chosen["id"]]
        await migrate(url, "downgrade", "0008")
        assert await db.fetch(CARDS) == after
        await db.close()


async def test_what_the_log_holds_now_is_forgotten_on_the_way_back_and_cards_stay_aside(
    server: Server,
):
    async with scratch_database(server.url("postgres"), migrated=False) as url:
        await migrate(url, "upgrade", "0009")
        db = await asyncpg.connect(driver_url(url))
        await db.execute(FILL)
        await db.execute(
            """
            UPDATE srs_cards SET is_suspended = true, revision = revision + 3;
            INSERT INTO srs_reviews (user_id, card_id, kind, reviewed_at, day, "interval",
                                     ease_factor, due_at)
            SELECT user_id, id, kind, now(), CURRENT_DATE, 0, 2.5, now()
            FROM srs_cards, unnest('{suspend,bury}'::text[]) AS kind;
            INSERT INTO srs_reviews (user_id, card_id, kind, target_id, reviewed_at, day,
                                     "interval", ease_factor, due_at)
            SELECT user_id, card_id, 'undo', id, now(), CURRENT_DATE, 0, 2.5, now()
            FROM srs_reviews WHERE kind = 'bury'
            """
        )
        await migrate(url, "downgrade", "0004")
        rows = await db.fetch("SELECT is_suspended, revision FROM srs_cards ORDER BY revision")
        assert [tuple(row) for row in rows] == [(True, 0), (True, 0), (True, 0), (True, 1)]
        assert await db.fetchval("SELECT count(*) FROM srs_reviews") == 0
        await migrate(url, "upgrade", "0009")
        await db.close()


async def test_an_index_whose_building_was_interrupted_is_built_anew(server: Server):
    async with scratch_database(server.url("postgres"), migrated=False) as url:
        await migrate(url, "upgrade", "0007")
        db = await asyncpg.connect(driver_url(url))
        user = "INSERT INTO users (email, password_hash, full_name) VALUES ($1, 'x', 'Sari')"
        await db.executemany(user, [("a@example.com",), ("b@example.com",)])
        with pytest.raises(asyncpg.UniqueViolationError):  # what leaves a half-built index, too
            await db.execute(
                "CREATE UNIQUE INDEX CONCURRENTLY idx_srs_cards_new ON users (full_name)"
            )
        await migrate(url, "upgrade", "0008")
        index = await db.fetchrow(
            "SELECT indrelid::regclass::text, indisvalid FROM pg_index"
            " WHERE indexrelid = 'idx_srs_cards_new'::regclass"
        )
        assert tuple(index) == ("srs_cards", True)
        await db.close()
