"""Let questions be of the type categorise.

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_BEFORE = "'multiple_choice', 'multiple_answer', 'true_false', 'fill_blank', 'short_answer', 'cloze_choice', 'matching', 'ordering'"
_AFTER = "'error_correction', 'translation', 'dictation', 'reading', 'essay', 'speaking'"
_WITHOUT_OPTIONS = "'true_false', 'fill_blank', 'short_answer', "


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    _allow(f"{_BEFORE}, 'categorise', {_AFTER}")


def downgrade() -> None:
    """Take back, with the questions of this type, their answers and their cards."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    gone = "SELECT id FROM questions WHERE type = 'categorise'"
    op.execute(f"DELETE FROM srs_cards WHERE item_type = 'question' AND item_id IN ({gone})")
    for table in ("item_reports", "tryout_answers", "question_attempts"):
        op.execute(f"DELETE FROM {table} WHERE question_id IN ({gone})")
    op.execute("DELETE FROM questions WHERE type = 'categorise'")
    _allow(f"{_BEFORE}, {_AFTER}")


def _allow(types: str) -> None:
    """Replace the two rules that list the types; the next file checks the rows of before."""
    with_options = types.replace(_WITHOUT_OPTIONS, "")
    for name, rule in (
        ("questions_type_check", f"type IN ({types})"),
        (
            "questions_options_present_check",
            f"options IS NOT NULL OR NOT (type IN ({with_options}))",
        ),
    ):
        op.execute(
            f"-- squawk-ignore ban-drop-constraint\nALTER TABLE questions DROP CONSTRAINT {name}"
        )
        op.create_check_constraint(op.f(name), "questions", rule, postgresql_not_valid=True)
