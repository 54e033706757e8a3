"""Recordings: sent as raw audio, played by their owner and by teachers."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Path, Request
from starlette.responses import Response

from app.api.v1.schemas.recordings import RecordingOut
from app.domain.marking import recordings
from app.http.deps import CurrentAccount, CurrentWork, Now
from app.http.downloads import limit_download
from app.http.problems import problems
from app.http.routing import JSONRoute
from app.models.progress import AUDIO_TYPES

router = APIRouter(tags=["recordings"], route_class=JSONRoute)

_AUDIO: dict[str, Any] = {
    name: {"schema": {"type": "string", "format": "binary"}} for name in AUDIO_TYPES
}
_ONE_YEAR_SECONDS = 31_536_000


@router.post(
    "/recordings",
    status_code=HTTPStatus.CREATED,
    responses=problems(401),
    openapi_extra={"requestBody": {"required": True, "content": _AUDIO}},
)
async def store_recording(
    request: Request, work: CurrentWork, account: CurrentAccount, now: Now
) -> RecordingOut:
    """Keep a recording: the body is the audio itself, at most 4 MiB, 40 a day."""
    recording_id = await recordings.store_recording(
        work, account, request.headers.get("content-type", ""), await request.body(), now
    )
    return RecordingOut(id=recording_id)


@router.get(
    "/recordings/{recording_id}",
    response_class=Response,
    responses={
        200: {"description": "The audio.", "content": _AUDIO},
        206: {"description": "The part of it that was asked for.", "content": _AUDIO},
        **problems(401, 404, 416),
    },
)
async def get_recording(
    recording_id: Annotated[UUID, Path(description="The recording's `id`.")],
    work: CurrentWork,
    account: CurrentAccount,
    byte_range: Annotated[
        str | None, Header(alias="Range", description="One range of bytes, as `bytes=0-1023`.")
    ] = None,
) -> Response:
    """Return what was recorded, to its owner or to a teacher; players may ask for parts of it."""
    recording = await recordings.get_recording(work, account, recording_id)
    content = recording.content
    headers = {
        "Content-Disposition": f'inline; filename="{recordings.file_name(recording.media_type)}"',
        "Cache-Control": f"private, max-age={_ONE_YEAR_SECONDS}, immutable",
        "Accept-Ranges": "bytes",
    }
    part = recordings.byte_range(byte_range, len(content))
    await limit_download(account.user_id, len(part or content))
    if part is None:
        return Response(content, media_type=recording.media_type, headers=headers)
    headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(content)}"
    return Response(
        content[part.start : part.stop],
        HTTPStatus.PARTIAL_CONTENT,
        media_type=recording.media_type,
        headers=headers,
    )
