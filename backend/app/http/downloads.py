"""Answers that are larger than one message, and how many mebibytes of them one user may have.

The server keeps what a client does not read. It takes an answer as fast as it is made and tells
nobody how much of it lies there, so the allowance is what bounds the memory that a user can fill.
"""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from starlette.responses import StreamingResponse

from app.core import ratelimit
from app.core.errors import TooManyRequests

_MEBIBYTE = 1_048_576


async def limit_download(user_id: UUID, size: int) -> None:
    """Count `size` bytes, a mebibyte at least, as given to a user. Raises TooManyRequests."""
    await ratelimit.limit_downloads(str(user_id), max(1, -(-size // _MEBIBYTE)))


async def download(
    chunks: AsyncIterator[bytes], name: str, media_type: str, user_id: UUID
) -> StreamingResponse:
    """Return `chunks` as a file to be saved by a user.

    The first is made before the answer begins, so that a failure up to then has its own status.
    Raises TooManyRequests when the allowance is used up; an answer that has begun waits for more.
    Clients take their time over each chunk: what makes them must hold no connection meanwhile.
    """
    await limit_download(user_id, 0)
    first = await anext(chunks, b"")

    async def parts() -> AsyncIterator[bytes]:
        yield first
        paid = _MEBIBYTE - len(first)
        async for chunk in chunks:
            if paid < len(chunk):
                await _wait_for(user_id, len(chunk))
                paid += max(_MEBIBYTE, len(chunk))
            paid -= len(chunk)
            yield chunk

    return StreamingResponse(
        parts(),
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _wait_for(user_id: UUID, size: int) -> None:
    while True:
        try:
            return await limit_download(user_id, size)
        except TooManyRequests as refused:
            await asyncio.sleep(refused.retry_after or 1)
