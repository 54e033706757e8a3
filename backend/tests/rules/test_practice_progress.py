"""Completion of lessons, units, paths and levels."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.progress.completion import (
    LessonPlace,
    LessonScore,
    completed_levels,
    completion_percentage,
    lesson_score,
    next_lesson,
    path_progress,
    whole_course,
)

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
counts = st.integers(0, 40)


def _percentage(sections, read, questions, attempted):
    return completion_percentage(
        sections_total=sections,
        sections_read=read,
        questions_total=questions,
        questions_attempted=attempted,
    )


def _place(path, unit, lesson, level="A1"):
    return LessonPlace(
        path_id=UUID(int=path), path_slug=f"path-{path}", unit_id=UUID(int=unit),
        unit_slug=f"unit-{unit}", level=level, skill="grammar", lesson_id=UUID(int=lesson),
        lesson_slug=f"lesson-{lesson}",
    )  # fmt: skip


# Path 1 has unit 1 (two lessons, A1) and unit 2 (one, A2); path 2 has unit 3 (one, A1).
OUTLINE = [_place(1, 1, 1), _place(1, 1, 2), _place(1, 2, 3, "A2"), _place(2, 3, 4)]


def _done(*lessons):
    return {UUID(int=lesson): NOW + timedelta(days=lesson) for lesson in lessons}


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


def test_a_unit_and_a_path_are_as_done_as_their_lessons():
    first, second = path_progress(OUTLINE, _done(1, 3))
    assert (first.slug, first.completion.lessons, first.completion.completed) == ("path-1", 3, 2)
    assert first.completion.share == 2 / 3
    assert [unit.completion.completed for unit in first.units] == [1, 1]
    assert [unit.completion.is_completed for unit in first.units] == [False, True]
    assert (second.completion.completed, second.completion.completed_at) == (0, None)


def test_what_is_complete_was_completed_with_its_last_lesson():
    (first, _) = path_progress(OUTLINE, _done(1, 2, 3))
    assert first.completion.completed_at == NOW + timedelta(days=3)
    assert first.units[0].completion.completed_at == NOW + timedelta(days=2)


def test_a_lesson_outside_the_outline_counts_nowhere():
    assert path_progress(OUTLINE, _done(99)) == path_progress(OUTLINE, {})
    assert path_progress([], _done(1)) == ()


def test_a_level_is_complete_with_all_its_units_in_one_path():
    assert completed_levels(path_progress(OUTLINE, {})) == set()
    assert completed_levels(path_progress(OUTLINE, _done(1, 3))) == {"A2"}
    assert completed_levels(path_progress(OUTLINE, _done(1, 2))) == {"A1"}
    assert completed_levels(path_progress(OUTLINE, _done(4))) == {"A1"}
    assert completed_levels(path_progress(OUTLINE, _done(1, 2, 3, 4))) == {"A1", "A2"}


@given(st.sets(st.integers(1, 4)), st.integers(1, 4))
def test_another_lesson_never_undoes_a_completion(done, lesson):
    now, later = (path_progress(OUTLINE, _done(*lessons)) for lessons in (done, {*done, lesson}))
    assert completed_levels(now) <= completed_levels(later)
    for before, after in zip(now, later, strict=True):
        assert before.completion.completed <= after.completion.completed <= after.completion.lessons


def test_a_score_counts_what_is_graded_and_what_waits_apart():
    assert lesson_score([1, 1, 0.5, 0, None]) == LessonScore(right=2, graded=4, waiting=1)
    assert lesson_score([]) == LessonScore()


def test_the_whole_course_is_its_paths_together():
    part = whole_course(path_progress(OUTLINE, _done(1, 3, 99)))
    assert (part.lessons, part.completed, part.completed_at) == (4, 2, None)
    assert whole_course(path_progress(OUTLINE, _done(1, 2, 3, 4))).is_completed
    assert whole_course(()).share == 0


def _next(outline, statuses, level="A2", start=None):
    """Return the id of the lesson to offer; `statuses` is by number."""
    by_id = {UUID(int=number): status for number, status in statuses.items()}
    found = next_lesson(outline, by_id, level, start)
    return found.lesson_id.int if found else None


def test_the_next_lesson_is_the_one_begun_then_the_first_new_one_of_the_level():
    outline = [_place(1, n, n, level) for n, level in enumerate(("A1", "A2", "B1"), 1)]
    assert _next(outline, {}) == 2
    assert _next(outline, {3: "in_progress"}) == 3
    assert _next(outline, {3: "completed", 2: "completed"}) == 1
    assert _next(outline, dict.fromkeys((1, 2, 3), "completed")) is None


def test_the_next_lesson_is_in_the_unit_of_the_result_whatever_comes_before_it_in_the_level():
    outline = [_place(1, unit, 2 * unit + n, "A2") for unit in (1, 2, 3) for n in (0, 1)]
    start = outline[2].unit_id
    assert _next(outline, {}) == 2
    assert _next(outline, {}, start=start) == 4
    assert _next(outline, {4: "completed", 5: "completed"}, start=start) == 6
    assert _next(outline, {4: "completed", 3: "in_progress"}, start=start) == 3
    assert _next(outline, {}, start=UUID(int=99)) == 2
