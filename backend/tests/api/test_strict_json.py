"""JSON is taken as it is written: no value is taken for one of another type."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.api.v1.schemas.answers import AnswerIn
from app.core.database import Database
from app.models.base import new_id
from tests.api.running import APP, WITH_BODY, addresses, token_of

WRONG = {
    bool: ["yes", "no", "true", 1, 0],
    int: ["5", True, 1.0],
    float: ["0.9", True],
    str: [5, True],
}


def operations() -> Iterator[tuple[str, str, Any]]:
    """Yield method, path and example of every operation that takes JSON."""
    for path, methods in APP.openapi()["paths"].items():
        for method, operation in methods.items():
            media = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if media:
                yield method.upper(), path.replace("{", "").replace("}", ""), media["example"]


def mistyped(value: Any, place: str = "#") -> Iterator[tuple[str, Any]]:
    """Yield `value` with each of its parts in turn of a wrong type, and where that is."""
    if isinstance(value, dict):
        for name, part in value.items():
            for where, wrong in mistyped(part, f"{place}/{name}"):
                yield where, {**value, name: wrong}
    elif isinstance(value, list):
        for number, part in enumerate(value):
            for where, wrong in mistyped(part, f"{place}/{number}"):
                yield where, [*value[:number], wrong, *value[number + 1 :]]
    else:
        yield from ((place, wrong) for wrong in WRONG.get(type(value), []))


@pytest.fixture
async def admin(database: Database, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client who may use every route."""
    token = await token_of(database, f"{new_id().hex}@example.com", "admin")
    client.headers["Authorization"] = f"Bearer {token}"
    return client


@pytest.mark.parametrize(
    "operation", list(operations()), ids=lambda operation: " ".join(operation[:2])
)
async def test_no_value_of_a_body_is_taken_for_one_of_another_type(admin, operation):
    method, _, example = operation
    (address,) = [a for a in addresses(*WITH_BODY) if _is_at(a, operation)]
    for where, body in mistyped(example):
        answer = await admin.request(method, address.path, json=body)
        assert answer.status_code == 422, f"{where}: {body} {answer.text}"
        (field,) = {found["pointer"].split("/")[1] for found in answer.json()["errors"]}
        assert field == where.split("/")[1]


def _is_at(address, operation) -> bool:
    method, path, _ = operation
    parts, named = address.path.split("/"), path.split("/")
    fits = all(a == b or "_id" in b for a, b in zip(parts, named, strict=False))
    return address.method == method and len(parts) == len(named) and fits


async def test_no_part_of_an_answer_is_taken_for_one_of_another_type(admin):
    for response in AnswerIn.model_fields["response"].examples:
        for where, wrong in mistyped(response):
            body = {"id": str(new_id()), "question_id": str(new_id()), "response": wrong}
            answer = await admin.post("/api/v1/attempts", json=body)
            assert answer.status_code == 422, f"{where}: {body}"


async def test_who_may_not_come_in_hears_nothing_about_the_body(client):
    for body in (b"{}", b'{"points": 5}', b"no JSON"):
        answer = await client.put(
            f"/api/v1/attempts/{new_id()}/mark",
            content=body,
            headers={"Content-Type": "application/json"},
        )
        assert answer.status_code == 401
