"""Check the types of the questions that were there before.

Revision ID: 0018
Revises: 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    op.execute("ALTER TABLE questions VALIDATE CONSTRAINT questions_type_check")
    op.execute("ALTER TABLE questions VALIDATE CONSTRAINT questions_options_present_check")


def downgrade() -> None:
    """Take back: rules that were checked stay checked."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
