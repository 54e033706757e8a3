"""How much of a lesson, a unit, a path and a level is done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from uuid import UUID

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
    return min(COMPLETE - 1, done * 100 // (sections_total + questions_total))


@dataclass(frozen=True, slots=True)
class LessonPlace:
    """Where a published lesson stands in the curriculum."""

    path_id: UUID
    path_slug: str
    unit_id: UUID
    unit_slug: str
    level: str
    skill: str
    lesson_id: UUID


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
        return self.completed / self.lessons


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
