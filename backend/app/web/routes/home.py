"""The start page: what Lancar is, or, signed in, the learner's path and what is due."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.responses import Response

from app.domain.curriculum import lessons as curriculum_lessons
from app.domain.marking import marks as marking
from app.domain.practice import mistakes, reporting
from app.domain.progress import standing
from app.domain.progress.completion import LessonPlace
from app.domain.progress.results import Overview
from app.domain.srs import cards as srs_cards
from app.domain.srs import queue
from app.http.deps import CurrentWork
from app.models import Lesson, Path
from app.web.paths import draw_paths, lesson_state
from app.web.routes.landing import landing_page
from app.web.visit import Visitor

router = APIRouter()

REVIEWS_FIRST = 5
"""How many cards that are due come before the next lesson."""

# Until which hour of the learner's clock each greeting is said.
_GREETINGS = ((4, "evening"), (11, "morning"), (15, "noon"), (18, "afternoon"), (24, "evening"))


@router.get("/")
async def show_home(visit: Visitor, work: CurrentWork, question: int | None = None) -> Response:
    """Show strangers the landing page, with a `question` of the trial, and learners their path."""
    account = visit.account
    if account is None:
        return await landing_page(visit, work, question)
    # First, because `db` keeps its connection from its first statement on: never hold two.
    due = await queue.count_due(work, account, visit.now)
    paths = await curriculum_lessons.get_outline(work)
    overview = await standing.get_overview(work, account, visit.now)
    next_lesson = lesson_at(paths, overview.next_lesson)
    cards = await srs_cards.count_cards(work, account)
    return visit.page(
        "home.html",
        section="home",
        paths=draw_paths(paths, overview, next_lesson),
        overview=overview,
        days=_days(overview, account.day.date_of(visit.now)),
        due=due.total,
        reviews_first=due.total >= REVIEWS_FIRST or next_lesson is None,
        is_new=not overview.progress,
        next_lesson=next_lesson,
        next_state=lesson_state(overview, next_lesson.id) if next_lesson else None,
        cards=cards,
        mistakes=await mistakes.count_open(work, account, visit.now),
        badges=len(overview.achievements),
        all_badges=standing.count_badges(account),
        has_new_marks=await marking.has_new_marks(work, account, visit.now),
        has_new_replies=await reporting.has_new_replies(work, account, visit.now),
        to_mark=await marking.count_waiting(work, account),
        to_answer=await reporting.count_open(work, account),
        daytime=daytime(visit.now, account.timezone),
        first_name=account.full_name.split()[0],
    )


def _days(overview: Overview, today: date) -> list[tuple[date, bool]]:
    """Return the last seven days, today the last, each with whether the learner practised."""
    shown = [today - timedelta(days=n) for n in reversed(range(7))]
    return [(day, day in overview.week) for day in shown]


def lessons_in(paths: Iterable[Path]) -> list[Lesson]:
    """Return all lessons in the order of the path."""
    return [lesson for path in paths for unit in path.units for lesson in unit.lessons]


def lesson_at(paths: Iterable[Path], place: LessonPlace | None) -> Lesson | None:
    """Return the lesson of a place; None when it has just left the path."""
    lessons = {lesson.id: lesson for lesson in lessons_in(paths)}
    return lessons.get(place.lesson_id) if place else None


def daytime(now: datetime, timezone: str) -> str:
    """Return which greeting fits the hour on the learner's clock."""
    hour = now.astimezone(ZoneInfo(timezone)).hour
    return next(greeting for until, greeting in _GREETINGS if hour < until)
