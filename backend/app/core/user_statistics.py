"""One learner's figures under the specification's name.

What each figure is, the domain says: it has one owner there, which pages, API and tool use as well.
"""

from dataclasses import dataclass
from datetime import datetime
from pkgutil import resolve_name
from uuid import UUID

from sqlalchemy import DateTime, Uuid
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.arguments import fitting_argument
from app.core.work import Work

_COUNTED_BY = "app.domain.progress.figures:get_user_statistics"
"""A name and no import: core knows no domain, and whoever calls has the whole application."""


@dataclass(frozen=True, slots=True)
class UserStatistics:
    """A learner's figures at one moment; days are the learner's own (time zone and cut-off hour).

    Shares are from 0 to 1, and None when there is nothing to share. `accuracy` is of the graded
    answers of the last 30 days, `retention` the share of their reviews of learnt cards that were
    not rated Again. Answers, reviews and days count as they were on the learner's days.
    `cards_due` is what the review queue offers now; suspended cards are in `cards_total` alone.
    `streak_days` are the days in a row with practice, which missed days do not end as long as
    freezes are left.
    """

    lessons_started: int
    lessons_completed: int
    average_completion: float
    questions_attempted: int
    questions_correct: int
    accuracy: float | None
    cards_total: int
    cards_due: int
    cards_learning: int
    cards_mature: int
    reviews_last_30_days: int
    retention: float | None
    streak_days: int
    study_days: int
    achievements: int


async def get_user_statistics(
    session: AsyncSession, user_id: UUID, now: datetime
) -> UserStatistics:
    """Return the learner's figures at `now` (aware).

    Raises NotFound for an unknown user, InvalidInput for what is no id or no time with its zone.
    """
    count = resolve_name(_COUNTED_BY)
    found: UserStatistics = await count(
        Work.of(session),
        fitting_argument("user_id", Uuid(), user_id),
        fitting_argument("now", DateTime(timezone=True), now),
    )
    return found
