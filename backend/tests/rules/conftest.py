"""What several tests of rules begin with."""

from pathlib import Path

import pytest

from tests.content_files import ContentFolder


@pytest.fixture
def folder(tmp_path: Path) -> ContentFolder:
    """A small valid content folder, to be spoilt."""
    return ContentFolder(tmp_path)
