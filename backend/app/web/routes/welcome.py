"""The first minute of an account: a question a screen, and each can be left open.

What for, how long a day, the year of birth; the level, or the placement test, comes last (/level).
"""

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from app.core.errors import InvalidInput
from app.domain.accounts import accounts, preferences
from app.http.deps import CurrentWork
from app.web.numbers import MAX_YEAR, read_whole
from app.web.visit import Learner, LearnerVisit, see_other

router = APIRouter(prefix="/welcome")

REASONS = ("work", "school", "exam", "travel", "fun")
GOALS = (5, 10, 15, 20)
STEPS = ("/welcome", "/welcome/goal", "/welcome/birth-year", "/level")
Text = Annotated[str, Form()]


@router.get("")
async def show_reason(visit: Learner, work: CurrentWork) -> Response:
    """Ask what the learner studies for."""
    user = await accounts.get_profile(work, visit.account)
    return _page(visit, "reason", 1, reasons=REASONS, chosen=user.learning_goals or [])


@router.post("")
async def choose_reason(visit: Learner, work: CurrentWork, reason: Text = "") -> Response:
    """Keep what the learner studies for."""
    if reason not in REASONS:
        raise InvalidInput(field="reason")
    await preferences.change_goals(work, visit.account, [reason], visit.now)
    return see_other(STEPS[1])


@router.get("/goal")
async def show_goal(visit: Learner) -> Response:
    """Ask how long the learner wants to study a day."""
    return _page(visit, "goal", 2, goals=GOALS, chosen=visit.account.daily_goal_minutes)


@router.post("/goal")
async def choose_goal(visit: Learner, work: CurrentWork, minutes: Text = "") -> Response:
    """Keep the daily goal."""
    goal = {"daily_goal_minutes": minutes}
    await preferences.update_preferences(work, visit.account, goal, visit.now)
    return see_other(STEPS[2])


@router.get("/birth-year")
async def show_birth_year(visit: Learner, work: CurrentWork) -> Response:
    """Ask for the year of birth."""
    user = await accounts.get_profile(work, visit.account)
    return _page(visit, "birth_year", 3, typed={"birth_year": user.birth_year or ""}, errors={})


@router.post("/birth-year")
async def save_birth_year(visit: Learner, work: CurrentWork, birth_year: Text = "") -> Response:
    """Keep the year of birth, or say which years are possible."""
    try:
        year = read_whole(birth_year.strip(), MAX_YEAR) or 0
        await preferences.change_birth_year(work, visit.account, year, visit.now)
    except InvalidInput as error:
        errors = {"birth_year": error.text(visit.language)}
        typed = {"birth_year": birth_year}
        return _page(visit, "birth_year", 3, status=error.status, typed=typed, errors=errors)
    return see_other(STEPS[3])


def _page(
    visit: LearnerVisit, step: str, number: int, *, status: int = 200, **context: Any
) -> Response:
    return visit.page(
        "welcome.html",
        status=status,
        step=step,
        number=number,
        total=len(STEPS),
        action=STEPS[number - 1],
        onward=STEPS[number],
        **context,
    )
