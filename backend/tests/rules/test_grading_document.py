"""docs/question-types.md shows every type, and its examples earn what it says."""

import json
import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from app.english.answers import accepts
from app.questions.grading import grade, parse_response
from app.questions.types import QUESTION_TYPES
from tests.rules.questions import RESPONSES, graded

DOCUMENT = Path(__file__).parents[3] / "docs" / "question-types.md"


@cache
def sections():
    """Return the example of each section, by the section's title."""
    text = DOCUMENT.read_text(encoding="utf-8")
    found = re.findall(r"^### (\w+)\n.*?```json\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return {title: json.loads(example) for title, example in found}


def test_every_type_has_a_line_of_the_table_and_an_example():
    table = re.findall(r"^\| `(\w+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    assert tuple(table) == QUESTION_TYPES
    assert tuple(sections()) == QUESTION_TYPES
    assert all(example["type"] == title for title, example in sections().items())


def test_the_table_names_every_field_of_a_response():
    rows = re.findall(r"^\| `(\w+)` \|(.*)$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    shapes = {
        shape["properties"]["type"]["const"]: shape["properties"].keys() - {"type"}
        for shape in RESPONSES.json_schema()["$defs"].values()
    }
    for kind, row in rows:
        assert all(f"`{field}" in row for field in shapes[kind]), kind


def test_the_answers_that_it_calls_the_same_are_the_same():
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]+ \| (`.+` and `.+`) \|$", text, re.MULTILINE)
    pairs = [re.findall(r"`(.+?)` and `(.+?)`", row) for row in rows]
    assert sum(map(len, pairs)) == 10
    assert all(accepts([key], answer) for row in pairs for answer, key in row)


@pytest.mark.parametrize("kind", QUESTION_TYPES)
def test_the_answers_of_an_example_earn_what_it_says(kind):
    example = sections()[kind]
    question = graded(kind, example["answer_key"], example.get("options"))
    scores = set()
    for answer in example["answers"]:
        response = parse_response(question, {"type": kind, **answer["response"]})
        result = grade(question, response)
        expected = answer["score"] if answer["score"] is None else Decimal(str(answer["score"]))
        assert result.score == expected, answer
        if "says" in answer:
            assert answer["says"] in [text.id for text in result.feedback]
        scores.add(answer["score"])
    assert scores >= ({None, 0} if kind in {"essay", "speaking"} else {0, 1})
