"""Instances that root's servers ran as `nobody` (until 2026-11): given to Lancar's own user."""

import logging
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from app.embedded.privileges import ServerError, let_in, system_user
from app.embedded.process import anybody_works_in

DATA = "postgresql"


def take_over(directory: Path) -> None:
    """Give an instance of `nobody` to the system user, with the data and without the passwords.

    Does nothing unless we are root and it is one. Every process of nobody could change these files,
    so nothing but the cluster is kept, no link is followed, and only nobody's files change hands.
    Raises ServerError when it is somebody else's, or in use.
    """
    user = system_user()
    if user is None or not directory.exists():
        return
    data = directory / DATA
    nobody = pwd.getpwnam("nobody").pw_uid
    owners = {path.lstat().st_uid for path in (directory, data) if os.path.lexists(path)}
    if nobody not in owners:
        if not owners <= {0, user.pw_uid} or directory.lstat().st_uid != 0:
            raise ServerError(
                f"{directory} belongs to somebody else than root. Move it away, or set LANCAR_HOME "
                "to another directory."
            )
        return
    for folder in (data, directory / "valkey"):
        if anybody_works_in(folder):
            raise ServerError(
                f"A server that an earlier version started as nobody still works in {folder}. "
                "Stop that Lancar first."
            )
    if data.is_symlink() or directory.is_symlink():
        raise ServerError(f"{data} is a link, which root does not follow. Put the data there.")
    let_in(directory)  # from here on, nobody can change what stands in it
    for entry in directory.iterdir():
        if entry.name != DATA and entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != DATA:
            entry.unlink()
    owner = f"{user.pw_name}:"
    subprocess.run(  # noqa: S603 - GNU chown opens each file without following, then looks again
        ["/bin/chown", "-R", "--no-dereference", "--from=nobody", owner, "--", str(data)],
        check=True,
    )
    logging.getLogger(__name__).warning(
        "The data in %s belonged to nobody: it is %s's now, with a new password for its owner.",
        *(data, user.pw_name),
    )
