"""The scheduler's own promises: the learner's days, fuzz, columns and replay."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.clock import LearnerDay
from app.domain.srs.rules import (
    CardState,
    Rating,
    Review,
    fuzz_factor,
    fuzzed_interval,
    new_card,
    previews,
    replay,
    schedule,
)

JAKARTA = LearnerDay("Asia/Jakarta", 4)
NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
zones = st.sampled_from(["Asia/Jakarta", "Europe/Berlin", "America/New_York", "Pacific/Apia"])
days = st.builds(LearnerDay, zones, st.integers(0, 23))
moments = st.timedeltas(timedelta(0), timedelta(days=4000)).map(lambda gap: NOW + gap)
ratings = st.sampled_from(Rating)
gaps = st.timedeltas(timedelta(seconds=1), timedelta(days=400))
logs = st.lists(st.tuples(ratings, gaps), max_size=12)
options = st.fixed_dictionaries(
    {"retention": st.sampled_from([0.7, 0.8, 0.9, 0.97]), "seed": st.none() | st.uuids()}
)


def _reviews(start, steps):
    now = start
    for number, (rating, gap) in enumerate(steps, 1):
        now += gap
        yield Review(UUID(int=number), rating, now)


def _learnt(stability, **fields):
    return CardState(
        **{
            "next_review_date": date(2026, 3, 2),
            "due_at": NOW,
            "interval": max(1, round(stability)),
            "is_learning": False,
            "stability": stability,
            "difficulty": 5.0,
            "review_count": 5,
            "last_reviewed_at": NOW - timedelta(days=max(1, round(stability))),
        }
        | fields
    )


@given(moments, logs, days, options)
@settings(max_examples=200)
def test_every_review_leaves_a_consistent_card(start, steps, day, options):
    state = new_card(start, day)
    for review in _reviews(start, steps):
        buttons = previews(state, review.reviewed_at, day, **options)
        assert list(buttons) == list(Rating)
        waits = [after.due_at for after in buttons.values()]
        assert waits == sorted(waits)
        assert waits[0] > review.reviewed_at
        state = schedule(state, review.rating, review.reviewed_at, day, **options)
        assert state == buttons[review.rating]
        assert state.next_review_date == day.date_of(state.due_at)
        assert state.is_learning == (state.interval == 0)
        assert state.stability > 0
        assert 1 <= state.difficulty <= 10
        assert Decimal("1.30") <= state.ease_factor <= Decimal("5.00")
        if state.interval:
            assert state.next_review_date - day.date_of(review.reviewed_at) == timedelta(
                days=state.interval
            )


@given(moments, logs, days, options, st.randoms())
def test_replaying_a_log_in_any_order_gives_the_card(start, steps, day, options, random):
    first = new_card(start, day)
    reviews = list(_reviews(start, steps))
    state = first
    for review in reviews:
        state = schedule(state, review.rating, review.reviewed_at, day, **options)
    random.shuffle(reviews)
    assert replay(reviews, first, day, **options) == state


@given(st.floats(0.5, 3000), st.uuids(), st.integers(0, 50))
def test_fuzz_never_crosses_the_buttons(stability, seed, review_count):
    card = _learnt(stability, review_count=review_count)
    plain = previews(card, NOW, JAKARTA)
    fuzzed = previews(card, NOW, JAKARTA, seed=seed)
    for shorter, longer in ((Rating.HARD, Rating.GOOD), (Rating.GOOD, Rating.EASY)):
        assert fuzzed[shorter].interval <= fuzzed[longer].interval
        if plain[shorter].interval < plain[longer].interval:
            assert fuzzed[shorter].interval < fuzzed[longer].interval


@given(st.integers(1, 40_000), st.floats(0, 1, exclude_max=True))
def test_fuzz_stays_within_reach(interval, factor):
    fuzzed = fuzzed_interval(interval, factor, 1, 36_500)
    assert 1 <= fuzzed <= 36_500
    assert abs(fuzzed - min(interval, 36_500)) <= 4 + interval * 0.05


def test_fuzz_is_the_same_for_the_same_review_and_differs_between_cards():
    one, other = UUID(int=1), UUID(int=2)
    assert fuzz_factor(one, 3) == fuzz_factor(one, 3)
    assert len({fuzz_factor(one, 3), fuzz_factor(one, 4), fuzz_factor(other, 3)}) == 3
    granted = {
        schedule(_learnt(60.0), Rating.GOOD, NOW, JAKARTA, seed=UUID(int=i)).interval
        for i in range(50)
    }
    assert len(granted) > 5


def test_a_night_is_a_day_however_few_its_hours():
    evening = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 22:00 in Jakarta
    morning = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)  # 07:00, nine hours later
    card = schedule(new_card(evening, JAKARTA), Rating.EASY, evening, JAKARTA)
    same_day = schedule(card, Rating.GOOD, evening + timedelta(hours=2), JAKARTA)
    next_day = schedule(card, Rating.GOOD, morning, JAKARTA)
    whole_day = schedule(card, Rating.GOOD, evening + timedelta(hours=24), JAKARTA)
    assert next_day.stability == whole_day.stability
    assert next_day.stability != same_day.stability


def test_a_card_falls_due_when_the_learners_day_begins():
    after = schedule(new_card(NOW, JAKARTA), Rating.EASY, NOW, JAKARTA)
    assert after.next_review_date == date(2026, 3, 10)
    assert after.due_at == datetime(2026, 3, 9, 21, 0, tzinfo=UTC)  # 04:00 in Jakarta


def test_a_step_past_the_cut_off_is_due_on_the_next_day():
    late = datetime(2026, 3, 1, 20, 55, tzinfo=UTC)  # 03:55 in Jakarta, still 1 March
    after = schedule(new_card(late, JAKARTA), Rating.GOOD, late, JAKARTA)
    assert after.due_at == late + timedelta(minutes=10)
    assert after.next_review_date == date(2026, 3, 2)


def test_other_time_zones_go_in_and_naive_times_do_not():
    jakarta = NOW.astimezone(timezone(timedelta(hours=7)))
    card = new_card(NOW, JAKARTA)
    assert schedule(card, Rating.GOOD, jakarta, JAKARTA) == schedule(
        card, Rating.GOOD, NOW, JAKARTA
    )
    with pytest.raises(ValueError, match="naive"):
        schedule(card, Rating.GOOD, NOW.replace(tzinfo=None), JAKARTA)


def test_the_sm2_columns_move_as_in_anki():
    card = _learnt(10.0, repetitions=4)
    moved = {
        rating: (after.ease_factor, after.repetitions, after.lapses)
        for rating, after in previews(card, NOW, JAKARTA).items()
    }
    assert moved == {
        Rating.AGAIN: (Decimal("2.30"), 0, 1),
        Rating.HARD: (Decimal("2.35"), 5, 0),
        Rating.GOOD: (Decimal("2.50"), 5, 0),
        Rating.EASY: (Decimal("2.65"), 5, 0),
    }
    low, high = (
        _learnt(10.0, ease_factor=Decimal("1.30")),
        _learnt(10.0, ease_factor=Decimal("5.00")),
    )
    assert schedule(low, Rating.AGAIN, NOW, JAKARTA).ease_factor == Decimal("1.30")
    assert schedule(high, Rating.EASY, NOW, JAKARTA).ease_factor == Decimal("5.00")


def test_forgetting_while_relearning_is_one_lapse_and_leaves_ease_alone():
    forgotten = schedule(_learnt(10.0), Rating.AGAIN, NOW, JAKARTA)
    again = schedule(forgotten, Rating.AGAIN, forgotten.due_at, JAKARTA)
    assert (forgotten.lapses, again.lapses) == (1, 1)
    assert forgotten.ease_factor == again.ease_factor
    assert again.due_at - forgotten.due_at == timedelta(minutes=10)
    back = schedule(again, Rating.GOOD, again.due_at, JAKARTA)
    assert not back.is_learning
    assert back.interval >= 1


def test_higher_retention_means_shorter_intervals():
    intervals = [
        schedule(_learnt(30.0), Rating.GOOD, NOW, JAKARTA, retention=retention).interval
        for retention in (0.97, 0.9, 0.8, 0.7)
    ]
    assert intervals == sorted(set(intervals))


def test_an_imported_card_without_a_log_counts_from_its_interval():
    imported = _learnt(20.0, review_count=0, last_reviewed_at=None, interval=20)
    logged = _learnt(20.0)
    after = schedule(imported, Rating.GOOD, NOW, JAKARTA)
    assert after.stability == schedule(logged, Rating.GOOD, NOW, JAKARTA).stability


def test_a_step_into_the_next_day_does_not_pass_an_interval_of_one_day():
    day = LearnerDay("Asia/Jakarta", 1)
    now = day.start_of(day.date_of(NOW) + timedelta(days=1)) - timedelta(minutes=1)
    state = new_card(now, day)
    for _ in range(8):
        waits = [after.due_at for after in previews(state, now, day, retention=0.7).values()]
        assert waits == sorted(waits)
        state = schedule(state, Rating.AGAIN, now, day, retention=0.7)
