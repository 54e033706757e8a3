"""Every line of a deck is a card, or says by line, field and remedy why it is none."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidInput
from app.domain.srs.deck_lines import MAX_IMPORTED, read_deck

TODAY = date(2026, 3, 1)


def places(content, kind="csv"):
    lines, problems = read_deck(content, kind, TODAY)
    assert all(str(problem).isprintable() for problem in problems)
    return [line.number for line in lines], [(line, field) for line, field, _ in problems]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('{"item": "go", "ease": 2.5, "interval": true}', "interval"),
        ('{"item": "go", "ease": 2.5, "interval": "3"}', "interval"),
        ('{"item": "go", "ease": 2.5, "interval": 3.0}', "interval"),
        ('{"item": "go", "ease": 2.5, "interval": 1e999}', "interval"),
        ('{"item": "go", "ease": NaN, "interval": 3}', "ease"),
        ('{"item": "go", "ease": true, "interval": 3}', "ease"),
        (
            '{"item": "go", "ease": 2.5, "interval": 3, "last_reviewed": 1767225600}',
            "last_reviewed",
        ),
        ('{"item": "go", "item": "come", "ease": 2.5, "interval": 3}', "item"),
        ('{"item": "a\\u0000", "ease": 2.5, "interval": 3}', "item"),
        ('{"item": "a\\ud800", "ease": 2.5, "interval": 3}', "item"),
        ('{"item": "go", "ease": 2.5, "interval": 3, "x\\u001b": 1}', "x\\x1b"),
        ("[" * 100_000, ""),
        (json.dumps({f"x{n}": 1 for n in range(50_000)}), ""),
        (b'{"item": "caf\xe9", "ease": 2.5, "interval": 3}', ""),
    ],
)
def test_a_bad_object_is_named_and_the_others_are_read(line, field):
    good = b'{"item": "go", "ease": 2.5, "interval": 3}'
    bad = line if isinstance(line, bytes) else line.encode()
    assert places(b"\n".join([good, bad, good]), "jsonl") == ([1, 3], [(2, field)])


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (b"caf\xe9,2.5,3", "item"),
        (b"go,2.5,3.5", "interval"),
        (b"go,1e999,3", "ease"),
        (b"go,2.5," + b"9" * 5_000, "interval"),
        (b"go,2.5", ""),
        (b"go,2.5,3,4", ""),
        (b'"go,2.5,3', ""),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_read(line, field):
    content = b"item,ease,interval\ngo,2.5,3\n" + line + b"\ngo,2.5,3\n"
    assert places(content) == ([2, 4], [(3, field)])


def test_a_deck_from_excel_with_indonesian_settings_is_read():
    content = "\ufeffitem;ease;interval;last_reviewed\r\n'-ing;2,5;12;28/02/2026\r\n".encode()
    ((_, row),) = [(line.number, line.row) for line in read_deck(content, "csv", TODAY)[0]]
    assert (row.item, row.ease, row.interval) == ("-ing", Decimal("2.5"), 12)
    assert row.last_reviewed == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("content", "field"), [("", ""), ("item,ease\n", "interval"), ("go,2.5,3\n", "")]
)
def test_a_deck_without_a_header_says_what_it_lacks(content, field):
    assert places(content) == ([], [(1, field)])


def test_too_many_lines_are_refused_without_reading_them_all():
    with pytest.raises(InvalidInput, match="at most"):
        read_deck("x\n" * (MAX_IMPORTED + 1), "jsonl", TODAY)


@given(st.binary(max_size=300) | st.text(max_size=300), st.sampled_from(["csv", "jsonl"]))
def test_no_deck_fails_otherwise(content, kind):
    lines, problems = read_deck(content, kind, TODAY)
    assert problems and not lines
