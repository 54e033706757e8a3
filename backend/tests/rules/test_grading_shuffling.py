"""The order in which choices are shown."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.questions.grading import grade, parse_response, shuffled
from app.questions.shuffling import shuffle_seed
from tests.rules.questions import choices, graded, questions

seeds = st.integers(0, 2**31 - 1)
NAMES = "abcdefgh"


def _sets(options):
    """Return every list of choices as (where, sorted choices)."""
    if options is None:
        return []
    found = [
        (name, sorted(getattr(options, name, ()), key=str))
        for name in ("choices", "left", "right", "tokens", "words")
    ]
    if options.type == "cloze_choice":
        found += [(n, sorted(gap, key=str)) for n, gap in enumerate(options.gaps)]
    if options.type == "reading":
        for part in options.parts:
            found += [(part.id, part.stem), *_sets(part.options)]
    return found


@given(questions(), seeds)
def test_shuffling_keeps_every_choice_where_it_belongs(question, seed):
    assert _sets(shuffled(question, seed)) == _sets(question.options)


@given(questions(), seeds)
def test_the_same_seed_gives_the_same_order(question, seed):
    once = shuffled(question, seed)
    assert shuffled(question, seed) == once
    assert shuffled(type(question)(question.key, once), seed) == once


@given(questions("translation", "dictation", "error_correction", "essay", "speaking"), seeds)
def test_options_without_choices_stay_as_they_are(question, seed):
    assert shuffled(question, seed) == question.options


@given(questions("ordering"), seeds)
def test_tiles_never_come_out_in_a_right_order(question, seed):
    shown = [token.id for token in shuffled(question, seed).tokens]
    for order in question.key.orders:
        assert [name for name in shown if name in order] != order


@given(questions("ordering"), seeds)
def test_tiles_in_the_order_of_a_page_are_not_right(question, seed):
    order = [token.id for token in shuffled(question, seed).tokens]
    sent = {"type": "ordering", "order": order}
    assert not grade(question, parse_response(question, sent)).is_correct


def test_tiles_of_which_every_order_is_right_are_shown_all_the_same():
    key = {"orders": [["a", "b"], ["b", "a"]]}
    question = graded("ordering", key, {"tokens": choices("ab")})
    assert len(shuffled(question, 1).tokens) == 2


def test_other_seeds_give_other_orders():
    question = graded("multiple_choice", {"choice": "a"}, {"choices": choices(NAMES)})
    orders = {"".join(c.id for c in shuffled(question, seed).choices) for seed in range(200)}
    assert len(orders) > 190
    assert {order[0] for order in orders} == set(NAMES)


def test_an_order_is_the_same_in_every_release():
    """A change here would move the choices under the eyes of learners who reload a page."""
    question = graded("multiple_choice", {"choice": "a"}, {"choices": choices(NAMES)})
    assert "".join(choice.id for choice in shuffled(question, 20_261_123).choices) == "gchabdfe"
    user, asked = UUID(int=1), UUID(int=2)
    assert shuffle_seed(user, asked, 1) == 1_052_542_565


def test_the_gaps_of_a_cloze_are_shuffled_each_for_itself():
    gaps = [choices(NAMES) for _ in range(4)]
    question = graded("cloze_choice", {"gaps": list("aaaa")}, {"gaps": gaps})
    orders = {tuple(choice.id for choice in gap) for gap in shuffled(question, 5).gaps}
    assert len(orders) == 4


@given(st.uuids(), st.uuids(), st.integers(0, 10_000))
def test_a_seed_fits_an_integer_column_and_differs_by_learner_question_and_round(user, asked, n):
    seed = shuffle_seed(user, asked, n)
    assert 0 <= seed < 2**31
    assert seed == shuffle_seed(user, asked, n)
    others = {shuffle_seed(asked, user, n), shuffle_seed(user, asked, n + 1)}
    assert seed not in others or user == asked
