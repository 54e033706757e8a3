"""The start page: what Lancar is, or, signed in, the learner's path and what is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.responses import Response

from app.api.deps import DB, CurrentDatabase
from app.domain.curriculum import service as curriculum
from app.domain.practice import marking, placement
from app.domain.practice import service as practice
from app.domain.srs import service as srs
from app.models import Lesson, LessonProgress, Path
from app.models.base import LEVELS
from app.web.visit import Visitor

router = APIRouter()

# Until which hour of the learner's clock each greeting is said.
_GREETINGS = ((4, "evening"), (11, "morning"), (15, "noon"), (18, "afternoon"), (24, "evening"))


@dataclass(frozen=True, slots=True)
class LessonState:
    """How far the learner is in a lesson, as the path shows it."""

    status: str = "not_started"
    percentage: int = 0
    correct: int = 0
    total: int = 0


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
    start = await placement.find_start(db, account)
    next_lesson = choose_next(paths, states, account.level, start)
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
        is_new=not overview.progress and not overview.active_days and not due.total,
        next_lesson=next_lesson,
        next_state="start" if state.status == "not_started" else "resume",
        next_percentage=state.percentage,
        answered_today=overview.answers_today,
        lessons_completed=overview.lessons_completed,
        lessons_total=len(states),
        daytime=daytime(visit.now, account.timezone),
        first_name=account.full_name.split()[0],
    )


def lessons_in(paths: Iterable[Path]) -> list[Lesson]:
    """Return all lessons in the order of the path."""
    return [lesson for path in paths for unit in path.units for lesson in unit.lessons]


def lesson_states(paths: Iterable[Path], overview: practice.Overview) -> dict[UUID, LessonState]:
    """Return how far the learner is, by lesson id, in the order of the path."""
    progress = overview.progress
    return {lesson.id: _state(progress.get(lesson.id)) for lesson in lessons_in(paths)}


def _state(progress: LessonProgress | None) -> LessonState:
    if progress is None:
        return LessonState()
    return LessonState(
        progress.status,
        progress.completion_percentage,
        progress.questions_correct,
        progress.questions_attempted,
    )


def choose_next(
    paths: Iterable[Path], states: dict[UUID, LessonState], level: str, start: UUID | None = None
) -> Lesson | None:
    """Return the lesson to offer: one begun, else the first new one where the learner should be.

    That is from the unit `start` on, where a placement test has put them; else from `level` up;
    else anywhere.
    """
    lessons = lessons_in(paths)
    begun = (lesson for lesson in lessons if states[lesson.id].status == "in_progress")
    new = [lesson for lesson in lessons if states[lesson.id].status == "not_started"]
    from_start = dropwhile(lambda lesson: lesson.unit_id != start, lessons) if start else ()
    placed = (lesson for lesson in from_start if states[lesson.id].status == "not_started")
    fitting = (x for x in new if LEVELS.index(x.level) >= LEVELS.index(level))
    return next(begun, None) or next(placed, None) or next(fitting, None) or next(iter(new), None)


def daytime(now: datetime, timezone: str) -> str:
    """Return which greeting fits the hour on the learner's clock."""
    hour = now.astimezone(ZoneInfo(timezone)).hour
    return next(greeting for until, greeting in _GREETINGS if hour < until)
