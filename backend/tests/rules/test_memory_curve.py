"""The forgetting curve of a card, and its drawing."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.srs.curve import fadings, retrievability
from app.domain.srs.results import LogEntry
from app.web.memory_curve import BOTTOM, LEFT, RIGHT, TOP, memory_curve

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def entry(days_ago, stability, **fields):
    when = NOW - days_ago * DAY
    defaults = {
        "kind": "review",
        "rating": 3,
        "reviewed_at": when,
        "day": when.date(),
        "elapsed_days": 0,
        "duration_ms": None,
        "interval_before": 0,
        "interval": 3,
        "was_learning": False,
        "is_learning": False,
        "stability": stability,
        "due_at": when + 3 * DAY,
        "is_undone": False,
    }
    return LogEntry(**defaults | fields)


@given(st.floats(0.01, 36_500))
def test_nine_in_ten_are_remembered_after_the_stability_and_all_at_once(stability):
    assert abs(retrievability(stability, stability) - 0.9) < 1e-9
    assert retrievability(stability, 0) == 1
    assert retrievability(stability, stability * 2) < 0.9


def test_a_stretch_lasts_until_the_next_review_and_the_last_until_the_end():
    moments = [(NOW - 5 * DAY, 2.0), (NOW - 3 * DAY, None), (NOW - DAY, 4.0)]
    assert fadings(moments, NOW) == [
        (NOW - 5 * DAY, NOW - 3 * DAY, 2.0),
        (NOW - DAY, NOW, 4.0),
    ]


def test_a_card_without_a_memory_has_no_curve():
    assert memory_curve([], NOW, NOW, 0.9) is None
    assert memory_curve([entry(2, 3.0, is_undone=True)], NOW, NOW, 0.9) is None
    reset = [entry(1, None, kind="reset", rating=None), entry(4, 3.0)]
    assert memory_curve(reset, NOW, NOW, 0.9) is None


def test_a_review_of_this_moment_is_drawn_too():
    curve = memory_curve([entry(0, 3.0)], NOW + 3 * DAY, NOW, 0.9)
    assert (curve.now, curve.past, curve.dots) == (1, [], [LEFT])
    assert curve.future.startswith(f"{LEFT:.1f},{TOP:.1f} ")


@given(
    st.lists(
        st.tuples(st.floats(0, 400), st.one_of(st.none(), st.floats(0.01, 9_000))),
        min_size=1,
        max_size=12,
    ),
    st.floats(-300, 300),
    st.floats(0.7, 0.97),
)
def test_every_point_lies_within_the_drawing(made, due_in_days, goal):
    log = [entry(days_ago, stability) for days_ago, stability in sorted(made, key=lambda m: m[0])]
    curve = memory_curve(log, NOW + due_in_days * DAY, NOW, goal)
    if curve is None:
        return
    pairs = [pair.split(",") for line in (*curve.past, curve.future) for pair in line.split()]
    assert all(LEFT <= float(x) <= RIGHT and TOP <= float(y) <= BOTTOM for x, y in pairs)
    assert all(LEFT <= x <= RIGHT for x in (*curve.dots, curve.now_x))
    assert TOP <= curve.goal_y <= BOTTOM
    assert 0 <= curve.now <= 1
