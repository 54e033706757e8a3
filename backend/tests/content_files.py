"""A small, valid content folder for tests: change the dictionaries, then write them."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from app.domain.curriculum.checking import check_content

BOTH = {"en": "The verb be", "id": "Kata kerja be"}


def translated(**fields: str) -> dict[str, Any]:
    return {"id": fields}


RUBRIC = [{"id": "a", "name": BOTH, "points": 10}]
CHOICES = {"choices": [{"id": "a", "text": "am"}, {"id": "b", "text": "is"}]}
PARTS: dict[str, dict[str, Any]] = {
    "true_false": {"answer_key": {"value": True}},
    "multiple_choice": {"options": CHOICES, "answer_key": {"choice": "b"}},
    "multiple_answer": {
        "options": {"choices": [{"id": i, "text": i} for i in "abc"]},
        "answer_key": {"choices": ["a", "c"]},
    },
    "fill_blank": {"answer_key": {"gaps": [["is"], ["isn't", "is not"]]}},
    "short_answer": {"answer_key": {"accepted": ["I am Sari", "I'm Sari"]}},
    "cloze_choice": {
        "options": {"gaps": [CHOICES["choices"], CHOICES["choices"]]},
        "answer_key": {"gaps": ["b", "b"]},
    },
    "matching": {
        "options": {
            "left": [{"id": "a", "text": "I"}, {"id": "b", "text": "he"}],
            "right": [{"id": "x", "text": "am"}, {"id": "y", "text": "is"}],
        },
        "answer_key": {"pairs": {"a": "x", "b": "y"}},
    },
    "ordering": {
        "options": {"tokens": [{"id": i, "text": i} for i in "abc"]},
        "answer_key": {"orders": [["c", "a", "b"]]},
    },
    "categorise": {
        "options": {
            "groups": [{"id": "x", "name": BOTH}, {"id": "y", "name": {"en": "Y", "id": "Z"}}],
            "words": [{"id": i, "text": i} for i in "abc"],
        },
        "answer_key": {"places": {"a": "x", "b": "y", "c": "x"}},
    },
    "error_correction": {
        "options": {"text": "She are here."},
        "answer_key": {"accepted": ["She is here."]},
    },
    "translation": {
        "options": {"text": "Dia di sini.", "direction": "to_english"},
        "answer_key": {"accepted": ["She is here.", "He is here."]},
    },
    "dictation": {
        "options": {"speech": "She is here."},
        "answer_key": {"accepted": ["She is here."]},
    },
    "reading": {
        "options": {
            "passage": {"title": "Here", "text": "Sari is here."},
            "parts": [
                {"id": "a", "type": "true_false", "stem": BOTH},
                {"id": "b", "type": "multiple_choice", "stem": BOTH, "options": CHOICES},
            ],
        },
        "answer_key": {"parts": {"a": {"value": True}, "b": {"choice": "b"}}},
    },
    "essay": {
        "options": {"min_words": 50, "max_words": 80, "rubric": RUBRIC},
        "answer_key": {"sample": "My name is Sari."},
    },
    "speaking": {"options": {"max_seconds": 60, "rubric": RUBRIC}, "answer_key": {}},
}


def question(slug: str, kind: str = "true_false", **fields: Any) -> dict[str, Any]:
    return (
        {"slug": slug, "type": kind, "stem": "She ___ here, she ___ there.", "explanation": "Why."}
        | {"translations": translated(stem="Lengkapi: she ___, she ___.", explanation="Alasannya.")}
        | deepcopy(PARTS[kind])
        | fields
    )


KINDS = ("true_false", "multiple_choice", "multiple_answer", "fill_blank", "short_answer")


def lesson(slug: str, position: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "slug": slug,
        "title": "The verb be",
        "level": "A1",
        "skill": "grammar",
        "topic": "verb be",
        "position": position,
        "summary": "Say who you are.",
        "translations": translated(title="Kata kerja be", description="Perkenalkan dirimu."),
        "sections": [
            {"kind": "explanation", "title": BOTH, "body": BOTH},
            {"kind": "vocabulary", "title": BOTH, "entries": ["teacher"]},
        ],
        "questions": [question(f"{slug}-{n:02}", KINDS[n % len(KINDS)]) for n in range(1, 11)],
    } | fields


def word(slug: str, **fields: Any) -> dict[str, Any]:
    return {
        "slug": slug,
        "headword": slug,
        "part_of_speech": "noun",
        "ipa": "/ˈtiːtʃə/",
        "level": "A1",
        "meaning": "guru",
        "example_en": "My teacher is kind.",
        "example_id": "Guru saya baik hati.",
    } | fields


def titled(slug: str, position: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "slug": slug,
        "title": slug.title(),
        "description": "What it is.",
        "position": position,
        "translations": translated(title="Judul", description="Apa ini."),
    } | fields


class ContentFolder:
    """One path, one A1 unit with two lessons, and two words, as files under `directory`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.files: dict[str, Any] = {
            "vocabulary/a1.yaml": {"entries": [word("teacher"), word("office", meaning="kantor")]},
            "paths/general/path.yaml": titled("general"),
            "paths/general/1-start/unit.yaml": titled("start", level="A1"),
            "paths/general/1-start/be.yaml": lesson("be"),
            "paths/general/1-start/have.yaml": lesson("have", 2, title="Have and has"),
        }
        self.write()

    @property
    def be(self) -> dict[str, Any]:
        """The first lesson."""
        return self.files["paths/general/1-start/be.yaml"]

    @property
    def have(self) -> dict[str, Any]:
        """The second lesson."""
        return self.files["paths/general/1-start/have.yaml"]

    @property
    def words(self) -> list[dict[str, Any]]:
        """The vocabulary entries."""
        return self.files["vocabulary/a1.yaml"]["entries"]

    def write(self) -> Path:
        """Write the files as they are now; return the folder."""
        for old in self.directory.glob("**/*.yaml"):
            old.unlink()
        for name, data in self.files.items():
            file = self.directory / name
            file.parent.mkdir(parents=True, exist_ok=True)
            text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
            file.write_text(text, encoding="utf-8")
        return self.directory


def errors(folder: ContentFolder) -> list[str]:
    """Return what the check says against a folder."""
    return [str(error) for error in check_content(folder.write()).errors]


def only_error(folder: ContentFolder) -> str:
    """Return the one thing that it says."""
    (error,) = errors(folder)
    return error
