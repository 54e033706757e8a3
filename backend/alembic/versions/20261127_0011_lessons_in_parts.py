"""Let questions stand between sections, and lessons be parts of one that was split.

What is checked of old rows is checked by the next migration, without keeping anybody waiting.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    op.add_column("lesson_questions", sa.Column("after_section", sa.Integer(), nullable=True))
    op.create_check_constraint(
        op.f("lesson_questions_after_section_check"),
        "lesson_questions",
        "after_section >= 1",
        postgresql_not_valid=True,
    )
    op.add_column("lessons", sa.Column("split_from_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("lessons_split_from_id_fkey"),
        "lessons",
        "lessons",
        ["split_from_id"],
        ["id"],
        ondelete="SET NULL",
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    """Take back."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    op.drop_constraint(op.f("lessons_split_from_id_fkey"), "lessons", type_="foreignkey")
    op.drop_column("lessons", "split_from_id")
    op.drop_constraint(
        op.f("lesson_questions_after_section_check"), "lesson_questions", type_="check"
    )
    op.drop_column("lesson_questions", "after_section")
