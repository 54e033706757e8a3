"""The placement test: ability, choice of items, the end, and where learners land."""

import random
from collections import Counter
from itertools import pairwise
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.placement import irt as rules
from app.domain.placement.irt import Item, UnitMaterial
from app.models.base import LEVELS

TEST_ID = UUID(int=7)
FIVE = (-2.0, -1.0, 0.0, 1.0, 2.0)
logits = st.floats(-4, 4)
scores = st.floats(0, 1)
answers = st.lists(st.tuples(logits, scores), max_size=20)


def make_item(number: int, difficulty: float = 0.0, **fields) -> Item:
    return Item(UUID(int=number), difficulty, **{"skill": "grammar"} | fields)


@pytest.mark.parametrize(
    ("right", "ability", "standard_error"),
    [
        ((1, 1, 1, 0, 0), 0.274968, 0.742225),
        ((1, 1, 1, 1, 1), 1.405119, 0.767096),
        ((0, 0, 0, 0, 0), -1.405119, 0.767096),
    ],
)
def test_published_estimates_hold(right, ability, standard_error):
    found = rules.estimate(zip(FIVE, right, strict=True), discrimination=1)
    assert found.ability == pytest.approx(ability, abs=1e-6)
    assert found.standard_error == pytest.approx(standard_error, abs=1e-6)


def test_without_answers_the_estimate_is_the_prior():
    found = rules.estimate([])
    assert found.ability == pytest.approx(0, abs=1e-9)
    assert found.standard_error == pytest.approx(1, abs=1e-6)


@given(answers, logits, scores, scores)
def test_a_better_score_never_lowers_the_ability(so_far, difficulty, one, other):
    worse, better = sorted((one, other))
    low = rules.estimate([*so_far, (difficulty, worse)]).ability
    high = rules.estimate([*so_far, (difficulty, better)]).ability
    assert low <= high + 1e-9


@given(answers, st.randoms())
def test_the_estimate_is_finite_and_does_not_depend_on_the_order(so_far, shuffler):
    found = rules.estimate(so_far)
    assert -6 < found.ability < 6
    assert 0 < found.standard_error <= 1.01
    shuffler.shuffle(so_far)
    again = rules.estimate(so_far)
    assert again.ability == pytest.approx(found.ability, abs=1e-9)
    assert again.standard_error == pytest.approx(found.standard_error, abs=1e-9)


def test_a_partial_score_lies_between_wrong_and_right():
    low, middle, high = (rules.estimate([(0.0, score)]).ability for score in (0, 0.5, 1))
    assert low < middle < high
    assert middle == pytest.approx(0, abs=1e-9)


@given(st.floats(-6, 6), st.floats(-6, 6))
def test_information_is_greatest_where_the_chance_is_even(ability, difficulty):
    assert 0 < rules.information(ability, difficulty) <= rules.information(ability, ability) == 1


def test_levels_follow_each_other_without_overlap():
    for lower, higher in pairwise(LEVELS):
        assert rules.item_difficulty(lower, 5) < rules.item_difficulty(higher, 1)


def test_the_first_items_are_those_that_tell_the_most():
    items = [make_item(number, difficulty) for number, difficulty in enumerate((-3, 0, 0.1, 3), 1)]
    assert rules.choose_item(items, [], 0.0, TEST_ID).difficulty in {0, 0.1}


def test_no_item_comes_twice():
    items, asked = [make_item(number) for number in range(1, 5)], []
    while (item := rules.choose_item(items, asked, 0.0, TEST_ID)) is not None:
        asked.append(item)
    assert sorted(item.id for item in asked) == [item.id for item in items]


def test_skills_are_asked_in_turn_when_they_tell_as_much():
    skills = ("grammar", "vocabulary", "reading")
    items = [make_item(n, 0.01 * n, skill=skills[n % 3]) for n in range(1, 31)]
    asked: list[Item] = []
    for _ in range(12):
        asked.append(rules.choose_item(items, asked, 0.0, TEST_ID))
    assert Counter(item.skill for item in asked) == dict.fromkeys(skills, 4)


def test_balance_does_not_cost_much_information():
    items = [make_item(n, 0.0) for n in range(1, 6)] + [make_item(9, 3.0, skill="reading")]
    chosen = rules.choose_item(items, [make_item(1)], 0.0, TEST_ID)
    assert chosen.skill == "grammar"


