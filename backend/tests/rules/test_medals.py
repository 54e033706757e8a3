"""The badges as they are shown: their medals, and how far it is in the unit that is promised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.progress.achievements import ACHIEVEMENTS
from app.web.rendering import environment
from app.web.routes.achievements import NEAREST, Medal, nearest_of, progress_text, tier_of

BY_CODE = {badge.code: badge for badge in ACHIEVEMENTS}
HOURS = next(badge for badge in ACHIEVEMENTS if badge.measure == "study_minutes")


@pytest.mark.parametrize(
    ("reached", "language", "text"),
    [(1, "id", "0 dari 10 jam"), (90, "id", "1,5 dari 10 jam"), (599, "en", "9.9 of 10 hours")],
)
def test_hours_are_told_in_hours(reached, language, text):
    assert progress_text(HOURS, reached, language) == text


def test_everything_else_is_counted_one_by_one():
    badge = next(badge for badge in ACHIEVEMENTS if badge.threshold == 1000)
    assert progress_text(badge, 12, "id") == "12 / 1.000"


def test_no_two_badges_have_the_same_medal():
    """The sign is that of the measure, the shape that of the place among its badges."""
    signs = environment().get_template("macros/medal.html").module.signs
    assert set(signs) == {badge.measure for badge in ACHIEVEMENTS}
    looks = {(signs[badge.measure], tier_of(badge)) for badge in ACHIEVEMENTS}
    assert len(looks) == len(ACHIEVEMENTS)


@given(
    st.lists(
        st.tuples(st.sampled_from(ACHIEVEMENTS), st.floats(0, 0.99)), unique_by=lambda x: x[0].code
    )
)
def test_the_nearest_are_those_of_which_most_is_reached(standings):
    medals = [
        Medal(badge, tier_of(badge), int(share * badge.threshold), "", None)
        for badge, share in standings
    ]
    nearest = nearest_of(medals)
    assert len(nearest) <= NEAREST
    assert len({medal.badge.measure for medal in nearest}) == len(nearest)
    if medals:
        most = max(medal.reached / medal.badge.threshold for medal in medals)
        assert nearest[0].reached / nearest[0].badge.threshold == most
