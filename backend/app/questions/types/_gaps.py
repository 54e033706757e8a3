"""What `fill_blank` and `cloze_choice` share: each gap of the stem is answered for itself."""

from collections.abc import Sequence

from app.core.characters import visible
from app.core.errors import InvalidInput
from app.questions.forms import Answer, Fields, first


def check_gaps(given: Sequence[str], gaps: int, field: str) -> None:
    """Raise InvalidInput for gaps too many or too few; no gap at all is an open question."""
    if given and len(given) != gaps:
        raise InvalidInput(
            f"The question has {gaps} gaps; send an empty text for an open one.",
            f"Soal ini punya {gaps} isian; kirim teks kosong untuk yang belum diisi.",
            field=f"{field}.gaps",
        )


def read_gaps(fields: Fields, prefix: str, gaps: int) -> Answer | None:
    """Return what each gap holds, None when all are open."""
    values = [first(fields, f"{prefix}gap-{number}") for number in range(gaps)]
    return {"gaps": values} if visible("".join(values)).strip() else None


def write_gaps(gaps: Sequence[str]) -> dict[str, list[str]]:
    """Return the fields that show what each gap holds."""
    return {f"gap-{number}": [text] for number, text in enumerate(gaps)}
