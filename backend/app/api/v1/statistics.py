"""The learner's figures: days, retention, what comes due."""

from fastapi import APIRouter

from app.api.v1.schemas.statistics import StatisticsOut
from app.domain.activity import days as activity_days
from app.domain.srs import statistics
from app.http.deps import CurrentAccount, CurrentWork, Now
from app.http.problems import problems
from app.http.routing import JSONRoute

router = APIRouter(tags=["practice"], route_class=JSONRoute)


@router.get("/me/statistics", responses=problems(401))
async def get_statistics(work: CurrentWork, account: CurrentAccount, now: Now) -> StatisticsOut:
    """Return a year of days, half a year of retention by week, and a month of reviews to come.

    Days are the learner's own. Mastery by skill and topic is at GET /me/mastery.
    """
    days = await activity_days.get_active_days(work, account, now)
    memory = await statistics.get_memory_figures(work, account, now)
    return StatisticsOut.of(days, memory)
