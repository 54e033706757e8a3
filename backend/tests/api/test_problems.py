"""Errors over HTTP: their form, their language, and what they do not tell."""

from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import StreamingResponse

from app import main
from app.api.problems import preferred_language
from app.core.errors import InvalidInput

router = APIRouter(prefix="/trial", tags=["trial"])


class Inner(BaseModel):
    secret: int


class Body(BaseModel):
    items: list[Inner]


@router.post("/body")
async def take(body: Body) -> None:
    """Take a body."""


@router.get("/query")
async def ask(limit: Annotated[int, Query(ge=1)]) -> None:
    """Take a parameter."""


@router.get("/fault")
async def fail() -> None:
    """Fail as code with a bug does."""
    raise RuntimeError("password=hunter2")


@router.get("/refused")
async def refuse() -> None:
    """Refuse a value in two languages."""
    raise InvalidInput("Too short.", "Terlalu pendek.", field="name")


@router.get("/broken-stream")
async def broken_stream() -> StreamingResponse:
    """Fail after the answer has begun."""

    async def parts():
        yield b"first"
        raise RuntimeError("too late for another answer")

    return StreamingResponse(parts())


@pytest.fixture
async def client():
    """The application with the routes above added to its API. No database: errors need none."""
    app = main.create_app()
    app.include_router(router, prefix="/api")
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://testserver") as client:
        yield client


async def test_a_problem_has_the_form_of_rfc_9457(client):
    answer = await client.get("/api/v1/nothing-here", headers={"X-Request-ID": "trace-0123456789"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == "trace-0123456789"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "This does not exist, or it is not yours.",
        "instance": "/api/v1/nothing-here",
        "code": "not_found",
        "request_id": "trace-0123456789",
    }


async def test_a_wrong_method_says_which_are_right(client):
    answer = await client.put("/api/v1/me", json={})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert set(answer.headers["allow"].split(", ")) <= {"GET", "PATCH"}


async def test_every_refused_value_of_a_body_is_pointed_at_and_none_is_repeated(client):
    answer = await client.post(
        "/api/trial/body", json={"items": [{"secret": "hunter2"}, {"secret": 1}, {}]}
    )
    assert answer.status_code == 422
    pointers = [error["pointer"] for error in answer.json()["errors"]]
    assert pointers == ["#/items/0/secret", "#/items/2/secret"]
    assert "hunter2" not in answer.text


@pytest.mark.parametrize(
    ("content", "content_type"),
    [(b"{", "application/json"), (b"", "application/json"), (b"{}", "text/plain"), (b"\xff", "")],
)
async def test_a_body_that_is_no_json_is_a_problem_too(client, content, content_type):
    answer = await client.post(
        "/api/trial/body", content=content, headers={"Content-Type": content_type}
    )
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_refused_parameter_is_named(client):
    answer = await client.get("/api/trial/query", params={"limit": 0})
    assert [error["parameter"] for error in answer.json()["errors"]] == ["limit"]


async def test_a_bug_is_answered_without_a_word_about_it_and_with_all_headers(client):
    answer = await client.get("/api/trial/fault")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "hunter2" not in answer.text and "RuntimeError" not in answer.text
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert "content-security-policy" in answer.headers


async def test_a_fault_after_the_beginning_of_an_answer_does_not_begin_another(client):
    with pytest.raises(RuntimeError, match="too late"):
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(client._transport.app), base_url="https://testserver"
        ) as strict:
            await strict.get("/api/trial/broken-stream")


@pytest.mark.parametrize(
    ("accepted", "detail"),
    [
        (None, "Too short."),
        ("id", "Terlalu pendek."),
        ("id-ID,id;q=0.9,en-US;q=0.8,en;q=0.7", "Terlalu pendek."),
        ("en-US,en;q=0.9,id;q=0.8", "Too short."),
        ("id;q=0.3, en;q=0.9", "Too short."),
        ("id;q=0, *", "Too short."),
        ("fr", "Too short."),
        (";;q=x,,id;q=zero", "Too short."),
    ],
)
async def test_a_problem_is_told_in_the_language_of_the_client(client, accepted, detail):
    headers = {"Accept-Language": accepted} if accepted else {}
    body = (await client.get("/api/trial/refused", headers=headers)).json()
    assert body["detail"] == body["errors"][0]["detail"] == detail
    assert body["title"] == "Unprocessable Entity"


def test_the_default_language_is_the_callers_choice():
    request = Request({"type": "http", "headers": []})
    assert preferred_language(request, default="id") == "id"


async def test_a_body_over_a_mebibyte_is_refused_declared_or_not(client):
    async def unannounced():
        for _ in range(20):
            yield b" " * 65_536

    for content in (b" " * 1_048_577, unannounced()):
        answer = await client.post(
            "/api/v1/sessions", content=content, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_person_gets_a_page_and_a_program_a_problem(client):
    page = await client.get("/nothing-here")
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "x-request-id" in page.headers


@pytest.mark.parametrize("path", ["/", "/health/live", "/nothing-here", "/api/v1/me"])
async def test_every_answer_carries_the_security_headers(client, path):
    headers = (await client.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert headers["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with space 123", "line\tbreak"])
async def test_a_request_id_that_could_forge_a_log_line_is_replaced(client, given):
    answer = await client.get("/health/live", headers={"X-Request-ID": given})
    assert len(answer.headers["x-request-id"]) == 32
