"""Cells that a spreadsheet would run as a formula, and how spreadsheets in Indonesia write CSV.

A cell that begins with =, +, -, @, a tab or a line end, also behind quotes and spaces, is written
with an apostrophe before it; reading takes it off again, so every text comes back as it was.
"""

import re

_RUNS = re.compile(r"""[\s'"]*(?:[=+\-@＝＋－＠]|[\t\r\n])""")


def escaped(cell: str) -> str:
    """Return `cell` so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def unescaped(cell: str) -> str:
    """Return what `escaped` was given.

    A cell that people wrote with one apostrophe before a sign loses it; they write it twice.
    """
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell, 1) else cell
