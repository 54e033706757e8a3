"""The catalogue of words and the templates fit together, without a browser."""

import re
from pathlib import Path

import pytest
from jinja2 import nodes

from app.domain.curriculum.files import Skill
from app.models.base import LEVELS, SKILLS
from app.models.vocabulary import PARTS_OF_SPEECH
from app.questions.types import QUESTION_TYPES
from app.web.i18n import LANGUAGES, catalogue, translate
from app.web.rendering import TEMPLATES, environment
from app.web.static_files import STATIC

FIELD = re.compile(r"\{(\w+)\}")
SOURCES = Path(TEMPLATES).parents[1]  # pages, and what they name messages for


def calls_of_t():
    """Yield (template, node) for the first argument of each t(…) in the templates."""
    for name in environment().list_templates():
        source = (TEMPLATES / name).read_text()
        for call in environment().parse(source).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "t":
                yield name, call.args[0]


def constants(node):
    """Return every key that an expression of constants and conditions may be."""
    if isinstance(node, nodes.Const):
        return [node.value]
    if isinstance(node, nodes.CondExpr):
        return constants(node.expr1) + constants(node.expr2)
    return []


def ends(node):
    """Return the constant beginning and end of a key that is put together, else None."""
    parts = node.nodes if isinstance(node, nodes.Concat) else []
    if not parts or not isinstance(parts[0], nodes.Const):
        return None
    return parts[0].value, parts[-1].value if isinstance(parts[-1], nodes.Const) else ""


def fits(key, start_and_end):
    start, end = start_and_end
    return key.startswith(start) and key.endswith(end)


@pytest.mark.parametrize("key", catalogue())
def test_a_message_says_the_same_in_both_languages(key):
    message = catalogue()[key]
    assert set(message) == set(LANGUAGES)
    assert all(text.strip() for text in message.values())
    fields = {language: set(FIELD.findall(text)) for language, text in message.items()}
    assert fields["id"] == fields["en"]


def test_templates_use_only_messages_that_exist():
    for name, node in calls_of_t():
        keys, pattern = constants(node), ends(node)
        assert keys or pattern, f"{name}: the key of a t(…) cannot be told"
        for key in keys:
            assert key in catalogue(), f"{name}: no message {key}"
        if pattern:
            assert any(fits(key, pattern) for key in catalogue()), f"{name}: no message {pattern}"


def test_no_message_is_left_over():
    used = {key for _, node in calls_of_t() for key in constants(node)}
    patterns = {pattern for _, node in calls_of_t() if (pattern := ends(node))}
    code = "".join(path.read_text() for path in SOURCES.rglob("*.py"))
    patterns |= {
        (match.split("{")[0], "")
        for match in re.findall(r'f"([a-z_.]+\{[^"]*)"', code)
        if "." in match
    }
    left_over = [
        key
        for key in catalogue()
        if key not in used
        and not any(fits(key, pattern) for pattern in patterns)
        and f'"{key}"' not in code
    ]
    assert left_over == []


@pytest.mark.parametrize(
    ("start", "values"),
    [
        ("level.{}.name", LEVELS),
        ("level.{}.can", LEVELS),
        ("skill.{}", SKILLS),
        ("pos.{}", PARTS_OF_SPEECH),
        ("type.{}.name", QUESTION_TYPES),
        ("section.{}", ["explanation", "tip", "examples", "dialogue", "reading", "vocabulary"]),
        ("rating.{}", ["again", "hard", "good", "easy"]),
        ("search.kind.{}", ["lesson", "question", "vocabulary"]),
    ],
)
def test_everything_that_content_can_name_has_a_word(start, values):
    for value in values:
        assert start.format(value) in catalogue()
    assert set(SKILLS) == set(Skill.__args__)


def test_the_number_chooses_between_singular_and_plural():
    assert translate("en", "home.due", n=1) == "1 card is waiting for review"
    assert translate("en", "home.due", n=2) == "2 cards are waiting for review"
    assert translate("id", "home.due", n=2) == "2 kartu menunggu diulang"


def test_pages_hold_no_inline_script_or_style():
    for name in environment().list_templates():
        source = (TEMPLATES / name).read_text()
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", source), name
        assert not re.search(r"<script(?![^>]*\ssrc=)", source), name


def test_what_comes_from_elsewhere_comes_with_its_licence():
    vendored = {path.name for path in (STATIC / "vendor").iterdir()}
    assert vendored == {"htmx-4.0.1.min.js", "htmx-LICENSE"}
