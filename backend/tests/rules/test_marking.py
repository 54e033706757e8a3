"""Points by the criteria of a rubric, and the score that they make."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidInput
from app.domain.marking import rules
from app.questions.marked import Criterion, count_words
from app.questions.types.essay import EssayOptions, is_hardly_begun

RUBRIC = [
    Criterion(id="task", name={"en": "Task", "id": "Tugas"}, points=4),
    Criterion(id="grammar", name={"en": "Grammar", "id": "Tata bahasa"}, points=3),
]
given_points = st.fixed_dictionaries({"task": st.integers(0, 4), "grammar": st.integers(0, 3)})


def test_the_score_is_the_share_of_points():
    assert rules.score_of(RUBRIC, {"task": 2, "grammar": 3}) == Decimal("0.714")
    assert rules.score_of(RUBRIC, {"task": 4, "grammar": 3}) == 1
    assert rules.score_of(RUBRIC, {"task": 0, "grammar": 0}) == 0


@given(given_points)
def test_points_within_the_rubric_are_taken_and_only_all_of_them_make_1(points):
    rules.check_points(RUBRIC, points)
    score = rules.score_of(RUBRIC, points)
    assert 0 <= score <= 1
    assert (score == 1) == (points == {"task": 4, "grammar": 3})


@pytest.mark.parametrize(
    ("points", "field"),
    [
        ({"task": 2}, "points.grammar"),
        ({}, "points.task"),
        ({"task": 5, "grammar": 0}, "points.task"),
        ({"task": 0, "grammar": -1}, "points.grammar"),
        ({"task": 0, "grammar": 0, "style": 1}, "points.style"),
    ],
)
def test_points_outside_the_rubric_are_refused_by_name(points, field):
    with pytest.raises(InvalidInput) as refused:
        rules.check_points(RUBRIC, points)
    assert refused.value.field == field


def test_comments_are_trimmed_and_bounded():
    assert rules.check_comment(" Bagus. ") == "Bagus."
    assert rules.check_comment("  ") is rules.check_comment(None) is None
    assert rules.check_comment("x" * 2000) == "x" * 2000
    for refused in ("x" * 2001, "a\x00b"):
        with pytest.raises(InvalidInput):
            rules.check_comment(refused)


@given(st.integers(1, 400), st.integers(0, 500))
def test_a_text_is_asked_about_when_less_than_half_is_there(least, words):
    options = EssayOptions(type="essay", min_words=least, max_words=least, rubric=RUBRIC)
    text = " \u200b ".join(["word"] * words)
    assert count_words(text) == words
    assert is_hardly_begun(options, text) is (0 < words < least / 2)


@given(
    st.lists(st.sampled_from(["I", "am", "a", "teacher", "the", "went", "home."]), max_size=12),
    st.lists(st.sampled_from(["I", "am", "a", "teacher", "an", "go", "home."]), max_size=12),
)
def test_corrections_tell_both_texts_whole(given_words, corrected_words):
    pieces = rules.corrections(" ".join(given_words), " ".join(corrected_words))
    assert " ".join(p.given for p in pieces if p.given).split() == given_words
    assert " ".join(p.expected for p in pieces if p.expected).split() == corrected_words
    assert all((p.kind == "same") == (p.given == p.expected) for p in pieces)


def test_a_text_that_was_not_changed_is_no_correction():
    assert rules.check_corrected("I am  here.\r\n", "I am here.") is None
    assert rules.check_corrected(" ", "I am here.") is rules.check_corrected(None, "x") is None
    assert rules.check_corrected(" I am here. ", "I here.") == "I am here."
    for refused in ("x" * 20_001, "a\x00b"):
        with pytest.raises(InvalidInput) as caught:
            rules.check_corrected(refused, "")
        assert caught.value.field == "corrected"
