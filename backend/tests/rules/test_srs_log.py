"""A card is what its log replays to, in whatever order the log arrived."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from app.core.clock import LearnerDay
from app.domain.srs.log import (
    Activity,
    Entry,
    Given,
    activity,
    change,
    outcome,
    replay,
    steps,
)
from app.domain.srs.rules import DEFAULTS, Rating, Settings, new_card, schedule

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
ABROAD = UUID(int=1)
STRICT = UUID(int=2)
VERSIONS = {
    None: DEFAULTS,
    ABROAD: Settings(day=LearnerDay("America/New_York", 4)),
    STRICT: Settings(0.97, (), (timedelta(minutes=5),), 200, LearnerDay("Asia/Jayapura", 0)),
}
FIRST = new_card(NOW - timedelta(days=1), DEFAULTS.day)


def _entry(number, minutes, **fields):
    fields = {"kind": "review", "rating": Rating.GOOD} | fields
    if fields["kind"] != "review":
        fields["rating"] = None
    when = NOW + timedelta(minutes=minutes)
    valid = VERSIONS[fields.get("settings_id")]
    return Entry(UUID(int=number), reviewed_at=when, day=valid.day.date_of(when), **fields)


kinds = st.sampled_from(["review"] * 8 + ["undo", "reset", "reschedule", "import"])


@st.composite
def logs(draw):
    """Entries as devices and the server write them; several may be of the same instant."""
    entries, reviews = [], []
    for number in range(1, draw(st.integers(1, 14)) + 1):
        kind = draw(kinds)
        fields = {"settings_id": draw(st.sampled_from(list(VERSIONS)))}
        minutes = draw(st.integers(0, 200_000) | st.sampled_from([0, 7, 1500]))
        if kind == "undo":
            if not reviews:
                continue
            fields["target_id"] = reviews.pop(draw(st.integers(0, len(reviews) - 1)))
        elif kind == "review":
            reviews.append(UUID(int=number))
            fields["rating"] = draw(st.sampled_from(Rating))
            fields["fuzz_factor"] = draw(st.floats(0, 1, exclude_max=True))
            fields["duration_ms"] = draw(st.none() | st.integers(0, 60_000))
        elif kind in {"reschedule", "import"}:
            days = draw(st.integers(0, 100))
            fields["given"] = Given(
                NOW + timedelta(minutes=minutes, days=days),
                draw(st.integers(1, 90)), Decimal("2.10"), 3, 12.5, 4.5,
            )  # fmt: skip
        entries.append(_entry(number, minutes, kind=kind, **fields))
    return entries


@given(logs(), st.randoms())
@settings(max_examples=300)
def test_the_order_of_arrival_does_not_matter(entries, random):
    card = replay(entries, FIRST, VERSIONS)
    days = activity(steps(entries, FIRST, VERSIONS))
    shuffled = random.sample(entries, len(entries))
    assert replay(shuffled, FIRST, VERSIONS) == card
    assert activity(steps(shuffled, FIRST, VERSIONS)) == days


@given(logs())
@settings(max_examples=300)
def test_a_replay_leaves_a_card_that_the_database_takes(entries):
    done = steps(entries, FIRST, VERSIONS)
    card = outcome(done, FIRST, len(entries))
    assert card == replay(entries, FIRST, VERSIONS)
    for entry, before, after, elapsed in done:
        assert elapsed >= 0
        assert (after.review_count == 0) == (after.last_reviewed_at is None)
        assert (after.stability is None) == (after.difficulty is None)
        assert after.is_learning == (after.interval == 0)
        assert after.revision >= after.review_count
        assert after.revision == before.revision + 1
        if entry.kind == "review":
            valid = VERSIONS[entry.settings_id]
            assert after.last_reviewed_at == entry.reviewed_at
            assert after.interval <= valid.maximum_interval_days
    assert card.revision == len(entries) >= card.review_count


@given(logs())
def test_an_undone_review_never_was(entries):
    undone = {entry.target_id for entry in entries if entry.kind == "undo"}
    rest = [entry for entry in entries if entry.kind != "undo" and entry.id not in undone]
    replayed = replay(entries, FIRST, VERSIONS)
    assert structs.replace(replay(rest, FIRST, VERSIONS), revision=len(entries)) == replayed
    assert activity(steps(rest, FIRST, VERSIONS)) == activity(steps(entries, FIRST, VERSIONS))


@given(logs())
def test_days_add_up_to_the_log(entries):
    days = activity(steps(entries, FIRST, VERSIONS))
    undone = {entry.target_id for entry in entries if entry.kind == "undo"}
    reviews = [e for e in entries if e.kind == "review" and e.id not in undone]
    assert {day: amounts.reviews for day, amounts in days.items()} == Counter(
        review.day for review in reviews
    )
    for amounts in days.values():
        assert 0 <= amounts.learnt_reviews <= amounts.reviews
        assert 0 <= amounts.new_cards <= amounts.reviews
        assert amounts.learnt_reviews + amounts.new_cards <= amounts.reviews
    total = sum(amounts.duration_ms for amounts in days.values())
    assert total == sum(review.duration_ms or 0 for review in reviews)


@given(logs(), logs())
def test_what_a_change_adds_leads_from_one_to_the_other(before, after):
    one, two = (activity(steps(log, FIRST, VERSIONS)) for log in (before, after))
    changes = change(one, two)
    assert list(changes) == sorted(changes)
    assert Activity() not in changes.values()
    for day in one.keys() | two.keys():
        moved = zip(one.get(day, Activity()), changes.get(day, Activity()), strict=True)
        assert Activity(*(old + new for old, new in moved)) == two.get(day, Activity())


def test_a_replay_is_reviewing_one_by_one():
    entries = [
        _entry(1, 0, rating=Rating.GOOD, fuzz_factor=0.1),
        _entry(2, 10, rating=Rating.GOOD, fuzz_factor=0.7),
        _entry(3, 5000, rating=Rating.HARD, fuzz_factor=0.9, settings_id=STRICT),
    ]
    state = FIRST
    for entry in entries:
        valid = VERSIONS[entry.settings_id]
        state = schedule(state, entry.rating, entry.reviewed_at, valid, entry.fuzz_factor)
    assert replay(entries[::-1], FIRST, VERSIONS) == state


def test_settings_of_later_do_not_change_what_was_granted():
    entries = [_entry(1, 0, rating=Rating.EASY)]
    changed = VERSIONS | {STRICT: Settings(0.7)}
    assert replay(entries, FIRST, VERSIONS) == replay(entries, FIRST, changed)
    strict = [replace(entry, settings_id=STRICT) for entry in entries]
    assert replay(strict, FIRST, VERSIONS) != replay(strict, FIRST, changed)


def test_the_late_review_of_a_first_day_makes_the_later_one_no_longer_the_first():
    later = _entry(2, 3 * 1440)
    early = _entry(1, 0, rating=Rating.EASY)
    alone, both = (activity(steps(log, FIRST, VERSIONS)) for log in ([later], [later, early]))
    assert alone == {later.day: Activity(1, 0, 1, 0)}
    assert both == {early.day: Activity(1, 0, 1, 0), later.day: Activity(1, 1, 0, 0)}


def test_a_reset_card_is_new_and_due_at_once():
    log = [_entry(1, 0, rating=Rating.EASY), _entry(2, 9000, kind="reset")]
    card = replay(log, FIRST, VERSIONS)
    assert card == structs.replace(
        new_card(NOW + timedelta(minutes=9000), DEFAULTS.day), revision=2
    )
    assert card.is_new


def test_a_rescheduled_card_keeps_its_memory():
    due = DEFAULTS.day.start_of(DEFAULTS.day.date_of(NOW) + timedelta(days=40))
    log = [_entry(1, 0, rating=Rating.EASY)]
    before = replay(log, FIRST, VERSIONS)
    log.append(_entry(2, 1440, kind="reschedule", given=Given(due)))
    after = replay(log, FIRST, VERSIONS)
    assert (after.due_at, after.interval) == (due, 40)
    assert after.next_review_date == DEFAULTS.day.date_of(due)
    assert (after.stability, after.difficulty) == (before.stability, before.difficulty)
    assert after.last_reviewed_at == before.last_reviewed_at
    still_new = replay([_entry(2, 0, kind="reschedule", given=Given(due))], FIRST, VERSIONS)
    assert still_new.is_new
    assert still_new.due_at == due


def test_an_imported_memory_that_is_moved_counts_from_the_same_last_review():
    due = DEFAULTS.day.start_of(DEFAULTS.day.date_of(NOW) + timedelta(days=5))
    given = Given(due, 20, Decimal("2.30"), 4, 20.0, 6.0)
    moved = Given(due + timedelta(days=10))
    log = [_entry(1, 0, kind="import", given=given)]
    review = _entry(3, 15 * 1440, rating=Rating.GOOD)
    direct = steps([*log, review], FIRST, VERSIONS)[-1]
    log.append(_entry(2, 60, kind="reschedule", given=moved))
    after = steps([*log, review], FIRST, VERSIONS)[-1]
    assert direct.elapsed_days == after.elapsed_days == 30
    assert direct.after.stability == after.after.stability
    assert after.before.repetitions == 4
