"""Let the log of a card hold what put it aside, and what belongs to one action.

Suspending, burying and bringing back become entries, as resets are, so that each can be undone.
The rule is checked for old rows by the next migration, without keeping anybody waiting.

Revision ID: 0006
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

KINDS = "'review', 'undo', 'reset', 'reschedule', 'import'"
NEW_KINDS = "'suspend', 'unsuspend', 'bury', 'unbury'"

# The rule that takes its place admits all that the old one did.
ADMIT = f"""
-- squawk-ignore ban-drop-constraint
ALTER TABLE srs_reviews DROP CONSTRAINT srs_reviews_kind_check,
    ADD CONSTRAINT srs_reviews_kind_check CHECK (kind IN ({KINDS}, {NEW_KINDS})) NOT VALID
"""

# The entries that an older version does not know, and their undos; cards stay as they are.
FORGET = f"""
WITH gone AS (
    DELETE FROM srs_reviews AS r
    WHERE r.kind IN ({NEW_KINDS})
       OR r.target_id IN (SELECT id FROM srs_reviews WHERE kind IN ({NEW_KINDS}))
    RETURNING r.card_id
), counted AS (
    SELECT card_id, count(*) AS entries FROM gone GROUP BY card_id
)
UPDATE srs_cards AS c SET revision = c.revision - counted.entries
FROM counted WHERE c.id = counted.card_id
"""


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    op.add_column("srs_reviews", sa.Column("action_id", sa.Uuid(), nullable=True))
    op.execute(ADMIT)


def downgrade() -> None:
    """Take back."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    op.execute(FORGET)
    op.drop_constraint("srs_reviews_kind_check", "srs_reviews")
    op.create_check_constraint(op.f("srs_reviews_kind_check"), "srs_reviews", f"kind IN ({KINDS})")
    op.drop_column("srs_reviews", "action_id")
