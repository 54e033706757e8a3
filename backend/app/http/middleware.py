"""Pure ASGI middleware: request id and log, security headers, last-resort answers, guards.

No BaseHTTPMiddleware: one of it costs more than half of the requests per second.
"""

import re
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import Forbidden
from app.core.security import is_cross_origin
from app.http.bodies import RECORDINGS_PATH, WITHOUT_BODY
from app.models.base import new_id

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_SECURITY_HEADERS = {
    # Everything the pages use is served from here; nothing is inline (htmx: see the layout).
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; media-src 'self'; manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=()",
}
_HSTS = "max-age=31536000"
_log = structlog.get_logger()

Answer = Callable[[Request, Exception], Awaitable[Response]]


class RequestContext:
    """Gives each request an id (the client's, if it sent a sane one) and writes one log line."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else new_id().hex
        scope["lancar.request_id"] = request_id
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self.app(scope, receive, send_with_id)
        finally:
            if not scope["path"].startswith(("/static/", "/health/")):
                _log.info(
                    "request",
                    method=scope["method"],
                    path=scope["path"],
                    status=int(status),
                    duration_ms=round((time.perf_counter() - started) * 1000, 1),
                )


class HeadAsGet:
    """Answers HEAD as it answers GET, without the body (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, send_without_body)


class SecurityHeaders:
    """Adds the security headers, and `Cache-Control: no-store` to whatever sets no other."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
                if is_secure(scope):
                    headers.setdefault("Strict-Transport-Security", _HSTS)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class AnswerErrors:
    """Turns what no handler inside has answered into a response, so that it has all headers too."""

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        started = False

        async def note_start(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, note_start)
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            response = await self.answer(Request(scope, receive), error)
            await response(scope, receive, send)


class Guard:
    """Refuses forged cross-origin writes (403), and bodies for the API that are no JSON (415).

    Recordings come as they are.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http" and scope["method"] not in WITHOUT_BODY:
            headers, path = Headers(scope=scope), scope["path"]
            if is_cross_origin(scope["method"], headers):
                raise Forbidden("Requests from other sites are refused.")
            takes_json = path.startswith("/api/") and path != RECORDINGS_PATH
            if takes_json and _has_body(headers) and not _is_json(headers):
                raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        await self.app(scope, receive, send)


def _has_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


def _is_json(headers: Headers) -> bool:
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )


def is_secure(scope: Scope) -> bool:
    """Return whether the client speaks TLS, to us or to a proxy that says so.

    A client that lies in X-Forwarded-Proto only makes its own cookie stricter.
    """
    forwarded = Headers(scope=scope).get("x-forwarded-proto")
    return bool((forwarded or scope.get("scheme")) == "https")
