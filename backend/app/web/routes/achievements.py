"""The badges: those that the learner has, and those that there are to earn."""

from fastapi import APIRouter
from starlette.responses import Response

from app.api.deps import DB
from app.domain.practice import service as practice
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
    return visit.page(
        "achievements.html",
        section="home",
        earned=sorted(earned, key=lambda pair: pair[1], reverse=True),
        date_text=date_text,
        open=[standing for standing in standings if standing.earned_at is None],
    )
