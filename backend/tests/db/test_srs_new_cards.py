"""New cards: as many a day as the learner wants today, whatever they wanted when they were added."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from app.domain.practice.lessons import finish_lesson
from app.domain.srs import cards as srs_cards
from app.domain.srs import details, statistics
from app.models import SRSCard
from tests.db.learning import RIGHT, WRONG, answer, store_lesson
from tests.db.study import NOW, TODAY
from tests.factories import make_question, make_vocabulary
from tests.work import work_on

DAY = timedelta(days=1)


async def _add_words(study, count, **options):
    words = [make_vocabulary() for _ in range(count)]
    await study.add(*words)
    items = [("vocabulary", word.id) for word in words]
    await srs_cards.add_cards(work_on(study.session), study.account, items, NOW, **options)
    await study.session.commit()
    return [word.id for word in words]


async def _shown_items(study, now=NOW):
    return [card.item_id for card in (await study.queue(now, 100)).cards]


async def test_a_raised_limit_shows_that_many_new_cards_today(study):
    await study.prefer(new_cards_per_day=5)
    words = await _add_words(study, 60)
    assert await _shown_items(study) == words[:5]
    await study.prefer(new_cards_per_day=50)
    assert await _shown_items(study) == words[:50]
    assert len(await study.shown()) == 50
    for card in (await study.queue(limit=3)).cards:
        await study.submit(card.card_id, 4, state_token=card.state_token)
    assert await _shown_items(study) == words[3:50]


async def test_a_lowered_limit_counts_at_once_and_keeps_what_was_met_today(study):
    await _add_words(study, 30)
    assert len(await study.shown()) == 20
    await study.prefer(new_cards_per_day=5)
    assert len(await study.shown()) == 5
    for card in (await study.queue(limit=4)).cards:
        await study.submit(card.card_id, 4, state_token=card.state_token)
    assert len(await study.shown()) == 1
    await study.prefer(new_cards_per_day=3)
    assert await study.shown() == []
    assert len(await study.shown(NOW + DAY)) == 3


async def test_cards_offered_while_none_are_wanted_are_there_when_some_are(
    study, fresh_database, session
):
    await study.prefer(new_cards_per_day=0)
    words = await _add_words(study, 3)
    lesson, (wrong, right, _) = await store_lesson(session)
    await answer(fresh_database, study.account, wrong, WRONG, lesson=lesson)
    await answer(fresh_database, study.account, right, RIGHT, lesson=lesson)
    assert await study.shown() == []
    day = await details.get_review_day(work_on(study.database), study.account, NOW)
    assert (day.new_tomorrow, day.next_day) == (0, None)
    await study.prefer(new_cards_per_day=20)
    assert await _shown_items(study) == [*words, wrong.id]
    assert set(await _shown_items(study, NOW + DAY)) == {*words, wrong.id, right.id}


async def test_the_words_of_a_lesson_wait_in_its_order(study, session):
    await study.prefer(new_cards_per_day=2)
    words = [make_vocabulary() for _ in range(5)]
    await study.add(*words)
    section = {"kind": "vocabulary", "title": {"en": "Words", "id": "Kata"}}
    entries = [word.slug for word in words]
    lesson, _ = await store_lesson(session, 0, sections=[section | {"entries": entries}])
    await finish_lesson(work_on(session), study.account, lesson.id, NOW)
    await session.commit()
    shown = []
    for number in range(3):
        now = NOW + number * DAY
        for card in (await study.queue(now)).cards:
            if card.is_new:
                shown.append((card.item_id, card.direction))
                await study.submit(card.card_id, 4, now=now, state_token=card.state_token)
    assert [item for item, _ in shown[:2]] == [word.id for word in words[:2]]
    assert len(shown) == 6
    for number, (item, direction) in enumerate(shown):
        if direction == "production":  # after the other direction, on another day
            assert (item, "recognition") in shown[: number // 2 * 2]


async def test_what_is_added_by_hand_comes_before_all_that_wait(study):
    await study.prefer(new_cards_per_day=3)
    waiting = await _add_words(study, 10)
    (first,) = await _add_words(study, 1, by_hand=True)
    (second,) = await _add_words(study, 1, by_hand=True)
    assert await _shown_items(study) == [second, first, waiting[0]]


async def test_a_new_card_that_the_learner_rescheduled_keeps_its_day(study):
    card_id, other = await study.add_card(), await study.add_card()
    await study.manage("reschedule", card_id, due_on=TODAY + 5 * DAY)
    assert await study.shown() == [other]
    assert card_id in await study.shown(NOW + 5 * DAY)


async def test_siblings_of_new_cards_come_on_different_days_however_many_wait(study):
    passage = make_question()
    questions = [make_question() for _ in range(4)]
    await study.add(passage, *questions)
    cards = [
        await study.add_card(item_type="question", item_id=question.id, passage_id=passage.id)
        for question in questions
    ]
    words = await _add_words(study, 3)
    assert await _shown_items(study) == [questions[0].id, *words]
    await study.prefer(new_cards_per_day=2)
    assert await _shown_items(study) == [questions[0].id, words[0]]
    await study.submit(cards[0], 4)
    assert await _shown_items(study) == [words[0]]
    await study.prefer(bury_siblings=False)
    assert await _shown_items(study) == [questions[1].id]
    await study.manage("suspend", cards[1])
    assert await _shown_items(study) == [questions[2].id]


async def test_of_a_word_that_is_put_off_the_other_direction_is_not_shown_instead(study):
    first, second = await _add_words(study, 2)
    (card, _) = (await study.queue()).cards
    await study.manage("bury", card.card_id)
    assert await _shown_items(study) == [second]
    assert (await study.shown(NOW + DAY))[0] == card.card_id
    assert await _shown_items(study, NOW + DAY) == [first, second]


async def test_the_forecast_agrees_with_the_queue_day_by_day(study):
    await study.prefer(new_cards_per_day=4)
    await _add_words(study, 9)
    figures = await statistics.get_memory_figures(work_on(study.session), study.account, NOW)
    assert [day.new for day in figures.forecast[:6]] == [4, 4, 4, 4, 2, 0]
    await study.prefer(new_cards_per_day=50)
    figures = await statistics.get_memory_figures(work_on(study.session), study.account, NOW)
    assert [day.new for day in figures.forecast[:3]] == [9, 9, 0]
    assert len(await study.shown()) == 9
    for card in (await study.queue(limit=5)).cards:
        await study.submit(card.card_id, 4, state_token=card.state_token)
    await study.prefer(new_cards_per_day=7)
    figures = await statistics.get_memory_figures(work_on(study.session), study.account, NOW)
    assert figures.forecast[0].new == len(await study.shown()) == 2


async def test_the_forecast_of_today_holds_back_the_new_cards_that_the_queue_does(study):
    await _add_words(study, 3)
    (card, *_) = (await study.queue()).cards
    await study.submit(card.card_id, 3)
    for due in (await study.queue()).counts.new, 2:
        figures = await statistics.get_memory_figures(work_on(study.session), study.account, NOW)
        assert figures.forecast[0].new == due
    assert sum(day.new for day in figures.forecast) == 5  # the others come on other days


async def test_the_forecast_of_today_has_what_is_due_after_a_flight_to_the_west(study):
    await _add_words(study, 3)
    await study.prefer(timezone="Pacific/Honolulu")  # where today is the day before
    counts = (await study.queue()).counts
    figures = await statistics.get_memory_figures(work_on(study.session), study.account, NOW)
    assert figures.forecast[0].day == TODAY - DAY
    assert figures.forecast[0].new == counts.new == 3


async def test_another_learners_new_cards_are_no_matter(study):
    stranger = await study.other()
    await _add_words(replace(study, account=stranger.account), 3)
    assert await study.shown() == []
    own = await _add_words(study, 1)
    assert await _shown_items(study) == own
    owners = set(await study.session.scalars(select(SRSCard.user_id)))
    assert len(owners) == 2


# --- learn ahead ----------------------------------------------------------------------------------


async def test_a_step_of_the_next_twenty_minutes_is_offered_when_nothing_else_is_due(study):
    card_id = await study.add_card()
    await study.submit(card_id, 3)  # ten minutes
    soon = NOW + timedelta(minutes=1)
    assert await study.shown(soon) == [card_id]
    queue = await study.queue(soon)
    assert (queue.counts.learning, queue.counts.total) == (1, 1)
    (card,) = queue.cards
    await study.submit(card_id, 3, now=soon, state_token=card.state_token)
    assert await study.shown(soon) == []
    assert await study.check() == []


async def test_a_step_waits_while_anything_else_is_due(study):
    first, second, new = [await study.add_card() for _ in range(3)]
    await study.submit(first, 3)
    await study.submit(second, 1, now=NOW + timedelta(seconds=5))
    assert await study.shown(NOW + timedelta(seconds=10)) == [new]
    await study.submit(new, 4, now=NOW + timedelta(seconds=15))
    assert await study.shown(NOW + timedelta(seconds=20)) == [second, first]  # the sooner first
    await study.manage("bury", second)
    assert await study.shown(NOW + timedelta(seconds=20)) == [first]
    assert await study.shown(NOW + timedelta(minutes=10)) == [first]


async def test_a_step_beyond_twenty_minutes_is_not_offered_and_its_time_is_told(study):
    await study.prefer(learning_steps=[1, 21])
    card_id = await study.add_card()
    await study.submit(card_id, 3)
    assert await study.shown() == []
    day = await details.get_review_day(work_on(study.database), study.account, NOW)
    assert day.next_step_at == NOW + timedelta(minutes=21)
    assert await study.shown(NOW + timedelta(minutes=1)) == [card_id]


async def test_a_limit_that_is_used_up_does_not_hold_steps_back(study):
    await study.prefer(new_cards_per_day=1)
    first, second = await study.add_card(), await study.add_card()
    await study.submit((await study.shown())[0], 3)
    assert await study.shown() in ([first], [second])
