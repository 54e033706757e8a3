"""JSON Schemas for content authors and their editors, generated from the Pydantic shapes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from app.core.files import replace_text
from app.domain.curriculum.files import LessonFile, PathFile, UnitFile, VocabularyFile
from app.questions.documents.sections import Sections
from app.questions.types import AnswerKey, Options, Response

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FILES: dict[str, Any] = {
    "path": PathFile,
    "unit": UnitFile,
    "lesson": LessonFile,
    "vocabulary": VocabularyFile,
}
_COLUMNS: dict[str, Any] = {
    "sections": Sections,
    "options": Options,
    "answer_key": AnswerKey,
    "response": Response,
}


def schemas() -> dict[str, str]:
    """Return file name and text of every schema: one a kind of file, one a JSONB column."""
    shapes = {name: TypeAdapter(shape).json_schema() for name, shape in (_FILES | _COLUMNS).items()}
    _let_questions_name_their_type_once(shapes["lesson"])
    return {
        f"{name}.schema.json": json.dumps(
            {"$schema": _DIALECT, **shape}, indent=2, ensure_ascii=False
        )
        + "\n"
        for name, shape in shapes.items()
    }


def write_schemas(directory: Path) -> list[str]:
    """Write every schema into `directory`; return the names of those that changed."""
    directory.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, text in schemas().items():
        file = directory / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            replace_text(file, text)
            changed.append(name)
    return changed


def _let_questions_name_their_type_once(lesson: dict[str, Any]) -> None:
    """In a lesson file options and answer key take the type from the question or its part."""
    for name, shape in lesson["$defs"].items():
        if name.endswith(("Options", "Key")):
            shape["required"].remove("type")
    for union in _unions_by_type(lesson):
        # Without its type, a document may be of several: a translation, or a dictation.
        del union["discriminator"]
        union["anyOf"] = union.pop("oneOf")


def _unions_by_type(shape: Any) -> Iterator[dict[str, Any]]:
    """Yield every union within `shape` whose members are told apart by their `type`."""
    if isinstance(shape, dict):
        for inner in shape.values():
            yield from _unions_by_type(inner)
        if shape.get("discriminator", {}).get("propertyName") == "type":
            yield shape
    elif isinstance(shape, list):
        for inner in shape:
            yield from _unions_by_type(inner)
