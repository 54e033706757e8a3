"""A failed export leaves the old file, and nothing else."""

import asyncio
import os
import resource
import signal
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.core.config import BACKEND
from app.core.files import CannotWrite, replacing
from tests.cli.conftest import Target


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def export(url: str, *, stdout: int) -> subprocess.CompletedProcess[str]:
    """Run the command with a standard output of its own, which the fork of `manage` lacks."""
    return subprocess.run(
        [sys.executable, "manage_db.py", "export"],
        cwd=BACKEND,
        env={**os.environ, "DATABASE_URL": url},
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


AWAY = "postgresql://nobody@127.0.0.1:1/nothing"
EXPORTS = [("export",), ("cards", "export", "demo@lancar.test")]
EVERY_EXPORT = pytest.mark.parametrize("command", EXPORTS, ids=["questions", "cards"])


@EVERY_EXPORT
async def test_an_export_without_a_database_leaves_the_old_file(
    manage: Target, tmp_path: Path, command
):
    file = tmp_path / "old.jsonl"
    file.write_text("what was there\n")
    failed = await manage(*command, str(file), DATABASE_URL=AWAY)
    assert failed.code == 1
    assert file.read_text() == "what was there\n"
    assert names(tmp_path) == ["old.jsonl"]


@EVERY_EXPORT
async def test_a_file_that_cannot_be_written_is_said_before_a_server_is_asked(
    manage: Target, tmp_path: Path, command
):
    for file in (tmp_path, tmp_path / "none" / "file.jsonl"):
        failed = await manage(*command, str(file), DATABASE_URL=AWAY)
        assert failed.code == 1
        assert f"Cannot write {file}: " in failed.errors
        assert "DATABASE_URL" not in failed.errors
    assert names(tmp_path) == []


async def test_an_export_of_nobody_leaves_the_old_file(manage: Target, tmp_path: Path):
    file = tmp_path / "old.csv"
    file.write_text("what was there\n")
    assert (await manage("cards", "export", "nobody@example.com", str(file))).code == 1
    assert file.read_text() == "what was there\n"
    assert names(tmp_path) == ["old.csv"]


async def test_a_reader_that_goes_away_ends_an_export_without_a_word(manage: Target):
    assert (await manage("seed")).code == 0
    reader, writer = os.pipe()
    os.close(reader)
    gone = await asyncio.to_thread(export, manage.url, stdout=writer)
    os.close(writer)
    assert (gone.returncode, gone.stderr) == (1, "")

    full = os.open("/dev/full", os.O_WRONLY)
    refused = await asyncio.to_thread(export, manage.url, stdout=full)
    os.close(full)
    assert refused.returncode == 1
    assert "Cannot write standard output: No space left on device" in refused.stderr


# --- the file -----------------------------------------------------------------------------------


def write(file: Path, text: str = "new") -> None:
    with replacing(file) as output:
        output.write(text.encode())


def write_half(file: Path, error: type[BaseException]) -> None:
    with replacing(file) as output:
        output.write(b"half")
        raise error


def test_the_old_text_is_read_until_the_new_one_is_whole(tmp_path: Path):
    file = tmp_path / "file"
    file.write_text("old")
    with replacing(file) as output:
        output.write(b"new")
        output.flush()
        assert file.read_text() == "old"
    assert file.read_text() == "new"
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, ValueError])
def test_whatever_ends_the_writing_leaves_the_old_file_and_no_other(tmp_path: Path, error):
    file = tmp_path / "file"
    file.write_text("old")
    with pytest.raises(error):
        write_half(file, error)
    assert file.read_text() == "old"
    assert names(tmp_path) == ["file"]


def test_a_full_disk_leaves_the_old_file_and_says_so(tmp_path: Path):
    file = tmp_path / "file"
    file.write_text("old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))
    try:
        with pytest.raises(CannotWrite, match=r"Cannot write .*file: "):
            write(file, "x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert file.read_text() == "old"
    assert names(tmp_path) == ["file"]


def test_mode_and_links_stay(tmp_path: Path):
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to("file")
    write(link)
    assert link.is_symlink()
    assert file.read_text() == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_new_file_gets_the_mode_of_the_umask(tmp_path: Path):
    before = os.umask(0o027)
    try:
        write(tmp_path / "file")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640


def test_links_that_go_round_and_files_of_others_are_refused(tmp_path: Path):
    loop, locked = tmp_path / "loop", tmp_path / "locked"
    loop.symlink_to("loop")
    with pytest.raises(CannotWrite):
        write(loop)
    if os.geteuid():  # root may write everything
        locked.write_text("old")
        locked.chmod(0o444)
        with pytest.raises(CannotWrite):
            write(locked)
        assert locked.read_text() == "old"


def test_a_pipe_is_written_directly(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write(pipe)
    reader.join()
    assert read == ["new"]
    write(Path("/dev/null"))
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_export_leaves_no_litter(tmp_path: Path, number):
    """The command waits for a server that accepts and stays silent."""
    file = tmp_path / "old.jsonl"
    file.write_text("old")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/nothing"
        process = subprocess.Popen(
            [sys.executable, "manage_db.py", "export", str(file)],
            cwd=BACKEND,
            env={**os.environ, "DATABASE_URL": url},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        client, _ = silent.accept()  # it has connected: the file is open
        assert len(names(tmp_path)) == 2
        process.send_signal(number)
        assert process.wait(30) != 0
        client.close()
    assert file.read_text() == "old"
    assert names(tmp_path) == ["old.jsonl"]


def test_no_module_writes_a_file_in_place_that_people_keep():
    """What a command leaves for people goes through `replacing`; the servers' own files do not."""
    allowed = {"core/files.py", "embedded/privileges.py", "embedded/programs.py", "cli/check.py"}
    found = {
        str(file.relative_to(BACKEND / "app"))
        for file in (BACKEND / "app").rglob("*.py")
        if any(call in file.read_text() for call in ('open("w', ".write_text(", ".write_bytes("))
    }
    assert found <= allowed
