"""How the forms of an English word are spelled: regular rules and the tables of irregular words."""

import re
import tomllib
from collections import defaultdict
from enum import StrEnum
from pathlib import Path
from typing import Any


class Form(StrEnum):
    """The inflected forms of English words, named after what they express."""

    BASE = "base"
    PRESENT = "present"
    THIRD_PERSON = "third_person"
    PAST = "past"
    PARTICIPLE = "participle"
    ING = "ing"
    PLURAL = "plural"
    COMPARATIVE = "comparative"
    SUPERLATIVE = "superlative"
    ADVERB = "adverb"
    DOUBLE = "double"
    """An ending on a form that has one: "childrens", "wented"."""


_ADDS_ES = re.compile(r"(?:s|x|z|ch|sh)$")
_ENDS_IN_Y = re.compile(r"[^aeiou]y$")
_SHORT_VOWEL = re.compile(r"^(?:[^aeiou]*|.*qu)[aeiouy][bdfgklmnprtvz]$")
_HERE = Path(__file__).parent
_TABLES: dict[str, Any] = tomllib.loads((_HERE / "irregular_forms.toml").read_text("utf-8"))
_DOUBLING = frozenset(_TABLES["doubling"]["verbs"])
UNCOUNTABLE = frozenset(_TABLES["uncountable"]["nouns"])


def doubled(word: str) -> str:
    """Return the stem before a vowel ending: stop → stopp, open → open."""
    if _SHORT_VOWEL.search(word) or word in _DOUBLING:
        return word + word[-1]
    return word


def with_s(word: str) -> str:
    """Return the regular plural, and third person singular: watch → watches, study → studies."""
    if _ADDS_ES.search(word):
        return word + "es"
    if _ENDS_IN_Y.search(word):
        return word[:-1] + "ies"
    return word + ("es" if word in {"go", "do", "undergo"} else "s")


def with_ed(word: str) -> str:
    """Return the regular past: stop → stopped, study → studied, arrive → arrived."""
    if word.endswith("e"):
        return word + "d"
    if _ENDS_IN_Y.search(word):
        return word[:-1] + "ied"
    return ("panick" if word == "panic" else doubled(word)) + "ed"


def with_ing(word: str) -> str:
    """Return the -ing form: write → writing, sit → sitting, die → dying."""
    if word.endswith("ie"):
        return word[:-2] + "ying"
    if word.endswith("e") and not word.endswith(("ee", "oe", "ye")) and word != "be":
        return word[:-1] + "ing"
    return ("panick" if word == "panic" else doubled(word)) + "ing"


def with_er(word: str, ending: str = "er") -> str:
    """Return the comparative, or with "est" the superlative: big → bigger, easy → easier."""
    if word.endswith("e"):
        return word + ending[1:]
    if _ENDS_IN_Y.search(word):
        return word[:-1] + "i" + ending
    return doubled(word) + ending


def with_ly(word: str) -> str:
    """Return the adverb of an adjective: quick → quickly, happy → happily, basic → basically."""
    if word.endswith("le") and word[-3:-2] not in "aeiou":
        return word[:-1] + "y"
    if word.endswith("y") and len(word) > 3:  # noqa: PLR2004 - shyly, but happily
        return word[:-1] + "ily"
    if word.endswith("ic"):
        return word + "ally"
    return word + ("y" if word.endswith("ll") else "ly")


def _irregular() -> dict[str, set[tuple[str, Form]]]:
    """Return every irregular form with the base forms it belongs to."""
    forms: defaultdict[str, set[tuple[str, Form]]] = defaultdict(set)
    for line in (_HERE / "irregular_verbs.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            base, past, participle = line.split()
            for word in past.split("/"):
                forms[word].add((base, Form.PAST))
            for word in participle.split("/"):
                forms[word].add((base, Form.PARTICIPLE))
    nominal = {
        Form.PLURAL: "plurals",
        Form.COMPARATIVE: "comparatives",
        Form.SUPERLATIVE: "superlatives",
        Form.ADVERB: "adverbs",
    }
    rows = [(base, form, word) for form, t in nominal.items() for base, word in _TABLES[t].items()]
    rows += [
        (base, Form(form), word)
        for base, table in _TABLES["verbs"].items()
        for form, word in table.items()
    ]
    for base, form, spelled in rows:
        for word in [spelled] if isinstance(spelled, str) else spelled:
            forms[word].add((base, form))
    return dict(forms)


IRREGULAR = _irregular()
"""Irregular form to its (base, form) readings: left → (leave, past), (leave, participle)."""

IRREGULAR_BASES = frozenset(reading for readings in IRREGULAR.values() for reading in readings)
"""Every (base, form) that is irregular, so that the regular ending on it is a mistake."""
