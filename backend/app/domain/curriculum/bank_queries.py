"""The SQL of importing questions: temporary tables, and what is taken out of them as refused."""

from sqlalchemy import ARRAY, Text, bindparam, text

# The questions of one chunk, in the shape of `questions` with a row_number.
STAGE = "stage_questions"

# The first line of every slug in the file, whatever chunk it is in.
CREATE_SLUGS = text(
    "CREATE TEMP TABLE stage_slugs (slug text PRIMARY KEY, line bigint) ON COMMIT DROP"
)
DROP_STAGES = text(f"DROP TABLE {STAGE}, stage_slugs")
EMPTY_STAGE = text(f"TRUNCATE {STAGE}")
TAKE_OUT = text(f"DELETE FROM {STAGE} WHERE row_number = :line")  # noqa: S608 - a constant

NOTE_SLUGS = text(
    """
    INSERT INTO stage_slugs
    SELECT slug, min(row_number) FROM stage_questions GROUP BY slug
    ON CONFLICT DO NOTHING
    """
)

TAKE_OUT_REPEATS = text(
    """
    DELETE FROM stage_questions AS later USING stage_slugs AS first
    WHERE first.slug = later.slug AND first.line <> later.row_number
    RETURNING later.row_number, later.slug, first.line
    """
)

TAKE_OUT_UNTRANSLATED = text(
    """
    DELETE FROM stage_questions AS new USING questions AS old
    WHERE old.slug = new.slug AND old.status = 'published'
      AND coalesce(new.translations -> 'id' ->> 'stem', '') = ''
    RETURNING new.row_number
    """
)

# Of these slugs, those that the import of this moment added or changed; `now` is its updated_at.
CHANGED = text(
    """
    SELECT slug FROM stage_slugs JOIN questions USING (slug)
    WHERE slug = ANY(:slugs) AND updated_at = :now
    ORDER BY slug
    """
).bindparams(bindparam("slugs", type_=ARRAY(Text)))
