"""Many rows in and out: all of them or none, and errors that name row and field."""

import csv
import json
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.bulk import COPY_THRESHOLD, BulkRefused, UpsertResult, copy_records
from app.core.database import Database
from app.core.database_utils import DatabaseUtils
from app.core.errors import InvalidInput
from app.models import Question, QuestionAttempt, SRSCard, User
from app.models.base import new_id
from app.questions.types.true_false import TrueFalseKey
from tests.factories import NOW, make_user

pytestmark = pytest.mark.each_version

bulk_insert = DatabaseUtils.bulk_insert
bulk_upsert = DatabaseUtils.bulk_upsert
BOTH_PATHS = pytest.mark.parametrize("count", [3, COPY_THRESHOLD + 1], ids=["INSERT", "COPY"])


def question(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "slug": f"q-{number}",
        "stem": f"Is {number} even?",
        "type": "true_false",
        "answer_key": {"type": "true_false", "value": number % 2 == 0},
        "explanation": None,
        "level": "A1",
        "skill": "grammar",
        "tags": ["numbers", "a,b"],
    } | fields


def questions(count: int) -> list[dict[str, Any]]:
    return [question(number) for number in range(1, count + 1)]


async def count_questions(db: AsyncSession) -> int:
    return await db.scalar(select(func.count()).select_from(Question)) or 0


# --- insert ---------------------------------------------------------------------------------------


@BOTH_PATHS
async def test_rows_are_inserted_as_the_orm_would(db: AsyncSession, count: int) -> None:
    assert await bulk_insert(db, Question, iter(questions(count))) == count
    stored = await db.scalar(select(Question).where(Question.slug == "q-2"))
    assert stored.answer_key == TrueFalseKey(type="true_false", value=True)
    assert stored.id.version == 7
    assert (stored.status, stored.difficulty, stored.tags) == ("draft", 3, ["numbers", "a,b"])
    assert stored.created_at is not None
    found = await DatabaseUtils.search_full_text(db, Question, "is 2 even")
    assert found == [stored], "the generated column is there"
    assert await count_questions(db) == count


@BOTH_PATHS
async def test_every_type_of_column_arrives(db: AsyncSession, count: int) -> None:
    user = make_user()
    db.add(user)
    await db.flush()
    rows = [
        {
            "user_id": user.id,
            "item_type": "question",
            "item_id": new_id(),
            "interval": number,
            "ease_factor": Decimal("2.36"),
            "next_review_date": "2026-03-02",
            "due_at": NOW,
            "is_learning": False,
            "stability": 3,
            "difficulty": 5.5,
        }
        for number in range(count)
    ]
    await bulk_insert(db, SRSCard, rows)
    card = await db.scalar(select(SRSCard).where(SRSCard.interval == 2))
    assert (card.ease_factor, card.next_review_date) == (Decimal("2.36"), NOW.date())
    assert (card.due_at, card.is_learning, card.stability) == (NOW, False, 3.0)


async def test_nothing_to_insert_is_no_error(db: AsyncSession) -> None:
    assert await bulk_insert(db, Question, []) == 0
    assert await bulk_upsert(db, Question, [], ["slug"], ["stem"]) == UpsertResult(0, 0, 0)


BAD = [
    ({"colour": "red"}, "colour", "no such column"),
    ({"search_vector": "x"}, "search_vector", "no such column"),
    ({"level": 3}, "level", "wants str"),
    ({"difficulty": "3"}, "difficulty", "wants int"),
    ({"difficulty": True}, "difficulty", "wants int"),
    ({"stem": "nul\0"}, "stem", "characters"),
    ({"stem": "\ud800"}, "stem", "characters"),
    ({"created_at": NOW.replace(tzinfo=None)}, "created_at", "naive"),
    ({"created_at": "2026-01-01"}, "created_at", "wants a time with its zone"),
    ({"created_at": "soon"}, "created_at", "wants a time with its zone"),
    ({"difficulty": 10**12}, "difficulty", "is out of range"),
    ({"stem": {"en": "Hm?"}}, "stem", "wants str"),
    ({"level": "A" * 11}, "level", "is too long"),
    ({"tags": "abc"}, "tags", "wants a list"),
    ({"tags": {"a": 1}}, "tags", "wants a list"),
    ({"tags": [None]}, "tags", "holds null"),
    ({"tags": [1]}, "tags", "wants str"),
    ({"tags": [["a"]]}, "tags", "wants str"),
    ({"tags": ["nul\0"]}, "tags", "characters"),
    ({"author_id": "me"}, "author_id", "is no UUID"),
    (
        {"answer_key": {"type": "true_false", "value": "maybe"}},
        "answer_key.true_false.value",
        "boolean",
    ),
    ({"answer_key": {"type": "riddle"}}, "answer_key", "riddle"),
]


