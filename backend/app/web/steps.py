"""The way through a lesson: where each of its steps is, and what comes next."""

from app.domain.curriculum.lessons import LessonDetail, LessonQuestionDetail
from app.domain.curriculum.steps import Step

Detail = LessonDetail | LessonQuestionDetail


def address_of(detail: Detail, step: Step) -> str:
    """Return the address of a step."""
    return f"/lessons/{detail.lesson.slug}/{step.kind}s/{step.number}"


def place_of(detail: Detail, step: Step) -> int:
    """Return how many steps come before this one."""
    return detail.steps.index(step)


def next_of(detail: Detail, step: Step, *, only_questions: bool = False) -> Step | None:
    """Return the step after this one, or the question after it; None when it is the last."""
    later = detail.steps[place_of(detail, step) + 1 :]
    return next((each for each in later if each.kind == "question" or not only_questions), None)
