"""A checkout or a Python below a private home, such as /root, made reachable for the system user.

Only for this process and those it starts, in a mount namespace of their own: the closed directory
is covered by an empty one, in which just what is needed is mounted again, at the same place.
"""

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

CLONE_NEWNS = 0x0002_0000
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x4_0000


def open_up(closed: Iterable[Path], needed: Iterable[Path]) -> None:
    """Cover each of `closed` in a new mount namespace, with what is `needed` below it.

    Raises OSError where root may not mount (as in most containers); then nothing has changed.
    """
    here = Path.cwd()
    _call("unshare", CLONE_NEWNS)
    _mount(b"none", Path("/"), None, MS_REC | MS_PRIVATE)  # nobody else sees what follows
    opened = {path: os.open(path, os.O_PATH) for path in needed}
    try:
        for cover in closed:
            _mount(b"tmpfs", cover, b"tmpfs", 0, b"mode=755,size=1m")
        for path, descriptor in opened.items():
            if any(path.is_relative_to(cover) for cover in closed):
                path.mkdir(parents=True, exist_ok=True)
                _mount(f"/proc/self/fd/{descriptor}".encode(), path, None, MS_BIND | MS_REC)
    finally:
        for descriptor in opened.values():
            os.close(descriptor)
    os.chdir(here)  # from the covered place to the same one in sight


def _mount(source: bytes, target: Path, kind: bytes | None, flags: int, data: bytes = b"") -> None:
    _call("mount", source, os.fsencode(target), kind, ctypes.c_ulong(flags), data or None)


def _call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
