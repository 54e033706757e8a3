"""Let the owner become lancar_app on PostgreSQL 16 and newer, too.

Who creates a role there is a member of it without the right to SET ROLE, and the baseline asked
only whether the owner is a member.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GRANT = """
DO $$
DECLARE
    -- Before 16, members may always SET ROLE, and pg_has_role does not know the word.
    wanted text := CASE WHEN current_setting('server_version_num')::int >= 160000
        THEN 'SET' ELSE 'MEMBER' END;
BEGIN
    IF NOT pg_has_role(current_user, 'lancar_app', wanted) THEN
        EXECUTE format('GRANT lancar_app TO %I', current_user);
    END IF;
END $$
"""


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
    op.execute(GRANT)


def downgrade() -> None:
    """Take back nothing: the baseline means the same, and its application needs the right."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
