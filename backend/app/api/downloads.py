"""Answers that are larger than one message: they are made while they are read."""

from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse


async def download(chunks: AsyncIterator[bytes], name: str, media_type: str) -> StreamingResponse:
    """Return `chunks` as a file to be saved.

    The first is made before the answer begins, so that a failure up to then has its own status. The
    client takes its time over each: whatever makes them must hold no connection meanwhile.
    """
    first = await anext(chunks, b"")

    async def parts() -> AsyncIterator[bytes]:
        yield first
        async for chunk in chunks:
            yield chunk

    return StreamingResponse(
        parts(),
        media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
