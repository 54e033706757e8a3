"""The schema as the specification lists it, and what holds for every table of it."""

import re
from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.core.config import BACKEND
from app.models import APPEND_ONLY, Base
from tests.conftest import Server
from tools.scratch import driver_url

pytestmark = pytest.mark.each_version

# As in the specification, with its refinements: VARCHAR date → DATE, TIMESTAMP → TIMESTAMPTZ, and
# NOT NULL on every column with a default (docs/specification.md).
TIMES = {
    "created_at": "timestamp with time zone NOT NULL DEFAULT now()",
    "updated_at": "timestamp with time zone NOT NULL DEFAULT now()",
}
KEY = {"id": "uuid NOT NULL DEFAULT gen_random_uuid()"}
LEVEL = "character varying(10) NOT NULL"
COLUMNS = {
    "users": KEY
    | {
        "email": "character varying(255) NOT NULL",
        "password_hash": "character varying(255) NOT NULL",
        "full_name": "character varying(255) NOT NULL",
        "current_level": "character varying(10) NOT NULL DEFAULT 'A1'",
        "learning_goals": "text[]",
        "is_active": "boolean NOT NULL DEFAULT true",
        "is_verified": "boolean NOT NULL DEFAULT false",
        "is_premium": "boolean NOT NULL DEFAULT false",
    }
    | TIMES,
    "lessons": KEY
    | {
        "title": "character varying(255) NOT NULL",
        "slug": "character varying(255) NOT NULL",
        "level": LEVEL,
        "skill": "character varying(50) NOT NULL",
        "topic": "character varying(100) NOT NULL",
        "sections": "jsonb NOT NULL",
        "status": "character varying(20) NOT NULL DEFAULT 'draft'",
        "search_vector": "tsvector GENERATED",
    }
    | TIMES,
    "questions": KEY
    | {
        "stem": "text NOT NULL",
        "type": "character varying(50) NOT NULL",
        "options": "jsonb",
        "answer_key": "jsonb NOT NULL",
        "explanation": "text",
        "level": LEVEL,
        "skill": "character varying(50) NOT NULL",
        "difficulty": "integer NOT NULL DEFAULT 3",
        "search_vector": "tsvector GENERATED",
    }
    | TIMES,
    "srs_cards": KEY
    | {
        "user_id": "uuid NOT NULL",
        "item_type": "character varying(50) NOT NULL",
        "item_id": "uuid NOT NULL",
        "interval": "integer NOT NULL DEFAULT 1",
        "ease_factor": "numeric(4,2) NOT NULL DEFAULT 2.5",
        "repetitions": "integer NOT NULL DEFAULT 0",
        "next_review_date": "date NOT NULL",
        "is_learning": "boolean NOT NULL DEFAULT true",
        "is_suspended": "boolean NOT NULL DEFAULT false",
    }
    | TIMES,
    "lesson_progress": {
        "user_id": "uuid NOT NULL",
        "lesson_id": "uuid NOT NULL",
        "completion_percentage": "integer NOT NULL DEFAULT 0",
        "questions_attempted": "integer NOT NULL DEFAULT 0",
        "questions_correct": "integer NOT NULL DEFAULT 0",
    },
}
SPECIFIED_TABLES = {
    "users",
    "user_preferences",
    "lessons",
    "questions",
    "question_sets",
    "lesson_progress",
    "question_attempts",
    "user_achievements",
    "srs_cards",
    "tryout_sessions",
    "tryout_answers",
    "subscriptions",
    "payment_transactions",
    "lesson_questions",
    "questionset_questions",
}
NEEDED_BESIDES = {
    "paths",
    "units",
    "vocabulary_entries",
    "user_sessions",
    "srs_reviews",
    "srs_settings",
    "personal_entries",
    "attempt_marks",
    "item_reports",
    "recordings",
    "daily_activity",
    "placement_tests",
}
ASSOCIATIONS = {"lesson_questions", "questionset_questions"}
INDEXES = {
    "idx_lessons_level_skill": "lessons USING btree (level, skill)",
    "idx_lessons_search": "lessons USING gin (search_vector)",
    "idx_questions_type_level": "questions USING btree (type, level)",
    "idx_questions_search": "questions USING gin (search_vector)",
    "idx_srs_cards_due": "srs_cards USING btree (user_id, next_review_date)",
    "idx_lesson_progress_completion": (
        "lesson_progress USING btree (user_id, completion_percentage)"
    ),
}
# By name: what the definition says of them, as the specification words it.
CONSTRAINTS = {
    "users_email_key": ("users", "UNIQUE (email)"),
    "lessons_slug_key": ("lessons", "UNIQUE (slug)"),
    "users_current_level_check": ("users", "A1 A2 B1 B2"),
    "lessons_level_check": ("lessons", "A1 A2 B1 B2"),
    "questions_level_check": ("questions", "A1 A2 B1 B2"),
    "lessons_skill_check": ("lessons", "grammar vocabulary reading"),
    "questions_skill_check": ("questions", "grammar vocabulary reading"),
    "questions_difficulty_check": ("questions", "difficulty >= 1 AND difficulty <= 5"),
    "lesson_progress_completion_percentage_check": (
        "lesson_progress",
        "completion_percentage >= 0 AND completion_percentage <= 100",
    ),
    "lesson_progress_questions_correct_check": (
        "lesson_progress",
        "questions_correct <= questions_attempted",
    ),
    "tryout_sessions_questions_correct_check": (
        "tryout_sessions",
        "questions_correct <= questions_attempted",
    ),
    "srs_cards_ease_factor_check": ("srs_cards", "ease_factor >= 1.3 AND ease_factor <= 5.0"),
    "srs_cards_user_id_fkey": ("srs_cards", "FOREIGN KEY user_id REFERENCES usersid"),
    "payment_transactions_amount_check": ("payment_transactions", "amount > 0"),
    "subscriptions_price_check": ("subscriptions", "price > 0"),
    "subscriptions_ends_at_check": ("subscriptions", "ends_at > starts_at"),
    "subscriptions_trial_ends_at_check": ("subscriptions", "trial_ends_at > starts_at"),
    "subscriptions_cancelled_at_check": ("subscriptions", "cancelled_at >= starts_at"),
}


