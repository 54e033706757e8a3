"""A small HTTP/1.1 client for load: one connection a caller, kept alive, nothing parsed but sizes.

A general client costs more per request than the service that it measures.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

_END_OF_HEADERS = b"\r\n\r\n"


class Connection:
    """One connection. Not for two callers at once."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, request: bytes) -> tuple[int, bytes]:
        """Send a whole request; return the status and the body of the answer."""
        self._writer.write(request)
        head = await self._reader.readuntil(_END_OF_HEADERS)
        status = int(head[9:12])
        start = head.lower().index(b"content-length:") + len(b"content-length:")
        size = int(head[start : head.index(b"\r\n", start)])
        return status, await self._reader.readexactly(size)


@asynccontextmanager
async def connected(host: str, port: int, count: int) -> AsyncIterator[list[Connection]]:
    """Give `count` connections, closed after the block."""
    async with AsyncExitStack() as stack:
        connections = []
        for _ in range(count):
            reader, writer = await asyncio.open_connection(host, port, limit=1 << 22)
            stack.callback(writer.close)
            connections.append(Connection(reader, writer))
        yield connections


def request(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    """Return the bytes of a request with a session cookie, as a browser's script sends it."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: bench\r\nCookie: lancar_session={token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
