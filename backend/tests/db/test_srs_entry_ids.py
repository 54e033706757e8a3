"""An id is one entry of the log, of whatever kind it is."""

import pytest

from app.core.errors import Conflict
from app.models.base import new_id
from tests.db.study import NOW


@pytest.mark.parametrize("is_old", [False, True])
async def test_a_review_with_the_id_of_an_undo_is_refused(study, is_old):
    card_id, undo_id = await study.add_card(), new_id()
    await study.submit(card_id)
    await study.undo(undo_id=undo_id)
    made = {"reviewed_at": NOW.replace(year=2025)} if is_old else {}
    with pytest.raises(Conflict):
        await study.submit(card_id, review_id=undo_id, **made)
    assert len(await study.log(card_id)) == 2
    assert await study.check() == []


async def test_a_review_with_the_id_of_a_reset_is_refused(study):
    card_id = await study.add_card()
    await study.submit(card_id)
    await study.manage("reset", card_id)
    reset = (await study.log(card_id))[-1]
    with pytest.raises(Conflict):
        await study.submit(card_id, review_id=reset.id)
