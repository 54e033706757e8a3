"""`python -m tools.content`: what an author has to correct, and words that are too hard."""

# ruff: noqa: T201 - a command that talks to people
import sys

from app.core.config import CONTENT
from app.domain.curriculum.checking import check_content
from tools.word_levels import cefr_levels, find_hard_words


def main() -> int:
    """Print each error, and each remark, which is worth a look only; return 1 for an error."""
    report = check_content(CONTENT)
    for problem in report.errors:
        print(problem)
    for remark in find_hard_words(report.content, cefr_levels()):
        print(f"worth a look: {remark}")
    return 1 if report.errors else 0


if __name__ == "__main__":
    sys.exit(main())
