"""The real application with a small pool, and clients that send or read as slowly as can be."""

import asyncio
import re
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from fastapi.routing import APIRoute, iter_route_contexts

from app.core.clock import utcnow
from app.core.database import Database
from app.domain.accounts import accounts, signing_in
from app.main import create_app
from tests.web.learner import lessons
from tests.work import work_on

CROWD = 55
POOL = {"DATABASE_POOL_SIZE": "4", "DATABASE_MAX_OVERFLOW": "4"}
SENT_BYTES = 11
NOTHING = "0199c1f2-a1b2-7c3e-8d4f-5a6b7c8d9e0f"
"""An id of nothing, the same in every worker: it stands in the names of tests."""
BUFFER_BYTES = 4_096
FORM = "application/x-www-form-urlencoded"
WITH_BODY = {"POST", "PUT", "PATCH", "DELETE"}
APP = create_app()


@dataclass(frozen=True)
class Address:
    """A method and a path of the application, its parameters filled in."""

    method: str
    path: str
    media_type: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def addresses(*methods: str) -> list[Address]:
    """Return every address of the running application that takes one of `methods`."""
    document = APP.openapi()["paths"]
    found = []
    for route in iter_route_contexts(APP.routes):
        if isinstance(route.original_route, APIRoute):
            for method in sorted(route.methods & set(methods)):
                operation = document.get(route.path_format, {}).get(method.lower(), {})
                content = operation.get("requestBody", {}).get("content", {})
                is_page = not route.path.startswith("/api/")
                default = FORM if is_page else "application/json"
                media_type = next(iter(content), default)
                found.append(Address(method, _filled(route.path_format), media_type))
    return found


def _filled(path: str) -> str:
    """Return a path with something in the place of each parameter; lessons are real ones."""
    path = path.replace("{slug}", next(iter(lessons()))).replace("{number}", "1")
    while "{" in path:
        before, _, rest = path.partition("{")
        path = f"{before}{NOTHING}{rest.partition('}')[2]}"
    return path


async def assert_documented(answer: httpx.Response) -> None:
    """Fail for an answer with a status that its operation's description does not name."""
    method, path = answer.request.method.lower(), answer.request.url.path
    for pattern, operations in _described():
        if method in operations and pattern.match(path):
            described = operations[method]["responses"]
            assert str(answer.status_code) in described, f"{method} {path}: {answer}"
            return


@cache
def _described() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """Return the pattern of each address of the application, and its operations by method."""
    document = APP.openapi()["paths"]
    return [
        (route.path_regex, document.get(route.path_format, {}))
        for route in iter_route_contexts(APP.routes)
    ]


async def token_of(database: Database, email: str, role: str) -> str:
    """Make an account with `role` and return the token of a session of it."""
    async with database.sessions.begin() as db:
        user = await accounts.create_account(
            work_on(db),
            email=email,
            password="kopi tubruk 3x",
            full_name="Sari",
            role=role,
            now=utcnow(),
        )
        return await signing_in.begin_session(work_on(db), user.id, user_agent=None, now=utcnow())


@dataclass
class Slow:
    """One connection to the server, by hand."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, address: Address, token: str, *headers: str) -> None:
        """Send the head of a request."""
        lines = [
            f"{address.method} {address.path} HTTP/1.1",
            "Host: testserver",
            f"Authorization: Bearer {token}",
            *headers,
        ]
        self.writer.write("\r\n".join([*lines, "", ""]).encode())
        await self.writer.drain()

    async def ask_half(
        self, address: Address, token: str, body: bytes = b"attempt_id=" * 80
    ) -> None:
        """Send the head of a request and some bytes of its body, as soon as they are wanted.

        "100 Continue" comes when the application first asks for the body: it has begun by then.
        """
        await self.ask(
            address,
            token,
            f"Content-Type: {address.media_type}",
            f"Content-Length: {len(body)}",
            "Expect: 100-continue",
        )
        head = await self.head()
        assert head.startswith("HTTP/1.1 100"), f"{address}: {head}"
        await self.send(body[:SENT_BYTES])

    async def send(self, content: bytes) -> None:
        """Send a part of a body."""
        self.writer.write(content)
        await self.writer.drain()

    async def head(self) -> str:
        """Return the status line and the headers of an answer."""
        return (await self.reader.readuntil(b"\r\n\r\n")).decode()


async def _connect(site: str) -> Slow:
    """Connect with buffers so small that what is not read stays with the server."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
    connection.setblocking(False)
    address = urlsplit(site).hostname, urlsplit(site).port
    await asyncio.get_running_loop().sock_connect(connection, address)
    return Slow(*await asyncio.open_connection(sock=connection, limit=BUFFER_BYTES))


@asynccontextmanager
async def connections(site: str, number: int = 1):
    """Open some connections; yield them as a list, and hang up at the end."""
    opened: list[Slow] = []
    try:
        opened += [await _connect(site) for _ in range(number)]
        yield opened
    finally:
        for slow in opened:
            slow.writer.transport.abort()


async def is_served(site: str, token: str) -> None:
    """Fail unless a learner gets a page and an answer of the API, both from the database."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=site, headers=headers, timeout=30) as client:
        for path in ("/", "/api/v1/me/overview", "/health/db"):
            answer = await client.get(path)
            assert answer.status_code == 200, f"{path}: {answer.text}"
