"""What holds for the grading of every type of question."""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.core.errors import InvalidInput
from app.questions.grades import Grade
from app.questions.grading import (
    empty_response,
    grade,
    model_answer,
    model_response,
    model_responses,
    parse_response,
    shuffled,
)
from app.questions.types import QUESTION_TYPES
from tests.rules.questions import (
    GRADED_TYPES,
    MARKED,
    RESPONSES,
    answers_to,
    graded,
    json_values,
    nearly,
    questions,
)


@given(st.data(), questions())
def test_any_json_is_graded_or_refused_with_the_name_of_its_field(data, question):
    kind = st.just(question.key.type) | st.sampled_from(QUESTION_TYPES)
    sent = data.draw(json_values | kind.flatmap(nearly))
    try:
        response = parse_response(question, sent)
    except InvalidInput as refused:
        error = refused
    else:
        check(grade(question, response))
        return
    assert error.field.split(".")[0] == "response"
    assert error.text("id") != error.text("en")


def check(result: Grade) -> None:
    """Check what every grade holds."""
    assert (result.score is None) == result.needs_marking
    assert result.is_correct == (result.score == 1)
    if result.score is not None:
        assert 0 <= result.score <= 1
        assert -result.score.as_tuple().exponent <= 3
    if not result.is_correct:
        assert result.feedback or result.parts
    for part in result.parts:
        assert part.is_correct == (part.score == 1)
        assert part.is_correct or part.feedback or part.parts


@given(st.data(), questions())
def test_what_a_learner_can_answer_is_taken_and_graded(data, question):
    check(grade(question, parse_response(question, data.draw(answers_to(question)))))


@given(questions(*GRADED_TYPES))
def test_every_answer_of_the_key_is_right(question):
    for response in model_responses(question.key):
        assert grade(question, parse_response(question, response)).is_correct
    assert model_response(question.key) == model_responses(question.key)[0]


@given(questions(*MARKED))
def test_a_teacher_s_question_is_never_right_by_itself(question):
    sent = {"text": "My day."} if question.key.type == "essay" else {"recording": "0" * 32}
    result = grade(question, parse_response(question, {"type": question.key.type, **sent}))
    assert (result.score, result.is_correct, result.needs_marking) == (None, False, True)


@given(questions())
def test_an_empty_response_earns_nothing_and_needs_no_mark(question):
    result = grade(question, parse_response(question, {"type": question.key.type}))
    assert (result.score, result.is_correct, result.needs_marking) == (0, False, False)
    assert result.feedback


@given(st.data(), questions())
def test_a_question_that_lost_its_choices_still_grades_old_responses(data, question):
    """Stored attempts are graded again for display, whatever the question has become."""
    other = data.draw(questions(question.key.type))
    for response in model_responses(other.key):
        kept = response.type == "reading" and any(
            part in question.key.parts and question.key.parts[part].type != given.type
            for part, given in response.parts.items()
        )
        if not kept:
            check(grade(question, response))


@given(questions(), st.sampled_from(QUESTION_TYPES))
def test_a_response_of_another_type_is_refused(question, kind):
    if kind == question.key.type:
        return
    with pytest.raises(InvalidInput) as parsing:
        parse_response(question, {"type": kind})
    with pytest.raises(InvalidInput) as grading:
        grade(question, empty_response(kind))
    assert parsing.value.field == grading.value.field == "response.type"


@given(st.data(), questions(), st.integers(0, 2**31 - 1))
def test_a_grade_depends_on_question_and_response_alone(data, question, seed):
    sent = data.draw(answers_to(question))
    response = parse_response(question, sent)
    moved = type(question)(question.key, shuffled(question, seed))
    first = grade(question, response)
    assert grade(question, parse_response(question, sent)) == first
    again = grade(moved, response)
    assert (again.score, again.diff) == (first.score, first.diff)
    assert {part.id: part.is_correct for part in again.parts} == {
        part.id: part.is_correct for part in first.parts
    }


@given(st.data(), questions())
def test_a_grade_can_be_sent(data, question):
    result = grade(question, data.draw(st.sampled_from(model_responses(question.key))))
    sent = msgspec.json.decode(msgspec.json.encode(result))
    assert len(sent["parts"]) == len(result.parts)
    adapter = TypeAdapter(Grade)
    assert adapter.validate_python(adapter.dump_python(result)) == result


@given(questions())
def test_every_right_answer_can_be_shown(question):
    for options in (question.options, None):
        shown = model_answer(question.key, options, "id")
        assert shown or question.key.type == "essay"


@pytest.mark.parametrize("kind", QUESTION_TYPES)
def test_a_response_that_was_stored_is_read_as_it_was(kind):
    response = empty_response(kind)
    assert RESPONSES.validate_python(response.model_dump(mode="json")) == response


def test_a_sentence_with_too_many_typos_is_almost_right():
    question = graded("dictation", {"accepted": ["Beautiful children."]}, {"speech": "x"})
    sent = {"type": "dictation", "text": "Beautifull chlidren."}
    assert grade(question, parse_response(question, sent)).score == Decimal("0.999")
