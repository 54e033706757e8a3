"""Five minutes of one cause: a session of reviews that takes its cards from the mistake book."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from app.http.deps import Now
from app.questions.slips import CAUSES
from app.web.numbers import read_whole

_LATEST = 253_402_300_799_000
"""The last second of the year 9999, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Focus:
    """What a session of reviews keeps to: the mistakes of a `cause`, since it `began` (UTC)."""

    cause: str
    began: datetime

    @property
    def query(self) -> str:
        """The query that keeps the session's addresses to it."""
        return "?" + urlencode({"cause": self.cause, "began": round(self.began.timestamp() * 1000)})


async def _focus(
    now: Now, cause: Annotated[str, Query()] = "", began: Annotated[str, Query()] = ""
) -> Focus | None:
    """Return the focus that an address names; None for the session of all cards."""
    if cause not in CAUSES:
        return None
    milliseconds = read_whole(began, _LATEST)
    if milliseconds is None:
        return Focus(cause, now)
    return Focus(cause, min(now, datetime.fromtimestamp(milliseconds / 1000, UTC)))


Focused = Annotated[Focus | None, Depends(_focus)]
