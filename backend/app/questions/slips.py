"""What was given where something else was right, and the causes that the mistake book knows."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias, get_args

from app.english.normalization import Language

Cause: TypeAlias = Literal[
    "articles",
    "tense",
    "verb_form",
    "agreement",
    "plural",
    "pronouns",
    "prepositions",
    "comparison",
    "do_support",
    "word_order",
    "grammar",
    "spelling",
    "words",
    "understanding",
]
CAUSES: tuple[Cause, ...] = get_args(Cause)
"""In the order in which a grammar lists them; spelling and words last."""


class Slip(NamedTuple):
    """What was given where something else was right; of two statements, they may be far apart."""

    accepted: Sequence[str]
    given: str
    language: Language = "en"
    exact: bool = False
    is_statement: bool = False
