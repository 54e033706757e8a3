"""Rows as COPY reads them (text format), ids in time order, and the COPY itself."""

import json
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from itertools import islice
from random import SystemRandom
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncpg

    Connection = asyncpg.Connection[asyncpg.Record]

NULL = "\\N"
ROWS_A_CHUNK = 2_000
Advance = Callable[[int], None]
"""Is told how many more rows are on their way."""

_bits = SystemRandom().getrandbits
_salt = _bits(56)


def time_ordered_id(moment: datetime, number: int) -> str:
    """Return a UUIDv7 (RFC 9562) of about `moment`, in hexadecimal; `number` orders ids within it.

    Unlike the texts, ids are never the same again: they hold random bits of this run.
    """
    milliseconds = int(moment.timestamp() * 1000) + (number >> 12)
    tail = (number << 30 ^ _salt) & 0x3FFF_FFFF_FFFF_FFFF
    return f"{milliseconds:012x}7{number & 0xFFF:03x}{0x8000_0000_0000_0000 | tail:016x}"


def field(text: str) -> str:
    """Return `text` as one field of COPY's text format."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def document(value: Any) -> str:
    """Return `value` as JSON in one field of COPY's text format."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\\", "\\\\")


async def copy_rows(
    connection: "Connection", table: str, columns: Iterable[str], rows: Iterable[str], say: Advance
) -> None:
    """COPY `rows` (tab-separated lines with their newline) into `table`, telling `say` of each."""

    async def chunks() -> AsyncIterator[bytes]:
        lines = iter(rows)
        while chunk := list(islice(lines, ROWS_A_CHUNK)):
            yield "".join(chunk).encode()
            say(len(chunk))

    await connection.copy_to_table(table, source=chunks(), columns=list(columns), format="text")
