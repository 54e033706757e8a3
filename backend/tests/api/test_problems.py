"""Errors over HTTP: their form, their language, and what they do not tell."""

import errno
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, ValidationError
from starlette.requests import Request
from starlette.responses import StreamingResponse
from structlog.testing import capture_logs

from app import main
from app.core.config import get_settings
from app.core.errors import InvalidInput
from app.core.telemetry import configure_logging
from app.http.findings import describe_finding
from app.http.problems import preferred_language

JSON = {"Content-Type": "application/json"}

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


@router.get("/page")
async def turn_page(cursor: str) -> None:
    """Refuse a parameter, in the words of a programmer."""
    raise InvalidInput("this is no cursor", field="cursor")


@router.get("/fault")
async def fail() -> None:
    """Fail as code with a bug does."""
    raise RuntimeError("password=hunter2")


@router.get("/away")
async def lose_database() -> None:
    """Fail as everything does while the database is away."""
    raise ConnectionRefusedError


@router.post("/refused")
async def refuse() -> None:
    """Refuse a value in two languages."""
    raise InvalidInput("Too short.", "Terlalu pendek.", field="name")


@router.get("/full")
async def fill_the_disk() -> None:
    """Fail as a full disk does."""
    raise OSError(errno.ENOSPC, "No space left on device")


@router.get("/broken-stream")
async def broken_stream() -> StreamingResponse:
    """Fail after the answer has begun."""

    async def parts():
        yield b"first"
        raise RuntimeError("too late for another answer")

    return StreamingResponse(parts())


@pytest.fixture(scope="module")
def app():
    """The application with the routes above added to its API."""
    app = main.create_app()
    app.include_router(router, prefix="/api")
    return app


@pytest.fixture
async def client(app, monkeypatch):
    """A client of it. No database: errors need none."""
    monkeypatch.setattr("app.http.repeating.SECONDS", 0)
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


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/v1/me", "GET, HEAD, PATCH"),
        ("/api/v1/reviews", "POST"),
        ("/api/v1/cards", "GET, HEAD, POST"),
        ("/api/v1/placement-tests/current", "DELETE, GET, HEAD"),
        ("/api/v1/openapi.json", "GET, HEAD"),
        ("/sign-in", "GET, HEAD, POST"),
        ("/cards/actions", "POST"),
        ("/health/live", "GET, HEAD"),
        ("/static/css/nothing.css", "GET, HEAD"),
    ],
)
async def test_a_wrong_method_says_which_are_right(client, method, path, allowed):
    if method in allowed.split(", "):
        return
    answer = await client.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


async def test_every_refused_value_of_a_body_is_pointed_at_and_none_is_repeated(client):
    answer = await client.post(
        "/api/trial/body", json={"items": [{"secret": "hunter2"}, {"secret": 1}, {}]}
    )
    assert answer.status_code == 422
    pointers = [error["pointer"] for error in answer.json()["errors"]]
    assert pointers == ["#/items/0/secret", "#/items/2/secret"]
    assert "hunter2" not in answer.text


MALFORMED = [
    (b'{\n "items": }', "The body is not valid JSON: see line 2, column 11."),
    (b'{"items": "\xff"}', "The body is not UTF-8."),
    (b"[" * 100_000, "The body is nested too deeply."),
    (b"1" * 5_000, "The body is not valid JSON."),
]


@pytest.mark.parametrize(("content", "detail"), MALFORMED)
async def test_a_body_that_is_no_json_is_explained(client, content, detail):
    answer = await client.post("/api/trial/body", content=content, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_body")
    assert answer.json()["errors"] == [{"detail": detail, "pointer": "#"}]


async def test_an_empty_body_is_missing(client):
    answer = await client.post("/api/trial/body", content=b"", headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"detail": "This is required.", "pointer": "#"}]


