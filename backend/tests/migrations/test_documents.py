"""The generated documents are the ones that are committed."""

import re

import pytest

from app.core.config import BACKEND, Settings
from app.models import APPEND_ONLY, Base
from tools.documents import CATALOG, DOCS, GROUPS, documents, outdated


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


def test_every_page_that_lists_the_logs_lists_all_of_them() -> None:
    lists = re.compile(r"`\w+`(?:,?\s(?:and\s)?`\w+`)+")
    found = 0
    for page in DOCS.rglob("*.md"):
        for listed in lists.findall(page.read_text()):
            named = [name for name in APPEND_ONLY if f"`{name}`" in listed]
            if len(named) > len(APPEND_ONLY) / 2:
                assert sorted(named) == sorted(APPEND_ONLY), f"{page}: {listed}"
                found += 1
    assert found > 1


def test_no_secret_is_printed() -> None:
    secret = Settings.model_fields["SECRET_KEY"].default.get_secret_value()
    assert not any(secret in text for text in documents().values())


def test_a_changed_setting_makes_the_document_outdated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings.model_fields["PORT"], "description", "Another meaning.")
    assert [file.name for file in outdated()] == ["configuration.md"]


def references() -> set[str]:
    """Return what docs/specification.md names in code spans as a file or a test."""
    spans = re.findall(r"`([^`\s]+)`", (DOCS / "specification.md").read_text())
    paths = (
        r"(app|tools|alembic|tests|content|docs)/[\w./-]*|(manage_db|test_models)\.py|alembic\.ini"
    )
    return {span for span in spans if re.fullmatch(rf"({paths})(::\w+)?", span)}


def test_the_specification_page_names_only_files_and_tests_that_exist() -> None:
    missing = []
    for reference in sorted(references()):
        path, _, test = reference.partition("::")
        file = next(
            (root / path for root in (BACKEND, DOCS.parent) if (root / path).exists()), None
        )
        if file is None or (test and f"def {test}(" not in file.read_text()):
            missing.append(reference)
    assert missing == []
    assert len(references()) > 60


def test_the_specification_page_names_only_rules_that_exist() -> None:
    page = (DOCS / "specification.md").read_text()
    named = set(re.findall(r"`(?:payment_transactions_notification_key|\w+_check|idx_\w+)`", page))
    catalog = CATALOG.read_text()
    assert [name for name in sorted(named) if f" {name.strip('`')} " not in catalog] == []
    assert len(named) > 15
