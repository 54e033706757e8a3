"""Started as root: what root prepares, what it refuses, and what its former servers left."""

import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from app.core.config import get_settings
from app.embedded import privileges
from app.embedded.privileges import (
    ServerError,
    require_root_owned,
    require_usable,
    system_user,
    write_for_user,
)
from app.embedded.servers import embedded, instance, postgres_binaries, valkey_binary

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="only root gives up root"),
]


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory) -> Iterator[Path]:
    """A data directory of root's, with programs of its own."""
    folder = Path(tempfile.gettempdir(), f"lancar privileges {os.getpid()}")
    folder.mkdir(mode=0o755)
    monkeypatch.setenv("LANCAR_HOME", str(folder))
    get_settings.cache_clear()
    yield folder
    monkeypatch.undo()
    get_settings.cache_clear()
    shutil.rmtree(folder)


def _writable(user, *roots: Path) -> list[Path]:
    """Return what `user` could change, links not followed."""
    found = []
    for root in roots:
        for path in (root, *root.rglob("*")):
            state = path.lstat()
            is_theirs = state.st_uid == user.pw_uid
            by_group = state.st_gid == user.pw_gid and state.st_mode & stat.S_IWGRP
            by_all = state.st_mode & stat.S_IWOTH and not path.is_symlink()
            if is_theirs or by_group or by_all:
                found.append(path)
    return found


def _give_to_nobody(path: Path) -> None:
    subprocess.run(["chown", "-R", "-h", "nobody:", path], check=True)


def test_the_user_of_the_servers_can_change_no_program_and_no_configuration(home: Path) -> None:
    user = system_user()
    with embedded():
        pass
    assert _writable(user, postgres_binaries().parent, valkey_binary()) == []
    changeable = {path.name for path in instance().iterdir() if path in _writable(user, path)}
    assert changeable == {"postgresql", "valkey", "start.lock", "users.lock"}
    for name in ("postgresql.conf", "postgresql_hba.conf", "valkey.conf", "password"):
        assert stat.S_IMODE((instance() / name).stat().st_mode) == 0o640


def test_programs_that_somebody_else_could_have_changed_are_unpacked_anew(home: Path) -> None:
    for program in (postgres_binaries().parent, valkey_binary()):
        _give_to_nobody(program)
    (postgres_binaries() / "postgres").read_bytes()
    assert _writable(system_user(), postgres_binaries().parent) == []
    for program in (postgres_binaries().parent, valkey_binary()):
        assert program.stat().st_uid == 0


async def test_data_of_nobody_changes_hands_and_no_link_is_followed(
    home: Path, tmp_path: Path
) -> None:
    with embedded() as before:
        connection = await asyncpg.connect(before.owner.replace("+asyncpg", ""))
        await connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        await connection.close()
    directory, treasure = instance(), tmp_path / "treasure"
    treasure.mkdir()
    (treasure / "file").write_text("root's")
    old_password = (directory / "password").read_text()
    shutil.rmtree(directory / "valkey")
    (directory / "valkey").symlink_to(treasure)
    (directory / "valkey.conf").unlink()
    (directory / "valkey.conf").symlink_to(tmp_path / "made by root")
    (directory / "postgresql" / "planted").symlink_to(treasure / "file")
    _give_to_nobody(directory)

    with embedded() as after:
        connection = await asyncpg.connect(after.owner.replace("+asyncpg", ""))
        assert await connection.fetchval("SELECT answer FROM kept") == 42
        await connection.close()
    user = system_user()
    assert directory.stat().st_uid == 0
    owners = {path.lstat().st_uid for path in (directory / "postgresql").rglob("*")}
    assert owners == {user.pw_uid}
    assert old_password not in after.owner
    assert (treasure.stat().st_uid, (treasure / "file").stat().st_uid) == (0, 0)
    assert (treasure / "file").read_text() == "root's"
    assert not (tmp_path / "made by root").exists()


def test_data_of_somebody_else_is_refused_in_words(home: Path) -> None:
    directory = instance()
    os.chown(directory, 12345, 12345)
    with pytest.raises(ServerError, match="belongs to somebody else"), embedded():
        pass


def test_root_writes_nothing_into_a_directory_of_somebody_else(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, 12345)
    with pytest.raises(ServerError, match="Root writes nothing into"):
        write_for_user(tmp_path / "valkey.conf", "port 1")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("mode", "owner"), [(0o700, 0), (0o777, 0), (0o755, 12345)])
def test_a_home_that_is_closed_or_that_others_can_change_is_explained(tmp_path, mode, owner):
    directory = tmp_path / "home"
    directory.mkdir()
    for part in (tmp_path, *tmp_path.parents):
        if part.stat().st_mode & stat.S_ISVTX:
            break
        part.chmod(0o755)
    require_root_owned(directory)
    directory.chmod(mode)
    os.chown(directory, owner, owner)
    with pytest.raises(ServerError, match="et LANCAR_HOME"):
        require_root_owned(directory)


def test_a_closed_checkout_is_refused_in_one_line_where_root_may_not_mount(
    tmp_path, monkeypatch
) -> None:
    def refuse(*_arguments) -> None:
        raise PermissionError

    monkeypatch.setattr(privileges, "open_up", refuse)
    checkout = tmp_path / "lancar"
    (checkout / "backend" / "app").mkdir(parents=True)
    tmp_path.chmod(0o700)
    with pytest.raises(ServerError, match=r"cannot enter .* ordinary user") as caught:
        require_usable(system_user(), checkout, ["backend/app"])
    assert "\n" not in str(caught.value)
    assert os.geteuid() == 0


def test_without_a_user_and_a_way_to_make_one_the_command_is_named(monkeypatch) -> None:
    monkeypatch.setattr(privileges, "SYSTEM_USER", "lancar-that-is-not")
    monkeypatch.setattr(privileges, "ADD_USER", ("useradd-that-is-not", "lancar-that-is-not"))
    with pytest.raises(ServerError, match="Make it with: useradd-that-is-not") as caught:
        system_user()
    assert "\n" not in str(caught.value)
