"""What a recording may be: its media type, how its first bytes look, which part of it is asked for.

Magic numbers: RFC 8794 (EBML) for WebM, RFC 3533 for Ogg, ISO/IEC 14496-12 for MP4 (M4A),
ISO/IEC 11172-3 and ID3v2 for MP3, the RIFF specification of 1991 for WAV.
"""

import re

from app.core.errors import DomainError
from app.models.progress import AUDIO_TYPES, MAX_RECORDING_BYTES

# Other names under which browsers and phones send the same formats.
_ALIASES = {
    "video/webm": "audio/webm",  # a recorder that was not told that there is no picture
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "video/mp4": "audio/mp4",
    "application/ogg": "audio/ogg",
    "audio/opus": "audio/ogg",
    "audio/mp3": "audio/mpeg",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
}
_SUFFIXES = {
    "audio/webm": "webm",
    "audio/ogg": "ogg",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
}
_EBML = b"\x1a\x45\xdf\xa3"
_MP3_FRAME = re.compile(rb"\xff[\xf2-\xf7\xfa-\xff][^\xf0-\xff]")
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


class UnsupportedAudio(DomainError):
    """The recording is of a kind that is not kept here."""

    code = "unsupported_media_type"
    status = 415
    message = f"Send a recording as one of {', '.join(AUDIO_TYPES)}."
    message_id = f"Kirim rekaman dengan jenis {', '.join(AUDIO_TYPES)}."


class UnreadableAudio(DomainError):
    """The bytes are not what their type says."""

    code = "unreadable_recording"
    status = 422
    message = "This does not look like a recording of the type that was given."
    message_id = "Isinya tidak seperti rekaman dengan jenis yang disebutkan."


class RecordingTooLarge(DomainError):
    """More bytes than a recording may have."""

    code = "recording_too_large"
    status = 413
    message = f"A recording may have at most {MAX_RECORDING_BYTES // 1_048_576} mebibytes."
    message_id = f"Satu rekaman boleh berisi maksimal {MAX_RECORDING_BYTES // 1_048_576} mebibita."


class UnsatisfiableRange(DomainError):
    """The part that is asked for lies beyond the end."""

    code = "range_not_satisfiable"
    status = 416
    message = "The recording does not have this part."
    message_id = "Rekaman tidak punya bagian ini."

    def __init__(self, size: int) -> None:
        super().__init__()
        self.headers = {"Content-Range": f"bytes */{size}"}


def audio_type(content_type: str) -> str:
    """Return the media type of a Content-Type header, without parameters, in its common name.

    Raises UnsupportedAudio.
    """
    name = content_type.partition(";")[0].strip().lower()
    name = _ALIASES.get(name, name)
    if name not in AUDIO_TYPES:
        raise UnsupportedAudio
    return name


def check_content(media_type: str, content: bytes) -> None:
    """Raise RecordingTooLarge or UnreadableAudio for what is no recording of `media_type`."""
    if len(content) > MAX_RECORDING_BYTES:
        raise RecordingTooLarge
    if not _looks_like(media_type, content):
        raise UnreadableAudio


def _looks_like(media_type: str, content: bytes) -> bool:
    match media_type:
        case "audio/webm":
            return content.startswith(_EBML) and b"webm" in content[:64]
        case "audio/ogg":
            return content.startswith(b"OggS")
        case "audio/mp4":
            return content[4:8] == b"ftyp"
        case "audio/mpeg":
            return content.startswith(b"ID3") or _MP3_FRAME.match(content) is not None
        case _:
            return content.startswith(b"RIFF") and content[8:12] == b"WAVE"


def file_name(media_type: str) -> str:
    """Return the name under which a recording is saved."""
    return f"recording.{_SUFFIXES[media_type]}"


def byte_range(header: str | None, size: int) -> range | None:
    """Return the part of `size` bytes that a Range header asks for; None: everything.

    One range is served; several, and what is no range of bytes, are ignored, as RFC 9110 (14.2)
    allows. Raises UnsatisfiableRange for a part beyond the end.
    """
    found = _RANGE.fullmatch(header.strip()) if header else None
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        part = range(max(0, size - int(last)), size)
    elif last and int(last) < int(first):
        return None  # no range at all
    else:
        part = range(int(first), min(size, int(last) + 1) if last else size)
    if not part:
        raise UnsatisfiableRange(size)
    return part
