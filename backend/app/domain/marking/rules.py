"""How a teacher's points for the criteria of a rubric become a score."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from difflib import SequenceMatcher

from app.core.errors import InvalidInput
from app.english.answers import DiffPiece
from app.questions.grades import share
from app.questions.marked import Criterion

MAX_COMMENT_LENGTH = 2_000
MAX_TEXT_LENGTH = 20_000
_WORDS = re.compile(r"\S+|\n")


def check_points(rubric: Sequence[Criterion], points: Mapping[str, int]) -> None:
    """Raise InvalidInput, naming the field, unless every criterion has points, from 0 to its most.

    Points for what is no criterion are refused, too.
    """
    for unknown in points.keys() - {criterion.id for criterion in rubric}:
        raise InvalidInput(
            "The rubric does not have this criterion.",
            "Kriteria ini tidak ada di rubrik.",
            field=f"points.{unknown}",
        )
    for criterion in rubric:
        if not 0 <= points.get(criterion.id, -1) <= criterion.points:
            raise InvalidInput(
                f"Give 0 to {criterion.points} points.",
                f"Beri 0 sampai {criterion.points} poin.",
                field=f"points.{criterion.id}",
            )


def score_of(rubric: Sequence[Criterion], points: Mapping[str, int]) -> Decimal:
    """Return points of maximum, in thousandths; 1 only when every criterion has full points."""
    most = sum(criterion.points for criterion in rubric)
    return share(sum(points[criterion.id] for criterion in rubric), most)


def check_comment(comment: str | None) -> str | None:
    """Return a comment without the space around it, None when nothing is left.

    Raises InvalidInput when it is too long, or cannot be stored.
    """
    text = (comment or "").strip()
    if len(text) > MAX_COMMENT_LENGTH or "\x00" in text:
        raise InvalidInput(
            f"A comment may have at most {MAX_COMMENT_LENGTH} characters.",
            f"Komentar boleh berisi maksimal {MAX_COMMENT_LENGTH} karakter.",
            field="comment",
        )
    return text or None


def check_corrected(corrected: str | None, text: str) -> str | None:
    """Return a text as a teacher corrected it, None where nothing was changed.

    Raises InvalidInput when it is too long, or cannot be stored.
    """
    mended = (corrected or "").replace("\r\n", "\n").strip()
    if len(mended) > MAX_TEXT_LENGTH or "\x00" in mended:
        raise InvalidInput(
            f"The text may have at most {MAX_TEXT_LENGTH} characters.",
            f"Tulisan boleh berisi maksimal {MAX_TEXT_LENGTH} karakter.",
            field="corrected",
        )
    return mended if mended and mended.split() != text.split() else None


def corrections(text: str, corrected: str) -> list[DiffPiece]:
    """Return what a teacher changed in a text, word by word, ends of lines among them.

    The longest stretches in common stand (Ratcliff and Metzener, 1988, as difflib finds them).
    """
    ours, theirs = _WORDS.findall(corrected), _WORDS.findall(text)
    matcher = SequenceMatcher(None, theirs, ours, autojunk=False)
    kinds = {"equal": "same", "delete": "extra", "insert": "missing", "replace": "wrong"}
    return [
        DiffPiece(
            kinds[tag],  # type: ignore[arg-type]
            "" if tag == "delete" else " ".join(ours[c:d]),
            "" if tag == "insert" else " ".join(theirs[a:b]),
        )
        for tag, a, b, c, d in matcher.get_opcodes()
    ]
