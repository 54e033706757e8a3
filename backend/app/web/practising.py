"""Five minutes of one cause: a session of reviews that takes its cards from the mistake book."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from app.api.deps import Now
from app.domain.practice.causes import CAUSES
from app.web.numbers import read_whole

_LATEST = 253_402_300_799
"""The last second of the year 9999."""


@dataclass(frozen=True, slots=True)
class Focus:
    """What a session of reviews keeps to: the mistakes of a `cause`, since it `began` (UTC)."""

    cause: str
    began: datetime

    @property
    def query(self) -> str:
        """The query that keeps the session's addresses to it."""
        return "?" + urlencode({"cause": self.cause, "began": int(self.began.timestamp())})


async def _focus(
    now: Now, cause: Annotated[str, Query()] = "", began: Annotated[str, Query()] = ""
) -> Focus | None:
    """Return the focus that an address names; None for the session of all cards."""
    if cause not in CAUSES:
        return None
    seconds = read_whole(began, _LATEST)
    if seconds is None:
        return Focus(cause, now.replace(microsecond=0))
    return Focus(cause, min(now, datetime.fromtimestamp(seconds, UTC)))


Focused = Annotated[Focus | None, Depends(_focus)]
