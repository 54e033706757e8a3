"""Check the kinds of the entries that were there before, while people go on reviewing.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '600s'")
    op.execute("ALTER TABLE srs_reviews VALIDATE CONSTRAINT srs_reviews_kind_check")


def downgrade() -> None:
    """Take back: a rule that was checked stays checked."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
