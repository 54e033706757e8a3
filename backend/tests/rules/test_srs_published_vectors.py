"""Figures published with py-fsrs, ts-fsrs, fsrs-rs and Anki, which the scheduler must reproduce."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core.clock import LearnerDay
from app.domain.srs.fuzz import fuzzed_interval
from app.domain.srs.rules import (
    Rating,
    is_leech,
    new_card,
    previews,
    schedule,
    seed_from_sm2,
)

DAY = LearnerDay("Asia/Jakarta", 4)
START = datetime(2022, 11, 29, 12, 30, tzinfo=UTC)


def test_intervals_of_a_card_answered_when_due():
    state, intervals = new_card(START, DAY), []
    for rating in (3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3):
        state = schedule(state, Rating(rating), state.due_at)
        intervals.append(state.interval)
    assert intervals == [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]


def test_memory_after_a_month():
    state, now = new_card(START, DAY), START
    for rating, days in ((1, 0), (3, 0), (3, 1), (3, 3), (3, 8), (3, 21)):
        now += timedelta(days=days)
        state = schedule(state, Rating(rating), now)
    assert state.stability == pytest.approx(53.62691, abs=1e-5)
    assert state.difficulty == pytest.approx(6.3574867, abs=1e-6)


@pytest.mark.parametrize(
    ("rating", "stability", "difficulty"),
    [(1, 0.212, 6.4133), (2, 1.2931, 5.11217071), (3, 2.3065, 2.11810397), (4, 8.2956, 1)],
)
def test_memory_after_the_first_review(rating, stability, difficulty):
    state = schedule(new_card(START, DAY), Rating(rating), START)
    assert state.stability == pytest.approx(stability, abs=1e-9)
    assert state.difficulty == pytest.approx(difficulty, abs=1e-8)


@pytest.mark.parametrize(
    ("ease", "interval", "retention", "stability", "difficulty"),
    [
        (2.5, 10, 0.9, 10, 6.9140563),
        (2.5, 10, 0.8, 3.01572, 9.393428),
        (1.3, 20, 0.9, 20, 10),
    ],
)
def test_seeding_from_sm2(ease, interval, retention, stability, difficulty):
    seeded = seed_from_sm2(ease, interval, retention)
    assert seeded == (pytest.approx(stability, abs=1e-5), pytest.approx(difficulty, abs=1e-5))


@pytest.mark.parametrize(
    ("interval", "maximum", "days"),
    [
        (2.5, 1000, (2, 3, 4)),
        (7, 1000, (5, 7, 9)),
        (17, 1000, (14, 17, 20)),
        (37, 1000, (33, 37, 41)),
        (100, 99, (92, 96, 99)),
    ],
)
def test_fuzz_ranges_are_those_of_anki(interval, maximum, days):
    assert tuple(fuzzed_interval(interval, f, 1, maximum) for f in (0, 0.5, 0.99)) == days


def test_leeches_are_flagged_at_the_threshold_and_every_half_after():
    assert [lapses for lapses in range(17) if is_leech(lapses)] == [8, 12, 16]


def test_learning_steps_of_a_new_card():
    buttons = previews(new_card(START, DAY), START)
    waits = [(state.due_at - START).total_seconds() for state in buttons.values()]
    assert waits[:3] == [60, 330, 600]
    assert buttons[Rating.EASY].interval == 8