@BOTH_PATHS
@pytest.mark.parametrize(("bad", "field", "reason"), BAD, ids=[str(list(b[0])) for b in BAD])
async def test_a_row_that_does_not_fit_is_named(
    db: AsyncSession, count: int, bad: dict[str, Any], field: str, reason: str
) -> None:
    shape = {name: None for name in bad if name in {"created_at", "difficulty", "author_id"}}
    shape |= {"created_at": NOW} if "created_at" in bad else {}
    shape |= {"difficulty": 3} if "difficulty" in bad else {}
    rows = [row | shape for row in questions(count)]
    rows[1] |= bad
    with pytest.raises(BulkRefused, match=reason) as refusal:
        await bulk_insert(db, Question, rows)
    assert (refusal.value.row, refusal.value.field) == (2, field)
    assert await count_questions(db) == 0, "nothing is half-written, and the session goes on"


@BOTH_PATHS
@pytest.mark.parametrize(
    ("bad", "field", "reason"),
    [
        ({"level": "C2"}, "level", "questions_level_check"),
        ({"slug": "Not A Slug"}, "slug", "questions_slug_check"),
        ({"slug": "q-1"}, "slug", "already exists"),
        ({"stem": None}, "stem", "null value"),
    ],
)
async def test_a_row_that_the_database_refuses_is_named(
    db: AsyncSession, count: int, bad: dict[str, Any], field: str | None, reason: str
) -> None:
    rows = [row | {"difficulty": 3} for row in questions(count)]
    rows[1] |= bad
    with pytest.raises(BulkRefused, match=reason) as refusal:
        await bulk_insert(db, Question, rows)
    assert (refusal.value.row, refusal.value.field) == (2, field)
    assert await count_questions(db) == 0


@BOTH_PATHS
async def test_a_missing_parent_is_named(db: AsyncSession, count: int) -> None:
    rows = [row | {"author_id": None} for row in questions(count)]
    rows[1]["author_id"] = new_id()
    with pytest.raises(BulkRefused, match="is not present") as refusal:
        await bulk_insert(db, Question, rows)
    assert (refusal.value.row, refusal.value.field) == (2, "author_id")


async def test_rows_share_the_fields_of_the_first(db: AsyncSession) -> None:
    with pytest.raises(BulkRefused, match="fields of the first") as refusal:
        await bulk_insert(db, Question, [question(1), question(2, difficulty=2)])
    assert (refusal.value.row, refusal.value.field) == (2, "difficulty")
    with pytest.raises(BulkRefused, match="is missing") as refusal:
        await bulk_insert(db, Question, [{"stem": "Alone"}])
    assert (refusal.value.row, refusal.value.field) == (1, "type")
    with pytest.raises(InvalidInput):
        await bulk_insert(db, dict, [{}])


async def test_a_large_copy_is_undone_with_its_transaction(fresh_database: Database) -> None:
    async with fresh_database.sessions() as session:
        await bulk_insert(session, Question, questions(COPY_THRESHOLD + 1))
        assert await session.scalar(text("SHOW statement_timeout")) == "15s", "restored"
        await session.rollback()
        assert await count_questions(session) == 0


# --- upsert ---------------------------------------------------------------------------------------


async def test_upsert_adds_changes_and_leaves_alone(db: AsyncSession) -> None:
    await bulk_insert(db, Question, questions(3))
    before = {q.slug: (q.id, q.updated_at) for q in await db.scalars(select(Question))}
    rows = [question(1), question(2, stem="Is two even?"), question(4)]
    rows[2]["level"] = "B1"
    result = await bulk_upsert(db, Question, rows, ["slug"], ["stem"])
    assert result == UpsertResult(inserted=1, updated=1, unchanged=1)
    db.expire_all()
    after = {q.slug: q for q in await db.scalars(select(Question))}
    assert after["q-2"].stem == "Is two even?"
    assert after["q-2"].id == before["q-2"][0]
    assert after["q-2"].updated_at > before["q-2"][1]
    assert after["q-1"].updated_at == before["q-1"][1]
    assert (after["q-4"].level, len(after)) == ("B1", 4)


async def test_upsert_without_update_columns_only_adds(db: AsyncSession) -> None:
    await bulk_insert(db, Question, questions(1))
    rows = [question(1, stem="Changed?"), question(2)]
    assert await bulk_upsert(db, Question, rows, ["slug"], []) == UpsertResult(1, 0, 1)
    assert await db.scalar(select(Question.stem).where(Question.slug == "q-1")) == "Is 1 even?"


async def test_upsert_works_twice_in_a_transaction_and_on_odd_names(db: AsyncSession) -> None:
    user = make_user()
    db.add(user)
    await db.flush()
    item = new_id()
    row = {
        "user_id": user.id,
        "item_type": "question",
        "item_id": item,
        "direction": "recognition",
        "interval": 1,
        "next_review_date": NOW.date(),
    }
    key = ["user_id", "item_type", "item_id", "direction"]
    assert await bulk_upsert(db, SRSCard, [row], key, ["interval"]) == UpsertResult(1, 0, 0)
    row["interval"] = 9
    assert await bulk_upsert(db, SRSCard, [row], key, ["interval"]) == UpsertResult(0, 1, 0)


