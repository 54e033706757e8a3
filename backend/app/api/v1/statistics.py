"""The learner's figures: days, retention, what comes due."""

from fastapi import APIRouter

from app.api.deps import DB, CurrentAccount, Now
from app.api.problems import problems
from app.api.routing import JSONRoute
from app.api.v1.schemas.statistics import StatisticsOut
from app.domain.practice import service as practice
from app.domain.srs import service as srs

router = APIRouter(tags=["practice"], route_class=JSONRoute)


@router.get("/me/statistics", responses=problems(401))
async def get_statistics(db: DB, account: CurrentAccount, now: Now) -> StatisticsOut:
    """Return a year of days, half a year of retention by week, and a month of reviews to come.

    Days are the learner's own. Mastery by skill and topic is at GET /me/mastery.
    """
    days = await practice.get_active_days(db, account, now)
    memory = await srs.get_memory_figures(db, account, now)
    return StatisticsOut.of(days, memory)
