"""Words in a row as a sentence is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.english.sentences import as_sentence, is_english


@pytest.mark.parametrize(
    ("row", "written"),
    [
        ("where are your friends from", "Where are your friends from?"),
        ("she goes to school every day", "She goes to school every day."),
        ("I have never been there", "I have never been there."),
        ("Have you ever been there", "Have you ever been there?"),
        ("Stop!", "Stop!"),
        ("", ""),
    ],
)
def test_a_row_of_words_has_a_capital_and_a_stop(row, written):
    assert as_sentence(row) == written


@given(st.text(max_size=60))
def test_a_sentence_stays_as_it_is_and_no_word_is_lost(text):
    if text.strip():
        once = as_sentence(text)
        assert as_sentence(once) == once
        assert len(once) >= len(text)


@pytest.mark.parametrize(
    "text", ["I am a teacher", "-ed", "didn't go", "past participle", "be going to", "She’ll stay"]
)
def test_what_is_taught_is_english(text):
    assert is_english(text)


@pytest.mark.parametrize(
    "text",
    ["dua", "Kalimat negatif:", "kata kerja", "tidak terduga", "be + kata kerja-ing", "…", ""],
)
def test_what_is_explained_in_indonesian_is_not(text):
    assert not is_english(text)
