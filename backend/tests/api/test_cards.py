"""The learner's collection of cards over HTTP."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.api.v1.schemas.cards import SM2_EXAMPLE, CardsPage
from app.core.database import Database
from tests.factories import make_vocabulary


@pytest.fixture
async def words(database: Database):
    """Three words, as the cards API takes them."""
    rows = [make_vocabulary() for _ in range(3)]
    async with database.sessions() as session:
        session.add_all(rows)
        await session.commit()
    return [{"item_type": "vocabulary", "item_id": str(row.id)} for row in rows]


async def _cards(client, **query):
    answer = await client.get("/api/v1/cards", params=query)
    assert answer.status_code == 200, answer.text
    return CardsPage.model_validate(answer.json())


async def test_cards_are_listed_page_by_page(client, signed_in, words):
    await signed_in()
    await client.post("/api/v1/cards", json={"items": words})
    first = await _cards(client, limit=4)
    second = await _cards(client, limit=4, cursor=first.next_cursor)
    assert (len(first.items), len(second.items), second.next_cursor) == (4, 2, None)
    assert [card.direction for card in first.items] == ["recognition", "production"] * 2
    assert all(card.back == "guru" and card.front for card in first.items)
    wrong = await client.get(
        "/api/v1/cards", params={"cursor": first.next_cursor, "sort": "lapses"}
    )
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["parameter"] == "cursor"


@pytest.mark.parametrize("query", [{"state": "lost"}, {"sort": "name"}, {"limit": "201"}])
async def test_a_bad_filter_is_named(client, signed_in, query):
    await signed_in()
    answer = await client.get("/api/v1/cards", params=query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == next(iter(query))


async def test_cards_that_are_offered_while_none_are_wanted_are_not_lost(client, signed_in, words):
    await signed_in()
    await client.patch("/api/v1/me", json={"preferences": {"new_cards_per_day": 0}})
    assert (await client.post("/api/v1/cards", json={"items": words})).json() == {"added": 6}
    assert (await client.get("/api/v1/reviews/due")).json()["cards"] == []
    await client.patch("/api/v1/me", json={"preferences": {"new_cards_per_day": 2}})
    assert (await client.get("/api/v1/reviews/due")).json()["counts"]["new"] == 2


async def test_cards_are_suspended_and_moved_all_or_none(client, signed_in, words):
    await signed_in()
    await client.post("/api/v1/cards", json={"items": words})
    ids = [str(card.card_id) for card in (await _cards(client)).items]
    action = {"action": "suspend", "card_ids": ids[:2]}
    assert (await client.post("/api/v1/cards/actions", json=action)).json() == {"changed": 2}
    assert len((await _cards(client, state="suspended")).items) == 2
    strange = await client.post(
        "/api/v1/cards/actions", json={"action": "unsuspend", "card_ids": [ids[0], str(uuid4())]}
    )
    assert strange.status_code == 404
    assert len((await _cards(client, state="suspended")).items) == 2
    day = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    move = {"action": "reschedule", "card_ids": ids[:1], "due_on": day}
    assert (await client.post("/api/v1/cards/actions", json=move)).status_code == 200
    assert (await _cards(client)).items[-1].next_review_date.isoformat() == day
    without = await client.post(
        "/api/v1/cards/actions", json={"action": "reschedule", "card_ids": ids[:1]}
    )
    assert without.status_code == 422
    assert without.json()["errors"][0]["pointer"] == "#/due_on"


async def test_a_word_of_ones_own_is_reviewed_like_the_others(client, signed_in):
    await signed_in()
    word = {"headword": "  to  wing it ", "meaning": "tanpa persiapan", "example": ""}
    added = await client.post("/api/v1/words", json=word)
    assert added.status_code == 201, added.text
    (card,) = (await client.get("/api/v1/reviews/due")).json()["cards"]
    assert card["item_id"] == added.json()["item_id"]
    assert (card["item_type"], card["direction"]) == ("personal", "recognition")
    assert card["item"] == {
        "headword": "to wing it",
        "meaning": "tanpa persiapan",
        "example": None,
    }
    again = await client.post("/api/v1/words", json=word)
    assert (again.status_code, again.json()["code"]) == (409, "word_exists")
    empty = await client.post("/api/v1/words", json=word | {"meaning": " "})
    assert empty.json()["errors"][0]["pointer"] == "#/meaning"


async def test_cards_of_another_program_are_taken_over(client, signed_in, database):
    async with database.sessions() as session:
        session.add(make_vocabulary(slug="teacher-noun", headword="teacher"))
        session.add(make_vocabulary(headword="Breakfast"))
        await session.commit()
    await signed_in()
    body = {"content": SM2_EXAMPLE}
    assert (await client.post("/api/v1/cards/import", json=body)).json() == {
        "imported": 2,
        "skipped": 0,
    }
    repeated = await client.post("/api/v1/cards/import", json=body)
    assert repeated.json() == {"imported": 0, "skipped": 2}
    line = '{"item": "nothing", "ease": 9, "interval": 3}'
    for content, format_ in ((line, "jsonl"), ("item,ease,interval\nnothing,9,3", "csv")):
        refused = await client.post(
            "/api/v1/cards/import", json={"content": content, "format": format_}
        )
        assert (refused.status_code, refused.json()["code"]) == (422, "import_refused")
        assert ", ease: " in refused.json()["detail"]


async def test_after_another_retention_cards_are_rescheduled_on_demand(client, signed_in, words):
    await signed_in()
    await client.post("/api/v1/cards", json={"items": words})
    due = (await client.get("/api/v1/reviews/due")).json()["cards"]
    for card in due:
        review = {"id": str(uuid4()), "card_id": card["card_id"], "rating": 4}
        await client.post("/api/v1/reviews", json=review)
    changed = {"preferences": {"maximum_interval_days": 2}}
    assert (await client.patch("/api/v1/me", json=changed)).status_code == 200
    offered = await client.get("/api/v1/cards/reschedule")
    moved = await client.post("/api/v1/cards/reschedule")
    assert offered.json() == moved.json() == {"cards": len(due), "due_today": 0}
    assert (await client.get("/api/v1/cards/reschedule")).json()["cards"] == 0
    undone = await client.post("/api/v1/reviews/undo", json={"id": str(uuid4())})
    assert (undone.json()["action"], undone.json()["changed"]) == ("reschedule", len(due))
