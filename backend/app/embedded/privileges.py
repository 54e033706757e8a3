"""Giving up root: whom the servers and the pages run as, and what that user must not change.

Started as root, Lancar prepares what belongs to root and does the rest as a system user of its own.
Root never writes, follows or reads a link inside a directory that this user owns: there, programs
run as the user do the work.
"""

import ctypes
import os
import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from app.embedded.open_up import open_up

SYSTEM_USER = "lancar"
ADD_USER = (
    *("useradd", "--system", "--user-group", "--no-create-home"),
    *("--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", SYSTEM_USER),
)
VENV = ("bin", "lib", "pyvenv.cfg")  # of Python's environment; uv's lock is for everybody
PR_SET_DUMPABLE = 4


class ServerError(RuntimeError):
    """A server could not be started or stopped; the message says what to do."""


def system_user() -> pwd.struct_passwd | None:
    """Return whom to run as: Lancar's own system user, made if absent, when we are root; or None.

    Raises ServerError with the command to run when there is no such user and none can be made.
    """
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    program = shutil.which(ADD_USER[0], path="/usr/sbin:/sbin:/usr/bin:/bin")
    command = [program or ADD_USER[0], *ADD_USER[1:]]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False).stderr.strip()  # noqa: S603 - a constant
        return pwd.getpwnam(SYSTEM_USER)  # made now, here or by somebody faster
    except FileNotFoundError:
        said = "useradd is not installed"
    except KeyError:
        pass
    raise ServerError(
        f"Lancar does not run as root, and its user could not be made ({said}). "
        f"Make it with: {' '.join(ADD_USER)}"
    )


def become(user: pwd.struct_passwd | None) -> None:
    """Turn this process into one of `user`, for good; with None nothing happens."""
    if user is None:
        return
    os.setgroups([user.pw_gid])
    os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
    os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
    os.environ.update(HOME=user.pw_dir, USER=user.pw_name, LOGNAME=user.pw_name)
    # As after an exec: until then /proc/self is root's, and the process cannot read it.
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1)


def let_in(path: Path, mode: int = 0o750) -> None:
    """Let the system user read what root has just made, and not change it. Root's files only."""
    user = system_user()
    if user:
        os.chown(path, 0, user.pw_gid, follow_symlinks=False)
        path.chmod(mode)


def give_away(path: Path) -> None:
    """Give a directory that root has just made, in a directory of root's, to the system user."""
    user = system_user()
    if user:
        path.chmod(0o700)
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def write_for_user(file: Path, content: str) -> None:
    """Write a file, whole or not at all, that the system user may read and nobody else."""
    if os.geteuid() == 0 and file.parent.stat().st_uid != 0:
        raise ServerError(
            f"Root writes nothing into {file.parent}, which belongs to somebody else."
        )
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    temporary.touch(mode=0o600)
    temporary.write_text(content)
    let_in(temporary, 0o640)
    temporary.rename(file)


def require_root_owned(directory: Path) -> None:
    """Raise ServerError unless, for root, only root can change `directory` and all can enter it."""
    if os.geteuid() != 0:
        return
    for part in (directory, *directory.parents):
        found = part.stat()
        is_shared = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not (
            found.st_mode & stat.S_ISVTX and part != directory
        )
        if found.st_uid != 0 or is_shared:
            raise ServerError(
                f"Others than root can change {part}. As root, set LANCAR_HOME to a directory of "
                "root's, for example /var/lib/lancar."
            )
        if not found.st_mode & stat.S_IXOTH:
            raise ServerError(
                f"The user {SYSTEM_USER}, who runs the servers for root, cannot enter {part}. "
                "Set LANCAR_HOME to a directory that every user can enter, for example "
                "/var/lib/lancar."
            )


def require_usable(user: pwd.struct_passwd | None, checkout: Path, used: Sequence[str]) -> None:
    """Have `user` reach Python and what is `used` of the checkout, and change nothing of it.

    Who can change a program can become whoever starts it next: root. Raises ServerError, in one
    line.
    """
    if user is None:
        return
    needed = (checkout, Path(sys.prefix), Path(sys.base_prefix).resolve())
    named = (*(checkout / name for name in used), *(Path(sys.prefix, name) for name in VENV))
    parts = [part for part in named if part.exists()]
    with _acting_as(user):
        closed = {part for path in needed if (part := _first_closed(path))}
    if closed:
        with suppress(OSError):  # in a container that may not mount: refused below
            open_up(closed, needed)
    with _acting_as(user):
        problem = next(_problems(needed, parts), None)
    if problem:
        raise ServerError(f"Lancar does not run as root but as {user.pw_name}, who {problem}")


def _first_closed(path: Path) -> Path | None:
    """Return the outermost directory on the way to `path` that cannot be entered."""
    return next((part for part in reversed((path, *path.parents)) if not _may(part, os.X_OK)), None)


def _problems(needed: Sequence[Path], parts: Sequence[Path]) -> Iterator[str]:
    for path in needed:
        closed = _first_closed(path)
        if closed:
            yield (
                f"cannot enter {closed}. Move what is below it ({path}) to where every user can "
                "read it, for example /opt/lancar, or run Lancar as an ordinary user."
            )
            return
    for way in {up for path in (*needed, *parts) for up in path.parents}:
        if _may(way, os.W_OK) and not way.stat().st_mode & stat.S_ISVTX:
            yield _changeable(way)
    for part in parts:
        yield from _problems_below(part)


def _problems_below(part: Path) -> Iterator[str]:
    """Look at a file, or at a folder with everything in it."""
    yield from _problems_of(part)
    for name, folders, files in os.walk(part):
        for each in (*folders, *files):
            yield from _problems_of(Path(name, each))


def _problems_of(path: Path) -> Iterator[str]:
    if path.is_symlink():
        return  # what it leads to is looked at where it is
    if not _may(path, os.R_OK | os.X_OK if path.is_dir() else os.R_OK):
        yield (
            f"cannot read {path}. Let that user read it, for example: "
            f"chgrp -R {SYSTEM_USER} '{path}' && chmod -R g+rX '{path}'"
        )
    elif _may(path, os.W_OK):
        yield _changeable(path)


def _changeable(part: Path) -> str:
    return f"can change {part}. Give it to root, or run Lancar as an ordinary user."


def _may(path: Path, access: int) -> bool:
    return os.access(path, access, effective_ids=True)


@contextmanager
def _acting_as(user: pwd.struct_passwd) -> Iterator[None]:
    """Have the rights of `user` for the block; for looking only."""
    groups = os.getgroups()
    os.setgroups([user.pw_gid])
    os.setegid(user.pw_gid)
    os.seteuid(user.pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)
