"""The template environment: filters, and static file addresses with a content hash."""

import re
from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from app.models import bounds
from app.questions.choices import Choice, labels_of
from app.questions.documents.base import Bilingual
from app.questions.stems import GAP, gap_text
from app.web.i18n import translate
from app.web.prose import keep_endings, markdown
from app.web.static_files import digest_of
from app.web.time_texts import date_text, number_text

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
_QUOTED = re.compile(r"“[^”]*”")


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
    env.globals["bounds"] = bounds
    env.filters |= {
        "markdown": markdown,
        "number_text": number_text,
        "date_text": date_text,
        "quoted": quoted,
        "gap_text": gap_text,
        "split_gaps": split_gaps,
        "text_of": text_of,
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


def quoted(text: str) -> Markup:
    """Escape plain text and set “quoted passages” in the voice of the language being learnt."""
    escaped = str(escape(keep_endings(text)))
    return _markup(_QUOTED.sub(r'<span class="quoted">\g<0></span>', escaped))


def split_gaps(stem: str) -> list[Markup]:
    """Return the pieces of a fill-blank stem between its gaps, each ready to show."""
    return [_markup(str(escape(piece))) for piece in stem.split(GAP)]


def text_of(choices: Iterable[Choice], choice_id: str) -> str:
    """Return the text of a choice, "" of none."""
    return labels_of(choices).get(choice_id, "")


def _markup(escaped: str) -> Markup:
    return Markup(escaped)  # noqa: S704 - callers escape


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
