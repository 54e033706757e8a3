"""Index the cards that wait for their first review, without keeping anybody waiting.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    with op.get_context().autocommit_block():
        # One that was interrupted leaves a half-built index of this name.
        op.drop_index(
            "idx_srs_cards_new", "srs_cards", postgresql_concurrently=True, if_exists=True
        )
        op.create_index(
            "idx_srs_cards_new",
            "srs_cards",
            ["user_id", "next_review_date", "due_at", "id"],
            postgresql_where=sa.text("is_learning AND review_count = 0"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    """Take back."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    with op.get_context().autocommit_block():
        op.drop_index(
            "idx_srs_cards_new", "srs_cards", postgresql_concurrently=True, if_exists=True
        )
