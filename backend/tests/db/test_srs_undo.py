"""Taking reviews back on real commits, with all that they changed."""

import asyncio
from datetime import date, timedelta

import pytest
from msgspec import structs

from app.core.errors import Conflict
from app.domain.srs.undoing import NothingToUndo
from app.models.base import new_id
from tests.db.study import NOW


async def test_undo_takes_the_last_review_back_with_all_that_it_changed(study):
    first, second = await study.add_card(), await study.add_card()
    await study.submit(first, 4)
    states = [await study.state(first), await study.state(second)]
    days = await study.days()
    review = await study.submit(second, 1)
    result = await study.undo()
    assert result.review_id == review.review_id
    assert result.card.card_id == second
    assert result.card.is_new
    assert await study.state(first) == states[0]
    assert await study.state(second) == structs.replace(states[1], revision=2)
    assert await study.days() == days
    assert [row.kind for row in await study.log(second)] == ["review", "undo"]
    assert await study.check() == []
    again = await study.submit(second, 3, state_token=result.card.state_token)
    assert again.interval_days == 0
    assert await study.check() == []


async def test_one_undo_after_the_other_goes_back_review_by_review(study):
    cards = [await study.add_card() for _ in range(3)]
    ids = []
    for n, card_id in enumerate([*cards, cards[0]]):
        review = await study.submit(card_id, 4, now=NOW + timedelta(minutes=n))
        ids.append(review.review_id)
    later = NOW + timedelta(hours=1)
    assert [(await study.undo(later)).review_id for _ in ids] == ids[::-1]
    with pytest.raises(NothingToUndo):
        await study.undo(later)
    assert await study.days() == {}
    assert await study.check() == []


async def test_an_undo_sent_twice_takes_one_review_back(study):
    card_id, undo_id = await study.add_card(), new_id()
    for n in range(3):
        await study.submit(card_id, 4, now=NOW + timedelta(minutes=n))
    later = NOW + timedelta(hours=1)
    results = await asyncio.gather(*(study.undo(later, undo_id) for _ in range(4)))
    assert len({result.review_id for result in results}) == 1
    assert (await study.card(card_id)).review_count == 2


async def test_undos_at_once_take_different_reviews_back(study):
    cards = [await study.add_card() for _ in range(4)]
    for card_id in cards:
        await study.submit(card_id, 4)
    results = await asyncio.gather(*(study.undo() for _ in range(4)))
    assert len({result.review_id for result in results}) == 4
    assert await study.check() == []


async def test_a_review_of_yesterday_can_be_undone_and_no_older_one(study):
    card_id = await study.add_card()
    await study.submit(card_id, 4)
    with pytest.raises(NothingToUndo):
        await study.undo(NOW + timedelta(hours=24))
    await study.undo(NOW + timedelta(hours=24) - timedelta(seconds=1))
    assert (await study.card(card_id)).review_count == 0


async def test_the_review_that_arrived_last_is_undone_even_if_it_was_made_long_ago(study):
    card_id = await study.add_card()
    later = NOW + timedelta(days=20)
    await study.submit(card_id, 3, now=later)
    offline = await study.submit(
        card_id, 1, now=later + timedelta(minutes=1), reviewed_at=NOW + timedelta(days=1)
    )
    undone = await study.undo(later + timedelta(minutes=2))
    assert undone.review_id == offline.review_id
    assert await study.days() == {date(2026, 3, 22): (1, 0, 1, 1500)}
    assert await study.check() == []


async def test_nobody_undoes_somebody_elses_review(study):
    review = await study.submit(await study.add_card())
    stranger = await study.other()
    with pytest.raises(NothingToUndo):
        await stranger.undo()
    own = await stranger.submit(await stranger.add_card())
    for undo_id in (review.review_id, own.review_id):
        with pytest.raises(Conflict):
            await stranger.undo(undo_id=undo_id)
