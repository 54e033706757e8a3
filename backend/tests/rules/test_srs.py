"""The scheduler's own promises: the learner's days, fuzz, columns and replay."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core.clock import LearnerDay
from app.domain.srs.fuzz import balanced_factor, fuzz_factor, fuzz_range, fuzzed_interval
from app.domain.srs.rules import (
    CardState,
    Outlook,
    Rating,
    Settings,
    elapsed_days,
    new_card,
    previews,
    schedule,
)

JAKARTA = LearnerDay("Asia/Jakarta", 4)
NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
zones = st.sampled_from(["Asia/Jakarta", "Europe/Berlin", "America/New_York", "Pacific/Apia"])
days = st.builds(LearnerDay, zones, st.integers(0, 23))
moments = st.timedeltas(timedelta(0), timedelta(days=4000)).map(lambda gap: NOW + gap)
ratings = st.sampled_from(Rating)
gaps = st.timedeltas(timedelta(seconds=1), timedelta(days=400))
factors = st.none() | st.floats(0, 1, exclude_max=True)
logs = st.lists(st.tuples(ratings, gaps, factors), max_size=12)
steps = st.lists(st.integers(1, 1440), max_size=4).map(
    lambda minutes: tuple(timedelta(minutes=n) for n in sorted(minutes))
)
preferences = st.builds(
    Settings, st.sampled_from([0.7, 0.8, 0.9, 0.97]), steps, steps, st.integers(1, 36_500), days
)


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


_A_DAY = (timedelta(days=1),)
_BEFORE_THE_CUTOFF = timedelta(days=1, hours=15, minutes=59)


@given(moments, logs, preferences)
@example(NOW, [(Rating.GOOD, _BEFORE_THE_CUTOFF, None)], Settings(0.97, _A_DAY, _A_DAY))
@example(NOW, [(Rating.GOOD, _BEFORE_THE_CUTOFF, None)], Settings(0.9, _A_DAY, (), 1))
@settings(max_examples=200)
def test_every_review_leaves_a_consistent_card(start, log, valid):
    state, now, day = new_card(start, valid.day), start, valid.day
    for rating, gap, factor in log:
        now += gap
        buttons = previews(state, now, valid, factor)
        assert list(buttons) == list(Rating)
        waits = [after.due_at for after in buttons.values()]
        assert waits == sorted(waits)
        assert waits[0] > now
        before, state = state, schedule(state, rating, now, valid, factor)
        assert state == buttons[rating]
        assert state.next_review_date == day.date_of(state.due_at)
        assert state.is_learning == (state.interval == 0)
        assert state.interval <= valid.maximum_interval_days
        assert all(
            after.next_review_date - day.date_of(now) <= timedelta(valid.maximum_interval_days)
            for after in buttons.values()
        )
        assert state.stability > 0
        assert 1 <= state.difficulty <= 10
        assert Decimal("1.30") <= state.ease_factor <= Decimal("5.00")
        assert (state.review_count, state.revision) == (before.review_count + 1,) * 2
        if state.interval:
            assert state.next_review_date - day.date_of(now) == timedelta(days=state.interval)


@given(st.floats(0.5, 3000), st.floats(0, 1, exclude_max=True), st.integers(1, 36_500))
def test_fuzz_never_crosses_the_buttons(stability, factor, maximum):
    valid = Settings(maximum_interval_days=maximum)
    card = _learnt(stability)
    plain = previews(card, NOW, valid)
    fuzzed = previews(card, NOW, valid, factor)
    for shorter, longer in ((Rating.HARD, Rating.GOOD), (Rating.GOOD, Rating.EASY)):
        assert fuzzed[shorter].interval <= fuzzed[longer].interval <= maximum
        if plain[shorter].interval < plain[longer].interval:
            at_the_end = fuzzed[shorter].interval == maximum
            assert at_the_end or fuzzed[shorter].interval < fuzzed[longer].interval


@given(st.integers(1, 40_000), st.floats(0, 1, exclude_max=True))
def test_fuzz_stays_within_reach(interval, factor):
    fuzzed = fuzzed_interval(interval, factor, 1, 36_500)
    assert 1 <= fuzzed <= 36_500
    assert abs(fuzzed - min(interval, 36_500)) <= 4 + interval * 0.05


@given(
    st.integers(1, 200),
    st.floats(0, 1, exclude_max=True),
    st.lists(st.integers(0, 30), min_size=121, max_size=121),
)
def test_a_balanced_interval_falls_on_an_emptiest_day_of_its_range(interval, seeded, loads):
    factor = balanced_factor(interval, seeded, loads, 36_500)
    assert 0 <= factor < 1
    granted = fuzzed_interval(interval, factor, 1, 36_500)
    shortest, longest = fuzz_range(interval, 1, 36_500)
    if interval < 3 or longest > 120:
        assert factor == seeded
    else:
        assert loads[granted] == min(loads[shortest : longest + 1])
        own = fuzzed_interval(interval, seeded, 1, 36_500)
        nearest = min(
            abs(day - own) for day in range(shortest, longest + 1) if loads[day] == loads[granted]
        )
        assert abs(granted - own) == nearest


def test_equal_days_leave_the_seeded_place_alone():
    assert balanced_factor(30, 0.123, [7] * 121, 36_500) == 0.123


def test_a_month_of_balanced_cards_is_evener_than_a_month_of_chance():
    chance, balanced = [0] * 121, [0] * 121
    for number in range(400):
        interval, seeded = 8 + number % 14, fuzz_factor(number.to_bytes(4))
        chance[fuzzed_interval(interval, seeded, 1, 36_500)] += 1
        factor = balanced_factor(interval, seeded, balanced, 36_500)
        balanced[fuzzed_interval(interval, factor, 1, 36_500)] += 1
    spread = [max(loads[8:22]) - min(loads[8:22]) for loads in (balanced, chance)]
    assert spread[0] * 3 < spread[1]


def test_the_plain_interval_is_that_of_the_package_and_none_for_a_step():
    outlook = Outlook(_learnt(10.0), NOW)
    assert outlook.plain_interval(Rating.AGAIN) == 0
    assert outlook.plain_interval(Rating.GOOD) == previews(_learnt(10.0), NOW)[Rating.GOOD].interval


def test_fuzz_is_the_same_for_the_same_review_and_differs_between_cards():
    card, other, review = UUID(int=1).bytes, UUID(int=2).bytes, UUID(int=3).bytes
    assert fuzz_factor(card, review) == fuzz_factor(card, review)
    assert len({fuzz_factor(card, review), fuzz_factor(other, review), fuzz_factor(card)}) == 3
    granted = {
        schedule(_learnt(60.0), Rating.GOOD, NOW, factor=fuzz_factor(bytes([i]))).interval
        for i in range(50)
    }
    assert len(granted) > 5


def test_a_night_is_a_day_however_few_its_hours():
    evening = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 22:00 in Jakarta
    morning = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)  # 07:00, nine hours later
    card = schedule(new_card(evening, JAKARTA), Rating.EASY, evening)
    same_day = schedule(card, Rating.GOOD, evening + timedelta(hours=2))
    next_day = schedule(card, Rating.GOOD, morning)
    whole_day = schedule(card, Rating.GOOD, evening + timedelta(hours=24))
    assert next_day.stability == whole_day.stability
    assert next_day.stability != same_day.stability


def test_a_card_falls_due_when_the_learners_day_begins():
    after = schedule(new_card(NOW, JAKARTA), Rating.EASY, NOW)
    assert after.next_review_date == date(2026, 3, 10)
    assert after.due_at == datetime(2026, 3, 9, 21, 0, tzinfo=UTC)  # 04:00 in Jakarta


def test_a_step_past_the_cut_off_is_due_on_the_next_day():
    late = datetime(2026, 3, 1, 20, 55, tzinfo=UTC)  # 03:55 in Jakarta, still 1 March
    after = schedule(new_card(late, JAKARTA), Rating.GOOD, late)
    assert after.due_at == late + timedelta(minutes=10)
    assert after.next_review_date == date(2026, 3, 2)


def test_other_time_zones_go_in_and_naive_times_do_not():
    jakarta = NOW.astimezone(timezone(timedelta(hours=7)))
    card = new_card(NOW, JAKARTA)
    assert schedule(card, Rating.GOOD, jakarta) == schedule(card, Rating.GOOD, NOW)
    with pytest.raises(ValueError, match="naive"):
        schedule(card, Rating.GOOD, NOW.replace(tzinfo=None))


def test_the_sm2_columns_move_as_in_anki():
    card = _learnt(10.0, repetitions=4)
    moved = {
        rating: (after.ease_factor, after.repetitions, after.lapses)
        for rating, after in previews(card, NOW).items()
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
    assert schedule(low, Rating.AGAIN, NOW).ease_factor == Decimal("1.30")
    assert schedule(high, Rating.EASY, NOW).ease_factor == Decimal("5.00")


def test_forgetting_while_relearning_is_one_lapse_and_leaves_ease_alone():
    forgotten = schedule(_learnt(10.0), Rating.AGAIN, NOW)
    again = schedule(forgotten, Rating.AGAIN, forgotten.due_at)
    assert (forgotten.lapses, again.lapses) == (1, 1)
    assert forgotten.ease_factor == again.ease_factor
    assert again.due_at - forgotten.due_at == timedelta(minutes=10)
    back = schedule(again, Rating.GOOD, again.due_at)
    assert not back.is_learning
    assert back.interval >= 1


def test_higher_retention_means_shorter_intervals():
    intervals = [
        schedule(_learnt(30.0), Rating.GOOD, NOW, Settings(retention)).interval
        for retention in (0.97, 0.9, 0.8, 0.7)
    ]
    assert intervals == sorted(set(intervals))


def test_an_imported_card_without_a_log_counts_from_its_interval():
    imported = _learnt(20.0, review_count=0, last_reviewed_at=None, interval=20)
    logged = _learnt(20.0)
    after = schedule(imported, Rating.GOOD, NOW)
    assert after.stability == schedule(logged, Rating.GOOD, NOW).stability


def test_a_step_into_the_next_day_does_not_pass_an_interval_of_one_day():
    day = LearnerDay("Asia/Jakarta", 1)
    now = day.start_of(day.date_of(NOW) + timedelta(days=1)) - timedelta(minutes=1)
    state, valid = new_card(now, day), Settings(0.7, day=day)
    for _ in range(8):
        waits = [after.due_at for after in previews(state, now, valid).values()]
        assert waits == sorted(waits)
        state = schedule(state, Rating.AGAIN, now, valid)


@pytest.mark.parametrize("rating", Rating)
def test_without_learning_steps_a_card_is_learnt_at_once(rating):
    valid = Settings(learning_steps=(), relearning_steps=())
    learnt = schedule(new_card(NOW, JAKARTA), rating, NOW, valid)
    assert not learnt.is_learning
    assert learnt.interval >= 1
    forgotten = schedule(learnt, Rating.AGAIN, learnt.due_at, valid)
    assert (forgotten.is_learning, forgotten.lapses) == (False, 1)


def test_steps_that_were_taken_out_of_the_settings_end_the_learning():
    card = new_card(NOW, JAKARTA)
    three = Settings(learning_steps=tuple(timedelta(minutes=n) for n in (1, 10, 60)))
    now = NOW
    for _ in range(2):
        card = schedule(card, Rating.GOOD, now, three)
        now = card.due_at
    assert card.learning_step == 2
    assert not schedule(card, Rating.HARD, now, Settings()).is_learning
    assert schedule(card, Rating.AGAIN, now, Settings()).learning_step == 0


def test_no_interval_is_longer_than_the_learner_wants():
    valid = Settings(maximum_interval_days=30)
    buttons = previews(_learnt(200.0), NOW, valid, 0.99)
    assert [after.interval for after in buttons.values()] == [0, 30, 30, 30]


@pytest.mark.parametrize(
    ("zone", "first_day"),
    [
        ("Asia/Jakarta", date(2026, 3, 2)),
        ("Asia/Makassar", date(2026, 3, 2)),
        ("Asia/Jayapura", date(2026, 3, 2)),
        # Its clocks go forward on 8 March 2026 and back on 1 November.
        ("America/New_York", date(2026, 3, 5)),
        ("America/New_York", date(2026, 3, 7)),
        ("America/New_York", date(2026, 10, 30)),
        ("America/New_York", date(2026, 10, 31)),
        ("America/New_York", date(2026, 11, 1)),
    ],
)
@pytest.mark.parametrize("rating", [Rating.GOOD, Rating.EASY])
def test_due_days_begin_at_the_cut_off_whatever_the_clocks_do(zone, first_day, rating):
    valid = Settings(day=LearnerDay(zone, 4), learning_steps=())
    end = valid.day.start_of(first_day + timedelta(days=1))
    for now in (valid.day.start_of(first_day), end - timedelta(microseconds=1)):
        card = schedule(new_card(now, valid.day), rating, now, valid)
        assert card.next_review_date == first_day + timedelta(days=card.interval)
        local = card.due_at.astimezone(ZoneInfo(zone))
        assert (local.hour, local.minute, local.date()) == (4, 0, card.next_review_date)
        early = card.due_at - timedelta(microseconds=1)
        assert elapsed_days(card, valid.day.date_of(card.due_at), valid.day) == card.interval
        assert elapsed_days(card, valid.day.date_of(early), valid.day) == card.interval - 1


def test_elapsed_days_are_counted_where_the_learner_is_now():
    jakarta, new_york = LearnerDay("Asia/Jakarta"), LearnerDay("America/New_York")
    reviewed = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)  # 3 March, 05:00 in Jakarta
    card = schedule(new_card(reviewed, jakarta), Rating.EASY, reviewed, Settings(day=jakarta))
    later = datetime(2026, 3, 3, 22, 0, tzinfo=UTC)
    assert elapsed_days(card, jakarta.date_of(later), jakarta) == 1
    assert elapsed_days(card, new_york.date_of(later), new_york) == 1
    evening = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)  # still 2 March in New York
    assert elapsed_days(card, new_york.date_of(evening), new_york) == 0
