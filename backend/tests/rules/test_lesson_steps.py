"""The order of sections and questions in a lesson."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.curriculum.steps import Step, next_open, steps_of

shapes = st.integers(1, 8).flatmap(
    lambda sections: st.tuples(
        st.just(sections), st.lists(st.integers(1, sections), max_size=30).map(sorted)
    )
)


@given(shapes)
def test_every_section_and_question_is_a_step_once_and_in_order(shape):
    sections, places = shape
    steps = steps_of(sections, places)
    assert [s.number for s in steps if s.kind == "section"] == list(range(1, sections + 1))
    assert [s.number for s in steps if s.kind == "question"] == list(range(1, len(places) + 1))


@given(shapes)
def test_a_question_stands_behind_its_section_and_before_the_next(shape):
    sections, places = shape
    steps = steps_of(sections, places)
    for number, place in enumerate(places, start=1):
        before = steps[: steps.index(Step("question", number))]
        assert [s for s in before if s.kind == "section"][-1].number == place


@given(shapes, st.data())
def test_what_is_open_next_is_the_first_step_that_was_not_done(shape, data):
    steps = steps_of(*shape)
    done = data.draw(st.integers(0, len(steps)))
    read = sum(step.kind == "section" for step in steps[:done])
    expected = steps[done] if done < len(steps) else None
    assert next_open(steps, read, done - read) == expected
