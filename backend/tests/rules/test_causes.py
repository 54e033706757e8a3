"""The causes of wrong answers: what was practised wrongly, whatever the type of the question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.config import CONTENT
from app.domain.curriculum.reading import read_content
from app.domain.practice.causes import causes_of
from app.questions.choices import Choice
from app.questions.grades import GradedQuestion
from app.questions.grading import model_responses, parse_response
from app.questions.slips import CAUSES
from app.questions.types import MARKED_TYPES
from app.questions.types.multiple_choice import (
    MultipleChoiceKey,
    MultipleChoiceOptions,
    MultipleChoiceResponse,
)
from app.questions.types.ordering import OrderingKey, OrderingOptions, OrderingResponse
from app.questions.types.short_answer import ShortAnswerKey, ShortAnswerResponse
from app.questions.types.true_false import TrueFalseKey, TrueFalseResponse

QUESTIONS = [
    question
    for source in read_content(CONTENT).lessons()
    for question in source.document.questions
    if question.type not in MARKED_TYPES
]


def typed(*accepted, exact=False):
    return GradedQuestion(ShortAnswerKey(type="short_answer", accepted=accepted, exact=exact))


def chosen(*texts):
    """A choice of texts, the first of which is right."""
    choices = [Choice(id=str(n), text=text) for n, text in enumerate(texts)]
    key = MultipleChoiceKey(type="multiple_choice", choice="0")
    return GradedQuestion(key, MultipleChoiceOptions(type="multiple_choice", choices=choices))


@pytest.mark.parametrize(
    ("right", "wrong", "causes"),
    [
        ("She is a teacher.", "She is teacher.", ("articles",)),
        ("I ate an apple.", "I ate a apple.", ("articles",)),
        ("I went home yesterday.", "I go home yesterday.", ("tense",)),
        ("He works here.", "He work here.", ("agreement",)),
        ("I have two books.", "I have two book.", ("plural",)),
        ("We are interested in music.", "We are interested on music.", ("prepositions",)),
        ("I want to sleep.", "I want to sleeping.", ("verb_form",)),
        ("This is bigger.", "This is big.", ("comparison",)),
        ("She likes tea very much.", "She very much likes tea.", ("word_order",)),
        ("Her name is Sari.", "His name is Sari.", ("pronouns",)),
    ],
)
def test_the_reasons_of_the_grader_are_gathered(right, wrong, causes):
    question = typed(right)
    response = ShortAnswerResponse(type="short_answer", text=wrong)
    assert causes_of(question, "", response) == causes


@pytest.mark.parametrize(
    ("stem", "texts", "causes"),
    [
        ("“She ___ from Bandung.”", ("is", "are"), ("agreement",)),
        ("“I ___ here since 2018.”", ("have worked", "work"), ("tense",)),
        ("“I have lived here ___ ten years.”", ("for", "since"), ("prepositions",)),
        ("“___ the rain, we went.”", ("Despite", "However"), ("words",)),
        ("Which is right?", ("Where does she work?", "Where do she work?"), ("agreement",)),
        # Two statements say different things: their words explain nothing.
        ("What do we learn?", ("He stopped working.", "She wants a new car."), ("grammar",)),
        # One choice may fill two gaps.
        (
            "“He ___ tea, but today he ___ it.”",
            ("drinks / is drinking", "drink / is drinking"),
            ("agreement",),
        ),
    ],
)
def test_a_wrong_choice_is_compared_with_the_right_one(stem, texts, causes):
    response = MultipleChoiceResponse(type="multiple_choice", choice="1")
    assert causes_of(chosen(*texts), stem, response) == causes


@given(st.data())
def test_right_and_empty_answers_have_no_cause(data):
    question = data.draw(st.sampled_from(QUESTIONS))
    graded = GradedQuestion(question.answer_key, question.options)
    for response in model_responses(question.answer_key)[:3]:
        assert causes_of(graded, question.stem, response) == ()
    empty = parse_response(graded, {"type": question.type})
    assert causes_of(graded, question.stem, empty) == ()


@given(st.data())
def test_every_wrong_choice_of_the_course_has_a_cause(data):
    """Each is one of the known causes, once, and in their order."""
    question = data.draw(
        st.sampled_from([q for q in QUESTIONS if q.type in {"multiple_choice", "cloze_choice"}])
    )
    graded = GradedQuestion(question.answer_key, question.options)
    if question.type == "multiple_choice":
        wrong = [c.id for c in question.options.choices if c.id != question.answer_key.choice]
        answer = {"choice": data.draw(st.sampled_from(wrong))}
    else:
        gaps = list(question.answer_key.gaps)
        place = data.draw(st.integers(0, len(gaps) - 1))
        wrong = [c.id for c in question.options.gaps[place] if c.id != gaps[place]]
        gaps[place] = data.draw(st.sampled_from(wrong))
        answer = {"gaps": gaps}
    response = parse_response(graded, {"type": question.type} | answer)
    found = causes_of(graded, question.stem, response)
    assert found, (question.slug, answer)
    assert list(found) == [cause for cause in CAUSES if cause in found]


def test_what_compares_no_words_tells_by_its_type():
    tokens = [Choice(id=x, text=x) for x in ("we", "are", "here")]
    ordering = GradedQuestion(
        OrderingKey(type="ordering", orders=[["we", "are", "here"]]),
        OrderingOptions(type="ordering", tokens=tokens),
    )
    response = OrderingResponse(type="ordering", order=["are", "we", "here"])
    assert causes_of(ordering, "", response) == ("word_order",)
    true = GradedQuestion(TrueFalseKey(type="true_false", value=True))
    answer = TrueFalseResponse(type="true_false", value=False)
    assert causes_of(true, "", answer) == ("grammar",)
    assert causes_of(true, "", answer, skill="listening") == ("understanding",)
    assert causes_of(true, "", answer, skill="vocabulary") == ("words",)


def test_only_the_parts_that_were_answered_wrongly_count():
    question = next(q for q in QUESTIONS if q.type == "reading")
    graded = GradedQuestion(question.answer_key, question.options)
    part = next(p for p in question.options.parts if p.type == "multiple_choice")
    right = model_responses(question.answer_key)[0]
    wrong = next(
        c.id for c in part.options.choices if c.id != question.answer_key.parts[part.id].choice
    )
    given_part = MultipleChoiceResponse(type="multiple_choice", choice=wrong)
    response = right.model_copy(update={"parts": {part.id: given_part}})
    assert causes_of(graded, question.stem, response) == ("understanding",)
