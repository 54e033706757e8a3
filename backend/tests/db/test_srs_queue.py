"""The review queue: what is due, in which order, within which limits, and on whose day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from app.core.clock import LearnerDay
from app.domain.srs import cards as srs_cards
from app.domain.srs import queries, queue
from app.domain.srs.queue import _asked
from app.domain.srs.results import DueCounts
from app.domain.srs.rules import Rating
from app.models import DailyActivity, SRSCard
from app.models.base import new_id
from tests.db.study import LEARNT, NOW, TODAY, Study, begin_study
from tests.factories import make_card, make_question, make_vocabulary
from tests.work import work_on

DAY = timedelta(days=1)


def _learnt(days_late=0, **fields):
    """A learnt card, due some days ago."""
    day = TODAY - days_late * DAY
    return LEARNT | {"next_review_date": day, "due_at": NOW - days_late * DAY} | fields


async def test_the_queue_holds_what_is_due_steps_first(study):
    today = await study.add_card(**_learnt(due_at=NOW + timedelta(hours=9)))
    overdue = await study.add_card(**_learnt(3))
    new = await study.add_card()
    steps = {"review_count": 1, "revision": 1, "last_reviewed_at": NOW - DAY}
    waiting = await study.add_card(due_at=NOW - timedelta(minutes=1), **steps)
    await study.add_card(due_at=NOW + timedelta(minutes=5), **steps)
    await study.add_card(is_suspended=True)
    await study.add_card(next_review_date=TODAY + DAY, due_at=NOW + DAY)
    stranger = await study.other()
    await stranger.add_card()
    assert await study.shown() == [waiting, overdue, new, today]
    counts = (await study.queue()).counts
    assert (counts.new, counts.learning, counts.review, counts.total) == (1, 1, 2, 4)
    few = await study.queue(limit=2)
    assert (len(few.cards), few.counts) == (2, counts)


async def test_an_empty_queue_has_no_counts(study):
    assert await study.shown() == []
    assert (await study.queue()).counts == DueCounts(0, 0, 0)


async def test_the_backlog_is_shown_by_date_or_by_what_is_most_forgotten(study):
    fresh = await study.add_card(**_learnt(2, stability=4.0, interval=4))
    old = await study.add_card(**_learnt(1, stability=90.0, interval=90))
    shaky = await study.add_card(**_learnt(0, stability=0.5, interval=4))
    assert await study.shown() == [fresh, old, shaky]
    await study.prefer(review_order="retrievability")
    assert await study.shown() == [shaky, fresh, old]


async def test_limits_count_what_was_done_today(study):
    for _ in range(6):
        await study.add_card()
        await study.add_card(**_learnt(1))
    await study.prefer(new_cards_per_day=4, reviews_per_day=3)
    counts = (await study.queue()).counts
    assert (counts.new, counts.review) == (4, 3)
    done = {"reviews": 9, "learnt_reviews": 2, "new_cards": 3}
    await study.add(DailyActivity(user_id=study.account.user_id, day=TODAY, **done))
    await study.add(DailyActivity(user_id=study.account.user_id, day=TODAY - DAY, **done))
    counts = (await study.queue()).counts
    assert (counts.new, counts.review) == (1, 1)
    await study.prefer(new_cards_per_day=2, reviews_per_day=0)
    assert (await study.queue()).counts.total == len(await study.shown()) == 0
    tomorrow = await study.queue(NOW + DAY)
    assert (tomorrow.counts.new, tomorrow.counts.review) == (2, 0)


async def test_new_cards_are_mixed_evenly_all_day_however_many_are_fetched(study):
    reviews = [await study.add_card(**_learnt(1)) for _ in range(12)]
    news = [await study.add_card() for _ in range(4)]
    at_once = await study.shown()
    assert [card in news for card in at_once] == [False, False, True, False] * 4
    one_by_one = []
    for _ in at_once:
        (card,) = (await study.queue(limit=1)).cards
        one_by_one.append(card.card_id in news)
        await study.submit(card.card_id, 4, state_token=card.state_token)
    assert one_by_one == [False, False, True, False] * 4
    assert set(at_once) == {*reviews, *news}


async def test_of_a_words_two_cards_one_is_shown_a_day(study):
    word = make_vocabulary()
    await study.add(word)
    recognition = await study.add_card(item_id=word.id)
    production = await study.add_card(item_id=word.id, direction="production")
    await study.submit(production, 3, now=NOW - 2 * DAY)
    await study.submit(production, 3, now=NOW - 2 * DAY + timedelta(minutes=10))
    assert await study.shown() == [production]  # learnt cards come before new ones
    await study.prefer(bury_siblings=False)
    assert set(await study.shown()) == {production, recognition}
    await study.prefer(bury_siblings=True)
    await study.submit(production, 4)
    assert await study.shown() == []
    assert await study.shown(NOW + DAY) == [recognition]
    await study.undo()
    await study.submit(recognition, 1)
    later = NOW + timedelta(minutes=1)
    assert await study.shown(later) == [recognition]  # steps go on, the sibling waits


async def test_of_one_passage_one_question_is_shown_a_day(study):
    passage = make_question()
    questions = [make_question() for _ in range(3)]
    await study.add(passage, *questions)
    cards = [
        await study.add_card(
            item_type="question",
            item_id=question.id,
            passage_id=passage.id,
            **_learnt(n),
        )
        for n, question in enumerate([passage, *questions])
    ]
    other = await study.add_card(**_learnt())
    assert await study.shown() == [cards[3], other]
    await study.submit(cards[1], 4)
    assert await study.shown() == [other]


async def test_a_card_does_not_bury_itself(study):
    card_id = await study.add_card()
    await study.submit(card_id, 4)
    await study.manage("reschedule", card_id, due_on=TODAY)
    assert await study.shown() == [card_id]


async def test_buried_cards_are_back_tomorrow_and_suspended_ones_when_wanted(study):
    cards = [await study.add_card(), await study.add_card(**_learnt())]
    assert await study.manage("bury", *cards) == 2
    assert await study.shown() == []
    assert set(await study.shown(NOW + DAY)) == set(cards)
    await study.manage("unbury", cards[0])
    assert await study.shown() == [cards[0]]
    await study.manage("suspend", *cards)
    assert await study.shown(NOW + 9 * DAY) == []
    await study.manage("unsuspend", *cards)
    assert set(await study.shown(NOW + 9 * DAY)) == set(cards)


async def test_the_queue_brings_the_item_and_says_what_each_button_does(study):
    question = make_question()
    await study.add(question)
    await study.add_card(item_type="question", item_id=question.id)
    await study.add_card(item_id=new_id())  # its item was deleted
    await study.add_card(next_review_date=TODAY - DAY, direction="production")
    word, item = (await study.queue()).cards
    assert word.item.meaning == "guru"
    assert (word.is_new, word.direction) == (True, "production")
    assert item.item.stem == question.stem
    assert b'"choices"' in bytes(item.item.options)
    assert b'"choice": "b"' in bytes(item.item.answer_key)
    waits = [item.previews[rating].seconds for rating in Rating]
    assert waits[:3] == [60, 330, 600]
    assert item.previews[Rating.EASY].interval_days > 0


async def test_buttons_follow_the_learners_settings(study):
    await study.add_card()
    await study.prefer(learning_steps=[5, 60], maximum_interval_days=3)
    (card,) = (await study.queue()).cards
    assert [preview.seconds for preview in card.previews.values()][:3] == [300, 1950, 3600]
    assert card.previews[Rating.EASY].interval_days in {2, 3}
    await study.prefer(learning_steps=[])
    (card,) = (await study.queue()).cards
    assert all(preview.interval_days for preview in card.previews.values())


async def test_good_intervals_fall_on_the_emptiest_days(study):
    """Twenty cards alike, on days of which one is full: it gets none, the others about as many."""
    full = TODAY + 10 * DAY
    word = {"item_type": "vocabulary", "next_review_date": full, "due_at": NOW + 10 * DAY}
    await study.add(
        *(make_card(study.account.user_id, item_id=new_id(), **word) for _ in range(30))
    )
    for _ in range(20):
        await study.add_card(
            **_learnt(stability=3.0, interval=4, difficulty=5.0),
            review_count=1,
            revision=1,
            last_reviewed_at=NOW - 4 * DAY,
        )
    days = [card.previews[Rating.GOOD].interval_days for card in (await study.queue()).cards]
    assert len(days) == 20
    assert 10 not in days
    loads = [days.count(day) for day in range(min(days), max(days) + 1) if day != 10]
    assert max(loads) - min(loads) <= 1
    again = [card.previews[Rating.GOOD].interval_days for card in (await study.queue()).cards]
    assert again == days  # a reload promises the same


async def test_one_word_of_many_readings_is_no_fault(study):
    """Personal words are read with the learner's id: another's entry of that id is nothing."""
    stranger = await study.other()
    entry = await srs_cards.add_personal_word(
        work_on(study.session), stranger.account, "wing it", "tanpa persiapan", None, NOW
    )
    await study.session.commit()
    await study.add_card(item_type="personal", item_id=entry)
    assert (await study.queue()).cards == []
    assert [card.item.headword for card in (await stranger.queue()).cards] == ["wing it"]


# --- the learner's day ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Asia/Jakarta", date(2026, 3, 2)),
        ("Asia/Makassar", date(2026, 3, 2)),
        ("Asia/Jayapura", date(2026, 3, 2)),
        ("America/New_York", date(2026, 3, 7)),  # the night in which its clocks go forward
        ("America/New_York", date(2026, 3, 8)),
        ("America/New_York", date(2026, 10, 31)),  # and back
        ("America/New_York", date(2026, 11, 1)),
    ],
)
async def test_a_day_begins_at_four_in_the_morning_where_the_learner_is(study, zone, day):
    await study.prefer(timezone=zone, new_cards_per_day=1)
    start, end = (study.account.day.start_of(day + n * DAY) for n in (0, 1))
    assert end - start in {timedelta(hours=23), DAY, timedelta(hours=25)}
    last = end - timedelta(microseconds=1)
    tomorrow = await study.add_card(**LEARNT | {"next_review_date": day + DAY, "due_at": end})
    first = await study.add_card(next_review_date=day, due_at=start)
    second = await study.add_card(next_review_date=day, due_at=start)
    for now in (start, last):
        assert await study.shown(now) == [first]
        assert await queue.count_reviewed_today(work_on(study.database), study.account, now) == 0
    await study.submit(first, 4, now=last)
    assert (await study.log(first))[0].day == day
    assert await study.shown(last) == []
    assert await queue.count_reviewed_today(work_on(study.database), study.account, last) == 1
    assert set(await study.shown(end)) == {tomorrow, second}
    assert await queue.count_reviewed_today(work_on(study.database), study.account, end) == 0
    card = await study.card(first)
    assert card.next_review_date == day + card.interval * DAY
    assert card.due_at == study.account.day.start_of(card.next_review_date)
    await study.submit(second, 4, now=end)
    assert (await study.log(second))[0].day == day + DAY
    assert sorted(await study.days()) == [day, day + DAY]
    assert await study.check() == [f"card {tomorrow}"]  # it was stored without its log


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("Asia/Jakarta", 4), ("America/Los_Angeles", 4)),
        (("America/Los_Angeles", 4), ("Asia/Jakarta", 4)),
        (("Asia/Jakarta", 4), ("Asia/Jayapura", 4)),
        (("Pacific/Kiritimati", 0), ("Etc/GMT+12", 23)),
    ],
)
async def test_a_card_whose_time_has_come_is_due_in_any_time_zone(study, before, after):
    """The day on a card is that of the zone in which it was reviewed."""
    cards = [await study.add_card() for _ in range(2)]
    await study.prefer(timezone=before[0], day_cutoff_hour=before[1])
    for card_id, rating in zip(cards, (1, 4), strict=True):
        await study.submit(card_id, rating)
    at_home = study.account
    learnt = await study.card(cards[1])
    assert not learnt.is_learning
    due = learnt.due_at
    await study.prefer(timezone=after[0], day_cutoff_hour=after[1])
    for account in (study.account, at_home, study.account):
        assert set(await replace(study, account=account).shown(due)) == set(cards)
    shown = await study.queue(NOW + timedelta(minutes=1))
    assert [card.card_id for card in shown.cards] == [cards[0]]
    assert all(preview.seconds > 0 for preview in shown.cards[0].previews.values())
    for card_id in cards:
        await study.submit(card_id, 3, now=due, state_token=await study.token(card_id, due))
    row = (await study.log(cards[1]))[-1]
    day = LearnerDay(*after)
    assert (row.day, row.elapsed_days) == (
        day.date_of(due),
        (day.date_of(due) - day.date_of(NOW)).days,
    )
    assert await study.check() == []


async def test_a_learner_who_flies_east_has_a_new_day_with_new_limits(study):
    """23:00 in New York is noon of the next day in Jakarta: other figures apply there."""
    await study.prefer(timezone="America/New_York", new_cards_per_day=1)
    evening = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)
    cards = [await study.add_card() for _ in range(2)]
    await study.submit((await study.shown(evening))[0], 4, now=evening)
    assert await study.shown(evening) == []
    await study.prefer(timezone="Asia/Jakarta")
    (left,) = await study.shown(evening)
    assert left in cards
    assert sorted(await study.days()) == [date(2026, 3, 2)]
    await study.submit(left, 4, now=evening)
    assert sorted(await study.days()) == [date(2026, 3, 2), date(2026, 3, 3)]


# --- cost -----------------------------------------------------------------------------------------


async def test_the_queue_touches_srs_cards_by_index_only(study: Study):
    """On a filled table, with other learners' cards around this one's, as it is planned in use."""
    await begin_study(study.database, study.session)
    await study.session.execute(
        text(
            "INSERT INTO users (email, password_hash, full_name)"
            " SELECT 'l' || n || '@example.com', 'x', 'L' FROM generate_series(1, 200) AS n"
        )
    )
    await study.session.execute(
        text(
            "INSERT INTO srs_cards (user_id, item_type, item_id, next_review_date, due_at)"
            " SELECT u.id, 'vocabulary', gen_random_uuid(), CAST(:today AS date) + n % 60 - 30,"
            " CAST(:now AS timestamptz) FROM users u, generate_series(1, 150) AS n"
        ),
        {"today": TODAY, "now": NOW},
    )
    await study.session.commit()
    types = "uuid, date, timestamptz, integer, integer, boolean, boolean, timestamptz"
    whole = {"most": 20, "days_ahead": queries.BALANCED_DAYS}
    async with study.database.driver() as connection:
        await connection.execute("RESET ROLE")
        await connection.execute("ANALYZE srs_cards")
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        for statement, more, its_types in (
            (queries.DUE_QUEUE, whole, f"{types}, bigint, integer"),
            (queries.COUNT_DUE, {}, types),
        ):
            name, arguments = statement.name, _asked(study.account, NOW)._asdict() | more
            await connection.execute(f"PREPARE {name} ({its_types}) AS {statement.text}")
            values = ", ".join(_literal(value) for value in statement.values(arguments))
            rows = await connection.fetch(f"EXPLAIN EXECUTE {name} ({values})")
            plan = "\n".join(row[0] for row in rows)
            assert "Seq Scan on srs_cards" not in plan, plan
            assert "idx_srs_cards_due" in plan, plan
            await connection.execute(f"DEALLOCATE {name}")
        await connection.execute("RESET plan_cache_mode")
        await connection.execute("SET ROLE lancar_app")


def _literal(value) -> str:
    return str(value) if isinstance(value, bool | int) else f"'{value}'"


async def test_a_card_with_the_defaults_of_the_specification_is_due(study):
    card = SRSCard(
        user_id=study.account.user_id,
        item_type="vocabulary",
        item_id=(word := make_vocabulary()).id or new_id(),
        next_review_date=TODAY.isoformat(),
        due_at=NOW,
    )
    word.id = card.item_id
    await study.add(word, card)
    assert await study.shown() == [card.id]
