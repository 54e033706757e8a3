"""Say of sign-in sessions and recordings, too, when they were last changed.

Revision ID: 0004
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("user_sessions", "recordings")


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    for table in TABLES:
        moment = sa.DateTime(timezone=True)
        column = sa.Column("updated_at", moment, server_default=sa.text("now()"), nullable=False)
        op.add_column(table, column)
        op.execute(f"UPDATE {table} SET updated_at = created_at")  # noqa: S608 - a name from above


def downgrade() -> None:
    """Take back."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    for table in reversed(TABLES):
        op.drop_column(table, "updated_at")
