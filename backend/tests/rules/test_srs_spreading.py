"""The days on which new cards are first shown."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.srs.spreading import show_at_once, spread_new_cards

TODAY = date(2026, 3, 2)
days = st.integers(0, 20).map(lambda n: TODAY + timedelta(days=n))


@given(
    st.dictionaries(days, st.integers(0, 9)),
    st.lists(st.integers(1, 2), max_size=30),
    st.integers(1, 8),
)
def test_no_day_is_given_more_than_wanted_and_none_comes_too_early(assigned, faces, per_day):
    spread = spread_new_cards(assigned, faces, TODAY, per_day)
    assert [len(shown) for shown in spread] == faces
    given = Counter(day for shown in spread for day in shown)
    for day, count in given.items():
        assert day >= TODAY
        assert count + assigned.get(day, 0) <= per_day
    for shown in spread:
        assert shown == sorted(set(shown))


def test_the_first_items_come_first_and_the_other_direction_a_day_later():
    spread = spread_new_cards({TODAY: 1}, [2, 1, 2], TODAY, 2)
    offsets = [[(day - TODAY).days for day in shown] for shown in spread]
    assert offsets == [[0, 1], [1], [2, 3]]


def test_who_wants_no_new_cards_gets_none():
    assert spread_new_cards({}, [2, 1], TODAY, 0) == []


def test_what_is_added_by_hand_is_shown_at_once():
    assert show_at_once([2, 1], TODAY) == [[TODAY, TODAY + timedelta(days=1)], [TODAY]]
