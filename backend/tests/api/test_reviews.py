"""The review queue and reviewing over HTTP."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.api.v1.schemas.reviews import Queue, ReviewOut, UndoOut
from app.core.database import Database
from app.models.base import new_id
from tests.factories import make_question, make_vocabulary


@pytest.fixture
async def items(database: Database):
    """A word and a question, as the cards API takes them."""
    word, question = make_vocabulary(), make_question()
    async with database.sessions() as session:
        session.add_all([word, question])
        await session.commit()
    return [
        {"item_type": "vocabulary", "item_id": str(word.id)},
        {"item_type": "question", "item_id": str(question.id)},
    ]


async def _queue(client, **query):
    answer = await client.get("/api/v1/reviews/due", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def _review(card, **fields):
    review = {"id": str(new_id()), "card_id": card["card_id"], "rating": 3}
    return review | {"state_token": card["state_token"]} | fields


async def test_cards_are_added_shown_reviewed_and_gone(client, signed_in, items):
    await signed_in()
    added = await client.post("/api/v1/cards", json={"items": items})
    assert (added.status_code, added.json()) == (201, {"added": 3})  # a word has two
    queue = await _queue(client)
    assert queue["counts"] == {"new": 2, "learning": 0, "review": 0}
    parsed = Queue.model_validate(queue)
    assert {card.item_type for card in parsed.cards} == {"vocabulary", "question"}
    for card in queue["cards"]:
        answer = await client.post("/api/v1/reviews", json=_review(card, rating=4))
        assert answer.status_code == 200, answer.text
        result = ReviewOut.model_validate(answer.json())
        assert result.interval_days == card["previews"]["4"]["interval_days"]
    assert (await _queue(client))["cards"] == []


async def test_a_repeat_returns_the_same_answer(client, signed_in, items):
    await signed_in()
    await client.post("/api/v1/cards", json={"items": items})
    (card,) = (await _queue(client, limit=1))["cards"]
    review = _review(card, duration_ms=900)
    first = await client.post("/api/v1/reviews", json=review)
    again = await client.post("/api/v1/reviews", json=review)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()


async def test_a_card_that_was_reviewed_meanwhile_is_a_conflict(client, signed_in, items):
    await signed_in()
    await client.post("/api/v1/cards", json={"items": items})
    (card,) = (await _queue(client, limit=1))["cards"]
    first = await client.post("/api/v1/reviews", json=_review(card))
    second = await client.post("/api/v1/reviews", json=_review(card))
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["code"] == "already_reviewed"


async def test_a_page_shown_twice_counts_one_rating_and_says_so(client, signed_in, items):
    await signed_in()
    await client.post("/api/v1/cards", json={"items": items})
    (card,) = (await _queue(client, limit=1))["cards"]
    form = {"card_id": card["card_id"], "state_token": card["state_token"], "rating": "3"}
    answers = [
        await client.post("/reviews", data=form | {"review_id": str(new_id())}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["location"] == "/reviews"
    page = await client.get(answers[1].headers["location"])
    assert "Kartu ini sudah diulang di tempat lain." in page.text


async def test_the_id_of_another_learners_review_is_a_conflict(client, signed_in, items):
    review_id = str(new_id())
    for status in (200, 409):
        await signed_in()
        await client.post("/api/v1/cards", json={"items": items})
        (card,) = (await _queue(client, limit=1))["cards"]
        answer = await client.post("/api/v1/reviews", json=_review(card, id=review_id))
        assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "conflict"


async def test_nobody_reviews_without_signing_in(client):
    for answer in (
        await client.get("/api/v1/reviews/due"),
        await client.get("/api/v1/reviews/export"),
        await client.get("/api/v1/cards"),
        await client.post("/api/v1/reviews", json={}),
        await client.post("/api/v1/reviews/undo", json={}),
        await client.post("/api/v1/cards/actions", json={}),
        await client.post("/api/v1/cards/import", json={}),
        await client.post("/api/v1/words", json={}),
        await client.post("/api/v1/cards", json={}),
        await client.get("/api/v1/reviews/due", headers={"Authorization": "Bearer nobody"}),
    ):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["code"] == "unauthenticated"


async def test_a_bearer_token_works_as_the_cookie_does(client, signed_in):
    await signed_in()
    token = client.cookies["__Host-lancar_session"]
    client.cookies.clear()
    answer = await client.get("/api/v1/reviews/due", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


async def test_a_forged_request_of_another_site_is_refused(client, signed_in):
    await signed_in()
    answer = await client.post("/api/v1/reviews", json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ("", "#"),
        ("[1]", "#"),
        ('{"id": 1}', "#/id"),
        ("{}", "#/card_id"),
        ('{"rating": 5}', "#/rating"),
        ('{"duration_ms": -1}', "#/duration_ms"),
        ('{"reviewed_at": "2026-03-02T05:00:00"}', "#/reviewed_at"),
        ('{"unknown": 1}', "#/unknown"),
        ('{"id": "\\ud800"}', "#"),
    ],
)
async def test_a_bad_review_names_each_field(client, signed_in, body, pointer):
    await signed_in()
    headers = {"Content-Type": "application/json"}
    answer = await client.post("/api/v1/reviews", content=body, headers=headers)
    assert answer.status_code == (400 if "ud800" in body else 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}


async def test_a_review_of_a_strange_card_or_of_no_time_is_refused(client, signed_in, items):
    await signed_in()
    await client.post("/api/v1/cards", json={"items": items})
    (card,) = (await _queue(client, limit=1))["cards"]
    strange = await client.post("/api/v1/reviews", json=_review(card, card_id=str(uuid4())))
    assert strange.status_code == 404
    long_ago = (datetime.now(UTC) - timedelta(days=31)).isoformat()
    for when in (
        long_ago,
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
    ):
        refused = await client.post("/api/v1/reviews", json=_review(card, reviewed_at=when))
        assert refused.status_code == 422, when
        assert refused.json()["errors"][0]["pointer"] == "#/reviewed_at"


async def test_a_device_whose_clock_is_ahead_reviews_now(client, signed_in, items):
    await signed_in()
    await client.post("/api/v1/cards", json={"items": items})
    (card,) = (await _queue(client, limit=1))["cards"]
    ahead = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    answer = await client.post("/api/v1/reviews", json=_review(card, reviewed_at=ahead, rating=1))
    assert answer.status_code == 200, answer.text
    due_at = datetime.fromisoformat(answer.json()["due_at"])
    assert due_at < datetime.now(UTC) + timedelta(minutes=2)


async def test_the_last_review_is_taken_back_once_and_its_card_is_shown_again(
    client, signed_in, items
):
    await signed_in()
    await client.post("/api/v1/cards", json={"items": items})
    (card,) = (await _queue(client, limit=1))["cards"]
    review = _review(card, rating=4)
    await client.post("/api/v1/reviews", json=review)
    undo = {"id": str(new_id())}
    answers = [await client.post("/api/v1/reviews/undo", json=undo) for _ in range(2)]
    for answer in answers:
        assert answer.status_code == 200, answer.text
        undone = UndoOut.model_validate(answer.json())
        assert str(undone.review_id) == review["id"]
        assert str(undone.card.card_id) == card["card_id"]
    assert (await _queue(client, limit=1))["cards"][0]["card_id"] == card["card_id"]
    empty = await client.post("/api/v1/reviews/undo", json={"id": str(new_id())})
    assert (empty.status_code, empty.json()["code"]) == (409, "nothing_to_undo")


async def test_the_same_undo_takes_back_an_action_and_then_the_review_before_it(
    client, signed_in, items
):
    await signed_in()
    await client.post("/api/v1/cards", json={"items": items})
    (card,) = (await _queue(client, limit=1))["cards"]
    await client.post("/api/v1/reviews", json=_review(card, rating=4))
    reset = {"action": "reset", "card_ids": [card["card_id"]]}
    await client.post("/api/v1/cards/actions", json=reset)
    actions = []
    for _ in range(2):
        answer = await client.post("/api/v1/reviews/undo", json={"id": str(new_id())})
        assert answer.status_code == 200, answer.text
        actions.append(UndoOut.model_validate(answer.json()).action)
    assert actions == ["reset", "review"]


async def test_a_downloaded_table_holds_no_formula(client, signed_in):
    await signed_in()
    word = {"headword": "=HYPERLINK(1)", "meaning": "x", "example": ""}
    assert (await client.post("/api/v1/words", json=word)).status_code == 201
    for card in (await _queue(client))["cards"]:
        await client.post("/api/v1/reviews", json=_review(card, rating=4, duration_ms=900))
    table = await client.get("/api/v1/reviews/export")
    (row,) = csv.DictReader(io.StringIO(table.text))
    assert row["item"] == "'=HYPERLINK(1)"


async def test_the_log_is_downloaded_as_csv_and_as_json_lines(client, signed_in, items):
    await signed_in()
    await client.post("/api/v1/cards", json={"items": items})
    for card in (await _queue(client))["cards"]:
        await client.post("/api/v1/reviews", json=_review(card, rating=4, duration_ms=900))
    await client.post("/api/v1/reviews/undo", json={"id": str(new_id())})
    table = await client.get("/api/v1/reviews/export")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="lancar-reviews.csv"' in table.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert sorted(row["kind"] for row in rows) == ["review", "review", "undo"]
    lines = await client.get("/api/v1/reviews/export", params={"format": "jsonl"})
    entries = [json.loads(line) for line in lines.text.splitlines()]
    assert [entry["id"] for entry in entries] == [row["id"] for row in rows]
    words = [entry for entry in entries if entry["item_type"] == "vocabulary"]
    assert words[0]["item"].startswith("word-")
    assert (words[0]["rating"], words[0]["duration_ms"]) == (4, 900)
    refused = await client.get("/api/v1/reviews/export", params={"format": "xml"})
    assert refused.status_code == 422


async def test_nobody_sees_the_log_of_another(client, signed_in, items):
    await signed_in()
    await client.post("/api/v1/cards", json={"items": items})
    (card,) = (await _queue(client, limit=1))["cards"]
    await client.post("/api/v1/reviews", json=_review(card))
    await signed_in()
    assert len((await client.get("/api/v1/reviews/export")).text.splitlines()) == 1
    assert (
        await client.post("/api/v1/reviews/undo", json={"id": str(new_id())})
    ).status_code == 409


@pytest.mark.parametrize("limit", ["0", "101", "x", ""])
async def test_a_bad_limit_is_named(client, signed_in, limit):
    await signed_in()
    answer = await client.get("/api/v1/reviews/due", params={"limit": limit})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "limit"


async def test_another_method_is_refused(client):
    answer = await client.delete("/api/v1/reviews")
    assert answer.status_code == 405
    assert "POST" in answer.headers["allow"]


async def test_cards_need_items_that_exist(client, signed_in):
    await signed_in()
    unknown = [{"item_type": "vocabulary", "item_id": str(UUID(int=1))}]
    assert (await client.post("/api/v1/cards", json={"items": unknown})).status_code == 404


async def test_hot_routes_explain_a_body_like_the_others(client, signed_in):
    await signed_in()
    headers = {"Content-Type": "application/json", "Accept-Language": "id"}
    for body in (b'{\n "id": }', b'{"id": "\xff"}', b"[" * 100_000, b"", b"{}", b"[]"):
        hot = await client.post("/api/v1/reviews", content=body, headers=headers)
        normal = await client.post("/api/v1/cards", content=body, headers=headers)
        assert hot.status_code == normal.status_code == (400 if len(body) > 2 else 422)
        assert hot.json()["detail"] == normal.json()["detail"]
        assert hot.json()["errors"][0]["detail"] == normal.json()["errors"][0]["detail"]
        assert hot.json()["errors"][0]["pointer"].startswith("#")


async def test_hot_routes_are_described_like_the_others(client):
    document = (await client.get("/api/v1/openapi.json")).json()
    for path, method in (
        ("/reviews", "post"),
        ("/reviews/due", "get"),
        ("/reviews/undo", "post"),
        ("/cards", "get"),
    ):
        operation = document["paths"]["/api/v1" + path][method]
        assert operation["summary"]
        assert operation["security"]
        assert {"200", "401", "422", "429"} <= set(operation["responses"])
        assert "$ref" in operation["responses"]["200"]["content"]["application/json"]["schema"]
    due = document["paths"]["/api/v1/reviews/due"]["get"]
    assert [parameter["name"] for parameter in due["parameters"]] == ["limit"]
    assert "ReviewIn" in str(document["paths"]["/api/v1/reviews"]["post"]["requestBody"])


async def test_hot_routes_count_against_the_rate_limit(client, signed_in, monkeypatch):
    from app.core.config import get_settings

    await signed_in()
    small = get_settings().model_copy(update={"RATE_LIMIT_PER_MINUTE": 3})
    monkeypatch.setattr("app.core.ratelimit.get_settings", lambda: small)
    statuses = [(await client.get("/api/v1/reviews/due")).status_code for _ in range(6)]
    assert statuses[-1] == 429
