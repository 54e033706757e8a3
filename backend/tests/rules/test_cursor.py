"""Cursors: opaque, signed, bound to their query and order."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.core.errors import InvalidInput
from app.core.pagination import _keyset
from app.core.security import signer
from app.models import Lesson, Question, SRSCard, Subscription

A1 = select(Question).where(Question.level == "A1")
KEYSET = _keyset(A1, [Question.created_at.desc()])


@given(
    moment=st.datetimes(timezones=st.just(UTC)),
    key=st.uuids(),
    backwards=st.booleans(),
)
def test_a_cursor_carries_its_place_exactly(moment, key, backwards) -> None:
    cursor = KEYSET.sign([moment, key], backwards=backwards)
    assert KEYSET.read(cursor) == ([moment, key], backwards)
    assert cursor.isascii() and " " not in cursor


@given(number=st.decimals(min_value=0, max_value=9999, places=2), key=st.uuids())
def test_amounts_stay_exact(number, key) -> None:
    keyset = _keyset(select(Subscription), [Subscription.price])
    assert keyset.read(keyset.sign([number, key], backwards=False)) == ([number, key], False)


@given(st.text(max_size=100))
def test_an_invented_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        KEYSET.read(cursor)
    assert refusal.value.field == "cursor"


@given(st.integers(min_value=0), st.characters())
def test_an_altered_cursor_never_leads_elsewhere(place: int, character: str) -> None:
    values = [datetime(2026, 1, 1, tzinfo=UTC), UUID(int=7)]
    cursor = KEYSET.sign(values, backwards=False)
    place %= len(cursor)
    altered = cursor[:place] + character + cursor[place + 1 :]
    try:
        assert KEYSET.read(altered) == (values, False)  # base64 has two spare bits at its end
    except InvalidInput:
        assert altered != cursor


@pytest.mark.parametrize(
    "other",
    [
        _keyset(A1, [Question.created_at]),
        _keyset(A1, [Question.updated_at.desc()]),
        _keyset(A1, []),
        _keyset(select(Question).where(Question.level == "A2"), [Question.created_at.desc()]),
        _keyset(select(Question), [Question.created_at.desc()]),
        _keyset(select(SRSCard), [SRSCard.created_at.desc()]),
    ],
)
def test_a_cursor_of_another_list_is_refused(other) -> None:
    cursor = other.sign([datetime(2026, 1, 1, tzinfo=UTC)] * 2, backwards=False)
    with pytest.raises(InvalidInput, match="another list"):
        KEYSET.read(cursor)


def test_a_cursor_older_than_the_columns_is_refused() -> None:
    stale = signer().sign("cursor", [KEYSET.fingerprint, 0, "not a time", 5])
    with pytest.raises(InvalidInput, match="out of date"):
        KEYSET.read(stale)


@pytest.mark.parametrize(
    ("query", "order_by"),
    [
        (select(Question), [Question.level, Question.created_at.desc()]),
        (select(Lesson), [Lesson.published_at.desc()]),
        (select(Question), [Lesson.created_at]),
        (select(Question), ["created_at"]),
        (select(Question.id), [Question.id]),
        (select(Question, Lesson), [Question.id]),
    ],
)
def test_an_order_without_one_direction_or_with_nulls_is_refused(query, order_by) -> None:
    with pytest.raises(InvalidInput) as refusal:
        _keyset(query, order_by)
    assert refusal.value.field in {"order_by", "query"}


def test_a_nullable_column_is_accepted_once_nulls_are_left_out() -> None:
    query = select(Lesson).where(Lesson.status == "published", Lesson.published_at.is_not(None))
    assert [c.key for c in _keyset(query, [Lesson.published_at.desc()]).columns] == [
        "published_at",
        "id",
    ]
