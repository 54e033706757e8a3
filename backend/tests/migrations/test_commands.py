"""The specification's shell commands, as an operator types them in backend/."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from app.core.config import BACKEND
from app.core.database import head_revision
from tests.conftest import Server
from tools.scratch import driver_url, scratch_database

HEAD = "SELECT version_num FROM alembic_version"
LONGER = ("A1", "A2", "B1", "B2", "C1")
LEVEL_CHECKS = """
    SELECT array_agg(conname || ' ' || pg_get_constraintdef(oid) ORDER BY conname)
    FROM pg_constraint WHERE pg_get_constraintdef(oid) LIKE '%B2%'
"""


def alembic(backend: Path, environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [Path(sys.executable).parent / "alembic", *arguments],
        cwd=backend,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def backend() -> Iterator[Path]:
    """A copy of what the commands read and write, in a place that every user can enter."""
    with tempfile.TemporaryDirectory(prefix="lancar commands ") as scratch:
        Path(scratch).chmod(0o755)
        copy = Path(scratch) / "checkout" / "backend"
        copy.mkdir(parents=True)
        shutil.copy(BACKEND / "alembic.ini", copy)
        for folder in ("alembic", "app", "tools"):
            shutil.copytree(BACKEND / folder, copy / folder)
        yield copy


@pytest.fixture
async def empty(server: Server) -> AsyncIterator[str]:
    async with scratch_database(server.url("postgres"), migrated=False) as url:
        yield url


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(driver_url(url))
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


def new_migration(backend: Path) -> str:
    (file,) = (backend / "alembic" / "versions").glob("*_description.py")
    return file.read_text()


@pytest.mark.each_version
async def test_upgrade_downgrade_and_an_empty_autogenerate(backend: Path, empty: str) -> None:
    environment = {"DATABASE_URL": empty}
    alembic(backend, environment, "upgrade", "head")
    head = await ask(empty, HEAD)
    alembic(backend, environment, "revision", "--autogenerate", "-m", "Description")
    text = new_migration(backend)
    assert text.count("op.") == text.count("op.execute") == 4, text
    assert text.count("    pass\n") == 2
    assert f"down_revision = '{head}'" in text

    alembic(backend, environment, "upgrade", "head")
    assert await ask(empty, HEAD) != head
    alembic(backend, environment, "downgrade", "-1")
    assert await ask(empty, HEAD) == head
    alembic(backend, environment, "downgrade", "base")
    assert await ask(empty, "SELECT to_regclass('users')") is None


async def test_autogenerate_writes_a_changed_model_without_importing_it(
    backend: Path, empty: str
) -> None:
    environment = {"DATABASE_URL": empty}
    alembic(backend, environment, "upgrade", "head")
    models = backend / "app" / "models" / "user.py"
    column = "    role: Mapped[str]"
    added = "    born_at: Mapped[datetime | None]\n"
    models.write_text(models.read_text().replace(column, added + column))
    alembic(backend, environment, "revision", "--autogenerate", "-m", "Description")
    text = new_migration(backend)
    assert 'sa.Column("born_at", sa.DateTime(timezone=True)' in text.replace("'", '"')
    assert "app." not in text
    alembic(backend, environment, "upgrade", "head")
    alembic(backend, environment, "check")


async def test_a_longer_list_of_levels_makes_its_migration_by_itself(
    backend: Path, empty: str
) -> None:
    environment = {"DATABASE_URL": empty}
    alembic(backend, environment, "upgrade", "head")
    before = await ask(empty, LEVEL_CHECKS)
    models = backend / "app" / "models" / "base.py"
    text = models.read_text()
    models.write_text(text.replace('LEVELS = ("A1", "A2", "B1", "B2")', f"LEVELS = {LONGER}"))
    alembic(backend, environment, "revision", "--autogenerate", "-m", "Description")
    written = new_migration(backend)
    assert written.count("op.create_check_constraint") == 2 * len(before)
    alembic(backend, environment, "upgrade", "head")
    alembic(backend, environment, "check")
    after = await ask(empty, LEVEL_CHECKS)
    assert [line.replace(", 'C1'::character varying", "") for line in after] == before
    assert after != before

    alembic(backend, environment, "downgrade", "-1")
    assert await ask(empty, LEVEL_CHECKS) == before


async def test_a_server_migrates_without_the_tools_of_developers(backend: Path, empty: str) -> None:
    shutil.rmtree(backend / "tools")
    alembic(backend, {"DATABASE_URL": empty}, "upgrade", "head")
    assert await ask(empty, HEAD) == head_revision()


def test_the_commands_work_with_the_embedded_server(backend: Path) -> None:
    home = backend.parent.parent / "home of servers"
    environment = {"DATABASE_URL": "", "REDIS_URL": "", "LANCAR_HOME": str(home)}
    alembic(backend, environment, "upgrade", "head")
    head = alembic(backend, environment, "current").split()[0]
    alembic(backend, environment, "revision", "--autogenerate", "-m", "Description")
    assert new_migration(backend).count("    pass\n") == 2
    alembic(backend, environment, "upgrade", "head")
    alembic(backend, environment, "downgrade", "-1")
    assert alembic(backend, environment, "current").split() == [head]
