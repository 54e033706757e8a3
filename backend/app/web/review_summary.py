"""How a session of reviews went: what was remembered, what comes next, and what to do now."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.responses import Response

from app.core.work import Work
from app.domain.accounts.account import Account
from app.domain.curriculum import lessons
from app.domain.progress import standing
from app.domain.srs import details
from app.domain.srs.details import ReviewDay
from app.models.base import new_id
from app.web.routes.home import lesson_at
from app.web.time_texts import ahead_text, day_text
from app.web.visit import LearnerVisit

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Told:
    """What a page of the session says besides its card.

    `notice` is a sentence about what just happened, which can be undone or not, `leech` the card
    that is forgotten again and again.
    """

    notice: str = ""
    leech: UUID | None = None
    can_undo: bool = False


NOTHING_TOLD = Told()


async def summary_page(visit: LearnerVisit, work: Work, told: Told) -> Response:
    """Show the day's reviews. Awards what they have earned."""
    account, language = visit.account, visit.language
    day = await details.get_review_day(work, account, visit.now)
    overview = await standing.get_overview(work, account, visit.now)
    paths = await lessons.get_outline(work)
    share = day.retention.share
    return visit.page(
        "review_done.html",
        section="reviews",
        told=told,
        day=day,
        remembered=None if share is None else round(100 * share),
        minutes=day.duration_ms // _MINUTE_MS,
        next_text=_next_text(day, account, visit.now, language),
        is_step=day.next_step_at is not None,
        goal=overview.goal,
        streak=overview.streak,
        badges=overview.new_achievements,
        next_lesson=lesson_at(paths, overview.next_lesson),
        undo_id=new_id(),
    )


def _next_text(day: ReviewDay, account: Account, now: datetime, language: str) -> str | None:
    """Return when there is something to review again; None when nothing lies ahead."""
    if day.next_step_at is not None:
        return ahead_text(day.next_step_at, now, language)
    if day.next_day is not None:
        return day_text(day.next_day, account.day.date_of(now), language)
    return None
