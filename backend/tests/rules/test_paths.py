"""The path on the home page: which units are open, and which stops are folded."""

from itertools import pairwise
from types import SimpleNamespace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.progress.completion import Completion, LessonScore, PathProgress, UnitProgress
from app.web.paths import WAVE, draw_paths

LESSONS = 4


def make_path(units: int):
    """Return a path as the outline has it: units of four lessons each."""
    made = [
        SimpleNamespace(
            id=UUID(int=100 + number),
            slug=f"unit-{number}",
            level="A1",
            lessons=[
                SimpleNamespace(id=UUID(int=1000 + 10 * number + n), unit_id=UUID(int=100 + number))
                for n in range(LESSONS)
            ],
        )
        for number in range(units)
    ]
    return SimpleNamespace(id=UUID(int=1), slug="path", units=made)


def overview_of(path, completed):
    """Return what drawing needs of the overview of a learner who completed some lessons."""
    progress = {
        lesson: SimpleNamespace(
            status="completed", completion_percentage=100, sections_read=1, questions_attempted=1
        )
        for lesson in completed
    }
    units = tuple(
        UnitProgress(
            unit.id,
            unit.slug,
            unit.level,
            Completion(LESSONS, sum(lesson.id in progress for lesson in unit.lessons), None),
        )
        for unit in path.units
    )
    paths = (PathProgress(path.id, path.slug, Completion(0, 0, None), units),)
    return SimpleNamespace(progress=progress, scores={}, paths=paths, default=LessonScore())


def draw(path, completed, here):
    ((_, units),) = draw_paths([path], overview_of(path, completed), here)
    return units


def test_what_was_passed_over_and_what_is_finished_is_folded():
    path = make_path(5)
    done = [lesson.id for lesson in path.units[1].lessons]
    units = draw(path, done, path.units[2].lessons[0])
    assert [unit.state for unit in units] == ["passed", "done", "here", "next", "ahead"]
    assert [unit.is_folded for unit in units] == [True, True, False, False, True]


def test_stops_before_the_last_one_are_folded():
    path = make_path(1)
    lessons = path.units[0].lessons
    (unit,) = draw(path, [lessons[0].id, lessons[1].id], lessons[2])
    assert [stop.lesson.id for stop in unit.behind] == [lessons[0].id]
    assert [stop.is_here for stop in unit.stops] == [False, True, False]


def test_a_unit_that_was_begun_and_left_is_not_called_known():
    path = make_path(2)
    units = draw(path, [path.units[0].lessons[3].id], path.units[1].lessons[0])
    assert [unit.state for unit in units] == ["ahead", "here"]


def test_when_all_is_done_every_unit_is_folded():
    path = make_path(2)
    done = [lesson.id for unit in path.units for lesson in unit.lessons]
    assert {unit.state for unit in draw(path, done, None)} == {"done"}


@given(st.integers(1, 6), st.data())
def test_every_lesson_stands_on_the_path_once_and_the_line_goes_on(count, data):
    path = make_path(count)
    every = [lesson for unit in path.units for lesson in unit.lessons]
    done = data.draw(st.sets(st.sampled_from([lesson.id for lesson in every])))
    here = data.draw(st.sampled_from([None, *[each for each in every if each.id not in done]]))
    units = draw(path, done, here)
    stops = [stop for unit in units for stop in (*unit.behind, *unit.stops)]
    assert [stop.lesson.id for stop in stops] == [lesson.id for lesson in every]
    assert sum(unit.state == "here" for unit in units) == (here is not None)
    for stop, following in pairwise(stops):
        if stop.onward is not None:
            assert stop.onward == following.place
        assert stop.place in WAVE
