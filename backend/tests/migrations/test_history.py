"""What can be said about the migrations without a server."""

from pathlib import Path

import pytest

from app.cli.check import Finding, squawk
from app.cli.migration_checks import VERSIONS, migration_problems, offline_sql

GOOD = '''"""A migration."""
from alembic import op

revision = "{revision}"
down_revision = {parent!r}


def upgrade() -> None:
    """Apply."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")


def downgrade() -> None:
    """Take back."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("SET LOCAL statement_timeout = '60s'")
'''


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text(GOOD.format(revision="a", parent=None))
    return tmp_path


def test_the_migrations_have_one_head_time_outs_and_no_import_of_the_application() -> None:
    assert list(VERSIONS.glob("*.py"))
    assert migration_problems() == []


def test_a_second_head_is_reported(versions: Path) -> None:
    for name in ("b", "c"):
        (versions / f"{name}.py").write_text(GOOD.format(revision=name, parent="a"))
    (problem,) = migration_problems(versions)
    assert problem.startswith("2 heads")


@pytest.mark.parametrize(
    "line", ["import app.models", "from app.models import Base", "    from app import models"]
)
def test_an_import_of_the_application_is_reported(versions: Path, line: str) -> None:
    (versions / "a.py").write_text(GOOD.format(revision="a", parent=None) + line + "\n")
    (problem,) = migration_problems(versions)
    assert problem.startswith("a.py: imports app")


@pytest.mark.parametrize("setting", ["lock_timeout", "statement_timeout"])
def test_a_missing_time_out_is_reported(versions: Path, setting: str) -> None:
    text = GOOD.format(revision="a", parent=None)
    lines = [line for line in text.splitlines(keepends=True) if setting not in line]
    (versions / "a.py").write_text("".join(lines))
    assert migration_problems(versions) == [
        f"a.py: {direction}() does not begin with SET LOCAL {setting}"
        for direction in ("upgrade", "downgrade")
    ]


def test_a_time_out_after_the_work_is_reported(versions: Path) -> None:
    text = GOOD.format(revision="a", parent=None).replace(
        '"""Apply."""', '"""Apply."""\n    op.drop_table("users")\n    op.drop_table("paths")'
    )
    (versions / "a.py").write_text(text)
    assert len(migration_problems(versions)) == 2


def test_squawk_finds_nothing_in_the_sql_of_the_migrations() -> None:
    assert "CREATE TABLE users" in offline_sql()
    assert squawk() == Finding()


def test_squawk_reports_a_dangerous_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    dangerous = "ALTER TABLE users ADD COLUMN age INTEGER NOT NULL;"
    monkeypatch.setattr("app.cli.check.offline_sql", lambda: dangerous)
    assert "adding-required-field" in squawk().problem
