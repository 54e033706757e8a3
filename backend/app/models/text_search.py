# ruff: noqa: E501 - statements stand on one line each
"""Text search configurations, the functions that generated columns need, and `search_vector`.

The stock `english` configuration drops "used", "to", "have", "been" as stop words; learners search
for exactly those, so `lancar_english` stems but keeps every word.
"""

from sqlalchemy import DDL, Computed, event
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.core.full_text import PARTS, SearchPart
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


def search_column(*sources: tuple[str, str, str, str]) -> Mapped[str]:
    """Return the stored generated `search_vector` column; never written, never loaded.

    Each source is (field, weight, configuration, text or jsonb SQL): `field` is the name by which
    `DatabaseUtils.search_full_text` narrows a search to it.
    """
    parts = [SearchPart(*source) for source in sources]
    weighted = " || ".join(f"setweight({part.vector()}, '{part.weight}')" for part in parts)
    return mapped_column(
        TSVECTOR,
        Computed(weighted, persisted=True),
        deferred=True,
        nullable=True,
        info={PARTS: parts},
    )


TAGS = "lancar_tags_text(tags)"
