"""The badges: those that the learner has, and those that there are to earn."""

from fastapi import APIRouter
from starlette.responses import Response

from app.api.deps import DB
from app.domain.practice import service as practice
from app.domain.practice.service import AchievementStanding
from app.web.time_texts import date_text
from app.web.visit import Learner

router = APIRouter()


@router.get("/achievements")
async def show_achievements(visit: Learner, db: DB) -> Response:
    """Show the badges, the latest one first, and how far it is to the others."""
    standings = await practice.get_achievements(db, visit.account, visit.now)
    day = visit.account.day
    earned = [
        (standing.badge, day.date_of(standing.earned_at))
        for standing in standings
        if standing.earned_at is not None
    ]
    still_open = [standing for standing in standings if standing.earned_at is None]
    nearest = _nearest(still_open)
    return visit.page(
        "achievements.html",
        section="home",
        earned=sorted(earned, key=lambda pair: pair[1], reverse=True),
        date_text=date_text,
        following=[x for x in still_open if x in nearest],
        later=[x for x in still_open if x not in nearest],
    )


def _nearest(standings: list[AchievementStanding]) -> list[AchievementStanding]:
    """Return the badge with the lowest threshold of each measure."""
    lowest: dict[str, AchievementStanding] = {}
    for standing in sorted(standings, key=lambda standing: standing.badge.threshold):
        lowest.setdefault(standing.badge.measure, standing)
    return list(lowest.values())
