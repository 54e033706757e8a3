"""Put cards that were dealt out to later days in line where they were added.

New cards used to get a day each, by the limit of that time; now the limit of today counts. Only
cards without any entry in their log move: a day that a learner chose stays.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# In the order in which they were dealt; days are the learner's.
UNDEAL = """
UPDATE srs_cards AS c
SET next_review_date = (dealt.place AT TIME ZONE dealt.timezone
                        - make_interval(hours => dealt.cutoff))::date,
    due_at = dealt.place
FROM (
    SELECT w.id, coalesce(p.timezone, 'Asia/Jakarta') AS timezone,
           coalesce(p.day_cutoff_hour, 4) AS cutoff,
           w.created_at + (w.next_review_date - w.created_at::date) * interval '1 ms' AS place
    FROM srs_cards AS w LEFT JOIN user_preferences AS p ON p.user_id = w.user_id
    WHERE w.is_learning AND w.review_count = 0 AND w.revision = 0
      AND w.next_review_date > w.created_at::date AND w.next_review_date >= CURRENT_DATE
) AS dealt
WHERE c.id = dealt.id
"""


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '600s'")
    op.execute(UNDEAL)


def downgrade() -> None:
    """Take back: an older version shows waiting cards by its limit too, so they stay in line."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
