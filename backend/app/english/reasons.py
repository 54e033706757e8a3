"""The reasons why an answer is not the key, and their texts (reasons.toml)."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

Kind = Literal["missing", "extra", "wrong"]


class Reason(StrEnum):
    """What a learner got wrong, named as a teacher would."""

    A_OR_AN = "a_or_an"
    ADVERB = "adverb"
    AGREEMENT = "agreement"
    APOSTROPHE = "apostrophe"
    ARTICLE = "article"
    AUXILIARY = "auxiliary"
    BASE_FORM = "base_form"
    COMPARATIVE = "comparative"
    CONFUSED = "confused"
    EXTRA_WORD = "extra_word"
    FORM = "form"
    INFINITIVE = "infinitive"
    ING = "ing"
    IRREGULAR = "irregular"
    MISSING_WORD = "missing_word"
    NEGATION = "negation"
    NUMBER = "number"
    PARTICIPLE = "participle"
    PLURAL = "plural"
    POSSESSIVE = "possessive"
    PREPOSITION = "preposition"
    PRONOUN = "pronoun"
    SINGULAR = "singular"
    SPACING = "spacing"
    SPELLING = "spelling"
    SUPERLATIVE = "superlative"
    TENSE = "tense"
    THIRD_PERSON = "third_person"
    UNCOUNTABLE = "uncountable"
    WORD_ORDER = "word_order"
    WRONG_WORD = "wrong_word"


_TEXTS: dict[str, dict[str, dict[str, str]]] = tomllib.loads(
    Path(__file__).with_name("reasons.toml").read_text(encoding="utf-8")
)


@dataclass(frozen=True, slots=True)
class Remark:
    """One reason, for words as the key has them and as they were written ("" where none were)."""

    reason: Reason
    kind: Kind
    expected: str = ""
    given: str = ""

    def text(self, language: str) -> str:
        """Return one sentence for the learner in `language` ("id" or "en")."""
        template = _TEXTS[self.reason][self.kind]["id" if language == "id" else "en"]
        return template.format(expected=self.expected, given=self.given)
