"""Characters that nobody sees: all of them are dropped, and none that somebody sees."""

import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.characters import find_invisible, visible
from app.core.config import CONTENT
from app.domain.curriculum.reading import scan_content
from app.questions.grades import GradedQuestion
from app.questions.grading import grade, model_responses
from app.questions.types import MARKED_TYPES

FORMAT_CHARACTERS = [
    chr(n) for n in range(sys.maxunicode + 1) if unicodedata.category(chr(n)) == "Cf"
]
OTHERS = [chr(n) for n in (0x34F, 0x115F, 0x1160, 0x3164, 0xFFA0, 0xFE0F, 0xFE00, 0xE0100, 0x180B)]
INVISIBLE = st.sampled_from([*FORMAT_CHARACTERS, *OTHERS])
SYMBOLS = [
    "😊",
    "👩🏽‍🏫",
    "🇮🇩",
    "❤️",
    "1️⃣",
    "★",
    "→",
    "👍🏿",
    "🏴\U000e0067\U000e0062\U000e007f",
    "©",
    "•",
]


def test_every_format_character_of_unicode_is_dropped():
    assert visible("".join([*FORMAT_CHARACTERS, *OTHERS])) == ""
    assert all(find_invisible(f"a{character}b") for character in [*FORMAT_CHARACTERS, *OTHERS])


@given(st.text(st.characters(categories=("L", "N", "P", "S"), exclude_characters=OTHERS)))
def test_what_somebody_sees_stays(text):
    assert visible(text).replace(" ", "") == text.replace("\u2800", "")


@given(st.text())
def test_a_visible_text_is_not_changed_again(text):
    assert visible(visible(text)) == visible(text)
    assert find_invisible(visible(text)) is None


def test_every_space_is_a_plain_one():
    spaces = [chr(n) for n in range(sys.maxunicode + 1) if unicodedata.category(chr(n)) == "Zs"]
    assert visible("".join(spaces)) == " " * len(spaces)
    assert visible("a\tb\nc\r\n") == "a\tb\nc\r\n"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a\u200b", "U+200B ZERO WIDTH SPACE"),
        ("a\ufe0f", "U+FE0F VARIATION SELECTOR-16"),
        ("\x1b[0m", "U+001B CONTROL CHARACTER"),
        ("❤️ 👩🏽‍🏫 1️⃣ 🏴\U000e0067\U000e0062\U000e007f", None),
        ("a\xa0b\tc\n", None),
    ],
)
def test_an_invisible_character_is_named(text, named):
    assert find_invisible(text) == named


def _typed(node):
    """Yield the places of all texts that were typed into a response, as functions that edit it."""
    if isinstance(node, dict):
        for name, value in node.items():
            if isinstance(value, dict | list):
                yield from _typed(value)
            elif isinstance(value, str) and name in {"text", "notes"}:
                yield node, name
            elif name == "gaps":
                yield from _typed(value)
    elif isinstance(node, list):
        for place, value in enumerate(node):
            if isinstance(value, str):
                yield node, place
            else:
                yield from _typed(value)


def _model_answers():
    """Return every right answer of the curriculum that is typed, beside its question."""
    content, _ = scan_content(CONTENT)
    found = []
    for lesson in content.lessons():
        for item in lesson.document.questions:
            if item.type in {*MARKED_TYPES, "cloze_choice", "ordering", "multiple_answer"}:
                continue
            question = GradedQuestion(item.answer_key, item.options)
            for response in model_responses(item.answer_key):
                data = response.model_dump(mode="json")
                _without_choices(data)
                if any(_typed(data)):
                    found.append((question, type(response), data))
    return found


def _without_choices(data):
    """Leave parts of a reading out of which nothing is typed."""
    for name, part in list(data.get("parts", {}).items()):
        if part["type"] not in {"short_answer", "fill_blank"}:
            del data["parts"][name]


MODEL_ANSWERS = _model_answers()


def test_every_typed_type_is_among_the_model_answers():
    kinds = {data["type"] for _, _, data in MODEL_ANSWERS}
    assert kinds == {
        "fill_blank",
        "short_answer",
        "error_correction",
        "translation",
        "dictation",
        "reading",
    }
    assert len(MODEL_ANSWERS) > 400


EVERY_ANSWER = settings(max_examples=6, deadline=None)
"""Each example grades all of them."""


@EVERY_ANSWER
@given(st.lists(st.tuples(st.integers(0, 10_000), INVISIBLE), min_size=1, max_size=5))
def test_what_nobody_sees_changes_no_grade(inserted):
    for question, shape, data in MODEL_ANSWERS:
        _same_grade(question, shape, data, lambda text: _with(text, inserted))


@EVERY_ANSWER
@given(st.sampled_from(SYMBOLS), st.booleans(), st.booleans())
def test_a_symbol_beside_an_answer_changes_no_grade(symbol, is_before, is_apart):
    gap = " " if is_apart else ""
    for question, shape, data in MODEL_ANSWERS:
        _same_grade(
            question,
            shape,
            data,
            lambda text: f"{symbol}{gap}{text}" if is_before else f"{text}{gap}{symbol}",
        )


def _with(text, inserted):
    for place, character in inserted:
        before = place % (len(text) + 1)
        text = text[:before] + character + text[before:]
    return text


def _same_grade(question, shape, data, change):
    changed = shape.model_validate(data).model_dump(mode="json")
    for holder, place in list(_typed(changed)):
        holder[place] = change(holder[place])
    before, after = (grade(question, shape.model_validate(typed)) for typed in (data, changed))
    assert (after.score, after.feedback) == (before.score, before.feedback), changed
