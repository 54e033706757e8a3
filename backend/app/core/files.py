"""Writing a file so that the old one stays until the new one is whole."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeGuard

from app.core.errors import DomainError

_OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS}


class CannotWrite(DomainError):
    """A file cannot be written; what it held is still there."""

    code = "cannot_write"
    message = "The file cannot be written."
    message_id = "Berkas tidak dapat ditulis."

    def __init__(self, file: object, error: OSError) -> None:
        reason = error.strerror or str(error)
        super().__init__(f"Cannot write {file}: {reason}. What it held is unchanged.")


@contextmanager
def replacing(file: Path) -> Iterator[BinaryIO]:
    """Give a file to write, which becomes `file` when the block ends without an error.

    It stands in the same folder, is synced to the disk and then renamed: whoever reads `file` finds
    the old text or all of the new one. A link stays a link, its target is replaced; mode and owner
    stay. Whatever ends the block, nothing is left behind. What is no regular file (a pipe,
    /dev/null) is written directly. Raises CannotWrite, at once where `file` may not be written.
    """
    try:
        target = file.resolve()
        if target.exists() and not target.is_file():
            opened: BinaryIO = target.open("wb")
            temporary = None
        else:
            temporary, opened = _open_beside(target)
    except (OSError, RuntimeError) as error:  # RuntimeError: links that go round in a circle
        cause = error if isinstance(error, OSError) else OSError(errno.ELOOP, "its links loop")
        raise CannotWrite(file, cause) from error
    try:
        with opened:
            yield opened
            if temporary is not None:
                opened.flush()
                os.fsync(opened.fileno())
        if temporary is not None:
            temporary.replace(target)
            _sync_folder(target.parent)
    except BaseException as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        if is_of_the_disk(error):
            raise CannotWrite(file, error) from error
        raise


def is_of_the_disk(error: BaseException) -> TypeGuard[OSError]:
    """Return whether a write failed, and no server: disk full, quota, size limit, bad sector."""
    return isinstance(error, OSError) and error.errno in _OF_THE_DISK


def replace_text(file: Path, text: str) -> None:
    """Write `text` as the whole of `file`, in UTF-8; see `replacing`."""
    with replacing(file) as output:
        output.write(text.encode())


def _open_beside(target: Path) -> tuple[Path, BinaryIO]:
    """Return the path and the file of a new file beside `target`, with its mode and owner."""
    try:
        before = target.stat()
    except FileNotFoundError:
        before = None
    if before is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "it may not be written")
    temporary = target.with_name(f".{secrets.token_hex(8)}.part")
    mode = 0o666 if before is None else 0o600  # a new file gets what the umask leaves
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    if before is not None:
        with suppress(PermissionError):
            os.fchown(descriptor, before.st_uid, before.st_gid)
        os.fchmod(descriptor, before.st_mode & 0o7777)
    return temporary, os.fdopen(descriptor, "wb")


def _sync_folder(folder: Path) -> None:
    """Let the new name outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
