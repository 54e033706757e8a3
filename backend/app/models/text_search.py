# ruff: noqa: E501 - statements stand on one line each
"""Text search configurations, the functions that generated columns need, and `search_vector`.

The stock `english` configuration drops "used", "to", "have", "been" as stop words; learners search
for exactly those, so `lancar_english` stems but keeps every word.
"""

from sqlalchemy import DDL, Computed, event
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.search.full_text import PARTS, SearchPart

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

# What nobody sees goes (see core.characters), apostrophes and hyphens are made alike, white space is
# one space, and small letters are made of capitals: in every locale alike, so accents are taken
# apart before and joined after.
HEADWORD_KEY_DDL = (
    "CREATE FUNCTION lancar_headword_key(headword text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$"
    " SELECT normalize(lower(normalize(btrim(regexp_replace(translate(regexp_replace(headword,"
    r" '[\u0001-\u0008\u000E-\u001B\u007F-\u0084\u0086-\u009F\u00AD\u034F\u0600-\u0605\u061C\u06DD\u070F"
    r"\u0890-\u0891\u08E2\u115F-\u1160\u17B4-\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164"
    r"\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\uFFFE-\uFFFF\U000110BD\U000110CD\U00013430-\U0001343F"
    r"\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF]+', '', 'g'),"
    r" E'\u2018\u2019\u201A\u201B\u2032\u0060\u00B4\u02BC\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\u02D7"
    r"\u00C6\u0152\u00D8\u0110\u0141\u00DE\u00D0',"
    r" E'\'\'\'\'\'\'\'\'---------\u00E6\u0153\u00F8\u0111\u0142\u00FE\u00F0'),"
    r" '[\u0009-\u000D\u001C-\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u2800\u3000]+',"
    """ ' ', 'g')), NFD) COLLATE "C"), NFC) $$"""
)

for _statement in (*TEXT_SEARCH_DDL, HEADWORD_KEY_DDL):
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
