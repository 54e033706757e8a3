"""Whatever JSON holds, given for any argument of any helper, works or is refused by name."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database_utils import DatabaseUtils
from app.core.errors import InvalidInput, NotFound
from app.models import Lesson, Question, VocabularyEntry
from app.models.base import new_id
from tests.factories import NOW

pytestmark = pytest.mark.each_version

WORD = {
    "slug": "tree", "headword": "tree", "part_of_speech": "noun", "ipa": "/triː/", "level": "A1",
    "meaning": "pohon", "example_en": "A tree.", "example_id": "Sebuah pohon.", "tags": [],
}  # fmt: skip
SEARCH = {
    "model": Question, "search_term": "past", "search_fields": ["stem"],
    "filters": {"level": "A1"},
}  # fmt: skip
ARGUMENTS: dict[str, dict[str, Any]] = {
    "search_full_text": SEARCH | {"limit": 5, "options": []},
    "find_matches": SEARCH | {"limit": 5, "options": []},
    "count_matches": SEARCH | {"cap": 5},
    "suggest": {"sources": [Lesson.topic], "term": "present"},
    "get_paginated": {"query": select(Lesson), "page": 1, "per_page": 5, "totals": "exact"},
    "get_keyset_page": {
        "query": select(Question), "order_by": [Question.created_at], "limit": 5, "cursor": None,
    },
    "bulk_insert": {"model": VocabularyEntry, "rows": [WORD]},
    "bulk_upsert": {
        "model": VocabularyEntry, "rows": [WORD], "conflict_columns": ["slug"],
        "update_columns": ["meaning"],
    },
    "bulk_export": {"source": Question, "format": "csv"},
    "get_user_statistics": {"user_id": new_id(), "now": NOW},
}  # fmt: skip
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["level", "A1", "stem", "slug", "2026-01-01", "exact", "created_at", 10**20]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*WORD, "created_at", "id", "\0"]), inner, max_size=3)
    ),
    max_leaves=6,
)


async def call(function: Callable[..., Any], db: AsyncSession, arguments: dict[str, Any]) -> None:
    if function is DatabaseUtils.bulk_export:
        _ = [chunk async for chunk in function(db, **arguments)]
    else:
        await function(db, **arguments)


def test_every_helper_is_here() -> None:
    helpers = {name for name in vars(DatabaseUtils) if not name.startswith("_")}
    assert helpers == ARGUMENTS.keys()


@pytest.mark.parametrize(
    ("name", "argument"), [(name, each) for name, given in ARGUMENTS.items() for each in given]
)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
async def test_any_json_for_any_argument_works_or_is_refused_by_name(
    db: AsyncSession, name: str, argument: str, data: st.DataObject
) -> None:
    values = VALUES
    if argument == "rows":
        fields = st.dictionaries(st.sampled_from(sorted(WORD)), VALUES, max_size=2)
        values |= st.lists(fields.map(lambda bad: WORD | bad), max_size=3)
    if argument == "filters":
        columns = ["level", "created_at", "difficulty", "author_id", "tags", "options", "stem"]
        values |= st.dictionaries(st.sampled_from(columns), VALUES, max_size=2)
    given_value = data.draw(values)
    refusal = None
    async with db.begin_nested() as savepoint:
        try:
            await call(getattr(DatabaseUtils, name), db, ARGUMENTS[name] | {argument: given_value})
        except InvalidInput as error:
            refusal = error
        except NotFound:
            assert name == "get_user_statistics"
        await savepoint.rollback()
    assert refusal is None or refusal.detail, "it says what is wanted"
