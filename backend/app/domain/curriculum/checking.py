"""The check of the content files: what an author has to correct before they can be loaded."""

from dataclasses import dataclass
from pathlib import Path

from app.domain.curriculum.files import Content, Problem
from app.domain.curriculum.reading import scan_content
from app.domain.curriculum.rules import find_errors


@dataclass(frozen=True, slots=True)
class ContentReport:
    """What was read, what is wrong (`errors` forbid loading), and how much there is."""

    content: Content
    errors: list[Problem]
    counts: dict[str, int]


def check_content(directory: Path) -> ContentReport:
    """Check everything under `directory`; raise nothing."""
    content, problems = scan_content(directory)
    return ContentReport(
        content,
        # What a file that cannot be read would have said is not missing, so look no further.
        errors=problems or find_errors(content),
        counts=_counts(content),
    )


def _counts(content: Content) -> dict[str, int]:
    lessons = list(content.lessons())
    return {
        "paths": len(content.paths),
        "units": len(list(content.units())),
        "lessons": len(lessons),
        "questions": sum(len(lesson.document.questions) for lesson in lessons),
        "vocabulary": len(list(content.words())),
    }
