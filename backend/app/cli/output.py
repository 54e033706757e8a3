"""Where a command writes what it exports: a file, replaced when it is whole, or standard output."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import typer

from app.cli.console import Exit
from app.core.files import CannotWrite, is_of_the_disk, replacing


class Form(StrEnum):
    """The form of an export."""

    CSV = "csv"
    JSONL = "jsonl"
    EXCEL = "excel"


FORM_HELP = "CSV, one JSON object a line, or CSV as Excel reads it with Indonesian settings."


@contextmanager
def written(file: Path | None) -> Iterator[BinaryIO]:
    """Give what an export writes to: `file`, see `replacing`; standard output without one.

    To be entered before anything is asked of a server: a file that cannot be written is said first.
    A request to stop (SIGTERM, a closed terminal) ends the block like Ctrl-C, so that nothing is
    left behind. A reader that goes away ends the command without a word.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    if file is None:
        with _standard_output() as output:
            yield output
    else:
        with replacing(file) as output:
            yield output


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Python would complain once more when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(Exit.FAILED) from None
    except OSError as error:
        if not is_of_the_disk(error):
            raise
        raise CannotWrite("standard output", error) from error
