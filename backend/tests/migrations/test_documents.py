"""The generated documents are the ones that are committed."""

import re

import pytest

from app.cli.schema_docs import GROUPS, documents, outdated
from app.core.config import Settings
from app.models import Base


def test_the_committed_documents_are_what_the_code_generates() -> None:
    assert outdated() == [], "run: python manage_db.py docs"


def test_the_diagrams_hold_every_table_once_and_every_foreign_key() -> None:
    (entities,) = (text for file, text in documents().items() if file.name == "entities.md")
    drawn = re.findall(r"^    (\w+) \{$", entities, flags=re.MULTILINE)
    assert sorted(drawn) == sorted(Base.metadata.tables)
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(drawn)
    lines = re.findall(r"^    \w+ (?:\|\||\|o)--o[|{] \w+ : ", entities, flags=re.MULTILINE)
    assert len(lines) == sum(len(table.foreign_keys) for table in Base.metadata.tables.values())


def test_every_setting_is_in_the_table_with_a_meaning() -> None:
    (page,) = (text for file, text in documents().items() if file.name == "configuration.md")
    for name, field in Settings.model_fields.items():
        assert field.description
        assert f"| `{name}` |" in page


def test_no_secret_is_printed() -> None:
    secret = Settings.model_fields["SECRET_KEY"].default.get_secret_value()
    assert not any(secret in text for text in documents().values())


def test_a_changed_setting_makes_the_document_outdated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings.model_fields["PORT"], "description", "Another meaning.")
    assert [file.name for file in outdated()] == ["configuration.md"]
