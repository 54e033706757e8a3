"""One card in full, and how a day of reviews went."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.core.errors import NotFound
from app.domain.srs import cards as srs_cards
from app.domain.srs import details, queue, reviewing, undoing
from app.domain.srs.rules import Rating
from app.models.base import new_id
from tests.db.study import LEARNT, NOW, TODAY
from tests.factories import make_question, make_vocabulary
from tests.work import work_on

DAY = timedelta(days=1)


async def _with_words(study, count=2):
    words = [make_vocabulary() for _ in range(count)]
    await study.add(*words)
    items = [("vocabulary", word.id) for word in words]
    await srs_cards.add_cards(work_on(study.session), study.account, items, NOW, by_hand=True)
    await study.session.commit()
    return items


async def _rate(study, card, rating, now=NOW):
    await reviewing.submit_review(
        work_on(study.database),
        study.account,
        review_id=new_id(),
        card_id=card.card_id,
        rating=rating,
        duration_ms=30_000,
        state_token=card.state_token,
        now=now,
    )


async def test_a_day_counts_what_was_remembered_and_says_what_comes_next(study):
    await _with_words(study)
    first, second = (await queue.get_queue(work_on(study.database), study.account, NOW)).cards
    before = await details.get_review_day(work_on(study.database), study.account, NOW)
    assert (before.reviews, before.next_day, before.new_tomorrow) == (0, TODAY + DAY, 2)
    await _rate(study, first, Rating.EASY)
    await _rate(study, second, Rating.AGAIN)
    day = await details.get_review_day(work_on(study.database), study.account, NOW)
    assert (day.reviews, day.duration_ms) == (2, 60_000)
    assert day.next_step_at == NOW + timedelta(minutes=1)
    assert (day.reviews_tomorrow, day.new_tomorrow) == (1, 2)
    await undoing.undo_last_action(work_on(study.database), study.account, new_id(), NOW)
    day = await details.get_review_day(work_on(study.database), study.account, NOW)
    assert (day.reviews, day.next_step_at) == (1, None)


async def test_a_day_of_reviews_remembers_learnt_cards_alone(study):
    await _with_words(study, 1)
    for n in range(3):
        await study.add_card(**LEARNT, next_review_date=TODAY, due_at=NOW - n * DAY)
    cards = (await queue.get_queue(work_on(study.database), study.account, NOW)).cards
    ratings = iter((Rating.GOOD, Rating.AGAIN, Rating.HARD))
    for card in cards:
        await _rate(study, card, Rating.AGAIN if card.is_new else next(ratings))
    day = await details.get_review_day(work_on(study.database), study.account, NOW)
    assert (day.reviews, day.retention.reviews, day.retention.remembered) == (len(cards), 3, 2)
    moved = replace(study.account, timezone="America/New_York")  # where it is yesterday
    again = await details.get_review_day(work_on(study.database), moved, NOW)
    assert (
        again.reviews == await queue.count_reviewed_today(work_on(study.database), moved, NOW) == 0
    )


async def test_tomorrow_an_imported_card_is_a_review(study):
    await study.add_card(**LEARNT, next_review_date=TODAY + DAY, due_at=NOW + DAY)
    day = await details.get_review_day(work_on(study.database), study.account, NOW)
    assert (day.reviews_tomorrow, day.new_tomorrow) == (1, 0)


async def test_a_forecast_keeps_to_the_limits_and_looks_past_tomorrow(study):
    await _with_words(study)
    await study.prefer(new_cards_per_day=1)
    day = await details.get_review_day(work_on(study.database), study.account, NOW)
    assert (day.next_day, day.new_tomorrow) == (TODAY + DAY, 1)
    page = await srs_cards.list_cards(work_on(study.session), study.account, NOW)
    ids = [card.card_id for card in page.items]
    await srs_cards.manage_cards(work_on(study.database), study.account, "suspend", ids[1:], NOW)
    await srs_cards.manage_cards(
        work_on(study.database), study.account, "reschedule", ids[:1], NOW, due_on=TODAY + 9 * DAY
    )
    day = await details.get_review_day(work_on(study.database), study.account, NOW)
    assert (day.next_day, day.new_tomorrow, day.next_step_at) == (TODAY + 9 * DAY, 0, None)
    await srs_cards.manage_cards(work_on(study.database), study.account, "suspend", ids, NOW)
    day = await details.get_review_day(work_on(study.database), study.account, NOW)
    assert day.next_day is None


async def test_a_history_has_the_newest_first_and_marks_what_was_undone(study):
    await _with_words(study, 1)
    (card,) = (await queue.get_queue(work_on(study.database), study.account, NOW)).cards
    await _rate(study, card, Rating.EASY)
    await undoing.undo_last_action(work_on(study.database), study.account, new_id(), NOW)
    again = await details.get_card(work_on(study.database), study.account, card.card_id, NOW)
    assert again.is_new
    await _rate(study, again, Rating.GOOD, NOW + timedelta(minutes=1))
    log = await details.get_history(work_on(study.database), study.account, card.card_id)
    assert [(entry.rating, entry.is_undone) for entry in log] == [(3, False), (4, True)]


async def test_a_card_of_nobody_is_not_found(study):
    with pytest.raises(NotFound):
        await details.get_card(work_on(study.database), study.account, new_id(), NOW)
    with pytest.raises(NotFound):
        await srs_cards.get_card_summary(work_on(study.session), study.account, new_id(), NOW)
    assert await details.get_history(work_on(study.database), study.account, new_id()) == []


async def test_what_has_a_card_is_told_apart_and_an_essay_never_gets_one(study):
    items = await _with_words(study, 1)
    essay = make_question(
        type="essay",
        options={
            "type": "essay",
            "min_words": 5,
            "max_words": 50,
            "rubric": [{"id": "a", "name": {"en": "Content", "id": "Isi"}, "points": 5}],
        },
        answer_key={"type": "essay", "sample": None},
    )
    await study.add(essay)
    asked = [*items, ("question", essay.id)]
    assert await details.find_added(work_on(study.session), study.account, asked) == frozenset(
        items
    )
    assert await details.find_added(work_on(study.session), study.account, []) == frozenset()
    with pytest.raises(NotFound):
        await srs_cards.add_cards(work_on(study.session), study.account, asked, NOW)
    assert await details.find_own_word(work_on(study.session), study.account, "\0") is None
