"""What a search term means, before any SQL."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidInput
from app.search.terms import MAX_TERM_LENGTH, Unit, parse_term


def units(term: str) -> list[list[str]]:
    return [[unit.text for unit in alternative] for alternative in parse_term(term).alternatives]


def test_words_are_all_wanted() -> None:
    assert units("present  perfect") == [["present", "perfect"]]


def test_or_separates_alternatives() -> None:
    assert units("since or for tense") == [["since"], ["for", "tense"]]


def test_a_leading_minus_excludes() -> None:
    term = parse_term('tense -past -"to go"')
    assert [unit.text for unit in term.excluded] == ["past", "to go"]
    assert units("e-mail") == [["e-mail"]]


@pytest.mark.parametrize("term", ["used to", "have been", "going to", "Used To", "would rather"])
def test_a_grammar_pattern_is_one_literal_phrase(term: str) -> None:
    assert parse_term(term).alternatives == ((Unit(term, is_literal=True),),)


@pytest.mark.parametrize(
    "term",
    ["used", "present perfect", "I used to live in Bandung", "used or to", "used -to", '"a" be'],
)
def test_other_terms_are_looked_up_by_stem(term: str) -> None:
    term = parse_term(term)
    plain = [u for units in term.alternatives for u in units if u.text != "a"]
    assert plain and not any(unit.is_literal for unit in plain)


def test_quotes_ask_for_the_words_as_typed() -> None:
    assert parse_term('"used"').alternatives == ((Unit("used", is_literal=True),),)
    assert units('"never closed') == [["never closed"]]


@pytest.mark.parametrize("term", ["", "   ", "-", '""', "!!! & | <->", "\0", "-past", "or", "😀 '"])
def test_a_term_without_a_wanted_word_is_empty(term: str) -> None:
    assert not parse_term(term)


def test_an_overlong_term_is_refused() -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_term("x" * (MAX_TERM_LENGTH + 1))
    assert refusal.value.field == "search_term"
    with pytest.raises(InvalidInput):
        parse_term("a " * 25)


@given(st.text(max_size=MAX_TERM_LENGTH))
def test_every_text_is_understood_or_refused(term: str) -> None:
    try:
        parsed = parse_term(term)
    except InvalidInput:
        return
    for unit in (*parsed.excluded, *(u for units in parsed.alternatives for u in units)):
        unit.text.encode()
        assert "\0" not in unit.text
        assert any(character.isalnum() for character in unit.text)
