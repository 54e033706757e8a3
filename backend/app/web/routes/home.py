"""The start page: what Lancar is, or, signed in, the learner's path and what is due."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.responses import Response

from app.api.deps import DB, CurrentDatabase
from app.domain.curriculum import service as curriculum
from app.domain.practice import marking, reporting
from app.domain.practice import service as practice
from app.domain.practice.service import LessonPlace, LessonScore
from app.domain.srs import service as srs
from app.models import Lesson, Path
from app.web.visit import Visitor

router = APIRouter()

# Until which hour of the learner's clock each greeting is said.
_GREETINGS = ((4, "evening"), (11, "morning"), (15, "noon"), (18, "afternoon"), (24, "evening"))


@dataclass(frozen=True, slots=True)
class LessonState:
    """How far the learner is in a lesson, as the path shows it."""

    status: str = "not_started"
    percentage: int = 0
    score: LessonScore = field(default_factory=LessonScore)


@router.get("/")
async def show_home(visit: Visitor, db: DB, database: CurrentDatabase) -> Response:
    """Show the landing page to strangers and the learner's path to learners."""
    account = visit.account
    if account is None:
        return visit.page("landing.html")
    # First, because `db` keeps its connection from its first statement on: never hold two.
    due = await srs.count_due(database, account, visit.now)
    paths = await curriculum.get_outline(db)
    overview = await practice.get_overview(db, account, visit.now)
    states = lesson_states(paths, overview)
    next_lesson = lesson_at(paths, overview.next_lesson)
    state = states[next_lesson.id] if next_lesson else LessonState()
    return visit.page(
        "home.html",
        section="home",
        paths=paths,
        states=states,
        overview=overview,
        completions={unit.id: unit.completion for path in overview.paths for unit in path.units},
        due_total=due.total,
        has_new_marks=await marking.has_new_marks(db, account, visit.now),
        has_new_replies=await reporting.has_new_replies(db, account, visit.now),
        is_new=not overview.progress and not overview.active_days and not due.total,
        next_lesson=next_lesson,
        next_state="start" if state.status == "not_started" else "resume",
        next_percentage=state.percentage,
        answered_today=overview.answers_today,
        daytime=daytime(visit.now, account.timezone),
        first_name=account.full_name.split()[0],
    )


def lessons_in(paths: Iterable[Path]) -> list[Lesson]:
    """Return all lessons in the order of the path."""
    return [lesson for path in paths for unit in path.units for lesson in unit.lessons]


def lesson_at(paths: Iterable[Path], place: LessonPlace | None) -> Lesson | None:
    """Return the lesson of a place; None when it has just left the path."""
    lessons = {lesson.id: lesson for lesson in lessons_in(paths)}
    return lessons.get(place.lesson_id) if place else None


def lesson_states(paths: Iterable[Path], overview: practice.Overview) -> dict[UUID, LessonState]:
    """Return how far the learner is, by lesson id, in the order of the path."""
    return {lesson.id: _state(overview, lesson.id) for lesson in lessons_in(paths)}


def _state(overview: practice.Overview, lesson_id: UUID) -> LessonState:
    progress = overview.progress.get(lesson_id)
    if progress is None:
        return LessonState()
    score = overview.scores.get(lesson_id, LessonScore())
    return LessonState(progress.status, progress.completion_percentage, score)


def daytime(now: datetime, timezone: str) -> str:
    """Return which greeting fits the hour on the learner's clock."""
    hour = now.astimezone(ZoneInfo(timezone)).hour
    return next(greeting for until, greeting in _GREETINGS if hour < until)
