"""The check of the content files that `make check` runs."""

from dataclasses import dataclass
from pathlib import Path

from app.domain.curriculum.files import Content, Problem
from app.domain.curriculum.reading import scan_content
from app.domain.curriculum.rules import find_errors
from app.domain.curriculum.word_levels import cefr_levels, find_hard_words


@dataclass(frozen=True, slots=True)
class ContentReport:
    """What is wrong (`errors` forbid loading), what deserves a look, and how much there is."""

    errors: list[Problem]
    warnings: list[Problem]
    counts: dict[str, int]


def check_content(directory: Path) -> ContentReport:
    """Check everything under `directory`; raise nothing.

    Words above a lesson's level are warnings, given only where cefrpy is installed.
    """
    content, problems = scan_content(directory)
    level_of = cefr_levels()
    return ContentReport(
        # What a file that cannot be read would have said is not missing, so look no further.
        errors=problems or find_errors(content),
        warnings=find_hard_words(content, level_of) if level_of else [],
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
