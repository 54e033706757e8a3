"""Between the fields of a question's form and a response; the pages call them as they are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from app.core.characters import visible
from app.questions.choices import Choice

Fields: TypeAlias = Mapping[str, Sequence[str]]
"""The values of a form by the names of its fields."""
Answer: TypeAlias = dict[str, Any]
"""The fields of a response without its type, as JSON."""


class Problem(NamedTuple):
    """Why an answer is not taken yet: the key of a message, and what its fields hold.

    `is_question`: it is taken once the learner confirms it.
    """

    message: str
    values: Mapping[str, int] = {}
    is_question: bool = False


def first(fields: Fields, name: str) -> str:
    """Return the first value of a field, "" without one."""
    return next(iter(fields.get(name, ())), "")


def filled(answer: Answer) -> Answer | None:
    """Return an answer in which something was filled in, else None."""
    return answer if any(answer.values()) else None


def read_text(fields: Fields, prefix: str) -> Answer | None:
    """Return the typed text, None when it shows nothing."""
    text = first(fields, f"{prefix}text")
    return {"text": text} if visible(text).strip() else None


def by_choice(fields: Fields, prefix: str, choices: Iterable[Choice]) -> dict[str, str]:
    """Return what was chosen for each of `choices`, without those left open."""
    chosen = ((choice.id, first(fields, prefix + choice.id)) for choice in choices)
    return {key: value for key, value in chosen if value}
