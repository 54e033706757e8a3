"""Stems with gaps: an instruction, and the text that holds the gaps."""

from collections.abc import Iterator

GAP = "___"
"""Three underscores mark one gap in the stem of a `fill_blank` or `cloze_choice` question."""


def gap_errors(stem: str, gaps: int) -> Iterator[str]:
    """Yield that a stem and its answer key disagree about the number of gaps."""
    found = stem.count(GAP)
    if found != gaps:
        yield f"has {found} gaps ({GAP}), the answer_key {gaps}"


def gap_instruction(stem: str) -> str:
    """Return the part of a stem before the text with the gaps: the instruction."""
    return stem[: _gap_text_start(stem)].strip().removesuffix(":")


def gap_text(stem: str) -> str:
    """Return the part of a stem that holds the gaps, from its quotation mark on."""
    return stem[_gap_text_start(stem) :]


def _gap_text_start(stem: str) -> int:
    return max(0, stem.find("“", 0, stem.find(GAP)))
