"""CSV for spreadsheets: cells that they would run, and what Excel expects in Indonesia.

A cell that begins with =, +, -, @, a tab or a line end, also behind quotes and spaces, is written
with an apostrophe before it; reading takes it off again, so every text comes back as it was.
"""

import csv
import io
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import msgspec

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Tells Excel that a file is UTF-8; it belongs before the first row."""
_RUNS = re.compile(r"""[\s'"]*(?:[=+\-@＝＋－＠]|[\t\r\n])""")


def escaped(cell: str) -> str:
    """Return `cell` so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def unescaped(cell: str) -> str:
    """Return what `escaped` was given.

    A cell that people wrote with one apostrophe before a sign loses it; they write it twice.
    """
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell, 1) else cell


def csv_rows(rows: Iterable[Iterable[Any]], *, for_excel: bool = False) -> bytes:
    """Return rows as CSV (RFC 4180) in UTF-8, every text escaped, other values as JSON says them.

    `for_excel`: as Excel reads it with Indonesian settings, with semicolons and decimal commas.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if for_excel else ",")
    writer.writerows([_cell(value, for_excel) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: Any, for_excel: bool) -> str:
    if value is None or isinstance(value, str):
        return escaped(value or "")
    said = msgspec.json.encode(value).decode().strip('"')
    return said.replace(".", ",") if for_excel and isinstance(value, Decimal | float) else said
