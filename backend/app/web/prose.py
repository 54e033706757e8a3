"""Text that authors wrote in Markdown, as HTML with the two voices of the pages."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app.english.sentences import is_english

# An ending such as -ed, which must not lose its hyphen to the line before.
_ENDING = re.compile(r"(?<=[\s“(*])-(?=[a-z])")
_NO_BREAK_HYPHEN = "\u2011"
MOST_KEPT = 2_000
WIDE = 4
"""The columns from which on a table is too wide for a phone."""
_TABLE = re.compile("(<thead>.*?</thead>)(.*?)(?=</table>)", re.DOTALL)
_HEAD_CELL = re.compile(r"<th(?:\s[^>]*)?>(.*?)</th>", re.DOTALL)
_CELL = re.compile(r"<td\b")
_TAG = re.compile("<[^>]+>")
_ENGLISH_CELL = re.compile("(<t[dh](?: [^>]*)?)>(.*?)(?=</t[dh]>)", re.DOTALL)
# A mistake and what is right, in one item of a list.
_CONTRAST = re.compile("<li>(✗ .*?) → (✓ .*?)</li>")


@lru_cache(maxsize=MOST_KEPT)
def markdown(text: str) -> Markup:
    """Render Markdown; raw HTML in it is shown, never obeyed.

    Bold text and cells that are English have its voice; "✗ … → ✓ …" in a list becomes two lines;
    cells of a wide table name their columns, for a phone to show.
    """
    html = _CONTRAST.sub(_contrast, _markdown().render(keep_endings(text)))
    html = _ENGLISH_CELL.sub(_speak_english, _TABLE.sub(_label_cells, html))
    return Markup(html)  # noqa: S704 - markdown-it escapes what is not Markdown


def keep_endings(text: str) -> str:
    """Return a text in which no ending loses its hyphen to the line before."""
    return _ENDING.sub(_NO_BREAK_HYPHEN, text)


@cache
def _markdown() -> MarkdownIt:
    renderer = MarkdownIt("commonmark", {"html": False}).enable("table")
    # A wide table scrolls in a box of its own, which the keyboard must be able to reach.
    renderer.add_render_rule("table_open", _open_table)
    renderer.add_render_rule("table_close", _close_table)
    renderer.add_render_rule("strong_open", _open_strong)
    return renderer


def _open_table(*_: object) -> str:
    return '<div class="table" tabindex="0"><table>\n'


def _close_table(*_: object) -> str:
    return "</table></div>\n"


def _open_strong(_self: object, tokens: Sequence[Token], index: int, *_: object) -> str:
    """Open bold text, as English where it is: what is taught stands in bold."""
    text = "".join(token.content for token in tokens[index : index + 3])
    return '<strong class="english" lang="en">' if is_english(text) else "<strong>"


def _contrast(found: re.Match[str]) -> str:
    wrong, right = found.groups()
    lines = f'<span class="wrong">{wrong}</span><span class="right">{right}</span>'
    return f'<li class="contrast">{lines}</li>'


def _label_cells(found: re.Match[str]) -> str:
    """Return a wide table with cells that name their columns; what is escaped stays escaped."""
    head, body = found.groups()
    names = [_TAG.sub("", name) for name in _HEAD_CELL.findall(head)]
    if len(names) < WIDE:
        return found.group()

    def labelled(row: str) -> str:
        columns = iter(names)
        return _CELL.sub(lambda _: f'<td data-label="{next(columns, "")}"', row)

    return head + "<tr>".join(labelled(row) for row in body.split("<tr>"))


def _speak_english(found: re.Match[str]) -> str:
    """Return a cell of a table, in the voice of English if that is what it holds."""
    opening, content = found.groups()
    is_taught = is_english(_TAG.sub("", content))
    return f'{opening} class="english" lang="en">{content}' if is_taught else found.group()
