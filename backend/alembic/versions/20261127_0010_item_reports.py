"""Keep what learners report about questions and answers, and what authors decided.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    op.create_table(
        "item_reports",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("response", postgresql.JSONB(), nullable=True),
        sa.Column("score", sa.Numeric(precision=4, scale=3), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=20), server_default="open", nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(status = 'open') = (settled_at IS NULL)", name=op.f("item_reports_settled_at_check")
        ),
        sa.CheckConstraint(
            "jsonb_typeof(response) = 'object'", name=op.f("item_reports_response_check")
        ),
        sa.CheckConstraint(
            "kind <> 'answer' OR response IS NOT NULL", name=op.f("item_reports_answer_check")
        ),
        sa.CheckConstraint("kind IN ('answer', 'question')", name=op.f("item_reports_kind_check")),
        sa.CheckConstraint(
            "status IN ('open', 'accepted', 'declined')", name=op.f("item_reports_status_check")
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("item_reports_score_check")),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("item_reports_question_id_fkey"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"],
            ["users.id"],
            name=op.f("item_reports_settled_by_fkey"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("item_reports_user_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("item_reports_pkey")),
    )
    op.create_index(
        "idx_item_reports_user",
        "item_reports",
        ["user_id", sa.literal_column("created_at DESC")],
        unique=False,
    )
    op.create_index(
        "item_reports_open_key",
        "item_reports",
        ["user_id", "question_id", "kind"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        op.f("item_reports_question_id_idx"), "item_reports", ["question_id"], unique=False
    )
    op.create_index(
        op.f("item_reports_settled_by_idx"), "item_reports", ["settled_by"], unique=False
    )


def downgrade() -> None:
    """Take back."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    op.drop_index(op.f("item_reports_settled_by_idx"), table_name="item_reports")
    op.drop_index(op.f("item_reports_question_id_idx"), table_name="item_reports")
    op.drop_index(
        "item_reports_open_key",
        table_name="item_reports",
        postgresql_where=sa.text("status = 'open'"),
    )
    op.drop_index("idx_item_reports_user", table_name="item_reports")
    op.drop_table("item_reports")
