"""The path on the home page: units, folded where the learner is not, and stops along a wave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from uuid import UUID

from app.domain.progress.completion import Completion, LessonScore
from app.domain.progress.results import Overview
from app.models import Lesson, Path, Unit

WAVE = (0, 1, 2, 1)
"""How far to the right the stops of a unit are, one after the other."""

UnitState: TypeAlias = Literal["here", "next", "done", "passed", "ahead"]
"""Where the learner is, what comes after it, what is completed, passed over or still far."""


@dataclass(frozen=True, slots=True)
class LessonState:
    """How far the learner is in a lesson, as the path shows it."""

    status: str = "not_started"
    percentage: int = 0
    score: LessonScore = field(default_factory=LessonScore)


@dataclass(frozen=True, slots=True)
class Stop:
    """A lesson on the path; `place` and `onward` are the steps of the wave, here and next."""

    lesson: Lesson
    state: LessonState
    is_here: bool
    place: int
    onward: int | None


@dataclass(frozen=True, slots=True)
class DrawnUnit:
    """A unit of the path; `behind` are stops that are folded: all before the one before "here"."""

    unit: Unit
    number: int
    state: UnitState
    completion: Completion
    behind: list[Stop]
    stops: list[Stop]

    @property
    def is_folded(self) -> bool:
        """Whether only its heading is shown at first."""
        return self.state in {"done", "passed", "ahead"}


def lesson_state(overview: Overview, lesson_id: UUID) -> LessonState:
    """Return how far the learner is in a lesson."""
    progress = overview.progress.get(lesson_id)
    if progress is None:
        return LessonState()
    score = overview.scores.get(lesson_id, LessonScore())
    return LessonState(progress.status, progress.completion_percentage, score)


def draw_paths(
    paths: Iterable[Path], overview: Overview, here: Lesson | None
) -> list[tuple[Path, list[DrawnUnit]]]:
    """Return each path with its units as they are drawn for a learner whose next lesson is `here`.

    Open are the unit where the learner is and the next one after it that is not completed.
    """
    completions = {unit.id: unit.completion for path in overview.paths for unit in path.units}
    begun = {lesson_id for lesson_id, row in overview.progress.items() if row.sections_read
             or row.questions_attempted}  # fmt: skip
    drawn = []
    for path in paths:
        states = _unit_states(path.units, completions, begun, here)
        units = [
            _draw(unit, number, state, completions[unit.id], overview, here)
            for number, (unit, state) in enumerate(zip(path.units, states, strict=True), start=1)
        ]
        drawn.append((path, units))
    return drawn


def _unit_states(
    units: Sequence[Unit],
    completions: dict[UUID, Completion],
    begun: set[UUID],
    here: Lesson | None,
) -> list[UnitState]:
    ids = [unit.id for unit in units]
    at = ids.index(here.unit_id) if here is not None and here.unit_id in ids else len(ids)
    states: list[UnitState] = []
    for place, unit in enumerate(units):
        if place == at:
            states.append("here")
        elif completions[unit.id].is_completed:
            states.append("done")
        elif place < at:
            is_begun = any(lesson.id in begun for lesson in unit.lessons)
            states.append("ahead" if is_begun else "passed")
        else:
            states.append("ahead" if "next" in states else "next")
    return states


def _draw(  # noqa: PLR0917 - what a unit is drawn from
    unit: Unit,
    number: int,
    state: UnitState,
    completion: Completion,
    overview: Overview,
    here: Lesson | None,
) -> DrawnUnit:
    lessons = unit.lessons
    stops = [
        Stop(
            lesson,
            lesson_state(overview, lesson.id),
            here is not None and lesson.id == here.id,
            WAVE[place % len(WAVE)],
            WAVE[(place + 1) % len(WAVE)] if place + 1 < len(lessons) else None,
        )
        for place, lesson in enumerate(lessons)
    ]
    at = next((place for place, stop in enumerate(stops) if stop.is_here), 0)
    behind = max(0, at - 1)
    return DrawnUnit(unit, number, state, completion, stops[:behind], stops[behind:])
