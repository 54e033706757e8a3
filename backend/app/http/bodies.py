"""Request bodies are read whole before anything is done for them, bounded in size and in time."""

import asyncio
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import ClassVar

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.config import get_settings
from app.core.errors import DomainError
from app.models.progress import MAX_RECORDING_BYTES

MAX_BODY_BYTES = 1_048_576
RECORDINGS_PATH = "/api/v1/recordings"
WITHOUT_BODY = {"GET", "HEAD", "OPTIONS", "TRACE"}
# What lies in memory of each body that is coming in; the rest waits in a temporary file.
IN_MEMORY_BYTES = 65_536


class BodyTooSlow(DomainError):
    """The body paused too long, or took too long as a whole."""

    code = "request_timeout"
    status = HTTPStatus.REQUEST_TIMEOUT
    message = "The body did not arrive in time. Please send it again."
    message_id = "Isi permintaan tidak tiba tepat waktu. Silakan kirim lagi."
    headers: ClassVar = {"Connection": "close"}  # the rest of the body may still be on its way


class BodyIncomplete(DomainError):
    """The client hung up, or broke the rules of its encoding, before the end of the body."""

    code = "body_incomplete"
    message = "The body ended before it was complete. Please send it again."
    message_id = "Isi permintaan terputus sebelum lengkap. Silakan kirim lagi."
    headers: ClassVar = {"Connection": "close"}


class WholeBody:
    """Lets nothing behind it wait for a client: a request goes on when its body is there.

    So no route can hold a connection or a lock while a body is on its way. A body may have a
    mebibyte, one with a recording four more: those come as they are to the API's address of
    recordings, and as files to pages. GET and its like are served without their body.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as body:
            if scope["method"] not in WITHOUT_BODY:
                await _read_into(body, receive, _most_bytes(scope))
            await self.app(scope, _replayed(body, receive), send)


async def _read_into(body: "SpooledTemporaryFile[bytes]", receive: Receive, most: int) -> None:
    """Read a body. Raises HTTPException (413), BodyTooSlow or BodyIncomplete."""
    settings, clock = get_settings(), asyncio.get_running_loop()
    deadline = clock.time() + settings.BODY_SECONDS
    is_complete = False
    while not is_complete:
        pause_ends = clock.time() + settings.BODY_PAUSE_SECONDS
        try:
            async with asyncio.timeout_at(min(pause_ends, deadline)):
                message = await receive()
        except TimeoutError as error:
            raise BodyTooSlow from error
        if message["type"] == "http.disconnect":
            raise BodyIncomplete
        body.write(message.get("body", b""))
        if body.tell() > most:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        is_complete = not message.get("more_body", False)


def _replayed(body: "SpooledTemporaryFile[bytes]", receive: Receive) -> Receive:
    """Return a `receive` that hands out what was read, and then what becomes of the client."""
    size = body.tell()
    body.seek(0)
    is_told = False

    async def replay() -> Message:
        nonlocal is_told
        if is_told:
            return await receive()
        part = body.read(IN_MEMORY_BYTES)
        is_told = body.tell() == size
        return {"type": "http.request", "body": part, "more_body": not is_told}

    return replay


def _most_bytes(scope: Scope) -> int:
    """Return how large a body may be: a recording, a page's form with one in it, anything else.

    Raises HTTPException (413) when a larger one is announced.
    """
    headers, path = Headers(scope=scope), scope["path"]
    most = MAX_BODY_BYTES
    if path == RECORDINGS_PATH:
        most = MAX_RECORDING_BYTES
    elif not path.startswith("/api/"):
        is_upload = headers.get("content-type", "").startswith("multipart/form-data")
        most += MAX_RECORDING_BYTES if is_upload else 0
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return most