@pytest.fixture(scope="session")
async def pg(server: Server) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """The owner's connection to a migrated database."""
    name = await server.create()
    connection = await asyncpg.connect(driver_url(server.url(name)))
    yield connection
    await connection.close()
    await server.drop(name)


async def columns_of(pg, table: str) -> dict[str, str]:
    rows = await pg.fetch(
        """
        SELECT attname, format_type(atttypid, atttypmod)
               || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
               || CASE WHEN attgenerated = 's' THEN ' GENERATED'
                       WHEN adbin IS NULL THEN ''
                       ELSE ' DEFAULT ' || pg_get_expr(adbin, adrelid) END
          FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
         WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped
        """,
        table,
    )
    return {name: definition.replace("::character varying", "") for name, definition in rows}


async def test_every_specified_table_exists_and_no_unexpected_one(pg) -> None:
    rows = await pg.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = {row["tablename"] for row in rows} - {"alembic_version"}
    assert len(SPECIFIED_TABLES) == 15
    assert found == SPECIFIED_TABLES | NEEDED_BESIDES == set(Base.metadata.tables)


@pytest.mark.parametrize("table", COLUMNS)
async def test_every_specified_column_has_its_type_and_default(pg, table: str) -> None:
    found = await columns_of(pg, table)
    assert {name: found.get(name) for name in COLUMNS[table]} == COLUMNS[table]


@pytest.mark.parametrize("name", INDEXES)
async def test_every_specified_index_has_its_name_and_columns(pg, name: str) -> None:
    definition = await pg.fetchval("SELECT pg_get_indexdef(to_regclass($1))", name)
    assert definition == f"CREATE INDEX {name} ON public.{INDEXES[name]}"


