"""Check the rules of lessons in parts for the rows that were there before.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    op.execute(
        "ALTER TABLE lesson_questions VALIDATE CONSTRAINT lesson_questions_after_section_check"
    )
    op.execute("ALTER TABLE lessons VALIDATE CONSTRAINT lessons_split_from_id_fkey")


def downgrade() -> None:
    """Take back: a rule that was checked stays checked."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
