"""How a body arrives: too slowly, in part, in pieces; what the application sees of it."""

import asyncio
import json
from collections.abc import Iterable
from itertools import repeat

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from structlog.testing import capture_logs

from app.core.config import get_settings
from app.http.bodies import IN_MEMORY_BYTES, WholeBody
from app.main import create_app

HALF = {"type": "http.request", "body": b'{"email": ', "more_body": True}
GONE = {"type": "http.disconnect"}


def scope_of(path: str, method: str = "POST") -> dict:
    """Return the scope of a request without a session."""
    is_page = not path.startswith("/api/")
    media_type = b"application/x-www-form-urlencoded" if is_page else b"application/json"
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"content-type", media_type), (b"host", b"testserver")],
        "client": ("127.0.0.1", 1),
        "scheme": "https",
    }


async def answer_to(app, scope: dict, messages: Iterable[dict]) -> tuple[int, dict, bytes]:
    """Return status, headers and body of the answer to a client that sends only `messages`."""
    coming, sent = iter(messages), []

    async def receive():
        await asyncio.sleep(0)
        return next(coming, None) or await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(part.get("body", b"") for part in sent[1:])


@pytest.fixture
def hurried(monkeypatch):
    """Allow bodies hardly a pause."""
    settings = get_settings().model_copy(update={"BODY_PAUSE_SECONDS": 0.01})
    monkeypatch.setattr("app.http.bodies.get_settings", lambda: settings)


@pytest.mark.parametrize("path", ["/api/v1/sessions", "/api/v1/reviews", "/api/v1/nothing-here"])
async def test_a_body_without_progress_is_a_problem_and_ends_the_connection(hurried, path):
    status, headers, body = await answer_to(create_app(), scope_of(path), [HALF])
    assert (status, headers["connection"]) == (408, "close")
    assert headers["content-type"] == "application/problem+json"
    assert json.loads(body)["code"] == "request_timeout"


async def test_a_form_without_progress_is_a_page_and_ends_the_connection(hurried):
    status, headers, _ = await answer_to(create_app(), scope_of("/sign-in"), [HALF])
    assert (status, headers["connection"]) == (408, "close")
    assert headers["content-type"].startswith("text/html")


async def test_a_body_that_never_ends_is_too_slow_in_spite_of_its_progress(monkeypatch):
    settings = get_settings().model_copy(update={"BODY_SECONDS": 0.01})
    monkeypatch.setattr("app.http.bodies.get_settings", lambda: settings)

    nothing = {"type": "http.request", "body": b"", "more_body": True}
    status, _, _ = await answer_to(create_app(), scope_of("/sign-in"), repeat(nothing))
    assert status == 408


@pytest.mark.parametrize("path", ["/api/v1/sessions", "/api/v1/recordings", "/sign-in"])
async def test_a_client_that_hangs_up_in_its_body_leaves_no_trace(path):
    with capture_logs() as lines:
        status, headers, _ = await answer_to(create_app(), scope_of(path), [HALF, GONE])
    assert (status, headers["connection"]) == (400, "close")
    assert [line["event"] for line in lines] == ["request"]


@pytest.mark.parametrize("size", [0, 1, IN_MEMORY_BYTES, IN_MEMORY_BYTES + 1, 1_000_000])
async def test_the_application_sees_the_body_as_it_was_sent(size):
    sent = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    pieces = [sent[start : start + 50_000] for start in range(0, size, 50_000)] or [b""]
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages[-1]["more_body"] = False
    seen = {}

    async def app(scope, receive, send):
        seen["body"] = await Request(scope, receive).body()
        seen["then"] = await receive()
        await JSONResponse(None)(scope, receive, send)

    await answer_to(WholeBody(app), scope_of("/"), [*messages, GONE])
    assert seen == {"body": sent, "then": GONE}


async def test_nothing_runs_before_the_body_is_there():
    order = []

    async def receive():
        order.append("a part arrives")
        return {"type": "http.request", "body": b"x", "more_body": len(order) < 3}

    async def app(*_):
        order.append("the application runs")

    await WholeBody(app)(scope_of("/"), receive, None)
    assert order == [*["a part arrives"] * 3, "the application runs"]
