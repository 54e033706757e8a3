"""The whole schema of the first release; it takes the place of 0001, which no release had.

Revision ID: 0002
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = None
branch_labels = None
depends_on = None

TEXT_SEARCH = (
    "CREATE EXTENSION IF NOT EXISTS unaccent",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE TEXT SEARCH DICTIONARY lancar_english_stem (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH DICTIONARY lancar_indonesian_stem"
    " (TEMPLATE = snowball, LANGUAGE = indonesian)",
    "CREATE TEXT SEARCH CONFIGURATION lancar_english (COPY = simple)",
    "ALTER TEXT SEARCH CONFIGURATION lancar_english ALTER MAPPING FOR"
    " asciiword, asciihword, hword_asciipart, word, hword, hword_part"
    " WITH unaccent, lancar_english_stem",
    "CREATE TEXT SEARCH CONFIGURATION lancar_indonesian (COPY = simple)",
    "ALTER TEXT SEARCH CONFIGURATION lancar_indonesian ALTER MAPPING FOR"
    " asciiword, asciihword, hword_asciipart, word, hword, hword_part"
    " WITH unaccent, lancar_indonesian_stem",
    "CREATE FUNCTION lancar_tags_text(tags text[]) RETURNS text"
    " LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT array_to_string(tags, ' ') $$",
)

# The application's role: it works on every table, but can only add to the logs. A database user
# without CREATEROLE needs the role made beforehand (docs/configuration.md).
APPLICATION_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lancar_app') THEN
        BEGIN
            CREATE ROLE lancar_app NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
    IF NOT pg_has_role(current_user, 'lancar_app', 'MEMBER') THEN
        EXECUTE format('GRANT lancar_app TO %I', current_user);
    END IF;
END $$
"""
GRANTS = (
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO lancar_app",
    "REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM lancar_app",
    "REVOKE UPDATE, DELETE ON question_attempts, srs_reviews, srs_settings, payment_transactions"
    " FROM lancar_app",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
    " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO lancar_app",
)
DROPS = (
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
    " REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM lancar_app",
    "REVOKE ALL ON alembic_version FROM lancar_app",
    "DROP FUNCTION lancar_tags_text",
    "DROP TEXT SEARCH CONFIGURATION lancar_indonesian",
    "DROP TEXT SEARCH CONFIGURATION lancar_english",
    "DROP TEXT SEARCH DICTIONARY lancar_indonesian_stem",
    "DROP TEXT SEARCH DICTIONARY lancar_english_stem",
)


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    for statement in TEXT_SEARCH:
        op.execute(statement)
    op.create_table(
        "paths",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("slug", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("status", sa.String(length=20), server_default="draft", nullable=False),
        sa.Column(
            "translations", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "jsonb_typeof(translations) = 'object'", name=op.f("paths_translations_check")
        ),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("paths_slug_check")),
        sa.CheckConstraint(
            "status <> 'published' OR (coalesce(translations -> 'id' ->> 'title', '') <> '')",
            name=op.f("paths_published_translations_check"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'review', 'published', 'archived')",
            name=op.f("paths_status_check"),
        ),
        sa.CheckConstraint("position >= 1", name=op.f("paths_position_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("paths_pkey")),
        sa.UniqueConstraint("slug", name=op.f("paths_slug_key")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("full_name", sa.String(length=255), nullable=False),
        sa.Column("current_level", sa.String(length=10), server_default="A1", nullable=False),
        sa.Column("learning_goals", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("is_verified", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_premium", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("role", sa.String(length=20), server_default="learner", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("btrim(full_name) <> ''", name=op.f("users_full_name_check")),
        sa.CheckConstraint(
            "current_level IN ('A1', 'A2', 'B1', 'B2')", name=op.f("users_current_level_check")
        ),
        sa.CheckConstraint(
            "email = lower(email) AND email LIKE '%_@_%'", name=op.f("users_email_check")
        ),
        sa.CheckConstraint("role IN ('learner', 'author', 'admin')", name=op.f("users_role_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("users_pkey")),
        sa.UniqueConstraint("email", name=op.f("users_email_key")),
    )
    op.create_index(
        "idx_users_active",
        "users",
        ["current_level"],
        unique=False,
        postgresql_where=sa.text("is_active"),
    )
    op.create_table(
        "vocabulary_entries",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("slug", sa.String(length=255), nullable=False),
        sa.Column("headword", sa.String(length=100), nullable=False),
        sa.Column("part_of_speech", sa.String(length=20), nullable=False),
        sa.Column("ipa", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("meaning", sa.String(length=255), nullable=False),
        sa.Column("example_en", sa.Text(), nullable=False),
        sa.Column("example_id", sa.Text(), nullable=False),
        sa.Column("tags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "search_vector",
            postgresql.TSVECTOR(),
            sa.Computed(
                "setweight(to_tsvector('lancar_english', coalesce(headword, '')), 'A') || setweight(to_tsvector('lancar_english', coalesce(example_en, '')), 'B') || setweight(to_tsvector('lancar_indonesian', coalesce(meaning, '')), 'C') || setweight(to_tsvector('lancar_indonesian', coalesce(example_id, '')), 'C') || setweight(to_tsvector('lancar_english', coalesce(lancar_tags_text(tags), '')), 'D')",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("btrim(headword) <> ''", name=op.f("vocabulary_entries_headword_check")),
        sa.CheckConstraint("ipa LIKE '/%/'", name=op.f("vocabulary_entries_ipa_check")),
        sa.CheckConstraint(
            "level IN ('A1', 'A2', 'B1', 'B2')", name=op.f("vocabulary_entries_level_check")
        ),
        sa.CheckConstraint(
            "part_of_speech IN ('noun', 'verb', 'phrasal verb', 'adjective', 'adverb', 'pronoun', 'preposition', 'conjunction', 'determiner', 'numeral', 'interjection', 'phrase')",
            name=op.f("vocabulary_entries_part_of_speech_check"),
        ),
        sa.CheckConstraint(
            "slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("vocabulary_entries_slug_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("vocabulary_entries_pkey")),
        sa.UniqueConstraint(
            "headword",
            "part_of_speech",
            name=op.f("vocabulary_entries_headword_part_of_speech_key"),
        ),
        sa.UniqueConstraint("slug", name=op.f("vocabulary_entries_slug_key")),
    )
    op.create_index(
        "idx_vocabulary_entries_headword_trgm",
        "vocabulary_entries",
        ["headword"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"headword": "gin_trgm_ops"},
    )
    op.create_index(
        "idx_vocabulary_entries_level", "vocabulary_entries", ["level", "headword"], unique=False
    )
    op.create_index(
        "idx_vocabulary_entries_search",
        "vocabulary_entries",
        ["search_vector"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "daily_activity",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answers", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("correct_answers", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reviews", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("learnt_reviews", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("new_cards", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "correct_answers >= 0 AND correct_answers <= answers",
            name=op.f("daily_activity_correct_answers_check"),
        ),
        sa.CheckConstraint("duration_ms >= 0", name=op.f("daily_activity_duration_ms_check")),
        sa.CheckConstraint(
            "learnt_reviews >= 0 AND learnt_reviews <= reviews",
            name=op.f("daily_activity_learnt_reviews_check"),
        ),
        sa.CheckConstraint(
            "new_cards >= 0 AND new_cards <= reviews", name=op.f("daily_activity_new_cards_check")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("daily_activity_user_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("daily_activity_pkey")),
        sa.UniqueConstraint("user_id", "day", name=op.f("daily_activity_user_id_day_key")),
    )
    op.create_table(
        "personal_entries",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("headword", sa.String(length=255), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("example", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("btrim(headword) <> ''", name=op.f("personal_entries_headword_check")),
        sa.CheckConstraint("btrim(meaning) <> ''", name=op.f("personal_entries_meaning_check")),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("personal_entries_user_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("personal_entries_pkey")),
        sa.UniqueConstraint(
            "user_id", "headword", name=op.f("personal_entries_user_id_headword_key")
        ),
    )
    op.create_table(
        "question_sets",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("slug", sa.String(length=255), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(length=20), server_default="practice", nullable=False),
        sa.Column("level", sa.String(length=10), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("time_limit_seconds", sa.Integer(), nullable=True),
        sa.Column("passing_score", sa.SmallInteger(), nullable=True),
        sa.Column("status", sa.String(length=20), server_default="draft", nullable=False),
        sa.Column(
            "translations", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "jsonb_typeof(translations) = 'object'", name=op.f("question_sets_translations_check")
        ),
        sa.CheckConstraint(
            "kind <> 'tryout' OR time_limit_seconds IS NOT NULL",
            name=op.f("question_sets_tryout_time_limit_check"),
        ),
        sa.CheckConstraint("kind IN ('practice', 'tryout')", name=op.f("question_sets_kind_check")),
        sa.CheckConstraint(
            "level IN ('A1', 'A2', 'B1', 'B2')", name=op.f("question_sets_level_check")
        ),
        sa.CheckConstraint(
            "slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("question_sets_slug_check")
        ),
        sa.CheckConstraint(
            "status <> 'published' OR (coalesce(translations -> 'id' ->> 'title', '') <> '')",
            name=op.f("question_sets_published_translations_check"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'review', 'published', 'archived')",
            name=op.f("question_sets_status_check"),
        ),
        sa.CheckConstraint(
            "passing_score BETWEEN 0 AND 100", name=op.f("question_sets_passing_score_check")
        ),
        sa.CheckConstraint(
            "time_limit_seconds > 0", name=op.f("question_sets_time_limit_seconds_check")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["users.id"],
            name=op.f("question_sets_owner_id_fkey"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("question_sets_pkey")),
        sa.UniqueConstraint("slug", name=op.f("question_sets_slug_key")),
    )
    op.create_index(op.f("question_sets_owner_id_idx"), "question_sets", ["owner_id"], unique=False)
    op.create_table(
        "questions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=50), nullable=False),
        sa.Column("options", postgresql.JSONB(), nullable=True),
        sa.Column("answer_key", postgresql.JSONB(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("skill", sa.String(length=50), nullable=False),
        sa.Column("difficulty", sa.Integer(), server_default=sa.text("3"), nullable=False),
        sa.Column(
            "search_vector",
            postgresql.TSVECTOR(),
            sa.Computed(
                "setweight(to_tsvector('lancar_english', coalesce(stem, '')), 'A') || setweight(to_tsvector('lancar_english', coalesce(explanation, '')), 'B') || setweight(to_tsvector('lancar_indonesian', coalesce(translations -> 'id' ->> 'stem', '')), 'C') || setweight(to_tsvector('lancar_indonesian', coalesce(translations -> 'id' ->> 'explanation', '')), 'C') || setweight(jsonb_to_tsvector('lancar_english', jsonb_path_query_array(coalesce(options, '{}'), 'strict $.**.text'), '[\"string\"]'), 'D') || setweight(to_tsvector('lancar_english', coalesce(lancar_tags_text(tags), '')), 'D')",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column("slug", sa.String(length=255), nullable=True),
        sa.Column("status", sa.String(length=20), server_default="draft", nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("passage_id", sa.Uuid(), nullable=True),
        sa.Column("tags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "translations", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("btrim(stem) <> ''", name=op.f("questions_stem_check")),
        sa.CheckConstraint(
            "jsonb_typeof(answer_key) = 'object' AND answer_key ->> 'type' IS NOT DISTINCT FROM type",
            name=op.f("questions_answer_key_check"),
        ),
        sa.CheckConstraint(
            "jsonb_typeof(translations) = 'object'", name=op.f("questions_translations_check")
        ),
        sa.CheckConstraint("level IN ('A1', 'A2', 'B1', 'B2')", name=op.f("questions_level_check")),
        sa.CheckConstraint(
            "options IS NOT NULL OR NOT (type IN ('multiple_choice', 'multiple_answer', 'cloze_choice', 'matching', 'ordering', 'error_correction', 'translation', 'dictation', 'reading', 'essay', 'speaking'))",
            name=op.f("questions_options_present_check"),
        ),
        sa.CheckConstraint(
            "options IS NULL OR (jsonb_typeof(options) = 'object' AND options ->> 'type' IS NOT DISTINCT FROM type)",
            name=op.f("questions_options_check"),
        ),
        sa.CheckConstraint(
            "skill IN ('grammar', 'vocabulary', 'reading', 'listening', 'speaking', 'writing', 'pronunciation')",
            name=op.f("questions_skill_check"),
        ),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("questions_slug_check")),
        sa.CheckConstraint(
            "status <> 'published' OR (coalesce(translations -> 'id' ->> 'stem', '') <> '')",
            name=op.f("questions_published_translations_check"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'review', 'published', 'archived')",
            name=op.f("questions_status_check"),
        ),
        sa.CheckConstraint(
            "type IN ('multiple_choice', 'multiple_answer', 'true_false', 'fill_blank', 'short_answer', 'cloze_choice', 'matching', 'ordering', 'error_correction', 'translation', 'dictation', 'reading', 'essay', 'speaking')",
            name=op.f("questions_type_check"),
        ),
        sa.CheckConstraint(
            "difficulty >= 1 AND difficulty <= 5", name=op.f("questions_difficulty_check")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("questions_author_id_fkey"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["passage_id"],
            ["questions.id"],
            name=op.f("questions_passage_id_fkey"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("questions_pkey")),
        sa.UniqueConstraint("slug", name=op.f("questions_slug_key")),
    )
    op.create_index(
        "idx_questions_created",
        "questions",
        [sa.literal_column("created_at DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "idx_questions_search", "questions", ["search_vector"], unique=False, postgresql_using="gin"
    )
    op.create_index("idx_questions_type_level", "questions", ["type", "level"], unique=False)
    op.create_index(op.f("questions_author_id_idx"), "questions", ["author_id"], unique=False)
    op.create_index(
        op.f("questions_passage_id_idx"),
        "questions",
        ["passage_id"],
        unique=False,
        postgresql_where=sa.text("passage_id IS NOT NULL"),
    )
    op.create_table(
        "recordings",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "media_type IN ('audio/webm', 'audio/ogg', 'audio/mp4', 'audio/mpeg', 'audio/wav')",
            name=op.f("recordings_media_type_check"),
        ),
        sa.CheckConstraint(
            "octet_length(content) BETWEEN 1 AND 4194304", name=op.f("recordings_content_check")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("recordings_user_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("recordings_pkey")),
    )
    op.create_index(
        op.f("recordings_user_id_created_at_idx"),
        "recordings",
        ["user_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "srs_cards",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("item_type", sa.String(length=50), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("interval", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "ease_factor",
            sa.Numeric(precision=4, scale=2),
            server_default=sa.text("2.5"),
            nullable=False,
        ),
        sa.Column("repetitions", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_review_date", sa.Date(), nullable=False),
        sa.Column("is_learning", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("is_suspended", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "due_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("learning_step", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("lapses", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("review_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("stability", sa.Double(), nullable=True),
        sa.Column("difficulty", sa.Double(), nullable=True),
        sa.Column("last_reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("direction", sa.String(length=20), server_default="recognition", nullable=False),
        sa.Column("passage_id", sa.Uuid(), nullable=True),
        sa.Column("buried_until", sa.Date(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "direction IN ('recognition', 'production')", name=op.f("srs_cards_direction_check")
        ),
        sa.CheckConstraint(
            "item_type <> 'question' OR direction = 'recognition'",
            name=op.f("srs_cards_question_direction_check"),
        ),
        sa.CheckConstraint(
            "item_type IN ('vocabulary', 'question', 'personal')",
            name=op.f("srs_cards_item_type_check"),
        ),
        sa.CheckConstraint(
            "passage_id IS NULL OR item_type = 'question'", name=op.f("srs_cards_passage_check")
        ),
        sa.CheckConstraint('"interval" >= 0', name=op.f("srs_cards_interval_check")),
        sa.CheckConstraint(
            "(review_count = 0) = (last_reviewed_at IS NULL)",
            name=op.f("srs_cards_last_reviewed_at_check"),
        ),
        sa.CheckConstraint(
            "(stability IS NULL) = (difficulty IS NULL)", name=op.f("srs_cards_memory_check")
        ),
        sa.CheckConstraint("difficulty BETWEEN 1 AND 10", name=op.f("srs_cards_difficulty_check")),
        sa.CheckConstraint(
            "ease_factor BETWEEN 1.3 AND 5.0", name=op.f("srs_cards_ease_factor_check")
        ),
        sa.CheckConstraint(
            "lapses >= 0 AND (lapses = 0 OR stability IS NOT NULL)",
            name=op.f("srs_cards_lapses_check"),
        ),
        sa.CheckConstraint("learning_step >= 0", name=op.f("srs_cards_learning_step_check")),
        sa.CheckConstraint("repetitions >= 0", name=op.f("srs_cards_repetitions_check")),
        sa.CheckConstraint("review_count >= 0", name=op.f("srs_cards_review_count_check")),
        sa.CheckConstraint("revision >= review_count", name=op.f("srs_cards_revision_check")),
        sa.CheckConstraint("stability > 0", name=op.f("srs_cards_stability_check")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("srs_cards_user_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("srs_cards_pkey")),
        sa.UniqueConstraint(
            "user_id",
            "item_type",
            "item_id",
            "direction",
            name=op.f("srs_cards_user_id_item_type_item_id_direction_key"),
        ),
    )
    op.create_index("idx_srs_cards_due", "srs_cards", ["user_id", "next_review_date"], unique=False)
    op.create_index(
        "idx_srs_cards_passage",
        "srs_cards",
        ["user_id", "passage_id"],
        unique=False,
        postgresql_where=sa.text("passage_id IS NOT NULL"),
    )
    op.create_table(
        "srs_settings",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "desired_retention",
            sa.Numeric(precision=3, scale=2),
            server_default=sa.text("0.90"),
            nullable=False,
        ),
        sa.Column(
            "learning_steps",
            sa.ARRAY(sa.Integer()),
            server_default=sa.text("'{1,10}'"),
            nullable=False,
        ),
        sa.Column(
            "relearning_steps",
            sa.ARRAY(sa.Integer()),
            server_default=sa.text("'{10}'"),
            nullable=False,
        ),
        sa.Column(
            "maximum_interval_days", sa.Integer(), server_default=sa.text("36500"), nullable=False
        ),
        sa.Column("timezone", sa.String(length=64), server_default="Asia/Jakarta", nullable=False),
        sa.Column(
            "day_cutoff_hour", sa.SmallInteger(), server_default=sa.text("4"), nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("timezone <> ''", name=op.f("srs_settings_timezone_check")),
        sa.CheckConstraint(
            "cardinality(learning_steps) <= 10 AND 1 <= ALL (learning_steps) AND 1440 >= ALL (learning_steps)",
            name=op.f("srs_settings_learning_steps_check"),
        ),
        sa.CheckConstraint(
            "cardinality(relearning_steps) <= 10 AND 1 <= ALL (relearning_steps) AND 1440 >= ALL (relearning_steps)",
            name=op.f("srs_settings_relearning_steps_check"),
        ),
        sa.CheckConstraint(
            "day_cutoff_hour BETWEEN 0 AND 23", name=op.f("srs_settings_day_cutoff_hour_check")
        ),
        sa.CheckConstraint(
            "desired_retention BETWEEN 0.70 AND 0.97",
            name=op.f("srs_settings_desired_retention_check"),
        ),
        sa.CheckConstraint(
            "maximum_interval_days BETWEEN 1 AND 36500",
            name=op.f("srs_settings_maximum_interval_days_check"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("srs_settings_user_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("srs_settings_pkey")),
    )
    op.create_index(
        op.f("srs_settings_user_id_id_idx"), "srs_settings", ["user_id", "id"], unique=False
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("plan", sa.String(length=50), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("price", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="IDR", nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trial_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("auto_renew", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("subscriptions_currency_check")),
        sa.CheckConstraint(
            "plan IN ('monthly', 'quarterly', 'yearly')", name=op.f("subscriptions_plan_check")
        ),
        sa.CheckConstraint(
            "status <> 'cancelled' OR cancelled_at IS NOT NULL",
            name=op.f("subscriptions_cancelled_has_time_check"),
        ),
        sa.CheckConstraint(
            "status <> 'trialing' OR trial_ends_at IS NOT NULL",
            name=op.f("subscriptions_trialing_has_end_check"),
        ),
        sa.CheckConstraint(
            "status IN ('trialing', 'active', 'past_due', 'cancelled', 'expired')",
            name=op.f("subscriptions_status_check"),
        ),
        sa.CheckConstraint(
            "cancelled_at >= starts_at", name=op.f("subscriptions_cancelled_at_check")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("subscriptions_ends_at_check")),
        sa.CheckConstraint("price > 0", name=op.f("subscriptions_price_check")),
        sa.CheckConstraint(
            "trial_ends_at > starts_at", name=op.f("subscriptions_trial_ends_at_check")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("subscriptions_user_id_fkey"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("subscriptions_pkey")),
    )
    op.create_index(
        "idx_subscriptions_current",
        "subscriptions",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('trialing', 'active', 'past_due')"),
    )
    op.create_index(
        "idx_subscriptions_renewal",
        "subscriptions",
        ["ends_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('trialing', 'active', 'past_due')"),
    )
    op.create_index(
        "idx_subscriptions_user",
        "subscriptions",
        ["user_id", sa.literal_column("starts_at DESC")],
        unique=False,
    )
    op.create_table(
        "units",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("path_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "translations", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "jsonb_typeof(translations) = 'object'", name=op.f("units_translations_check")
        ),
        sa.CheckConstraint("level IN ('A1', 'A2', 'B1', 'B2')", name=op.f("units_level_check")),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("units_slug_check")),
        sa.CheckConstraint("position >= 1", name=op.f("units_position_check")),
        sa.ForeignKeyConstraint(
            ["path_id"], ["paths.id"], name=op.f("units_path_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("units_pkey")),
        sa.UniqueConstraint(
            "path_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("units_path_id_position_key"),
        ),
        sa.UniqueConstraint("slug", name=op.f("units_slug_key")),
    )
    op.create_table(
        "user_achievements",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("achievement", sa.String(length=50), nullable=False),
        sa.Column(
            "details",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "earned_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "achievement ~ '^[a-z0-9_]+$'", name=op.f("user_achievements_achievement_check")
        ),
        sa.CheckConstraint(
            "jsonb_typeof(details) = 'object'", name=op.f("user_achievements_details_check")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("user_achievements_user_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("user_achievements_pkey")),
        sa.UniqueConstraint(
            "user_id", "achievement", name=op.f("user_achievements_user_id_achievement_key")
        ),
    )
    op.create_table(
        "user_preferences",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("ui_language", sa.String(length=5), server_default="id", nullable=False),
        sa.Column("theme", sa.String(length=10), server_default="system", nullable=False),
        sa.Column("timezone", sa.String(length=64), server_default="Asia/Jakarta", nullable=False),
        sa.Column(
            "day_cutoff_hour", sa.SmallInteger(), server_default=sa.text("4"), nullable=False
        ),
        sa.Column("daily_goal_minutes", sa.Integer(), server_default=sa.text("15"), nullable=False),
        sa.Column("new_cards_per_day", sa.Integer(), server_default=sa.text("20"), nullable=False),
        sa.Column("reviews_per_day", sa.Integer(), server_default=sa.text("200"), nullable=False),
        sa.Column(
            "desired_retention",
            sa.Numeric(precision=3, scale=2),
            server_default=sa.text("0.90"),
            nullable=False,
        ),
        sa.Column(
            "learning_steps",
            sa.ARRAY(sa.Integer()),
            server_default=sa.text("'{1,10}'"),
            nullable=False,
        ),
        sa.Column(
            "relearning_steps",
            sa.ARRAY(sa.Integer()),
            server_default=sa.text("'{10}'"),
            nullable=False,
        ),
        sa.Column(
            "maximum_interval_days", sa.Integer(), server_default=sa.text("36500"), nullable=False
        ),
        sa.Column("review_order", sa.String(length=20), server_default="due_date", nullable=False),
        sa.Column("bury_siblings", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("show_streak", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("speech_enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("email_reminders", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "review_order IN ('due_date', 'retrievability')",
            name=op.f("user_preferences_review_order_check"),
        ),
        sa.CheckConstraint(
            "theme IN ('system', 'light', 'dark')", name=op.f("user_preferences_theme_check")
        ),
        sa.CheckConstraint("timezone <> ''", name=op.f("user_preferences_timezone_check")),
        sa.CheckConstraint(
            "ui_language IN ('id', 'en')", name=op.f("user_preferences_ui_language_check")
        ),
        sa.CheckConstraint(
            "cardinality(learning_steps) <= 10 AND 1 <= ALL (learning_steps) AND 1440 >= ALL (learning_steps)",
            name=op.f("user_preferences_learning_steps_check"),
        ),
        sa.CheckConstraint(
            "cardinality(relearning_steps) <= 10 AND 1 <= ALL (relearning_steps) AND 1440 >= ALL (relearning_steps)",
            name=op.f("user_preferences_relearning_steps_check"),
        ),
        sa.CheckConstraint(
            "daily_goal_minutes BETWEEN 1 AND 480",
            name=op.f("user_preferences_daily_goal_minutes_check"),
        ),
        sa.CheckConstraint(
            "day_cutoff_hour BETWEEN 0 AND 23", name=op.f("user_preferences_day_cutoff_hour_check")
        ),
        sa.CheckConstraint(
            "desired_retention BETWEEN 0.70 AND 0.97",
            name=op.f("user_preferences_desired_retention_check"),
        ),
        sa.CheckConstraint(
            "maximum_interval_days BETWEEN 1 AND 36500",
            name=op.f("user_preferences_maximum_interval_days_check"),
        ),
        sa.CheckConstraint(
            "new_cards_per_day BETWEEN 0 AND 1000",
            name=op.f("user_preferences_new_cards_per_day_check"),
        ),
        sa.CheckConstraint(
            "reviews_per_day BETWEEN 0 AND 9999",
            name=op.f("user_preferences_reviews_per_day_check"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("user_preferences_user_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("user_preferences_pkey")),
        sa.UniqueConstraint("user_id", name=op.f("user_preferences_user_id_key")),
    )
    op.create_table(
        "user_sessions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_agent", sa.String(length=255), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("expires_at > created_at", name=op.f("user_sessions_expires_at_check")),
        sa.CheckConstraint(
            "octet_length(token_hash) = 32", name=op.f("user_sessions_token_hash_check")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("user_sessions_user_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("user_sessions_pkey")),
        sa.UniqueConstraint("token_hash", name=op.f("user_sessions_token_hash_key")),
    )
    op.create_index(
        op.f("user_sessions_expires_at_idx"), "user_sessions", ["expires_at"], unique=False
    )
    op.create_index(op.f("user_sessions_user_id_idx"), "user_sessions", ["user_id"], unique=False)
    op.create_table(
        "lessons",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("slug", sa.String(length=255), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("skill", sa.String(length=50), nullable=False),
        sa.Column("topic", sa.String(length=100), nullable=False),
        sa.Column("sections", postgresql.JSONB(), nullable=False),
        sa.Column("status", sa.String(length=20), server_default="draft", nullable=False),
        sa.Column(
            "search_vector",
            postgresql.TSVECTOR(),
            sa.Computed(
                "setweight(to_tsvector('lancar_english', coalesce(title, '')), 'A') || setweight(to_tsvector('lancar_english', coalesce(topic, '')), 'B') || setweight(to_tsvector('lancar_english', coalesce(summary, '')), 'B') || setweight(to_tsvector('lancar_indonesian', coalesce(translations -> 'id' ->> 'title', '')), 'C') || setweight(to_tsvector('lancar_indonesian', coalesce(translations -> 'id' ->> 'description', '')), 'C') || setweight(jsonb_to_tsvector('lancar_indonesian', jsonb_path_query_array(sections, 'strict $.**.id'), '[\"string\"]'), 'C') || setweight(jsonb_to_tsvector('lancar_english', jsonb_path_query_array(sections, 'strict $.**.en'), '[\"string\"]'), 'D') || setweight(to_tsvector('lancar_english', coalesce(lancar_tags_text(tags), '')), 'D')",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("estimated_minutes", sa.Integer(), server_default=sa.text("15"), nullable=False),
        sa.Column("tags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column(
            "translations", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "jsonb_typeof(sections) = 'array' AND sections <> '[]'",
            name=op.f("lessons_sections_check"),
        ),
        sa.CheckConstraint(
            "jsonb_typeof(translations) = 'object'", name=op.f("lessons_translations_check")
        ),
        sa.CheckConstraint("level IN ('A1', 'A2', 'B1', 'B2')", name=op.f("lessons_level_check")),
        sa.CheckConstraint(
            "skill IN ('grammar', 'vocabulary', 'reading', 'listening', 'speaking', 'writing', 'pronunciation')",
            name=op.f("lessons_skill_check"),
        ),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("lessons_slug_check")),
        sa.CheckConstraint(
            "status <> 'published' OR (coalesce(translations -> 'id' ->> 'title', '') <> '')",
            name=op.f("lessons_published_translations_check"),
        ),
        sa.CheckConstraint(
            "status <> 'published' OR published_at IS NOT NULL",
            name=op.f("lessons_published_at_check"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'review', 'published', 'archived')",
            name=op.f("lessons_status_check"),
        ),
        sa.CheckConstraint(
            "estimated_minutes BETWEEN 1 AND 240", name=op.f("lessons_estimated_minutes_check")
        ),
        sa.CheckConstraint("position >= 1", name=op.f("lessons_position_check")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("lessons_author_id_fkey"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("lessons_unit_id_fkey"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("lessons_pkey")),
        sa.UniqueConstraint("slug", name=op.f("lessons_slug_key")),
        sa.UniqueConstraint(
            "unit_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("lessons_unit_id_position_key"),
        ),
    )
    op.create_index("idx_lessons_level_skill", "lessons", ["level", "skill"], unique=False)
    op.create_index(
        "idx_lessons_published",
        "lessons",
        [sa.literal_column("published_at DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_index(
        "idx_lessons_search", "lessons", ["search_vector"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "idx_lessons_title_trgm",
        "lessons",
        ["title"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops"},
    )
    op.create_index(
        "idx_lessons_topic_trgm",
        "lessons",
        ["topic"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"topic": "gin_trgm_ops"},
    )
    op.create_index(op.f("lessons_author_id_idx"), "lessons", ["author_id"], unique=False)
    op.create_table(
        "payment_transactions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=True),
        sa.Column("type", sa.String(length=20), server_default="charge", nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="IDR", nullable=False),
        sa.Column("provider", sa.String(length=50), nullable=False),
        sa.Column("provider_reference", sa.String(length=255), nullable=False),
        sa.Column(
            "details",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "currency ~ '^[A-Z]{3}$'", name=op.f("payment_transactions_currency_check")
        ),
        sa.CheckConstraint(
            "jsonb_typeof(details) = 'object'", name=op.f("payment_transactions_details_check")
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'succeeded', 'failed', 'expired')",
            name=op.f("payment_transactions_status_check"),
        ),
        sa.CheckConstraint(
            "type IN ('charge', 'refund')", name=op.f("payment_transactions_type_check")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("payment_transactions_amount_check")),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("payment_transactions_subscription_id_fkey"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("payment_transactions_user_id_fkey"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("payment_transactions_pkey")),
        sa.UniqueConstraint(
            "provider",
            "provider_reference",
            "type",
            "status",
            name="payment_transactions_notification_key",
        ),
    )
    op.create_index(
        "idx_payment_transactions_user",
        "payment_transactions",
        ["user_id", sa.literal_column("occurred_at DESC")],
        unique=False,
    )
    op.create_index(
        op.f("payment_transactions_subscription_id_idx"),
        "payment_transactions",
        ["subscription_id"],
        unique=False,
    )
    op.create_table(
        "placement_tests",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=20), server_default="open", nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("ability", sa.Double(), nullable=True),
        sa.Column("standard_error", sa.Double(), nullable=True),
        sa.Column("level", sa.String(length=10), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(status = 'open') = (finished_at IS NULL)",
            name=op.f("placement_tests_finished_at_check"),
        ),
        sa.CheckConstraint(
            "level IN ('A1', 'A2', 'B1', 'B2')", name=op.f("placement_tests_level_check")
        ),
        sa.CheckConstraint(
            "status <> 'finished' OR (ability IS NOT NULL AND standard_error IS NOT NULL AND level IS NOT NULL)",
            name=op.f("placement_tests_result_check"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'finished', 'abandoned')", name=op.f("placement_tests_status_check")
        ),
        sa.CheckConstraint(
            "finished_at >= started_at", name=op.f("placement_tests_finished_later_check")
        ),
        sa.CheckConstraint("standard_error > 0", name=op.f("placement_tests_standard_error_check")),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("placement_tests_question_id_fkey"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["units.id"],
            name=op.f("placement_tests_unit_id_fkey"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("placement_tests_user_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("placement_tests_pkey")),
    )
    op.create_index(
        "idx_placement_tests_user",
        "placement_tests",
        ["user_id", sa.literal_column("started_at DESC")],
        unique=False,
    )
    op.create_index(
        "placement_tests_open_key",
        "placement_tests",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        op.f("placement_tests_question_id_idx"), "placement_tests", ["question_id"], unique=False
    )
    op.create_index(
        op.f("placement_tests_unit_id_idx"), "placement_tests", ["unit_id"], unique=False
    )
    op.create_table(
        "questionset_questions",
        sa.Column("question_set_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("points", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("points > 0", name=op.f("questionset_questions_points_check")),
        sa.CheckConstraint("position >= 1", name=op.f("questionset_questions_position_check")),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("questionset_questions_question_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_set_id"],
            ["question_sets.id"],
            name=op.f("questionset_questions_question_set_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "question_set_id", "question_id", name=op.f("questionset_questions_pkey")
        ),
        sa.UniqueConstraint(
            "question_set_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("questionset_questions_question_set_id_position_key"),
        ),
    )
    op.create_index(
        op.f("questionset_questions_question_id_idx"),
        "questionset_questions",
        ["question_id"],
        unique=False,
    )
    op.create_table(
        "srs_reviews",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), server_default="review", nullable=False),
        sa.Column("rating", sa.SmallInteger(), nullable=True),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("elapsed_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("fuzz_factor", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("settings_id", sa.Uuid(), nullable=True),
        sa.Column("interval_before", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("was_learning", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("ease_factor_before", sa.Numeric(precision=4, scale=2), nullable=True),
        sa.Column("stability_before", sa.Double(), nullable=True),
        sa.Column("difficulty_before", sa.Double(), nullable=True),
        sa.Column("due_at_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("interval", sa.Integer(), nullable=False),
        sa.Column("is_learning", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("learning_step", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("repetitions", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("ease_factor", sa.Numeric(precision=4, scale=2), nullable=False),
        sa.Column("stability", sa.Double(), nullable=True),
        sa.Column("difficulty", sa.Double(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(kind = 'review') = (rating IS NOT NULL)", name=op.f("srs_reviews_rated_check")
        ),
        sa.CheckConstraint(
            "(kind = 'undo') = (target_id IS NOT NULL)", name=op.f("srs_reviews_target_check")
        ),
        sa.CheckConstraint(
            "kind IN ('review', 'undo', 'reset', 'reschedule', 'import')",
            name=op.f("srs_reviews_kind_check"),
        ),
        sa.CheckConstraint('"interval" >= 0', name=op.f("srs_reviews_interval_check")),
        sa.CheckConstraint(
            "(stability IS NULL) = (difficulty IS NULL)", name=op.f("srs_reviews_memory_check")
        ),
        sa.CheckConstraint(
            "difficulty BETWEEN 1 AND 10", name=op.f("srs_reviews_difficulty_check")
        ),
        sa.CheckConstraint("duration_ms >= 0", name=op.f("srs_reviews_duration_ms_check")),
        sa.CheckConstraint(
            "ease_factor BETWEEN 1.3 AND 5.0", name=op.f("srs_reviews_ease_factor_check")
        ),
        sa.CheckConstraint("elapsed_days >= 0", name=op.f("srs_reviews_elapsed_days_check")),
        sa.CheckConstraint(
            "fuzz_factor >= 0 AND fuzz_factor < 1", name=op.f("srs_reviews_fuzz_factor_check")
        ),
        sa.CheckConstraint("learning_step >= 0", name=op.f("srs_reviews_learning_step_check")),
        sa.CheckConstraint("rating BETWEEN 1 AND 4", name=op.f("srs_reviews_rating_check")),
        sa.CheckConstraint("repetitions >= 0", name=op.f("srs_reviews_repetitions_check")),
        sa.CheckConstraint("stability > 0", name=op.f("srs_reviews_stability_check")),
        sa.ForeignKeyConstraint(
            ["card_id"], ["srs_cards.id"], name=op.f("srs_reviews_card_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["settings_id"],
            ["srs_settings.id"],
            name=op.f("srs_reviews_settings_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["srs_reviews.id"],
            name=op.f("srs_reviews_target_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("srs_reviews_user_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("srs_reviews_pkey")),
    )
    op.create_index("idx_srs_reviews_card", "srs_reviews", ["card_id", "reviewed_at"], unique=False)
    op.create_index("idx_srs_reviews_user", "srs_reviews", ["user_id", "reviewed_at"], unique=False)
    op.create_index(
        op.f("srs_reviews_settings_id_idx"),
        "srs_reviews",
        ["settings_id"],
        unique=False,
        postgresql_where=sa.text("settings_id IS NOT NULL"),
    )
    op.create_index(
        "srs_reviews_target_id_key",
        "srs_reviews",
        ["target_id"],
        unique=True,
        postgresql_where=sa.text("target_id IS NOT NULL"),
    )
    op.create_table(
        "tryout_sessions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("question_set_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=20), server_default="in_progress", nullable=False),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("questions_total", sa.Integer(), nullable=False),
        sa.Column("questions_attempted", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("questions_correct", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("score", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(status = 'in_progress') = (submitted_at IS NULL)",
            name=op.f("tryout_sessions_submitted_when_ended_check"),
        ),
        sa.CheckConstraint(
            "status IN ('in_progress', 'completed', 'expired', 'abandoned')",
            name=op.f("tryout_sessions_status_check"),
        ),
        sa.CheckConstraint(
            "expires_at > started_at", name=op.f("tryout_sessions_expires_at_check")
        ),
        sa.CheckConstraint(
            "questions_attempted >= 0 AND questions_attempted <= questions_total",
            name=op.f("tryout_sessions_questions_attempted_check"),
        ),
        sa.CheckConstraint(
            "questions_correct >= 0 AND questions_correct <= questions_attempted",
            name=op.f("tryout_sessions_questions_correct_check"),
        ),
        sa.CheckConstraint(
            "questions_total > 0", name=op.f("tryout_sessions_questions_total_check")
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("tryout_sessions_score_check")),
        sa.CheckConstraint(
            "submitted_at >= started_at", name=op.f("tryout_sessions_submitted_at_check")
        ),
        sa.ForeignKeyConstraint(
            ["question_set_id"],
            ["question_sets.id"],
            name=op.f("tryout_sessions_question_set_id_fkey"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("tryout_sessions_user_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("tryout_sessions_pkey")),
    )
    op.create_index(
        "idx_tryout_sessions_expiry",
        "tryout_sessions",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("status = 'in_progress'"),
    )
    op.create_index(
        "idx_tryout_sessions_open",
        "tryout_sessions",
        ["user_id", "question_set_id"],
        unique=True,
        postgresql_where=sa.text("status = 'in_progress'"),
    )
    op.create_index(
        "idx_tryout_sessions_user",
        "tryout_sessions",
        ["user_id", sa.literal_column("started_at DESC")],
        unique=False,
    )
    op.create_index(
        op.f("tryout_sessions_question_set_id_idx"),
        "tryout_sessions",
        ["question_set_id"],
        unique=False,
    )
    op.create_table(
        "lesson_progress",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=20), server_default="not_started", nullable=False),
        sa.Column(
            "completion_percentage", sa.Integer(), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("sections_read", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("questions_attempted", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("questions_correct", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("time_spent_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(status = 'completed') = (completed_at IS NOT NULL)",
            name=op.f("lesson_progress_completed_at_check"),
        ),
        sa.CheckConstraint(
            "status <> 'completed' OR completion_percentage = 100",
            name=op.f("lesson_progress_completed_percentage_check"),
        ),
        sa.CheckConstraint(
            "status IN ('not_started', 'in_progress', 'completed')",
            name=op.f("lesson_progress_status_check"),
        ),
        sa.CheckConstraint(
            "completion_percentage >= 0 AND completion_percentage <= 100",
            name=op.f("lesson_progress_completion_percentage_check"),
        ),
        sa.CheckConstraint(
            "questions_attempted >= 0", name=op.f("lesson_progress_questions_attempted_check")
        ),
        sa.CheckConstraint(
            "questions_correct >= 0 AND questions_correct <= questions_attempted",
            name=op.f("lesson_progress_questions_correct_check"),
        ),
        sa.CheckConstraint("sections_read >= 0", name=op.f("lesson_progress_sections_read_check")),
        sa.CheckConstraint(
            "time_spent_seconds >= 0", name=op.f("lesson_progress_time_spent_seconds_check")
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["lessons.id"],
            name=op.f("lesson_progress_lesson_id_fkey"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("lesson_progress_user_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("lesson_progress_pkey")),
        sa.UniqueConstraint(
            "user_id", "lesson_id", name=op.f("lesson_progress_user_id_lesson_id_key")
        ),
    )
    op.create_index(
        "idx_lesson_progress_completion",
        "lesson_progress",
        ["user_id", "completion_percentage"],
        unique=False,
    )
    op.create_index(
        op.f("lesson_progress_lesson_id_idx"), "lesson_progress", ["lesson_id"], unique=False
    )
    op.create_table(
        "lesson_questions",
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("position >= 1", name=op.f("lesson_questions_position_check")),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["lessons.id"],
            name=op.f("lesson_questions_lesson_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("lesson_questions_question_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("lesson_id", "question_id", name=op.f("lesson_questions_pkey")),
        sa.UniqueConstraint(
            "lesson_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("lesson_questions_lesson_id_position_key"),
        ),
    )
    op.create_index(
        op.f("lesson_questions_question_id_idx"), "lesson_questions", ["question_id"], unique=False
    )
    op.create_table(
        "question_attempts",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=True),
        sa.Column("context", sa.String(length=20), server_default="practice", nullable=False),
        sa.Column("response", postgresql.JSONB(), nullable=False),
        sa.Column("is_correct", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Numeric(precision=4, scale=3), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("shuffle_seed", sa.Integer(), nullable=True),
        sa.Column("placement_test_id", sa.Uuid(), nullable=True),
        sa.Column(
            "attempted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(context = 'placement') = (placement_test_id IS NOT NULL)",
            name=op.f("question_attempts_placement_check"),
        ),
        sa.CheckConstraint(
            "context IN ('lesson', 'practice', 'review', 'placement')",
            name=op.f("question_attempts_context_check"),
        ),
        sa.CheckConstraint(
            "jsonb_typeof(response) = 'object'", name=op.f("question_attempts_response_check")
        ),
        sa.CheckConstraint("duration_ms >= 0", name=op.f("question_attempts_duration_ms_check")),
        sa.CheckConstraint(
            "is_correct = (score IS NOT NULL AND score = 1)",
            name=op.f("question_attempts_is_correct_check"),
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("question_attempts_score_check")),
        sa.CheckConstraint("shuffle_seed >= 0", name=op.f("question_attempts_shuffle_seed_check")),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["lessons.id"],
            name=op.f("question_attempts_lesson_id_fkey"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["placement_test_id"],
            ["placement_tests.id"],
            name=op.f("question_attempts_placement_test_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("question_attempts_question_id_fkey"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("question_attempts_user_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("question_attempts_pkey")),
    )
    op.create_index(
        "idx_question_attempts_unmarked",
        "question_attempts",
        ["attempted_at", "id"],
        unique=False,
        postgresql_where=sa.text("score IS NULL"),
    )
    op.create_index(
        "idx_question_attempts_user",
        "question_attempts",
        ["user_id", sa.literal_column("attempted_at DESC")],
        unique=False,
    )
    op.create_index(
        "idx_question_attempts_user_question",
        "question_attempts",
        ["user_id", "question_id"],
        unique=False,
    )
    op.create_index(
        op.f("question_attempts_lesson_id_idx"),
        "question_attempts",
        ["lesson_id"],
        unique=False,
        postgresql_where=sa.text("lesson_id IS NOT NULL"),
    )
    op.create_index(
        "question_attempts_placement_key",
        "question_attempts",
        ["placement_test_id", "question_id"],
        unique=True,
        postgresql_where=sa.text("placement_test_id IS NOT NULL"),
    )
    op.create_index(
        op.f("question_attempts_question_id_idx"),
        "question_attempts",
        ["question_id"],
        unique=False,
    )
    op.create_table(
        "tryout_answers",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("response", postgresql.JSONB(), nullable=True),
        sa.Column("is_correct", sa.Boolean(), nullable=True),
        sa.Column("score", sa.Numeric(precision=4, scale=3), nullable=True),
        sa.Column("is_flagged", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "jsonb_typeof(response) = 'object'", name=op.f("tryout_answers_response_check")
        ),
        sa.CheckConstraint(
            "(response IS NULL) = (answered_at IS NULL)",
            name=op.f("tryout_answers_answered_at_check"),
        ),
        sa.CheckConstraint("duration_ms >= 0", name=op.f("tryout_answers_duration_ms_check")),
        sa.CheckConstraint(
            "is_correct IS NOT DISTINCT FROM (score = 1)",
            name=op.f("tryout_answers_is_correct_check"),
        ),
        sa.CheckConstraint("position >= 1", name=op.f("tryout_answers_position_check")),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("tryout_answers_score_check")),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("tryout_answers_question_id_fkey"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["tryout_sessions.id"],
            name=op.f("tryout_answers_session_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("tryout_answers_user_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("tryout_answers_pkey")),
        sa.UniqueConstraint(
            "session_id", "position", name=op.f("tryout_answers_session_id_position_key")
        ),
        sa.UniqueConstraint(
            "session_id", "question_id", name=op.f("tryout_answers_session_id_question_id_key")
        ),
    )
    op.create_index(
        op.f("tryout_answers_question_id_idx"), "tryout_answers", ["question_id"], unique=False
    )
    op.create_index(op.f("tryout_answers_user_id_idx"), "tryout_answers", ["user_id"], unique=False)
    op.create_table(
        "attempt_marks",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("marker_id", sa.Uuid(), nullable=True),
        sa.Column("points", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("score", sa.Numeric(precision=4, scale=3), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "jsonb_typeof(points) = 'object'", name=op.f("attempt_marks_points_check")
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("attempt_marks_score_check")),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["question_attempts.id"],
            name=op.f("attempt_marks_attempt_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["marker_id"],
            ["users.id"],
            name=op.f("attempt_marks_marker_id_fkey"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("attempt_marks_user_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("attempt_marks_pkey")),
        sa.UniqueConstraint("attempt_id", name=op.f("attempt_marks_attempt_id_key")),
    )
    op.create_index(
        op.f("attempt_marks_marker_id_idx"), "attempt_marks", ["marker_id"], unique=False
    )
    op.create_index(
        "idx_attempt_marks_user",
        "attempt_marks",
        ["user_id", sa.literal_column("created_at DESC")],
        unique=False,
    )
    op.execute(APPLICATION_ROLE)
    for statement in GRANTS:
        op.execute(statement)


def downgrade() -> None:
    """Take back."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    op.drop_index("idx_attempt_marks_user", table_name="attempt_marks")
    op.drop_index(op.f("attempt_marks_marker_id_idx"), table_name="attempt_marks")
    op.drop_table("attempt_marks")
    op.drop_index(op.f("tryout_answers_user_id_idx"), table_name="tryout_answers")
    op.drop_index(op.f("tryout_answers_question_id_idx"), table_name="tryout_answers")
    op.drop_table("tryout_answers")
    op.drop_index(op.f("question_attempts_question_id_idx"), table_name="question_attempts")
    op.drop_index(
        "question_attempts_placement_key",
        table_name="question_attempts",
        postgresql_where=sa.text("placement_test_id IS NOT NULL"),
    )
    op.drop_index(
        op.f("question_attempts_lesson_id_idx"),
        table_name="question_attempts",
        postgresql_where=sa.text("lesson_id IS NOT NULL"),
    )
    op.drop_index("idx_question_attempts_user_question", table_name="question_attempts")
    op.drop_index("idx_question_attempts_user", table_name="question_attempts")
    op.drop_index(
        "idx_question_attempts_unmarked",
        table_name="question_attempts",
        postgresql_where=sa.text("score IS NULL"),
    )
    op.drop_table("question_attempts")
    op.drop_index(op.f("lesson_questions_question_id_idx"), table_name="lesson_questions")
    op.drop_table("lesson_questions")
    op.drop_index(op.f("lesson_progress_lesson_id_idx"), table_name="lesson_progress")
    op.drop_index("idx_lesson_progress_completion", table_name="lesson_progress")
    op.drop_table("lesson_progress")
    op.drop_index(op.f("tryout_sessions_question_set_id_idx"), table_name="tryout_sessions")
    op.drop_index("idx_tryout_sessions_user", table_name="tryout_sessions")
    op.drop_index(
        "idx_tryout_sessions_open",
        table_name="tryout_sessions",
        postgresql_where=sa.text("status = 'in_progress'"),
    )
    op.drop_index(
        "idx_tryout_sessions_expiry",
        table_name="tryout_sessions",
        postgresql_where=sa.text("status = 'in_progress'"),
    )
    op.drop_table("tryout_sessions")
    op.drop_index(
        "srs_reviews_target_id_key",
        table_name="srs_reviews",
        postgresql_where=sa.text("target_id IS NOT NULL"),
    )
    op.drop_index(
        op.f("srs_reviews_settings_id_idx"),
        table_name="srs_reviews",
        postgresql_where=sa.text("settings_id IS NOT NULL"),
    )
    op.drop_index("idx_srs_reviews_user", table_name="srs_reviews")
    op.drop_index("idx_srs_reviews_card", table_name="srs_reviews")
    op.drop_table("srs_reviews")
    op.drop_index(op.f("questionset_questions_question_id_idx"), table_name="questionset_questions")
    op.drop_table("questionset_questions")
    op.drop_index(op.f("placement_tests_unit_id_idx"), table_name="placement_tests")
    op.drop_index(op.f("placement_tests_question_id_idx"), table_name="placement_tests")
    op.drop_index(
        "placement_tests_open_key",
        table_name="placement_tests",
        postgresql_where=sa.text("status = 'open'"),
    )
    op.drop_index("idx_placement_tests_user", table_name="placement_tests")
    op.drop_table("placement_tests")
    op.drop_index(
        op.f("payment_transactions_subscription_id_idx"), table_name="payment_transactions"
    )
    op.drop_index("idx_payment_transactions_user", table_name="payment_transactions")
    op.drop_table("payment_transactions")
    op.drop_index(op.f("lessons_author_id_idx"), table_name="lessons")
    op.drop_index(
        "idx_lessons_topic_trgm",
        table_name="lessons",
        postgresql_using="gin",
        postgresql_ops={"topic": "gin_trgm_ops"},
    )
    op.drop_index(
        "idx_lessons_title_trgm",
        table_name="lessons",
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops"},
    )
    op.drop_index("idx_lessons_search", table_name="lessons", postgresql_using="gin")
    op.drop_index(
        "idx_lessons_published",
        table_name="lessons",
        postgresql_where=sa.text("status = 'published'"),
    )
    op.drop_index("idx_lessons_level_skill", table_name="lessons")
    op.drop_table("lessons")
    op.drop_index(op.f("user_sessions_user_id_idx"), table_name="user_sessions")
    op.drop_index(op.f("user_sessions_expires_at_idx"), table_name="user_sessions")
    op.drop_table("user_sessions")
    op.drop_table("user_preferences")
    op.drop_table("user_achievements")
    op.drop_table("units")
    op.drop_index("idx_subscriptions_user", table_name="subscriptions")
    op.drop_index(
        "idx_subscriptions_renewal",
        table_name="subscriptions",
        postgresql_where=sa.text("status IN ('trialing', 'active', 'past_due')"),
    )
    op.drop_index(
        "idx_subscriptions_current",
        table_name="subscriptions",
        postgresql_where=sa.text("status IN ('trialing', 'active', 'past_due')"),
    )
    op.drop_table("subscriptions")
    op.drop_index(op.f("srs_settings_user_id_id_idx"), table_name="srs_settings")
    op.drop_table("srs_settings")
    op.drop_index(
        "idx_srs_cards_passage",
        table_name="srs_cards",
        postgresql_where=sa.text("passage_id IS NOT NULL"),
    )
    op.drop_index("idx_srs_cards_due", table_name="srs_cards")
    op.drop_table("srs_cards")
    op.drop_index(op.f("recordings_user_id_created_at_idx"), table_name="recordings")
    op.drop_table("recordings")
    op.drop_index(
        op.f("questions_passage_id_idx"),
        table_name="questions",
        postgresql_where=sa.text("passage_id IS NOT NULL"),
    )
    op.drop_index(op.f("questions_author_id_idx"), table_name="questions")
    op.drop_index("idx_questions_type_level", table_name="questions")
    op.drop_index("idx_questions_search", table_name="questions", postgresql_using="gin")
    op.drop_index("idx_questions_created", table_name="questions")
    op.drop_table("questions")
    op.drop_index(op.f("question_sets_owner_id_idx"), table_name="question_sets")
    op.drop_table("question_sets")
    op.drop_table("personal_entries")
    op.drop_table("daily_activity")
    op.drop_index(
        "idx_vocabulary_entries_search", table_name="vocabulary_entries", postgresql_using="gin"
    )
    op.drop_index("idx_vocabulary_entries_level", table_name="vocabulary_entries")
    op.drop_index(
        "idx_vocabulary_entries_headword_trgm",
        table_name="vocabulary_entries",
        postgresql_using="gin",
        postgresql_ops={"headword": "gin_trgm_ops"},
    )
    op.drop_table("vocabulary_entries")
    op.drop_index("idx_users_active", table_name="users", postgresql_where=sa.text("is_active"))
    op.drop_table("users")
    op.drop_table("paths")
    for statement in DROPS:
        op.execute(statement)
