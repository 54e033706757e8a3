"""What can be said about the migrations without a server."""

import shutil
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from tools.migrations import VERSIONS, migration_problems, offline_sql, squawk

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


CONCURRENTLY = [
    'op.create_index("i", "users", ["email"], postgresql_concurrently=True)',
    'op.execute("CREATE INDEX CONCURRENTLY i ON users (email)")',
]


@pytest.mark.parametrize("index", CONCURRENTLY)
def test_an_index_that_is_built_concurrently_stands_alone_in_its_file(
    versions: Path, index: str
) -> None:
    text = GOOD.format(revision="a", parent=None)
    before, down, after = text.partition("\n\n\ndef down")
    block = f"\n    with op.get_context().autocommit_block():\n        {index}"
    (versions / "a.py").write_text(before + block + down + after)
    assert migration_problems(versions) == []
    (versions / "a.py").write_text(before + '\n    op.drop_table("paths")' + block + down + after)
    (problem,) = migration_problems(versions)
    assert "also calls op.drop_table" in problem


def test_an_index_that_is_left_as_it_is_found_is_reported(versions: Path) -> None:
    text = GOOD.format(revision="a", parent=None)
    before, down, after = text.partition("\n\n\ndef down")
    with_block = before + "\n    with op.get_context().autocommit_block():"
    create = "\n        " + CONCURRENTLY[0].replace(")", ", if_not_exists=True)")
    drop = '\n        op.drop_index("i", if_exists=True, postgresql_concurrently=True)'
    (versions / "a.py").write_text(with_block + drop + create + down + after)
    assert migration_problems(versions) == []
    (versions / "a.py").write_text(with_block + create + down + after)
    (problem,) = migration_problems(versions)
    assert "half-built" in problem


@pytest.fixture
def longer(tmp_path: Path) -> Path:
    """A copy of our migrations with one more, which does nothing yet."""
    versions = tmp_path / "versions"
    shutil.copytree(VERSIONS, versions, ignore=shutil.ignore_patterns("__pycache__"))
    head = ScriptDirectory(str(versions.parent), version_locations=[str(versions)])
    text = GOOD.format(revision="next", parent=head.get_current_head())
    (versions / "29991231_next.py").write_text(text)
    return versions


def test_squawk_finds_nothing_in_the_sql_of_the_migrations() -> None:
    sql = offline_sql()
    assert sorted(sql) == sorted(file.stem for file in VERSIONS.glob("*.py"))
    assert "CREATE TABLE users" in sql["20261123_0002_baseline"]
    assert squawk() == ""


def test_one_more_migration_is_checked_by_itself_and_the_earlier_ones_stay_clean(
    longer: Path,
) -> None:
    assert migration_problems(longer) == []
    assert squawk(longer) == ""
    assert "CREATE TABLE users" not in offline_sql(longer)["29991231_next"]


def test_squawk_names_the_migration_with_a_dangerous_statement(longer: Path) -> None:
    dangerous = 'op.execute("ALTER TABLE users ADD COLUMN age INTEGER NOT NULL")\n'
    file = longer / "29991231_next.py"
    file.write_text(file.read_text().replace("\n\n\ndef down", f"\n    {dangerous}\n\ndef down"))
    found = squawk(longer)
    assert "adding-required-field" in found
    assert "29991231_next.sql" in found
    assert "baseline" not in found
