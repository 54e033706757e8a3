"""Compare learners' own words by a key: one word, however it is typed.

Words that are the same by now were stored as two: both stay, with their cards and their logs, and
the later ones are numbered.

Revision ID: 0005
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None

# Numbering and uniqueness belong together: no word may come between them. The table holds a few words
# a learner, so writes wait for a moment, at most as long as the time-outs below.
ONE_LOCK = (
    "-- squawk-ignore-file adding-field-with-default, constraint-missing-not-valid,"
    " ban-drop-constraint, disallowed-unique-constraint\n"
    "LOCK TABLE personal_entries IN ACCESS EXCLUSIVE MODE"
)
# What nobody sees goes, apostrophes and hyphens are made alike, white space is one space, and small
# letters are made of capitals: in every locale alike, so accents are taken apart before and joined
# after.
HEADWORD_KEY = (
    "CREATE FUNCTION lancar_headword_key(headword text) RETURNS text"
    " LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$"
    " SELECT normalize(lower(normalize(btrim(regexp_replace(translate(regexp_replace(headword,"
    " '[\\u0001-\\u0008\\u000E-\\u001B\\u007F-\\u0084\\u0086-\\u009F\\u00AD\\u034F\\u0600-\\u0605"
    "\\u061C\\u06DD\\u070F\\u0890-\\u0891\\u08E2\\u115F-\\u1160\\u17B4-\\u17B5\\u180B-\\u180F"
    "\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u206F\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF0-\\uFFFB"
    "\\uFFFE-\\uFFFF\\U000110BD\\U000110CD\\U00013430-\\U0001343F\\U0001BCA0-\\U0001BCA3"
    "\\U0001D173-\\U0001D17A\\U000E0000-\\U000E0FFF]+', '', 'g'),"
    " E'\\u2018\\u2019\\u201A\\u201B\\u2032\\u0060\\u00B4\\u02BC"
    "\\u2010\\u2011\\u2012\\u2013\\u2014\\u2015\\u2212\\u2043\\u02D7"
    "\\u00C6\\u0152\\u00D8\\u0110\\u0141\\u00DE\\u00D0',"
    " E'\\'\\'\\'\\'\\'\\'\\'\\'---------\\u00E6\\u0153\\u00F8\\u0111\\u0142\\u00FE\\u00F0'),"
    " '[\\u0009-\\u000D\\u001C-\\u0020\\u0085\\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F"
    "\\u205F\\u2800\\u3000]+', ' ', 'g')), NFD) COLLATE \"C\"), NFC) $$"
)
# The first of several spellings stays the first, whatever came later. What has no key at all was
# nothing to be seen: never the first.
NUMBER_SPELLINGS = """
UPDATE personal_entries AS e
SET spelling = numbered.spelling
FROM (
    SELECT id, row_number() OVER (PARTITION BY user_id, key ORDER BY created_at, id)
               + CASE key WHEN '' THEN 1 ELSE 0 END AS spelling
    FROM (SELECT id, user_id, created_at, lancar_headword_key(headword) AS key
          FROM personal_entries) AS keyed
) AS numbered
WHERE numbered.id = e.id AND numbered.spelling > 1
"""


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    op.execute(ONE_LOCK)
    op.execute(HEADWORD_KEY)
    op.add_column(
        "personal_entries",
        sa.Column("spelling", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
    )
    op.execute(NUMBER_SPELLINGS)
    op.add_column(
        "personal_entries",
        sa.Column(
            "headword_key",
            sa.Text(),
            sa.Computed("lancar_headword_key(headword)", persisted=True),
            nullable=True,
        ),
    )
    op.create_check_constraint(
        op.f("personal_entries_spelling_check"), "personal_entries", "spelling >= 1"
    )
    op.create_check_constraint(
        op.f("personal_entries_headword_key_check"),
        "personal_entries",
        "headword_key <> '' OR spelling > 1",
    )
    op.drop_constraint(op.f("personal_entries_user_id_headword_key"), "personal_entries")
    op.create_unique_constraint(
        op.f("personal_entries_user_id_headword_key_spelling_key"),
        "personal_entries",
        ["user_id", "headword_key", "spelling"],
    )


def downgrade() -> None:
    """Take back."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    op.drop_constraint(
        op.f("personal_entries_user_id_headword_key_spelling_key"), "personal_entries"
    )
    op.create_unique_constraint(
        op.f("personal_entries_user_id_headword_key"), "personal_entries", ["user_id", "headword"]
    )
    op.drop_column("personal_entries", "headword_key")
    op.drop_column("personal_entries", "spelling")
    op.execute("DROP FUNCTION lancar_headword_key(text)")
