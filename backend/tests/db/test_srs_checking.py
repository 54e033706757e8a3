"""The proof that cards and days are what the logs say, and their repair."""

from datetime import timedelta

import pytest
from msgspec import structs
from sqlalchemy import text

from app.domain.srs import checking
from tests.db.study import LEARNT, NOW, TODAY
from tests.work import work_on

CHANGES = [
    "lapses = lapses + 1",
    "ease_factor = 2.3",
    "stability = stability * 1.001",
    "due_at = due_at + interval '1 hour'",
    "next_review_date = next_review_date + 1",
    "review_count = review_count + 1, revision = revision + 1",
    "revision = revision + 1",
    "repetitions = 0",
    "last_reviewed_at = last_reviewed_at - interval '1 day'",
    'is_learning = true, "interval" = 0',
]


@pytest.mark.parametrize("change", CHANGES)
async def test_a_card_that_its_log_does_not_explain_is_found_and_repaired(study, change):
    cards = [await study.add_card() for _ in range(3)]
    for card_id in cards:
        await study.submit(card_id, 4)
    assert await study.check() == []
    state = await study.state(cards[1])
    await study.session.execute(
        text(f"UPDATE srs_cards SET {change} WHERE id = :id"), {"id": cards[1]}
    )
    await study.session.commit()
    assert await study.check() == [f"card {cards[1]}"]
    repaired = await checking.check_logs(work_on(study.database), NOW, repair=True)
    assert (repaired.wrong_cards, repaired.wrong_days, repaired.cards) == (1, 0, 3)
    assert await study.state(cards[1]) == state
    assert await study.check() == []


async def test_a_card_whose_memory_has_no_log_is_found(study):
    card_id = await study.add_card(**LEARNT)
    assert await study.check() == [f"card {card_id}"]
    await checking.check_logs(work_on(study.database), NOW, repair=True)
    assert (await study.state(card_id)).is_new
    assert await study.check() == []


async def test_figures_of_the_c_library_are_not_taken_for_faults(study):
    card_id = await study.add_card()
    await study.submit(card_id, 4)
    change = "UPDATE srs_cards SET stability = stability * (1 + 1e-13)"
    await study.session.execute(text(change))
    await study.session.commit()
    assert await study.check() == []


@pytest.mark.parametrize(
    "change",
    ["reviews = reviews + 1", "new_cards = 0", "day = day - 1", "reviews = 0, new_cards = 0"],
)
async def test_a_day_that_the_log_does_not_explain_is_found_and_repaired(study, change):
    card_id = await study.add_card()
    await study.submit(card_id, 4)
    days = await study.days()
    await study.session.execute(text(f"UPDATE daily_activity SET {change}"))
    await study.session.commit()
    assert f"learner {study.account.user_id}, day {TODAY}" in await study.check()
    found = await checking.check_logs(work_on(study.database), NOW, repair=True)
    assert found.wrong_days >= 1
    assert await study.check() == []
    assert {day: amounts[:3] for day, amounts in (await study.days()).items()} == {
        day: amounts[:3] for day, amounts in days.items()
    }


async def test_answers_of_a_day_are_left_alone(study):
    await study.session.execute(
        text(
            "INSERT INTO daily_activity (user_id, day, answers, correct_answers, duration_ms)"
            " VALUES (:user, :day, 5, 3, 900)"
        ),
        {"user": study.account.user_id, "day": TODAY},
    )
    await study.session.commit()
    await study.submit(await study.add_card(), 4)
    assert await study.check() == []
    assert await study.days() == {TODAY: (1, 0, 1, 2400)}


async def test_all_cards_of_all_learners_are_looked_at_and_few_findings_are_named(study):
    total = 0
    for learner in [study, *[await study.other() for _ in range(2)]]:
        for n in range(60):
            await learner.add_card(**(LEARNT if n else {}))
            total += 1
    seen = []
    found = await checking.check_logs(
        work_on(study.database), NOW, on_progress=lambda check: seen.append(check.learners)
    )
    assert (found.cards, found.wrong, len(found.findings)) == (total, total - 3, 100)
    assert seen == [1, 2, 3]


async def test_a_repaired_card_goes_on_as_if_nothing_had_been_wrong(study):
    card_id, twin = await study.add_card(), await study.add_card()
    for each in (card_id, twin):
        await study.submit(each, 4)
    await study.session.execute(
        text("UPDATE srs_cards SET stability = 900 WHERE id = :id"), {"id": card_id}
    )
    await study.session.commit()
    await checking.check_logs(work_on(study.database), NOW, repair=True)
    later = NOW + timedelta(days=9)
    for each in (card_id, twin):
        await study.submit(each, 3, now=later, state_token=await study.token(each, later))
    states = [structs.replace(await study.state(each), due_at=NOW) for each in (card_id, twin)]
    assert states[0].stability == states[1].stability
