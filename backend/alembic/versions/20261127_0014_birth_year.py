"""Keep the year in which a learner was born.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    op.add_column("users", sa.Column("birth_year", sa.SmallInteger(), nullable=True))
    op.create_check_constraint(
        op.f("users_birth_year_check"),
        "users",
        "birth_year BETWEEN 1900 AND 2200",
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    """Take back."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    op.drop_constraint(op.f("users_birth_year_check"), "users", type_="check")
    op.drop_column("users", "birth_year")
