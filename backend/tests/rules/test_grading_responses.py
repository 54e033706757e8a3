"""Which JSON is a response to a question, and how the rest is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidInput
from app.questions.grading import parse_response
from app.questions.types import QUESTION_TYPES
from tests.rules.questions import choices, graded

ABC = choices("abc")
READING = graded(
    "reading",
    {
        "parts": {
            "q1": {"type": "multiple_choice", "choice": "a"},
            "q2": {"type": "fill_blank", "gaps": [["it"]]},
        }
    },
    {
        "passage": {"title": "A", "text": "B"},
        "parts": [
            {
                "id": "q1",
                "type": "multiple_choice",
                "stem": {"en": "?", "id": "?"},
                "options": {"type": "multiple_choice", "choices": ABC},
            },
            {"id": "q2", "type": "fill_blank", "stem": {"en": "___", "id": "___"}},
        ],
    },
)
QUESTIONS = {
    "multiple_choice": graded("multiple_choice", {"choice": "a"}, {"choices": ABC}),
    "multiple_answer": graded("multiple_answer", {"choices": ["a", "b"]}, {"choices": ABC}),
    "true_false": graded("true_false", {"value": True}),
    "matching": graded(
        "matching", {"pairs": {"a": "b", "b": "c"}}, {"left": ABC[:2], "right": ABC}
    ),
    "categorise": graded(
        "categorise",
        {"places": {"a": "x", "b": "y", "c": "x"}},
        {"groups": [{"id": g, "name": {"en": g, "id": g}} for g in "xy"], "words": ABC},
    ),
    "ordering": graded("ordering", {"orders": [["b", "a"]]}, {"tokens": ABC}),
    "fill_blank": graded("fill_blank", {"gaps": [["is"], ["are"]]}),
    "cloze_choice": graded("cloze_choice", {"gaps": ["a", "c"]}, {"gaps": [ABC[:2], ABC]}),
    "short_answer": graded("short_answer", {"accepted": ["yes"]}),
    "reading": READING,
}


def parse(kind, **fields):
    return parse_response(QUESTIONS[kind], {"type": kind, **fields})


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("multiple_choice", {"choice": "z"}, "choice"),
        ("multiple_choice", {"choice": "NOT AN ID"}, "choice"),
        ("multiple_choice", {"choice": ["a"]}, "choice"),
        ("multiple_choice", {"answer": "a"}, "answer"),
        ("multiple_answer", {"choices": ["a", "z"]}, "choices"),
        ("multiple_answer", {"choices": ["a", "a"]}, "choices"),
        ("multiple_answer", {"choices": ["a", 5]}, "choices.1"),
        ("true_false", {"value": "perhaps"}, "value"),
        ("matching", {"pairs": {"z": "a"}}, "pairs"),
        ("matching", {"pairs": {"a": "z"}}, "pairs"),
        ("matching", {"pairs": {"c": "a"}}, "pairs"),
        ("matching", {"pairs": {"NO ID": "a"}}, "pairs"),
        ("matching", {"pairs": {"a": None}}, "pairs.a"),
        ("categorise", {"places": {"z": "x"}}, "places"),
        ("categorise", {"places": {"a": "z"}}, "places"),
        ("categorise", {"places": {"a": None}}, "places.a"),
        ("ordering", {"order": ["a", "z"]}, "order"),
        ("ordering", {"order": ["a", "b", "a"]}, "order"),
        ("fill_blank", {"gaps": ["is"]}, "gaps"),
        ("fill_blank", {"gaps": ["is", "are", "am"]}, "gaps"),
        ("fill_blank", {"gaps": ["is", "a\0re"]}, "gaps.1"),
        ("cloze_choice", {"gaps": ["a"]}, "gaps"),
        ("cloze_choice", {"gaps": ["c", "a"]}, "gaps.0"),
        ("short_answer", {"text": "x" * 1001}, "text"),
        ("reading", {"parts": {"q9": {"type": "true_false"}}}, "parts.q9"),
        ("reading", {"parts": {"q1": {"type": "true_false"}}}, "parts.q1.type"),
        ("reading", {"parts": {"q1": {"type": "essay"}}}, "parts.q1"),
        ("reading", {"parts": {"q1": {}}}, "parts.q1"),
        (
            "reading",
            {"parts": {"q1": {"type": "multiple_choice", "choice": "z"}}},
            "parts.q1.choice",
        ),
        (
            "reading",
            {"parts": {"q1": {"type": "multiple_choice", "choice": 1}}},
            "parts.q1.choice",
        ),
        ("reading", {"parts": {"q2": {"type": "fill_blank", "gaps": ["a", ""]}}}, "parts.q2.gaps"),
    ],
)
def test_what_the_question_does_not_offer_is_refused_by_name(kind, fields, field):
    with pytest.raises(InvalidInput) as error:
        parse(kind, **fields)
    assert error.value.field == f"response.{field}"
    assert error.value.text("id") != error.value.text("en")


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("multiple_choice", {"choice": "c"}),
        ("multiple_choice", {"choice": None}),
        ("multiple_answer", {"choices": ["c", "a"]}),
        ("matching", {"pairs": {"a": "c", "b": "c"}}),
        ("categorise", {"places": {"a": "y", "c": "y"}}),
        ("ordering", {"order": ["c", "a", "b"]}),
        ("ordering", {"order": ["b"]}),
        ("fill_blank", {"gaps": ["", ""]}),
        ("cloze_choice", {"gaps": ["", "c"]}),
        ("reading", {"parts": {"q2": {"type": "fill_blank", "gaps": []}}}),
    ],
)
def test_an_answer_may_be_wrong_or_leave_something_open(kind, fields):
    parse(kind, **fields)


@pytest.mark.parametrize("kind", QUESTIONS)
def test_nothing_answered_is_a_response_too(kind):
    assert parse(kind).type == kind


@pytest.mark.parametrize("sent", [None, [], "a", 7, {}, {"type": None}, {"type": "short_answer"}])
def test_what_is_no_response_at_all_is_refused(sent):
    with pytest.raises(InvalidInput) as error:
        parse_response(QUESTIONS["multiple_choice"], sent)
    assert error.value.field in {"response", "response.type"}


def test_a_text_that_is_too_long_says_how_long_it_may_be():
    with pytest.raises(InvalidInput) as error:
        parse("short_answer", text="x" * 1001)
    assert "1000" in error.value.text("id")


def test_a_response_that_was_read_already_is_only_checked():
    response = parse("ordering", order=["a", "c"])
    assert parse_response(QUESTIONS["ordering"], response) is response
    other = graded("ordering", {"orders": [["b", "a"]]}, {"tokens": ABC[:2]})
    with pytest.raises(InvalidInput):
        parse_response(other, response)


@given(st.text(), st.sampled_from(QUESTION_TYPES))
def test_names_that_a_client_makes_up_are_not_repeated(name, kind):
    with pytest.raises(InvalidInput) as error:
        parse_response(QUESTIONS["matching"], {"type": "matching", "pairs": {name: kind * 9}})
    assert error.value.field.isascii()
    assert len(error.value.field) < 60
