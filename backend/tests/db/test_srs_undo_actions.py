"""Undo takes back what was done last: not only reviews, but all that was done to cards."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs
from sqlalchemy import text

from app.domain.srs import checking, transfer
from app.domain.srs.undoing import NothingToUndo
from app.models.base import new_id
from tests.db.study import NOW, TODAY
from tests.factories import make_vocabulary
from tests.work import work_on

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
ACTIONS = ["suspend", "unsuspend", "bury", "unbury", "reset", "reschedule"]


async def _reviewed(study, count=3):
    """Return cards that were reviewed, each of which any action changes."""
    cards = [await study.add_card() for _ in range(count)]
    for card_id in cards:
        await study.submit(card_id, 4)
    return cards


async def _prepare(study, action, *cards):
    """Let an action change something: what is brought back was put away before."""
    before = {"unsuspend": "suspend", "unbury": "bury"}.get(action)
    if before:
        await study.manage(before, *cards, now=NOW + MINUTE)


async def _picture(study, card_id):
    """Return all of a card but the length of its log."""
    card = await study.card(card_id)
    return (
        structs.replace(await study.state(card_id), revision=0),
        card.is_suspended,
        card.buried_until,
    )


@pytest.mark.parametrize("action", ACTIONS)
async def test_undo_after_an_action_takes_back_the_action_and_not_the_review_before_it(
    study, action
):
    cards = await _reviewed(study)
    await _prepare(study, action, *cards)
    before, days = [await _picture(study, card_id) for card_id in cards], await study.days()
    await study.manage(action, *cards, now=NOW + 2 * MINUTE, due_on=TODAY + 40 * DAY)
    for card_id, was in zip(cards, before, strict=True):
        assert await _picture(study, card_id) != was
    undone = await study.undo(NOW + 3 * MINUTE)
    assert (undone.action, undone.changed, undone.review_id) == (action, 3, None)
    assert [await _picture(study, card_id) for card_id in cards] == before
    assert await study.days() == days
    assert await study.check() == []


async def test_undos_in_a_row_go_back_action_by_action(study):
    (card_id,) = await _reviewed(study, 1)
    pictures = []
    actions = ("bury", "suspend", "reset", "unsuspend", "unbury", "reschedule", "bury", "unbury")
    for number, action in enumerate(actions, 1):
        pictures.append(await _picture(study, card_id))
        await study.manage(action, card_id, now=NOW + number * MINUTE, due_on=TODAY + 9 * DAY)
    later = NOW + timedelta(hours=1)
    for action, picture in list(zip(actions, pictures, strict=True))[::-1]:
        undone = await study.undo(later)
        assert (undone.action, await _picture(study, card_id)) == (action, picture)
        assert await study.check() == []
    assert (await study.undo(later)).action == "review"
    with pytest.raises(NothingToUndo) as error:
        await study.undo(later)  # and no undo is undone
    assert error.value.text("id") != error.value.text("en")
    assert await study.days() == {}


async def test_a_card_is_undone_only_as_far_as_it_was_changed(study):
    """What was suspended before stays so, when the others of a later action come back."""
    first, second = await _reviewed(study, 2)
    await study.manage("suspend", first, now=NOW + MINUTE)
    await study.manage("suspend", first, second, now=NOW + 2 * MINUTE)
    assert (await study.undo(NOW + 3 * MINUTE)).changed == 1
    assert [(await study.card(each)).is_suspended for each in (first, second)] == [True, False]


async def test_an_action_that_changed_nothing_is_nothing_to_undo(study):
    (card_id,) = await _reviewed(study, 1)
    await study.manage("unsuspend", card_id)
    await study.manage("unbury", card_id)
    assert (await study.undo()).action == "review"


@pytest.mark.parametrize("action", ["suspend", "bury"])
async def test_what_was_put_aside_before_it_was_logged_can_be_brought_back_and_undone(
    study, action
):
    """Of cards that an older version put aside there is no entry."""
    aside = {"is_suspended": True} if action == "suspend" else {"buried_until": TODAY + DAY}
    card_id = await study.add_card(**aside)
    before = await _picture(study, card_id)
    assert await study.check() == []
    await study.manage(f"un{action}", card_id)
    assert await study.shown() == [card_id]
    await study.undo()
    assert await _picture(study, card_id) == before
    assert await study.check() == []


async def test_an_undo_sent_twice_takes_one_action_back(study):
    cards, undo_id = await _reviewed(study), new_id()
    await study.manage("bury", *cards, now=NOW + MINUTE)
    results = await asyncio.gather(*(study.undo(NOW + 2 * MINUTE, undo_id) for _ in range(4)))
    assert {(result.action, result.changed) for result in results} == {("bury", 3)}
    assert len(await study.days()) == 1
    assert await study.check() == []


async def test_what_was_done_last_evening_is_undone_in_the_morning(study):
    cards = await _reviewed(study)
    evening = NOW + timedelta(hours=12)
    await study.manage("bury", *cards, now=evening)
    await study.manage("reset", cards[0], now=evening + MINUTE)
    morning = evening + timedelta(hours=10)
    assert study.account.day.date_of(morning) > study.account.day.date_of(evening)
    assert [(await study.undo(morning)).action for _ in range(2)] == ["reset", "bury"]
    assert {(await study.card(each)).buried_until for each in cards} == {None}
    with pytest.raises(NothingToUndo):
        await study.undo(evening + timedelta(hours=25))


async def test_undo_takes_back_what_another_device_did_last(study):
    card_id, other = await _reviewed(study, 2)
    phone = replace(study, account=replace(study.account, session_id=new_id()))
    await study.manage("reset", card_id, now=NOW + MINUTE)
    review = await phone.submit(other, 3, now=NOW + 2 * MINUTE)
    assert (await study.undo(NOW + 3 * MINUTE)).review_id == review.review_id
    assert (await phone.undo(NOW + 3 * MINUTE)).action == "reset"


async def test_an_import_is_undone_as_one_action(study):
    words = [make_vocabulary() for _ in range(3)]
    await study.add(*words)
    await study.submit(await study.add_card())
    lines = "".join(f"{word.slug},2.5,30\n" for word in words)
    await transfer.import_sm2(
        work_on(study.database), study.account, "item,ease,interval\n" + lines, NOW + MINUTE
    )
    undone = await study.undo(NOW + 2 * MINUTE)
    assert (undone.action, undone.changed) == ("import", 3)
    assert await study.check() == []


async def test_a_card_that_was_put_aside_meanwhile_can_still_be_rated(study):
    """It was not reviewed elsewhere, so nobody is told that it was."""
    card_id = await study.add_card()
    token = await study.token(card_id)
    await study.manage("bury", card_id)
    await study.submit(card_id, state_token=token)
    assert (await study.card(card_id)).review_count == 1


async def test_the_check_finds_and_repairs_a_card_that_is_aside_against_its_log(study):
    cards = [await study.add_card() for _ in range(2)]
    await study.manage("suspend", cards[0])
    await study.manage("bury", cards[1])
    assert await study.check() == []
    await study.session.execute(
        text("UPDATE srs_cards SET is_suspended = NOT is_suspended, buried_until = NULL")
    )
    await study.session.commit()
    assert sorted(await study.check()) == sorted(f"card {card_id}" for card_id in cards)
    await checking.check_logs(work_on(study.database), NOW, repair=True)
    assert (await study.card(cards[0])).is_suspended
    assert (await study.card(cards[1])).buried_until == TODAY + DAY


async def test_the_columns_that_a_new_card_began_with_are_no_matter_to_its_log(study):
    card_id = await study.add_card(interval=1)  # the default that the specification gives
    await study.manage("suspend", card_id)
    assert await study.check() == []
    await study.manage("unsuspend", card_id)
    assert await study.shown() == [card_id]
