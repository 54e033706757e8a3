"""Index the parts of lessons, without keeping anybody waiting.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NAME = "lessons_split_from_id_idx"


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    with op.get_context().autocommit_block():
        # One that was interrupted leaves a half-built index of this name.
        op.drop_index(NAME, "lessons", postgresql_concurrently=True, if_exists=True)
        op.create_index(
            NAME,
            "lessons",
            ["split_from_id"],
            postgresql_where=sa.text("split_from_id IS NOT NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    """Take back."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    with op.get_context().autocommit_block():
        op.drop_index(NAME, "lessons", postgresql_concurrently=True, if_exists=True)