@pytest.mark.parametrize("path", ["/api/trial/body", "/api/v1/attempts", "/api/v1/reviews"])
@pytest.mark.parametrize("sent_as", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_body_that_is_not_sent_as_json_is_refused(client, path, sent_as):
    answer = await client.post(path, content=b"{}", headers={"Content-Type": sent_as})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert "application/json" in answer.json()["detail"]


@pytest.mark.parametrize("sent_as", ["application/json; charset=utf-8", "Application/LD+JSON"])
async def test_every_kind_of_json_is_taken(client, sent_as):
    answer = await client.post(
        "/api/trial/body", content=b'{"items": []}', headers={"Content-Type": sent_as}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("accepted", "details"),
    [
        ("en", ["This is required.", "This must be a whole number."]),
        ("id", ["Isian ini wajib ada.", "Isian ini harus berupa bilangan bulat."]),
    ],
)
async def test_what_is_wrong_with_a_value_is_told_in_the_language_of_the_client(
    client, accepted, details
):
    answer = await client.post(
        "/api/trial/body",
        json={"items": [{}, {"secret": "x"}]},
        headers={"Accept-Language": accepted},
    )
    assert [error["detail"] for error in answer.json()["errors"]] == details


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_finding_is_a_sentence_without_the_refused_value(language):
    class Everything(BaseModel):
        model_config = {"extra": "forbid"}
        text: Annotated[str, Field(min_length=3, pattern="^x")]
        long: Annotated[str, Field(max_length=3)]
        many: Annotated[list[int], Field(max_length=1)]
        few: Annotated[list[int], Field(min_length=1)]
        level: Literal["A1", "A2"]
        key: UUID
        at: AwareDatetime
        share: Annotated[float, Field(le=1)]
        flag: bool
        own: Annotated[int, AfterValidator(_refuse)]
        inner: Inner

    values = {
        "text": "hu", "long": "hunter2", "many": [1, 2], "few": [], "level": "hunter2",
        "key": "hunter2", "at": "2026-01-01T00:00:00", "share": 1.5, "flag": "hunter2",
        "own": 1, "inner": "hunter2", "hunter": "hunter2",
    }  # fmt: skip
    with pytest.raises(ValidationError) as caught:
        Everything.model_validate(values)
    found = [describe_finding(dict(item), language) for item in caught.value.errors()]
    assert len(found) == len(values)
    for sentence in found:
        assert sentence[0].isupper() and sentence.endswith(".")
        assert "hunter2" not in sentence and "{" not in sentence
    assert not set(found) & {"Isian ini tidak valid."} or language == "id"
    assert {"id": "Isian ini harus 'A1' atau 'A2'.", "en": "This must be 'A1' or 'A2'."}[
        language
    ] in found


def _refuse(_value: int) -> int:
    raise ValueError("nobody likes this number")


async def test_the_domain_names_a_parameter_where_there_is_no_body(client):
    answer = await client.get("/api/trial/page", params={"cursor": "x"})
    assert answer.json()["errors"] == [{"detail": "This is no cursor.", "parameter": "cursor"}]


async def test_a_refused_parameter_is_named(client):
    answer = await client.get("/api/trial/query", params={"limit": 0})
    assert [error["parameter"] for error in answer.json()["errors"]] == ["limit"]


async def test_a_bug_is_answered_without_a_word_about_it_and_with_all_headers(client):
    answer = await client.get("/api/trial/fault")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "hunter2" not in answer.text and "RuntimeError" not in answer.text
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert "content-security-policy" in answer.headers


async def test_a_full_disk_asks_to_come_again(client):
    answer = await client.get("/api/trial/full")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0


async def test_a_form_that_finds_no_room_on_the_disk_asks_to_come_again(client, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("starlette.formparsers.SpooledTemporaryFile", full)
    answer = await client.post("/sign-in", files={"audio": b"x"})
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


@pytest.fixture
def full_log(monkeypatch):
    """Write the log to a disk without room."""
    full = Path("/dev/full").open("w", buffering=1)  # noqa: SIM115 - closing it fails
    with monkeypatch.context() as patch:
        patch.setattr("sys.stderr", full)
        configure_logging(get_settings())
        yield
    configure_logging(get_settings())
    with suppress(OSError):
        full.close()


async def test_a_log_that_finds_no_room_on_the_disk_fails_no_request(client, full_log):
    assert (await client.get("/api/trial/fault")).status_code == 500
    assert (await client.get("/health/live")).status_code == 200


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
    body = (await client.post("/api/trial/refused", headers=headers)).json()
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


@pytest.mark.parametrize(
    ("accepted", "media_type"),
    [
        ("application/json", "application/problem+json"),
        ("application/problem+json, application/json;q=0.9", "application/problem+json"),
        ("text/html, application/json", "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
    ],
)
async def test_a_program_that_asks_for_json_gets_it_anywhere(client, accepted, media_type):
    answer = await client.get("/nothing-here", headers={"Accept": accepted})
    assert (answer.status_code, answer.headers["content-type"]) == (404, media_type)


@pytest.mark.parametrize("path", ["/api/v1/lessons/", "/lessons/"])
async def test_a_slash_at_the_end_is_another_address(client, path):
    answer = await client.get(path, headers={"Host": "elsewhere.example"})
    assert answer.status_code == 404
    assert "location" not in answer.headers


async def test_a_database_that_is_away_is_logged_without_a_traceback_and_a_fault_with_one(client):
    with capture_logs() as lines:
        assert (await client.get("/api/trial/away")).status_code == 503
        assert (await client.get("/api/trial/fault")).status_code == 500
    away, fault = [line for line in lines if line["event"] == "request_failed"]
    assert (away["log_level"], away["cause"]) == ("warning", "ConnectionRefusedError")
    assert "exc_info" not in away
    assert isinstance(fault["exc_info"], RuntimeError)


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
