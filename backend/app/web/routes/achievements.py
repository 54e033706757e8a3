"""The badges: those that the learner has, and those that there are to earn."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from app.domain.progress import standing as progress_standing
from app.domain.progress.achievements import ACHIEVEMENTS, Achievement
from app.domain.progress.results import AchievementStanding
from app.http.deps import CurrentWork
from app.web.i18n import translate
from app.web.time_texts import number_text
from app.web.visit import Learner

router = APIRouter()
NEAREST = 3
_HOUR = 60


@dataclass(frozen=True, slots=True)
class Medal:
    """A badge as it is shown; `tier` is its place among those of its measure, from 0."""

    badge: Achievement
    tier: int
    reached: int
    progress: str
    day: date | None


@router.get("/achievements")
async def show_achievements(visit: Learner, work: CurrentWork) -> Response:
    """Show the badges: those closest to be earned, those earned (the latest first), the others."""
    standings = await progress_standing.get_achievements(work, visit.account, visit.now)
    medals = [_medal(visit, standing) for standing in standings]
    earned = [medal for medal in medals if medal.day is not None]
    still_open = [medal for medal in medals if medal.day is None]
    nearest = nearest_of(still_open)
    return visit.page(
        "achievements.html",
        section="home",
        earned=sorted(earned, key=lambda medal: medal.day or date.min, reverse=True),
        nearest=nearest,
        later=[medal for medal in still_open if medal not in nearest],
    )


def nearest_of(medals: list[Medal]) -> list[Medal]:
    """Return the three medals of which most is reached, one a measure."""
    by_share = sorted(medals, key=lambda m: (-m.reached / m.badge.threshold, m.badge.threshold))
    first: dict[str, Medal] = {}
    for medal in by_share:
        first.setdefault(medal.badge.measure, medal)
    return list(first.values())[:NEAREST]


def tier_of(badge: Achievement) -> int:
    """Return the place of a badge among those of its measure, the easiest first."""
    return sum(
        other.measure == badge.measure and other.threshold < badge.threshold
        for other in ACHIEVEMENTS
    )


def _medal(visit: Learner, standing: AchievementStanding) -> Medal:
    badge, earned_at = standing.badge, standing.earned_at
    day = None if earned_at is None else visit.account.day.date_of(earned_at)
    progress = progress_text(badge, standing.reached, visit.language)
    return Medal(badge, tier_of(badge), standing.reached, progress, day)


def progress_text(badge: Achievement, reached: int, language: str) -> str:
    """Return how much of a badge is reached, in the unit in which it is promised."""
    if badge.measure != "study_minutes":
        return f"{number_text(reached, language)} / {number_text(badge.threshold, language)}"
    hours = number_text(reached // (_HOUR // 10) / 10, language)
    return translate(language, "achievements.hours", n=hours, total=badge.threshold // _HOUR)
