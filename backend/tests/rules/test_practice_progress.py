"""Lesson completion and achievements."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.practice.rules import ACHIEVEMENTS, completion_percentage, earned

counts = st.integers(0, 40)


def _percentage(sections, read, questions, attempted):
    return completion_percentage(
        sections_total=sections,
        sections_read=read,
        questions_total=questions,
        questions_attempted=attempted,
    )


@given(st.integers(1, 60), counts, counts, counts)
def test_a_lesson_is_complete_only_when_every_question_was_attempted(
    sections, read, questions, attempted
):
    percentage = _percentage(sections, read, questions, attempted)
    assert 0 <= percentage <= 100
    if questions:
        assert (percentage == 100) == (attempted >= questions)
    else:
        assert (percentage == 100) == (read >= sections)


@given(st.integers(1, 60), counts, counts, counts)
def test_doing_more_never_lowers_the_percentage(sections, read, questions, attempted):
    now = _percentage(sections, read, questions, attempted)
    assert _percentage(sections, read + 1, questions, attempted) >= now
    assert _percentage(sections, read, questions, attempted + 1) >= now


def test_sections_and_questions_count_alike():
    assert _percentage(4, 2, 6, 3) == 50
    assert _percentage(4, 4, 6, 5) == 90
    assert _percentage(1, 1, 300, 299) == 99
    assert _percentage(4, 0, 6, 6) == 100


def test_achievements_are_earned_at_their_threshold():
    nothing = {badge.measure: 0 for badge in ACHIEVEMENTS}
    assert earned(nothing) == []
    for badge in ACHIEVEMENTS:
        assert badge in earned(nothing | {badge.measure: badge.threshold})
        assert badge not in earned(nothing | {badge.measure: badge.threshold - 1})
        assert set(badge.title) == {"en", "id"}
    assert len({badge.code for badge in ACHIEVEMENTS}) == len(ACHIEVEMENTS)
