"""Use cases of recordings: what a learner said, kept for a speaking answer and its mark."""

from datetime import datetime, timedelta
from uuid import UUID

from app.core.errors import InvalidInput, NotFound, TooManyRequests
from app.core.work import Work, transactional
from app.domain.accounts.account import Account, has_role
from app.domain.marking import recordings_queries as queries
from app.domain.marking import recordings_rules as rules
from app.domain.marking.recordings_rules import byte_range, file_name
from app.models import Recording
from app.models.progress import MAX_RECORDING_BYTES

__all__ = [
    "MAX_RECORDING_BYTES",
    "MOST_A_DAY",
    "byte_range",
    "check_owned",
    "file_name",
    "get_recording",
    "store_recording",
]

MOST_A_DAY = 40


@transactional()
async def store_recording(
    work: Work, account: Account, media_type: str, content: bytes, now: datetime
) -> UUID:
    """Keep a recording of the learner's and return its id.

    `media_type` is as the client declares it; the bytes must look like it. Raises UnsupportedAudio
    (415), RecordingTooLarge (413), UnreadableAudio (422), or TooManyRequests when the learner has
    sent as many as a (learner's) day allows.
    """
    media_type = rules.audio_type(media_type)
    rules.check_content(media_type, content)
    today = account.day.date_of(now)
    sent = await queries.count_since(work, account.user_id, account.day.start_of(today))
    if sent >= MOST_A_DAY:
        tomorrow = account.day.start_of(today + timedelta(days=1))
        raise TooManyRequests(int((tomorrow - now).total_seconds()) + 1)
    recording = Recording(
        user_id=account.user_id, media_type=media_type, content=content, created_at=now
    )
    work.session.add(recording)
    await work.session.flush()
    return recording.id


async def get_recording(work: Work, account: Account, recording_id: UUID) -> Recording:
    """Return a recording with its bytes, to its owner or to a teacher. Raises NotFound."""
    owner = None if has_role(account.role, "author") else account.user_id
    recording = await queries.find_with_content(work, recording_id, owner)
    if recording is None:
        raise NotFound
    return recording


async def check_owned(work: Work, account: Account, recording_id: UUID) -> None:
    """Raise InvalidInput for a recording that is not the learner's own, or none at all."""
    if not await queries.is_owned(work, account.user_id, recording_id):
        raise InvalidInput(
            "This recording is not there, or it is not yours.",
            "Rekaman ini tidak ada, atau bukan milikmu.",
            field="response.recording",
        )
