"""The template environment: filters, static file addresses with a content hash, Markdown."""

import re
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from app.domain.english.sentences import is_english
from app.models.documents import GAP, Bilingual
from app.web.i18n import translate
from app.web.static_files import digest_of

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
_QUOTED = re.compile(r"“[^”]*”")
# An ending such as -ed, which must not lose its hyphen to the line before.
_ENDING = re.compile(r"(?<=[\s“(*])-(?=[a-z])")
_NO_BREAK_HYPHEN = "\u2011"
# A mistake and what is right, in one item of a list.
_CONTRAST = re.compile("<li>(✗ .*?) → (✓ .*?)</li>")


def environment() -> Environment:
    """Return the template environment of this process."""
    return _environment()


@cache
def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals["asset"] = asset
    env.filters |= {
        "markdown": markdown,
        "grouped": grouped,
        "quoted": quoted,
        "split_gaps": split_gaps,
        "in_language": in_language,
        "title_in": title_in,
        "stem_in": stem_in,
        "summary_in": summary_in,
    }
    return env


def render_template(name: str, language: str, **context: Any) -> str:
    """Return template `name` in `language`; templates call `t(key, …)` for their words."""
    template = environment().get_template(name)
    return template.render(language=language, t=partial(translate, language), **context)


@cache
def asset(name: str) -> str:
    """Return the address of a bundle or a static file, with the hash of its content."""
    return f"/static/{name}?v={digest_of(name)}"


def _contrast(found: re.Match[str]) -> str:
    wrong, right = found.groups()
    lines = f'<span class="wrong">{wrong}</span><span class="right">{right}</span>'
    return f'<li class="contrast">{lines}</li>'


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


def markdown(text: str) -> Markup:
    """Render Markdown; raw HTML in it is shown, never obeyed.

    Bold text is English, in its own voice; "✗ … → ✓ …" in a list becomes two lines.
    """
    html = _CONTRAST.sub(_contrast, _markdown().render(_keep_endings(text)))
    return Markup(html)  # noqa: S704 - markdown-it escapes what is not Markdown


def quoted(text: str) -> Markup:
    """Escape plain text and set “quoted passages” in the voice of the language being learnt."""
    escaped = str(escape(_keep_endings(text)))
    return _markup(_QUOTED.sub(r'<span class="quoted">\g<0></span>', escaped))


def _keep_endings(text: str) -> str:
    return _ENDING.sub(_NO_BREAK_HYPHEN, text)


def split_gaps(stem: str) -> list[Markup]:
    """Return the pieces of a fill-blank stem between its gaps, each ready to show."""
    return [_markup(str(escape(piece))) for piece in stem.split(GAP)]


def _markup(escaped: str) -> Markup:
    return Markup(escaped)  # noqa: S704 - callers escape


def grouped(number: int, language: str) -> str:
    """Return a whole number with its thousands apart, as the language writes it."""
    return f"{number:,}".replace(",", "." if language == "id" else ",")


def in_language(text: Bilingual, language: str) -> str:
    """Return one side of a bilingual text."""
    return text.id if language == "id" else text.en


def title_in(thing: Any, language: str) -> str:
    """Return the title of a path, a unit or a lesson, translated where a translation exists."""
    translation = thing.translations.id
    return translation.title if language == "id" and translation else str(thing.title)


def stem_in(question: Any, language: str) -> str:
    """Return the stem of a question, as it is asked in a language."""
    translation = question.translations.id
    return str(translation.stem if language == "id" and translation else question.stem)


def summary_in(thing: Any, language: str) -> str:
    """Return the description of a path, a unit or a lesson; empty when it has none."""
    translation = thing.translations.id
    if language == "id" and translation and translation.description:
        return str(translation.description)
    return getattr(thing, "summary", None) or getattr(thing, "description", None) or ""