@pytest.mark.parametrize(
    ("row", "bad", "field", "reason"),
    [
        (7, {"level": "C2"}, "level", "questions_level_check"),
        (10, {"stem": None}, "stem", "null value"),
        (1, {"author_id": new_id()}, "author_id", "is not present"),
        (3, {"slug": "q-2"}, "slug", "the same as in row 2"),
        (4, {"difficulty": "3"}, "difficulty", "wants int"),
        (5, {"difficulty": 10**12}, "difficulty", "range"),
    ],
)
async def test_a_refused_upsert_names_the_row_and_writes_nothing(
    db: AsyncSession, row: int, bad: dict[str, Any], field: str | None, reason: str
) -> None:
    rows = [r | {"author_id": None, "difficulty": 3} for r in questions(10)]
    rows[row - 1] |= bad
    with pytest.raises(BulkRefused, match=reason) as refusal:
        await bulk_upsert(db, Question, rows, ["slug"], ["stem"])
    assert (refusal.value.row, refusal.value.field) == (row, field)
    assert await count_questions(db) == 0


@pytest.mark.parametrize(
    ("conflict", "update", "field"),
    [
        (["stem"], ["level"], "conflict_columns"),
        (["colour"], ["level"], "conflict_columns"),
        (["slug"], ["colour"], "update_columns"),
        (["slug"], ["search_vector"], "update_columns"),
        (["slug"], "stem", "update_columns"),
    ],
)
async def test_columns_of_an_upsert_are_checked(db: AsyncSession, conflict, update, field) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await bulk_upsert(db, Question, [question(1)], conflict, update)
    assert refusal.value.field == field


# --- export ---------------------------------------------------------------------------------------


async def read(db: AsyncSession, *arguments: Any) -> str:
    return b"".join([chunk async for chunk in DatabaseUtils.bulk_export(db, *arguments)]).decode()


async def test_json_lines_hold_the_stored_values(db: AsyncSession) -> None:
    await bulk_insert(db, Question, questions(2))
    lines = [json.loads(line) for line in (await read(db, Question)).splitlines()]
    assert [line["slug"] for line in lines] == ["q-1", "q-2"]
    assert lines[0]["answer_key"] == {"type": "true_false", "value": False}
    assert lines[0]["tags"] == ["numbers", "a,b"]
    assert lines[0]["options"] is None
    assert lines[0]["created_at"].endswith("Z")
    assert "search_vector" not in lines[0]


async def test_csv_quotes_what_needs_it(db: AsyncSession) -> None:
    rows = [question(1, stem='He said "no",\nthen left.'), question(2)]
    await bulk_insert(db, Question, rows)
    query = select(Question.slug, Question.stem, Question.tags, Question.answer_key)
    text = await read(db, query.order_by(Question.slug), "csv")
    first, second = csv.DictReader(text.splitlines(keepends=True))
    assert first["stem"] == 'He said "no",\nthen left.'
    assert json.loads(second["tags"]) == ["numbers", "a,b"]
    assert json.loads(second["answer_key"]) == {"type": "true_false", "value": True}


async def test_what_is_exported_can_be_inserted_again(db: AsyncSession) -> None:
    await bulk_insert(db, Question, questions(2))
    rows = [json.loads(line) for line in (await read(db, Question)).splitlines()]
    kept = [
        {k: v for k, v in r.items() if k not in {"id", "created_at", "updated_at"}} for r in rows
    ]
    result = await bulk_upsert(db, Question, kept, ["slug"], ["stem", "answer_key", "tags"])
    assert result == UpsertResult(0, 0, 2)


async def test_an_unknown_source_or_format_is_refused(db: AsyncSession) -> None:
    for arguments in ((Question, "xml"), (dict, "csv")):
        with pytest.raises(InvalidInput):
            await read(db, *arguments)


async def test_logs_can_be_filled_but_users_stay_whole(db: AsyncSession) -> None:
    with pytest.raises(BulkRefused) as refusal:
        await bulk_insert(db, QuestionAttempt, [{"user_id": new_id()}])
    assert refusal.value.reason == "is missing"
    assert await db.scalar(select(func.count()).select_from(User)) == 0


async def test_a_copy_is_undone_with_its_session_even_as_the_first_thing_in_it(
    fresh_database: Database,
):
    async with fresh_database.sessions() as session:
        records = [(new_id(), "undone", "Undone")]
        await copy_records(session, "paths", ["id", "slug", "title"], records)
        await session.rollback()
        assert await session.scalar(text("SELECT count(*) FROM paths")) == 0


async def test_a_copy_that_could_not_be_undone_is_refused(fresh_database: Database):
    async with fresh_database.read_sessions() as session:
        with pytest.raises(RuntimeError, match="needs a transaction"):
            await copy_records(session, "paths", ["slug"], [("a",)])
