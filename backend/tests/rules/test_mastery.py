"""Mastery is an estimate that says how sure it is, not a percentage of clicks."""

from datetime import date, timedelta
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.progress.mastery import (
    HALF_LIFE_DAYS,
    LEAST_ANSWERS,
    Answer,
    beta_cdf,
    beta_quantile,
    mastery,
)

TODAY = date(2026, 3, 2)
answer_lists = st.lists(
    st.builds(
        Answer,
        st.integers(1, 9).map(lambda number: UUID(int=number)),
        st.integers(0, 180).map(lambda days: TODAY - timedelta(days=days)),
        st.sampled_from([0, 0.25, 0.5, 1]),
        st.integers(1, 5),
    ),
    max_size=60,
).map(lambda answers: sorted(answers, key=lambda answer: answer.day))
shapes = st.floats(1, 300)


def _answers(*scores, days_ago=0, difficulty=3, first=1):
    """Answers to different questions."""
    day = TODAY - timedelta(days=days_ago)
    return [Answer(UUID(int=first + n), day, score, difficulty) for n, score in enumerate(scores)]


def test_few_answers_are_not_enough_evidence():
    found = mastery(_answers(*[1] * (LEAST_ANSWERS - 1)), TODAY)
    assert (found.has_evidence, found.estimate, found.answers) == (False, None, LEAST_ANSWERS - 1)
    assert mastery(_answers(*[1] * LEAST_ANSWERS), TODAY).has_evidence
    assert mastery([], TODAY).answers == 0


def test_ten_fresh_answers_of_medium_difficulty_are_the_textbook_posterior():
    found = mastery(_answers(1, 1, 1, 1, 1, 1, 1, 0, 0, 0), TODAY)
    assert found.estimate == pytest.approx(8 / 12)  # Beta(8, 4)
    assert (found.low, found.high) == (pytest.approx(0.4899, abs=2e-3), pytest.approx(0.8308, abs=2e-3))  # fmt: skip


def test_old_answers_fade():
    old_mistakes = _answers(0, 0, 0, 0, 0, days_ago=150)
    fresh = _answers(1, 1, 1, 1, 1, first=100)
    assert mastery([*old_mistakes, *fresh], TODAY).estimate > 0.8
    one_half_life = mastery(_answers(1, 1, 1, 1, 1, 1, days_ago=HALF_LIFE_DAYS), TODAY)
    assert one_half_life.estimate == pytest.approx(4 / 5)  # six halves: Beta(1 + 3, 1)


def test_the_same_question_again_on_the_same_day_says_little_and_is_no_further_evidence():
    (question,) = _answers(0)
    (solved,) = _answers(1)
    found = mastery([*_answers(1, 1, 1, 1, first=50), question, *[solved] * 5], TODAY)
    assert found.answers == LEAST_ANSWERS
    assert found.estimate == pytest.approx((1 + 4 + 0.5) / (2 + 5 + 0.5))
    clicked = mastery([solved] * 100, TODAY)
    assert not clicked.has_evidence


def test_the_same_question_on_another_day_is_evidence():
    days = [answer for days in range(5) for answer in _answers(1, days_ago=4 - days)]
    assert mastery(days, TODAY).has_evidence


def test_hard_questions_say_more():
    easy, hard = (mastery(_answers(*[1] * 6, difficulty=d), TODAY).estimate for d in (1, 5))
    assert hard > easy


@given(answer_lists)
def test_the_estimate_lies_in_its_interval_between_0_and_1(answers):
    found = mastery(answers, TODAY)
    assert found.answers <= len(answers)
    if found.has_evidence:
        assert 0 <= found.low < found.high <= 1
        assert 0 < found.estimate < 1
        assert found.low - 0.05 < found.estimate < found.high + 0.05


@given(answer_lists, st.integers(1, 5))
def test_a_right_answer_never_lowers_and_a_wrong_one_never_raises_it(answers, difficulty):
    (right,) = _answers(1, difficulty=difficulty, first=500)
    (wrong,) = _answers(0, difficulty=difficulty, first=500)
    now = mastery(answers, TODAY)
    if now.has_evidence:
        assert mastery([*answers, right], TODAY).estimate > now.estimate
        assert mastery([*answers, wrong], TODAY).estimate < now.estimate


@given(st.integers(LEAST_ANSWERS, 60))
def test_more_evidence_makes_it_surer(count):
    few, many = (mastery(_answers(*[1, 0] * n), TODAY) for n in (count, 2 * count))
    assert many.high - many.low < few.high - few.low


@pytest.mark.parametrize(
    ("x", "a", "b", "expected"),
    [
        (0.3, 1, 1, 0.3),
        (0.5, 2, 2, 0.5),
        (0.5, 2, 3, 0.6875),  # 11/16
        (0.25, 3, 1, 0.015625),  # x cubed
        (0.9, 1, 4, 0.9999),  # 1 - 0.1⁴
        (0.0, 2, 3, 0.0),
        (1.0, 2, 3, 1.0),
    ],
)
def test_the_beta_distribution_has_its_closed_forms(x, a, b, expected):
    assert beta_cdf(x, a, b) == pytest.approx(expected, abs=1e-6)


@given(st.floats(0.01, 0.99), shapes, shapes)
def test_a_quantile_inverts_the_distribution(probability, a, b):
    x = beta_quantile(probability, a, b)
    assert beta_cdf(x - 1e-4, a, b) <= probability + 1e-9
    assert beta_cdf(x + 1e-4, a, b) >= probability - 1e-9


@given(st.lists(st.floats(0, 1), min_size=2, max_size=6), shapes, shapes)
def test_the_distribution_grows(points, a, b):
    for low, high in combinations(sorted(points), 2):
        assert -1e-9 <= beta_cdf(low, a, b) <= beta_cdf(high, a, b) + 1e-7 <= 1 + 1e-6