async def test_there_is_a_partial_index_for_active_users(pg) -> None:
    definition = await pg.fetchval("SELECT pg_get_indexdef(to_regclass('idx_users_active'))")
    assert definition.endswith("ON public.users USING btree (current_level) WHERE is_active")


@pytest.mark.parametrize("name", CONSTRAINTS)
async def test_every_specified_constraint_has_its_name_and_rule(pg, name: str) -> None:
    table, rule = CONSTRAINTS[name]
    definition = await pg.fetchval(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conname = $1 AND conrelid = to_regclass($2)",
        name,
        table,
    )
    assert definition, f"no constraint {name} on {table}"
    if definition.startswith("UNIQUE"):
        assert definition == rule
        return
    plain = re.sub(r"::\w+( varying)?(\[\])?|[()'\[\],]", "", definition)
    assert rule in plain


async def test_every_table_but_the_associations_has_a_uuid_primary_key(pg) -> None:
    rows = await pg.fetch(
        """
        SELECT conrelid::regclass::text AS name, pg_get_constraintdef(oid) AS definition
          FROM pg_constraint WHERE contype = 'p' AND connamespace = 'public'::regnamespace
        """
    )
    keys = {row["name"]: row["definition"] for row in rows}
    for table in Base.metadata.tables:
        if table in ASSOCIATIONS:
            assert keys[table].count("_id") == 2
        else:
            assert keys[table] == "PRIMARY KEY (id)"
            assert (await columns_of(pg, table))["id"] == KEY["id"]


async def test_every_slug_and_every_email_is_unique(pg) -> None:
    for name, table in Base.metadata.tables.items():
        for column in {"slug", "email"}.intersection(table.columns.keys()):
            key = f"{name}_{column}_key"
            assert await pg.fetchval(
                "SELECT indisunique FROM pg_index WHERE indexrelid = $1::regclass", key
            )


async def test_every_foreign_key_has_an_index_that_begins_with_its_columns(pg) -> None:
    without = await pg.fetch(
        """
        SELECT k.conname FROM pg_constraint AS k
         WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
           AND NOT EXISTS (
               SELECT FROM pg_index AS i
                WHERE i.indrelid = k.conrelid AND i.indisvalid
                  AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey
                  -- A lookup by a value never wants the rows without one.
                  AND (i.indpred IS NULL
                       OR pg_get_expr(i.indpred, i.indrelid) =
                          format('(%I IS NOT NULL)', (SELECT attname FROM pg_attribute
                             WHERE attrelid = k.conrelid AND attnum = k.conkey[1]))))
        """
    )
    assert [row["conname"] for row in without] == []
    assert await pg.fetchval("SELECT count(*) FROM pg_constraint WHERE contype = 'f'") > 20


async def test_every_row_says_when_it_was_made_and_when_it_changed(pg) -> None:
    for table in Base.metadata.tables:
        found = await columns_of(pg, table)
        assert found.get("created_at") == TIMES["created_at"], table
        changes = None if table in APPEND_ONLY else TIMES["updated_at"]
        assert found.get("updated_at") == changes, table


async def test_every_column_with_a_default_is_not_null(pg) -> None:
    for table in Base.metadata.tables:
        for column, definition in (await columns_of(pg, table)).items():
            assert "DEFAULT" not in definition or "NOT NULL" in definition, f"{table}.{column}"


async def test_no_moment_is_without_time_zone(pg) -> None:
    rows = await pg.fetch(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'timestamp without time zone'"
    )
    assert rows == []


def test_no_name_is_longer_than_postgresql_keeps() -> None:
    for table in Base.metadata.tables.values():
        names = [table.name, *(str(rule.name) for rule in (*table.constraints, *table.indexes))]
        assert [name for name in names if len(name) > 63] == []


def test_every_index_in_the_models_says_what_it_serves() -> None:
    for file in sorted((BACKEND / "app" / "models").glob("*.py")):
        lines = file.read_text().splitlines()
        for number, line in enumerate(lines):
            if re.match(r"\s+Index\(", line):
                above = lines[number - 1].strip()
                assert above.startswith("# Serves: "), f"{file.name}:{number + 1}: {above}"
