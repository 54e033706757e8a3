"""How much of a lesson, a unit, a path and a level is done, how well, and what comes next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile, groupby
from operator import attrgetter
from uuid import UUID

from app.models.base import LEVELS

COMPLETE = 100


def completion_percentage(
    *, sections_total: int, sections_read: int, questions_total: int, questions_attempted: int
) -> int:
    """Return how much of a lesson is done, 0 to 100, every section and question counting alike.

    100 means completed: every question was attempted (in a lesson without questions, every section
    was read); before that it stops at 99.
    """
    if questions_total:
        completed = questions_attempted >= questions_total
    else:
        completed = sections_read >= sections_total
    if completed:
        return COMPLETE
    done = min(sections_read, sections_total) + min(questions_attempted, questions_total)
    return share_done(done, sections_total + questions_total)


def share_done(steps: int, total: int) -> int:
    """Return how much of a lesson is done after some of its steps, 0 to 99."""
    return min(COMPLETE - 1, steps * 100 // max(1, total))


@dataclass(frozen=True, slots=True)
class LessonScore:
    """How many of a lesson's questions are right, of those that are graded.

    The latest answer to each question counts. Those that wait for a teacher's mark are counted
    apart; once marked they are graded, and right when nothing was missing.
    """

    right: int = 0
    graded: int = 0
    waiting: int = 0


def lesson_score(scores: Iterable[float | None]) -> LessonScore:
    """Return what the latest answers to a lesson's questions amount to (None: not marked yet)."""
    found = list(scores)
    waiting = found.count(None)
    return LessonScore(found.count(1), len(found) - waiting, waiting)


@dataclass(frozen=True, slots=True)
class LessonPlace:
    """Where a published lesson stands in the curriculum; its level is that of its unit."""

    path_id: UUID
    path_slug: str
    unit_id: UUID
    unit_slug: str
    level: str
    skill: str
    lesson_id: UUID
    lesson_slug: str


@dataclass(frozen=True, slots=True)
class Completion:
    """How many lessons of how many are completed; `completed_at` is when the last one was."""

    lessons: int
    completed: int
    completed_at: datetime | None

    @property
    def is_completed(self) -> bool:
        """Whether none is left."""
        return self.completed == self.lessons

    @property
    def share(self) -> float:
        """The share of lessons that are completed, from 0 to 1."""
        return self.completed / self.lessons if self.lessons else 0.0


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """How much of a unit is done; `level` is the unit's."""

    id: UUID
    slug: str
    level: str
    completion: Completion


@dataclass(frozen=True, slots=True)
class PathProgress:
    """How much of a path is done, and of each of its units, in their order."""

    id: UUID
    slug: str
    completion: Completion
    units: tuple[UnitProgress, ...]


def path_progress(
    outline: Iterable[LessonPlace], completed_at: Mapping[UUID, datetime]
) -> tuple[PathProgress, ...]:
    """Return the progress in every path of `outline` (lessons in teaching order).

    `completed_at` says when each completed lesson was; lessons that are not in the outline (of no
    unit, or no longer published) count nowhere.
    """
    paths = []
    for (path_id, slug), of_path in groupby(outline, attrgetter("path_id", "path_slug")):
        lessons = list(of_path)
        units = tuple(
            UnitProgress(*unit, _completion(of_unit, completed_at))
            for unit, of_unit in groupby(lessons, attrgetter("unit_id", "unit_slug", "level"))
        )
        paths.append(PathProgress(path_id, slug, _completion(lessons, completed_at), units))
    return tuple(paths)


def _completion(
    lessons: Iterable[LessonPlace], completed_at: Mapping[UUID, datetime]
) -> Completion:
    moments = [completed_at.get(lesson.lesson_id) for lesson in lessons]
    done = [moment for moment in moments if moment is not None]
    return Completion(len(moments), len(done), max(done) if len(done) == len(moments) else None)


def completed_levels(paths: Iterable[PathProgress]) -> set[str]:
    """Return the levels of which every unit of some path is completed."""
    levels = set()
    for path in paths:
        open_levels = {unit.level for unit in path.units if not unit.completion.is_completed}
        levels |= {unit.level for unit in path.units} - open_levels
    return levels


def whole_course(paths: Iterable[PathProgress]) -> Completion:
    """Return how much of all paths together is completed."""
    parts = [path.completion for path in paths]
    moments = [part.completed_at for part in parts if part.completed_at is not None]
    return Completion(
        sum(part.lessons for part in parts),
        sum(part.completed for part in parts),
        max(moments) if moments and len(moments) == len(parts) else None,
    )


def next_lesson(
    outline: Sequence[LessonPlace],
    statuses: Mapping[UUID, str],
    level: str,
    start: UUID | None = None,
) -> LessonPlace | None:
    """Return the lesson to offer: one begun, else the first new one where the learner should be.

    That is from the unit `start` on, where a placement test has put them; else from `level` up;
    else anywhere. `outline` is in teaching order; a lesson without a status was never opened.
    """
    begun = (place for place in outline if statuses.get(place.lesson_id) == "in_progress")
    new = [place for place in outline if _is_new(place, statuses)]
    from_start = dropwhile(lambda place: place.unit_id != start, outline) if start else ()
    placed = (place for place in from_start if _is_new(place, statuses))
    fitting = (place for place in new if LEVELS.index(place.level) >= LEVELS.index(level))
    return next(begun, None) or next(placed, None) or next(fitting, None) or next(iter(new), None)


def _is_new(place: LessonPlace, statuses: Mapping[UUID, str]) -> bool:
    return statuses.get(place.lesson_id, "not_started") == "not_started"
