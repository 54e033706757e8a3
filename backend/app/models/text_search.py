# ruff: noqa: E501 - statements stand on one line each
"""Text search configurations, the functions that generated columns need, and `search_vector`.

The stock `english` configuration drops "used", "to", "have", "been" as stop words; learners search
for exactly those, so `lancar_english` stems but keeps every word.
"""

from sqlalchemy import DDL, Computed, event
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

ENGLISH = "lancar_english"
INDONESIAN = "lancar_indonesian"

_WORDS = "asciiword, asciihword, hword_asciipart, word, hword, hword_part"
TEXT_SEARCH_DDL = (
    "CREATE EXTENSION IF NOT EXISTS unaccent",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE TEXT SEARCH DICTIONARY lancar_english_stem (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH DICTIONARY lancar_indonesian_stem (TEMPLATE = snowball, LANGUAGE = indonesian)",
    "CREATE TEXT SEARCH CONFIGURATION lancar_english (COPY = simple)",
    f"ALTER TEXT SEARCH CONFIGURATION lancar_english ALTER MAPPING FOR {_WORDS} WITH unaccent, lancar_english_stem",
    "CREATE TEXT SEARCH CONFIGURATION lancar_indonesian (COPY = simple)",
    f"ALTER TEXT SEARCH CONFIGURATION lancar_indonesian ALTER MAPPING FOR {_WORDS} WITH unaccent, lancar_indonesian_stem",
    # array_to_string is only STABLE (any element type); over text[] it is immutable.
    "CREATE FUNCTION lancar_tags_text(tags text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT array_to_string(tags, ' ') $$",
)

for _statement in TEXT_SEARCH_DDL:
    _ddl = DDL(_statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
    event.listen(Base.metadata, "before_create", _ddl)


def weighted(*parts: tuple[str, str, str]) -> str:
    """Return the SQL of a weighted tsvector from (weight, configuration, text or jsonb SQL)."""
    return " || ".join(
        f"setweight({_vector(configuration, source)}, '{weight}')"
        for weight, configuration, source in parts
    )


def _vector(configuration: str, source: str) -> str:
    if source.startswith("jsonb_"):
        return f"jsonb_to_tsvector('{configuration}', {source}, '[\"string\"]')"
    return f"to_tsvector('{configuration}', coalesce({source}, ''))"


def search_column(*parts: tuple[str, str, str]) -> Mapped[str]:
    """Return the stored generated `search_vector` column; never written, never loaded."""
    return mapped_column(
        TSVECTOR, Computed(weighted(*parts), persisted=True), deferred=True, nullable=True
    )


TAGS = "lancar_tags_text(tags)"