def test_the_choice_is_the_same_again_and_differs_between_tests():
    items = [make_item(number) for number in range(1, 40)]
    chosen = [rules.choose_item(items, [], 0.0, UUID(int=n)) for n in range(1, 60)]
    assert chosen == [rules.choose_item(items[::-1], [], 0.0, UUID(int=n)) for n in range(1, 60)]
    assert len(set(chosen)) > 10


UNITS = [
    UnitMaterial(UUID(int=number), level, (rules.item_difficulty(level, 3),))
    for number, level in enumerate(LEVELS, 1)
]


@given(st.integers(0, 30), logits, st.floats(0.01, 1))
def test_a_test_has_8_to_20_items(answered, ability, standard_error):
    found = rules.Estimate(ability, standard_error)
    is_enough = rules.is_enough(answered, found, UNITS)
    if answered < 8:
        assert not is_enough
    elif answered >= 20 or standard_error <= 0.3:
        assert is_enough


@pytest.mark.parametrize(
    ("ability", "is_clear"), [(-2.5, True), (-1.3, False), (0.1, False), (3, True)]
)
def test_a_test_ends_early_when_the_unit_is_clear(ability, is_clear):
    assert rules.is_enough(8, rules.Estimate(ability, 0.5), UNITS) == is_clear


@pytest.mark.parametrize(
    ("ability", "level"),
    [
        (-6, "A1"),
        (-1.21, "A1"),
        (-1.19, "A2"),
        (-0.01, "A2"),
        (0.01, "B1"),
        (1.21, "B2"),
        (6, "B2"),
    ],
)
def test_learners_start_where_they_would_answer_less_than_three_quarters(ability, level):
    assert rules.starting_unit(UNITS, ability).level == level


def test_units_without_questions_are_passed_over():
    empty = UnitMaterial(UUID(int=9), "A1", ())
    assert rules.starting_unit([empty, *UNITS], -6) is UNITS[0]
    assert rules.starting_unit([empty], 0) is None


def _bank() -> list[Item]:
    """Return 30 questions a level: half grammar, a quarter each vocabulary and reading."""
    skills = ("grammar", "vocabulary", "grammar", "reading")
    return [
        Item(
            uuid5(TEST_ID, f"{level} {number}"),
            rules.item_difficulty(level, 1 + number % 5),
            skills[number % 4],
        )
        for level in LEVELS
        for number in range(30)
    ]


def _take_test(bank: list[Item], ability: float, chance: random.Random) -> tuple[float, int]:
    """Return the ability that a simulated learner is found to have, after how many items."""
    test_id, asked, answered = UUID(int=chance.getrandbits(128)), [], []
    found = rules.estimate(answered)
    while not rules.is_enough(len(asked), found, UNITS):
        item = rules.choose_item(bank, asked, found.ability, test_id)
        is_right = chance.random() < rules.probability(ability, item.difficulty)
        asked.append(item)
        answered.append((item.difficulty, float(is_right)))
        found = rules.estimate(answered)
    return found.ability, len(asked)


def test_simulated_learners_land_at_their_level_or_next_to_it():
    """Of 2,000 learners 82 % are placed at exactly their level, all within one, in 12 items."""
    bank, chance = _bank(), random.Random(20_261_123)
    learners, exact, near, items = 300, 0, 0, 0
    for _ in range(learners):
        ability = chance.gauss(0, 1)
        found, length = _take_test(bank, ability, chance)
        wanted, placed = (
            LEVELS.index(rules.starting_unit(UNITS, a).level) for a in (ability, found)
        )
        exact += wanted == placed
        near += abs(wanted - placed) <= 1
        items += length
    assert near / learners >= 0.98
    assert exact / learners >= 0.72
    assert 10 <= items / learners <= 15


# --- a reading, and how far a test is --------------------------------------------------------------


@given(st.lists(st.tuples(st.floats(-2, 2), st.booleans()), max_size=30), st.floats(-3, 3))
def test_a_reading_is_only_chosen_at_the_end_and_only_once(items, ability):
    bank = [make_item(n, b, is_reading=reading) for n, (b, reading) in enumerate(items)]
    item = rules.choose_item(bank, [], ability, TEST_ID)
    assert item is None or not item.is_reading
    last = rules.choose_reading(bank, [], ability, TEST_ID)
    if last is not None:
        assert last.is_reading
        assert abs(last.difficulty - ability) < rules.LEVEL_DISTANCE
        assert rules.choose_reading(bank, [last], ability, TEST_ID) is None


@given(st.integers(0, rules.MOST_ITEMS - 1))
def test_the_progress_of_a_test_only_grows(answered):
    assert 0 <= rules.share_answered(answered) < rules.share_answered(answered + 1) <= 1
