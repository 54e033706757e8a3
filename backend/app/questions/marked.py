"""What a teacher marks: its rubric, and how long a text is."""

from typing import Annotated

from pydantic import Field

from app.core.characters import visible
from app.questions.documents.base import Bilingual, ChoiceId, Document, Whole


class Criterion(Document):
    """One line of a rubric: what a teacher looks at, for at most `points` points."""

    id: ChoiceId
    name: Bilingual
    points: Whole = Field(ge=1, le=100)


Rubric = Annotated[list[Criterion], Field(min_length=1, max_length=10)]


def count_words(text: str) -> int:
    """Return the number of words in a text."""
    return len(visible(text).split())
