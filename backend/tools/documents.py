"""The documents that are generated: entity diagrams, settings table, JSON Schemas, catalog.

`documents()` needs no server, the catalog does. `python manage_db.py docs` writes them all;
`python -m tools.documents` compares the former with what is committed, a test the latter.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any, get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from sqlalchemy import ARRAY, Column, ForeignKeyConstraint, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from app.cli.schema_catalog import CATALOG, catalog_document
from app.core.config import BACKEND, CONTENT, Settings
from app.core.files import replace_text
from app.domain.curriculum.json_schemas import schemas
from app.embedded.servers import database_url
from app.models import Base
from tools.scratch import scratch_database

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
DOCS = BACKEND.parent / "docs"
_ENTITIES = DOCS / "schema" / "entities.md"
_CONFIGURATION = DOCS / "configuration.md"
_BEGIN = "<!-- generated from app/core/config.py: python manage_db.py docs -->"
_END = "<!-- end of the generated part -->"

GROUPS = {
    "Accounts": ("users", "user_preferences", "user_sessions"),
    "Content": ("paths", "units", "lessons", "questions", "lesson_questions", "vocabulary_entries"),
    "Question sets": ("question_sets", "questionset_questions"),
    "Progress": (
        "lesson_progress",
        "question_attempts",
        "attempt_marks",
        "item_reports",
        "recordings",
        "daily_activity",
        "user_achievements",
        "placement_tests",
    ),
    "Spaced repetition": ("srs_cards", "srs_reviews", "srs_settings", "personal_entries"),
    "Tryouts": ("tryout_sessions", "tryout_answers"),
    "Billing": ("subscriptions", "payment_transactions"),
}
"""The diagrams, in reading order; every table is in exactly one."""

_ENTITIES_INTRO = """\
# Entities

Generated from the models by `python manage_db.py docs`; `catalog.txt` beside this page lists every
constraint, index and grant as PostgreSQL has them. A box without columns belongs to another
diagram. PK: primary key, FK: foreign key, UK: unique. A quoted remark says what may be absent.
"""


def documents() -> dict[Path, str]:
    """Return the text of every document that follows from the code alone, by its path."""
    json_schemas = {CONTENT / "schemas" / name: text for name, text in schemas().items()}
    return {_ENTITIES: _entities(), _CONFIGURATION: _configuration()} | json_schemas


def outdated() -> list[Path]:
    """Return those of `documents()` that differ from what is on disk."""
    return [
        file
        for file, content in documents().items()
        if not file.exists() or file.read_text(encoding="utf-8") != content
    ]


def main() -> int:
    """Print which documents are out of date; return 1 when one is."""
    files = outdated()
    for file in files:
        name = file.relative_to(BACKEND.parent)
        print(f"{name} is out of date; run: python manage_db.py docs")  # noqa: T201 - talks to people
    return 1 if files else 0


def write() -> list[Path]:
    """Write every generated document, the catalog too (on a scratch database); return the paths."""

    async def catalog(url: str) -> str:
        async with scratch_database(url) as scratch:
            return await catalog_document(scratch)

    with database_url() as url:
        everything = documents() | {CATALOG: asyncio.run(catalog(url))}
    for file, content in everything.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_text(file, content)
    return list(everything)


# --- entity diagrams --------------------------------------------------------------------------


def _entities() -> str:
    sections = [
        f"## {title}\n\n```mermaid\nerDiagram\n{_diagram(tables)}```\n"
        for title, tables in GROUPS.items()
    ]
    return "\n".join([_ENTITIES_INTRO, *sections])


def _diagram(names: tuple[str, ...]) -> str:
    tables = [Base.metadata.tables[name] for name in names]
    return "".join([*map(_entity, tables), *(line for table in tables for line in _lines(table))])


def _entity(table: Table) -> str:
    rows = "".join(f"        {_attribute(column)}\n" for column in table.columns)
    return f"    {table.name} {{\n{rows}    }}\n"


def _attribute(column: Column[Any]) -> str:
    keys = [
        key
        for key, holds in (
            ("PK", column.primary_key),
            ("FK", column.foreign_keys),
            ("UK", column.unique),
        )
        if holds
    ]
    remark = "generated" if column.computed else "optional" if column.nullable else ""
    parts = [_type(column.type), column.name, ", ".join(keys), f'"{remark}"' if remark else ""]
    return " ".join(part for part in parts if part)


def _type(kind: TypeEngine[Any]) -> str:
    """Return the type in one word, as Mermaid wants it."""
    if isinstance(kind, ARRAY):
        return f"{_type(kind.item_type)}[]"
    name = kind.compile(_DIALECT).lower()
    return (
        name.replace("timestamp with time zone", "timestamptz").partition("(")[0].replace(" ", "_")
    )


def _lines(table: Table) -> list[str]:
    """Return one line a foreign key: parent, how many each side has, child."""
    lines = []
    keys = [key for key in table.constraints if isinstance(key, ForeignKeyConstraint)]
    for key in sorted(keys, key=lambda key: str(key.name)):
        column = key.columns[0]
        parent = "|o" if column.nullable else "||"
        child = "o|" if column.unique else "o{"
        label = f"{column.name}, on delete {(key.ondelete or 'no action').lower()}"
        lines.append(f'    {key.referred_table.name} {parent}--{child} {table.name} : "{label}"\n')
    return lines


# --- settings ---------------------------------------------------------------------------------


def _configuration() -> str:
    """Return the page as it is written by hand, with the table inside it made new."""
    before, _, rest = _CONFIGURATION.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    rows = [_setting(name, field) for name, field in Settings.model_fields.items()]
    table = "\n".join(["| Name | Default | Meaning |", "| --- | --- | --- |", *rows])
    return f"{before}{_BEGIN}\n\n{table}\n\n{_END}{after}"


def _setting(name: str, field: FieldInfo) -> str:
    default = field.default
    if isinstance(default, SecretStr):
        shown = "a value that production refuses"
    elif default is None or default == "":
        shown = "empty"
    else:
        shown = f"`{default}`"
    return f"| `{name}` | {shown} | {field.description}{_choices(field)} |"


def _choices(field: FieldInfo) -> str:
    values = [value for value in get_args(field.annotation) if isinstance(value, str)]
    return f" One of {', '.join(f'`{value}`' for value in values)}." if values else ""


if __name__ == "__main__":
    sys.exit(main())
