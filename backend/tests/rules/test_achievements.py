"""Badges are data with one rule, and nothing is ever taken away."""

from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.progress.achievements import ACHIEVEMENTS, MEASURES, Totals, earned, highest

totals = st.builds(Totals, **dict.fromkeys(MEASURES, st.integers(0, 12_000)))


def test_there_are_many_and_each_has_its_own_code():
    assert len(ACHIEVEMENTS) >= 24
    assert len({badge.code for badge in ACHIEVEMENTS}) == len(ACHIEVEMENTS)
    for language in ("en", "id"):
        assert len({badge.title[language] for badge in ACHIEVEMENTS}) == len(ACHIEVEMENTS)


def test_every_measure_has_a_badge_and_a_highest_threshold():
    assert {badge.measure for badge in ACHIEVEMENTS} == set(MEASURES)
    assert highest("reviews") == 10_000


@pytest.mark.parametrize("badge", ACHIEVEMENTS, ids=lambda badge: badge.code)
def test_a_badge_is_earned_at_its_threshold_and_described_in_both_languages(badge):
    just = replace(Totals(), **{badge.measure: badge.threshold})
    almost = replace(Totals(), **{badge.measure: badge.threshold - 1})
    assert badge in earned(just)
    assert badge not in earned(almost)
    assert (badge.reached(just), badge.reached(almost)) == (badge.threshold, badge.threshold - 1)
    assert badge.threshold > 0
    for texts in (badge.title, badge.description):
        assert set(texts) == {"en", "id"}
        assert all(text.strip() == text != "" for text in texts.values())
    assert badge.code.replace("_", "").isalnum() and badge.code == badge.code.lower()


def test_nothing_is_earned_by_nothing():
    assert earned(Totals()) == []


@given(totals, st.sampled_from(MEASURES), st.integers(0, 1_000))
def test_doing_more_never_loses_a_badge(now, measure, more):
    later = replace(now, **{measure: asdict(now)[measure] + more})
    assert {badge.code for badge in earned(now)} <= {badge.code for badge in earned(later)}
