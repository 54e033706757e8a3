"""After new settings what is learnt can be rescheduled by them: named, on demand, undone at once."""

from datetime import timedelta

from msgspec import structs

from app.domain.srs import cards as srs_cards
from app.domain.srs import rescheduling, transfer
from app.domain.srs.history import settings_of
from app.domain.srs.results import Rescheduling
from app.domain.srs.rules import CardState, Rating, new_card, schedule
from tests.db.study import NOW, TODAY
from tests.factories import make_vocabulary
from tests.work import work_on

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LATER = NOW + MINUTE


async def _learnt(study, count=6):
    cards = [await study.add_card() for _ in range(count)]
    for card_id in cards:
        await study.submit(card_id, 4)
    return cards


async def _count(study, now=LATER):
    return await rescheduling.count_to_reschedule(work_on(study.database), study.account, now)


async def _reschedule(study, now=LATER):
    return await rescheduling.reschedule_all(work_on(study.database), study.account, now)


async def _states(study, cards) -> list[CardState]:
    return [structs.replace(await study.state(card_id), revision=0) for card_id in cards]


async def test_without_a_change_nothing_moves(study):
    cards = await _learnt(study)
    assert await _count(study) == await _reschedule(study) == Rescheduling(0, 0)
    assert all([len(await study.log(card_id)) == 1 for card_id in cards])


async def test_after_another_retention_cards_move_only_when_asked_and_are_counted_before(study):
    cards = await _learnt(study)
    await study.add_card()  # a new one stays
    before = await _states(study, cards)
    await study.prefer(desired_retention=0.8)
    assert await _states(study, cards) == before
    offered = await _count(study)
    assert offered == Rescheduling(6, 0)
    assert await _reschedule(study) == offered
    after = await _states(study, cards)
    for was, now in zip(before, after, strict=True):
        assert now.interval > was.interval
        assert now.next_review_date == TODAY + now.interval * DAY
        assert (now.stability, now.difficulty) == (was.stability, was.difficulty)
    assert await _count(study) == await _reschedule(study) == Rescheduling(0, 0)
    assert await study.check() == []
    undone = await study.undo(LATER + MINUTE)
    assert (undone.action, undone.changed) == ("reschedule", 6)
    assert await _states(study, cards) == before
    assert await study.check() == []


async def test_a_card_moves_to_where_its_last_review_would_have_put_it(study):
    """By the new settings, at its own place in the fuzz range."""
    cards = await _learnt(study)
    factors = [(await study.log(card_id))[0].fuzz_factor for card_id in cards]
    await study.prefer(desired_retention=0.95, maximum_interval_days=30)
    await _reschedule(study)
    for card_id, factor in zip(cards, factors, strict=True):
        fresh = new_card(NOW, study.account.day)
        granted = schedule(fresh, Rating.EASY, NOW, settings_of(study.account), factor)
        assert (await study.state(card_id)).next_review_date == granted.next_review_date


async def test_what_would_have_been_due_by_now_is_due_today(study):
    cards = await _learnt(study, 3)
    await study.prefer(maximum_interval_days=1)
    later = NOW + 4 * DAY
    assert await _reschedule(study, later) == Rescheduling(3, 3)
    assert set(await study.shown(later)) == set(cards)


async def test_an_imported_card_moves_by_what_it_remembers(study):
    word = make_vocabulary()
    await study.add(word)
    await transfer.import_sm2(
        work_on(study.database), study.account, f"item,ease,interval\n{word.slug},2.5,40\n", NOW
    )
    assert await _count(study) == Rescheduling(0, 0)
    await study.prefer(desired_retention=0.95)
    assert await _reschedule(study) == Rescheduling(1, 0)
    page = await srs_cards.list_cards(work_on(study.session), study.account, LATER)
    assert page.items[0].next_review_date < TODAY + 40 * DAY
    assert await study.check() == []


async def test_nobody_elses_cards_move(study):
    await _learnt(study, 2)
    stranger = await study.other()
    await stranger.prefer(desired_retention=0.7)
    assert await _count(stranger) == Rescheduling(0, 0)
