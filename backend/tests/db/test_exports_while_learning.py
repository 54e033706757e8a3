"""The export of a log that is read slowly, while its learner goes on."""

import json
from datetime import timedelta

import pytest

from app.core import bulk_export
from app.domain.srs import transfer
from tests.db.study import NOW
from tests.work import work_on

DAY = timedelta(days=1)
PAGE = 2


@pytest.fixture
def small_pages(monkeypatch):
    """Read two rows at a time."""
    monkeypatch.setattr(bulk_export, "BATCH_ROWS", PAGE)


async def test_an_export_has_every_entry_once_while_reviews_are_added(study, small_pages):
    cards = [await study.add_card() for _ in range(5)]
    made = [str((await study.submit(card, 3)).review_id) for card in cards]  # all at one moment
    chunks = transfer.export_reviews(work_on(study.database), study.account, "jsonl")
    seen = []
    async for chunk in chunks:
        seen += [json.loads(line)["id"] for line in chunk.splitlines()]
        assert study.database.pool_status().checked_out == 0
        await study.submit(await study.add_card(), 3, now=NOW + DAY)
    assert sorted(seen) == sorted(made)
    assert len(seen) > PAGE


async def test_an_export_of_nothing_is_its_header(study):
    chunks = [
        chunk
        async for chunk in transfer.export_reviews(work_on(study.database), study.account, "csv")
    ]
    assert [chunk.count(b"\n") for chunk in chunks] == [1]
