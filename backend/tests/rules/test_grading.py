"""Grading of all seven types, and the comparison of typed answers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.core.errors import InvalidInput
from app.domain.practice.normalization import accepts, words
from app.domain.practice.rules import check_response, grade, model_answer, model_response
from app.models.documents import AnswerKey, Options, Response

KEYS: TypeAdapter[AnswerKey] = TypeAdapter(AnswerKey)
RESPONSES: TypeAdapter[Response] = TypeAdapter(Response)
OPTIONS: TypeAdapter[Options] = TypeAdapter(Options)

ids = st.text("abcdefgh0123", min_size=1, max_size=4)
# Control characters are blanks to some and text to others; authors have no use for them.
texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=40).filter(
    lambda text: text.strip() != ""
)


def _documents(kind, **parts):
    return st.fixed_dictionaries({"type": st.just(kind), **parts})


keys = st.one_of(
    _documents("multiple_choice", choice=ids),
    _documents("multiple_select", choices=st.lists(ids, min_size=2, max_size=12)),
    _documents("true_false", value=st.booleans()),
    _documents(
        "gap_fill",
        gaps=st.lists(st.lists(texts, min_size=1, max_size=4), min_size=1, max_size=12),
    ),
    _documents("short_answer", accepted=st.lists(texts, min_size=1, max_size=6)),
    _documents("matching", pairs=st.dictionaries(ids, ids, min_size=2, max_size=12)),
    _documents(
        "ordering",
        orders=st.lists(st.lists(ids, min_size=2, max_size=20), min_size=1, max_size=4),
    ),
).map(KEYS.validate_python)

responses = st.one_of(
    _documents("multiple_choice", choice=ids),
    _documents("multiple_select", choices=st.lists(ids, max_size=12)),
    _documents("true_false", value=st.booleans()),
    _documents("gap_fill", gaps=st.lists(st.text(max_size=20), max_size=12)),
    _documents("short_answer", text=st.text(max_size=40)),
    _documents("matching", pairs=st.dictionaries(ids, ids, max_size=12)),
    _documents("ordering", order=st.lists(ids, max_size=20)),
).map(RESPONSES.validate_python)


def _grade(key, **response):
    key = KEYS.validate_python(key)
    return grade(key, RESPONSES.validate_python({"type": key.type, **response}))


@given(keys)
def test_the_response_that_a_key_describes_is_right(key):
    assert grade(key, model_response(key)).is_correct


@given(keys, responses)
def test_a_grade_lies_between_nothing_and_all(key, response):
    if key.type != response.type:
        with pytest.raises(InvalidInput):
            grade(key, response)
        return
    try:
        result = grade(key, response)
    except InvalidInput:
        assert key.type in {"gap_fill", "matching"}
        return
    assert 0 <= result.score <= 1
    assert result.is_correct == (result.score == 1)
    assert -result.score.as_tuple().exponent <= 3


@given(keys.filter(lambda key: key.type in {"short_answer", "gap_fill"}))
def test_a_blank_answer_is_never_right(key):
    blank = {"text": " "} if key.type == "short_answer" else {"gaps": [" "] * len(key.gaps)}
    assert not grade(key, RESPONSES.validate_python({"type": key.type, **blank})).is_correct


@given(keys)
def test_every_key_can_be_shown_without_its_options(key):
    assert model_answer(key, None)


SELECT = {"type": "multiple_select", "choices": ["a", "b", "c"]}


@pytest.mark.parametrize(
    ("ticked", "score"),
    [
        ([], "0"),
        (["a"], "0.333"),
        (["a", "b"], "0.667"),
        (["a", "b", "c"], "1"),
        (["c", "b", "a", "a"], "1"),
        (["a", "b", "d"], "0.333"),
        (["a", "d", "e"], "0"),
        (["a", "b", "c", "d"], "0.667"),
    ],
)
def test_wrong_ticks_cancel_right_ones(ticked, score):
    assert _grade(SELECT, choices=ticked).score == Decimal(score)


def test_gaps_and_pairs_count_one_by_one():
    gaps = {"type": "gap_fill", "gaps": [["am"], ["is", "'s"], ["are"]]}
    assert _grade(gaps, gaps=["am", "IS", "am"]).score == Decimal("0.667")
    assert _grade(gaps, gaps=["am"]).score == Decimal("0.333")
    pairs = {"type": "matching", "pairs": {"a": "x", "b": "y"}}
    assert _grade(pairs, pairs={"a": "x", "b": "x"}).score == Decimal("0.5")
    assert _grade(pairs, pairs={"b": "y", "a": "x"}).is_correct


def test_answers_to_what_was_not_asked_are_refused():
    with pytest.raises(InvalidInput, match="1 gaps"):
        _grade({"type": "gap_fill", "gaps": [["is"]]}, gaps=["is", "x"])
    with pytest.raises(InvalidInput, match="lacks"):
        _grade({"type": "matching", "pairs": {"a": "x", "b": "y"}}, pairs={"c": "x"})


THREE = [{"id": name, "text": name} for name in "abc"]
OFFERED = {
    "multiple_choice": ({"choice": "a"}, {"choices": THREE}),
    "multiple_select": ({"choices": ["a", "b"]}, {"choices": THREE}),
    "matching": ({"pairs": {"a": "b", "b": "c"}}, {"left": THREE[:2], "right": THREE}),
    "ordering": ({"orders": [["a", "b"]]}, {"tokens": THREE}),
    "gap_fill": ({"gaps": [["is"], ["are"]]}, None),
}


def _check(kind, response):
    key, options = OFFERED[kind]
    check_response(
        KEYS.validate_python({"type": kind, **key}),
        options and OPTIONS.validate_python({"type": kind, **options}),
        RESPONSES.validate_python({"type": kind, **response}),
    )


@pytest.mark.parametrize(
    ("kind", "response"),
    [
        ("multiple_choice", {"choice": "zzz"}),
        ("multiple_select", {"choices": ["a", "zzz"]}),
        ("multiple_select", {"choices": ["a", "a"]}),
        ("matching", {"pairs": {"zzz": "a"}}),
        ("matching", {"pairs": {"a": "zzz"}}),
        ("matching", {"pairs": {"c": "a"}}),
        ("ordering", {"order": ["a", "zzz"]}),
        ("ordering", {"order": ["a", "b", "a"]}),
        ("gap_fill", {"gaps": ["is"]}),
        ("gap_fill", {"gaps": ["is", "are", "am"]}),
    ],
)
def test_an_answer_that_the_question_does_not_offer_is_refused_by_name(kind, response):
    with pytest.raises(InvalidInput) as error:
        _check(kind, response)
    assert error.value.field == "response." + next(iter(response))
    assert error.value.text("id") != error.value.text("en")


@pytest.mark.parametrize(
    ("kind", "response"),
    [
        ("multiple_choice", {"choice": "c"}),
        ("multiple_select", {"choices": []}),
        ("multiple_select", {"choices": ["c", "a"]}),
        ("matching", {"pairs": {}}),
        ("matching", {"pairs": {"a": "c", "b": "c"}}),
        ("ordering", {"order": ["c", "a", "b"]}),
        ("ordering", {"order": ["b"]}),
        ("gap_fill", {"gaps": ["", ""]}),
    ],
)
def test_an_answer_may_be_wrong_or_leave_something_open(kind, response):
    _check(kind, response)


def test_any_accepted_order_is_right_and_nothing_between():
    key = {"type": "ordering", "orders": [["a", "b", "c"], ["c", "a", "b"]]}
    assert _grade(key, order=["c", "a", "b"]).is_correct
    assert _grade(key, order=["b", "a", "c"]).score == 0


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("I am tired.", "I’m tired"),
        ("I'm tired", "i AM   tired!"),
        ("She doesn't smoke", "She does not smoke"),
        ("I can't swim", "I cannot swim"),
        ("I cannot swim", "I can not swim."),
        ("We will not go", "we won't go"),
        ("Let us go", "Let's go!"),
        ("They have left", "They've left"),
        ("They'd have left", "they'd've left"),
        ("She is a nurse", "She's a nurse"),
        ("My brother has left", "My brother's left"),
        ("I would like tea", "I'd like tea"),
        ("He had gone", "He`d gone"),
        ("my brother's car", "My brother´s car"),
        ("He said “no”", 'He said "no"'),
        ("?", "?"),
        ("café", "cafe\u0301"),
        ("full width", "full\u3000width"),
        ("Yes, I am", "Yes; I am"),
        ("If it rains, we stay", "If it rains we stay."),
        ("One thing is clear: we won", "One thing is clear \u2013 we won"),
        ("We came, we saw", "we came - we saw"),
        ("We came, we saw", "we came\u2014we saw"),
        ('He said: "No."', "he said no"),
        ("I don't smoke any more", "I don't smoke anymore"),
        ("at seven", "at 7 o'clock"),
        ("at 12 o'clock", "at twelve"),
        ("o'clock", "o'clock"),
        ("at 7:30", "at 7:30."),
        (",", " ,"),
    ],
)
def test_these_are_the_same_answer(key, answer):
    assert accepts([key], answer)


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("She's lived here", "She is lived here"),
        ("I am", "I is"),
        ("its", "it's"),
        ("We are here", "We were here"),
        ("well", "we'll"),
        ("cat", "cats"),
        ("had", "'d"),
        ("is", "'s"),
        ("at 7:30", "at 7 30"),
        ("1,000", "1 000"),
        ("well-known", "well known"),
        ("thirteen", "13"),
        ("seven", "8 o'clock"),
        ("any more", "more"),
        (",", "-"),
        ("?", "!"),
        ("?", ""),
        ("student", "stu dent"),
    ],
)
def test_these_are_different_answers(key, answer):
    assert not accepts([key], answer)


@given(st.lists(st.text("abcdefgh'", min_size=1, max_size=8), min_size=1, max_size=8))
def test_case_spaces_and_final_marks_do_not_matter(parts):
    plain = " ".join(parts)
    assert words(plain) == words(f"  {'   '.join(parts).upper()} ?! ")


PIECES = (
    "I'd can't they'd've it's. Let's 7 12 13 o'clock any more any-more , ; - -- — ” ' ? 7:30 1,2"
)


@given(st.lists(st.sampled_from(PIECES.split()), max_size=8).map(" ".join))
def test_words_that_are_compared_are_not_changed_again(text):
    assert words(" ".join(words(text))) == words(text)


def test_a_long_answer_full_of_contractions_is_compared_at_once():
    assert not accepts(["he is " * 300], "he's " * 200)


def test_the_right_answer_is_shown_in_words():
    choices = OPTIONS.validate_python(
        {
            "type": "multiple_choice",
            "choices": [{"id": "a", "text": "am"}, {"id": "b", "text": "is"}],
        }
    )
    matching = OPTIONS.validate_python(
        {
            "type": "matching",
            "left": [{"id": "a", "text": "hot"}, {"id": "b", "text": "big"}],
            "right": [{"id": "x", "text": "cold"}, {"id": "y", "text": "small"}],
        }
    )
    pairs = {"type": "matching", "pairs": {"a": "x", "b": "y"}}
    choice = KEYS.validate_python({"type": "multiple_choice", "choice": "b"})
    assert model_answer(choice, choices) == "is"
    assert model_answer(KEYS.validate_python(pairs), matching) == "hot → cold; big → small"
    verdict = KEYS.validate_python({"type": "true_false", "value": True})
    assert model_answer(verdict, None, "id") == "Benar"
