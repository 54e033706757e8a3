"""What every search box takes for the same spelling."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search import spelling as search_spelling
from app.search.spelling import APOSTROPHES, DASHES, compounds, fold, spellings


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(search_spelling).failed == 0


@pytest.mark.parametrize("dash", DASHES)
def test_every_kind_of_dash_within_a_word_is_a_hyphen(dash: str) -> None:
    assert fold(f"e{dash}mail") == "e-mail"
    assert fold(f"since {dash} for") == f"since {dash} for", "between words it is punctuation"


@pytest.mark.parametrize("mark", APOSTROPHES)
def test_every_kind_of_apostrophe_is_one(mark: str) -> None:
    assert fold(f"can{mark}t") == "can't"


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("cafe\u0301", "café"),
        ("e\u00admail\u200b", "email"),
        ("\ufeffused\u00a0to\n", "used to"),
        ("a\0b\ud800", "a b"),
    ],
)
def test_invisible_characters_and_forms_of_unicode_make_no_difference(
    typed: str, folded: str
) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("word", "also"),
    [
        ("e-mail", {"e mail", "email"}),
        ("mother-in-law", {"mother in law", "motherinlaw"}),
        ("can't", {"cant"}),
        ("dont", {"don t"}),
        ("its", {"it s"}),
        ("isn't", {"isnt"}),
        ("tshirt", {"t shirt"}),
        ("my brothers car", {"my brother s car"}),
    ],
)
def test_a_word_is_looked_for_in_each_spelling(word: str, also: set[str]) -> None:
    assert spellings(word)[0] == word
    assert also <= set(spellings(word))


def test_only_a_word_of_plain_letters_may_be_a_compound() -> None:
    assert "ice-cream" in compounds("icecream")
    for no_word in ("ice cream", "ice-cream", "can't", "café", "a1b2", "the"):
        assert compounds(no_word) == []


@given(st.text(max_size=300))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    fold(text).encode()
