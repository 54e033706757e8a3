"""Reviewing on real commits: tokens, idempotency, late reviews, concurrency, the log."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations

import asyncpg
import pytest
from msgspec import structs
from sqlalchemy import func, select

from app.core.errors import Conflict, InvalidInput, NotFound
from app.domain.srs.fuzz import fuzz_factor
from app.domain.srs.queue import read_token
from app.domain.srs.results import ReviewResult
from app.domain.srs.reviewing import MAX_OFFLINE_DAYS, AlreadyReviewed
from app.domain.srs.rules import Rating, Settings, schedule
from app.models import SRSReview
from app.models.base import new_id
from tests.db.study import LEARNT, NOW, TODAY


async def test_a_review_with_its_token_is_stored_and_moves_the_card(study):
    card_id = await study.add_card()
    token = await study.token(card_id)
    result = await study.submit(card_id, 4, state_token=token)
    card, (review,) = await study.card(card_id), await study.log(card_id)
    assert result.interval_days == card.interval == review.interval > 0
    assert result.due_at == card.due_at == review.due_at
    assert result.next_review_date == card.next_review_date
    assert (card.review_count, card.revision, card.is_learning, card.repetitions) == (
        1,
        1,
        False,
        1,
    )
    assert (review.kind, review.rating, review.duration_ms) == ("review", 4, 1500)
    assert (review.reviewed_at, review.created_at, review.day) == (NOW, NOW, TODAY)
    assert (review.client_time, review.settings_id, review.elapsed_days) == (None, None, 0)
    assert (review.was_learning, review.interval_before, review.due_at_before) == (True, 0, NOW)
    assert (review.stability_before, review.stability) == (None, card.stability)
    assert await study.days() == {TODAY: (1, 0, 1, 1500)}
    assert not result.is_leech
    assert await study.check() == []


async def test_each_row_tells_the_card_before_and_after_it(study):
    card_id = await study.add_card()
    evening, now = datetime(2026, 3, 2, 15, 0, tzinfo=UTC), NOW
    await study.submit(card_id, 4, now=evening)
    before = await study.state(card_id)
    now = evening + timedelta(hours=9)  # a night later
    await study.submit(card_id, 1, now=now, state_token=None)
    after, row = await study.state(card_id), (await study.log(card_id))[1]
    assert row.elapsed_days == 1
    assert (row.was_learning, row.interval_before) == (before.is_learning, before.interval)
    assert (row.stability_before, row.difficulty_before) == (before.stability, before.difficulty)
    assert (row.ease_factor_before, row.due_at_before) == (before.ease_factor, before.due_at)
    assert (row.is_learning, row.interval, row.learning_step) == (True, 0, 0)
    assert (row.stability, row.difficulty) == (after.stability, after.difficulty)
    assert (row.repetitions, row.ease_factor, row.due_at) == (0, after.ease_factor, after.due_at)


async def test_what_a_button_shows_is_what_is_granted(study):
    """Also when other cards have filled the days since."""
    cards = [await study.add_card() for _ in range(4)]
    for card_id in cards:
        await study.submit(card_id, 4)
    later = NOW + timedelta(days=20)
    for card in (await study.queue(later)).cards:
        promised = card.previews[Rating.GOOD].interval_days
        result = await study.submit(card.card_id, 3, now=later, state_token=card.state_token)
        assert result.interval_days == promised > 10
        row = (await study.log(card.card_id))[-1]
        assert row.fuzz_factor == read_token(study.account, card.card_id, card.state_token).factor
    assert await study.check() == []


async def test_without_a_token_the_place_in_the_fuzz_range_is_that_of_card_and_review(study):
    card_id, review_id = await study.add_card(), new_id()
    await study.submit(card_id, 4, review_id=review_id)
    (row,) = await study.log(card_id)
    assert row.fuzz_factor == fuzz_factor(card_id.bytes, review_id.bytes)
    before = structs.replace(await study.state(card_id), revision=0)
    assert schedule(before, Rating.GOOD, NOW, factor=row.fuzz_factor).revision == 1


async def test_with_and_without_a_token_the_result_is_the_same_but_for_fuzz(study):
    card_id = await study.add_card()
    shown = read_token(study.account, card_id, await study.token(card_id))
    assert shown.state == await study.state(card_id)
    await study.submit(card_id, 1, state_token=await study.token(card_id))
    assert await study.state(card_id) == schedule(shown.state, Rating.AGAIN, NOW)


async def test_a_card_that_was_reviewed_since_it_was_shown_is_not_reviewed_twice(study):
    card_id = await study.add_card()
    token = await study.token(card_id)
    first = await study.submit(card_id, 3, state_token=token)
    before = await study.state(card_id)
    with pytest.raises(AlreadyReviewed) as error:
        await study.submit(card_id, 3, state_token=token)
    assert error.value.text("id") != error.value.text("en")
    assert await study.state(card_id) == before
    again = await study.submit(card_id, 3, state_token=token, review_id=first.review_id)
    assert again == first
    assert len(await study.log(card_id)) == 1
    assert await study.days() == {TODAY: (1, 0, 1, 1500)}


@pytest.mark.parametrize("token", ["", "x", "eyJhIjoxfQ.c2ln", "🐘"])
async def test_a_token_that_is_not_ours_is_only_slower(study, token):
    card_id = await study.add_card()
    await study.submit(card_id, state_token=token)
    assert (await study.card(card_id)).review_count == 1


async def test_a_token_of_another_card_or_learner_is_not_used(study):
    card_id = await study.add_card()
    token = await study.token(card_id)
    assert read_token(study.account, card_id, token)
    assert read_token(study.account, new_id(), token) is None
    assert read_token(replace(study.account, user_id=new_id()), card_id, token) is None


@pytest.mark.parametrize("with_token", [True, False])
async def test_a_repeated_review_returns_the_stored_result(study, with_token):
    card_id = await study.add_card()
    token = await study.token(card_id) if with_token else None
    send = {"review_id": new_id(), "state_token": token}
    first = await study.submit(card_id, 4, **send)
    await study.submit(card_id, 1, now=NOW + timedelta(days=30))
    again = await study.submit(card_id, 4, **send, now=NOW + timedelta(days=31))
    assert again == first
    assert (await study.card(card_id)).review_count == 2


async def test_an_id_in_use_elsewhere_is_a_conflict_that_reveals_nothing(study):
    mine, other = await study.add_card(), await study.add_card()
    stranger = await study.other()
    taken = (await stranger.submit(await stranger.add_card())).review_id
    own = (await study.submit(other)).review_id
    reset = new_id()
    await study.manage("reset", other)
    reset = (await study.log(other))[-1].id
    token = await study.token(mine)
    seen = []
    for review_id, card_id in ((taken, mine), (own, mine), (reset, mine), (reset, other)):
        for state_token in (token, None):
            with pytest.raises(Conflict) as error:
                await study.submit(card_id, review_id=review_id, state_token=state_token)
            seen.append(str(error.value))
    assert len(set(seen)) == 1
    assert (await study.card(mine)).review_count == 0
    assert await study.check() == []


async def test_nobody_reviews_somebody_elses_card(study):
    card_id = await study.add_card()
    token = await study.token(card_id)
    stranger = replace(study, account=replace(study.account, user_id=new_id()))
    for state_token in (token, None):
        with pytest.raises(NotFound):
            await stranger.submit(card_id, state_token=state_token)
    with pytest.raises(NotFound):
        await study.submit(new_id())


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
async def test_the_order_in_which_devices_send_does_not_matter(study, order):
    """The same reviews, in time order on one card and otherwise on another."""
    hours = (0, 1, 60, 400)
    reviews = [
        {"review_id": new_id(), "rating": rating, "reviewed_at": NOW + timedelta(hours=hour)}
        for hour, rating in zip(hours, (4, 3, 1, 3), strict=True)
    ]
    now = NOW + timedelta(days=20)
    card_id = await study.add_card()
    for number in (*order, *order[:2]):  # and some of them twice
        await study.submit(card_id, now=now, **reviews[number])
    state, days = await study.state(card_id), await study.days()
    expected = structs.replace(await study.state(await study.add_card()), revision=0)
    for review in reviews:
        factor = fuzz_factor(card_id.bytes, review["review_id"].bytes)
        expected = schedule(
            expected, Rating(review["rating"]), review["reviewed_at"], factor=factor
        )
    assert state == expected
    assert [day.isoformat() for day in sorted(days)] == ["2026-03-02", "2026-03-04", "2026-03-19"]
    assert sum(new for _, _, new, _ in days.values()) == 1
    assert await study.check() == []


async def test_an_offline_review_with_an_old_token_is_stored(study):
    card_id = await study.add_card()
    token = await study.token(card_id)
    await study.submit(card_id, 3, state_token=token)
    later = NOW + timedelta(hours=2)
    for minutes in (-1, 90):
        offline = NOW + timedelta(minutes=minutes)
        await study.submit(card_id, 3, state_token=token, reviewed_at=offline, now=later)
    assert (await study.card(card_id)).review_count == 3
    assert await study.check() == []


async def test_a_late_review_is_granted_what_it_would_have_been_in_time(study):
    card_id = await study.add_card()
    times = [NOW, NOW + timedelta(minutes=10), NOW + timedelta(days=4)]
    for when in times:
        await study.submit(card_id, now=when)
    offline, later = NOW + timedelta(days=2), NOW + timedelta(days=20)
    token = await study.token(card_id, later)
    result = await study.submit(card_id, 1, now=later, reviewed_at=offline, state_token=token)
    card, late = await study.card(card_id), (await study.log(card_id))[-1]
    assert (card.review_count, card.lapses, card.last_reviewed_at) == (4, 1, times[-1])
    assert (late.reviewed_at, late.client_time, late.created_at) == (offline, offline, later)
    assert (late.was_learning, late.is_learning) == (False, True)
    assert late.due_at == result.due_at == offline + timedelta(minutes=10)
    assert card.due_at > times[-1]
    assert await study.check() == []


@pytest.mark.parametrize("ahead", [timedelta(seconds=1), timedelta(days=9000)])
async def test_a_clock_ahead_of_ours_is_taken_for_ours(study, ahead):
    card_id = await study.add_card()
    await study.submit(card_id, reviewed_at=NOW + ahead)
    (row,) = await study.log(card_id)
    assert (row.reviewed_at, row.client_time) == (NOW, NOW + ahead)
    assert (await study.card(card_id)).last_reviewed_at == NOW
    assert await study.check() == []


@pytest.mark.parametrize(
    "reviewed_at",
    [
        NOW - timedelta(days=30, seconds=1),
        datetime.min.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
    ],
)
async def test_a_review_of_long_ago_or_of_no_time_is_refused(study, reviewed_at):
    card_id = await study.add_card()
    with pytest.raises(InvalidInput) as error:
        await study.submit(card_id, reviewed_at=reviewed_at)
    assert error.value.field == "reviewed_at"
    assert await study.log(card_id) == []


async def test_a_repeat_of_an_offline_review_is_answered_however_late_it_is(study):
    card_id = await study.add_card()
    send = {"review_id": new_id(), "reviewed_at": NOW - timedelta(days=1)}
    first = await study.submit(card_id, 4, **send)
    again = await study.submit(card_id, 4, **send, now=NOW + timedelta(days=60))
    assert again == first


async def test_the_oldest_review_that_is_taken_can_be_replayed(study):
    card_id = await study.add_card()
    await study.submit(card_id, 4)
    oldest = NOW - timedelta(days=MAX_OFFLINE_DAYS)
    await study.submit(card_id, 4, reviewed_at=oldest)
    assert (await study.card(card_id)).review_count == 2
    assert await study.check() == []


async def test_two_reviews_of_one_instant_are_ordered_by_their_ids(study):
    states = []
    ids = sorted([new_id(), new_id()])
    card_id = await study.add_card()
    reviews = list(zip(ids, (4, 1), strict=True))
    for review_id, rating in reviews[::-1]:
        token = await study.token(card_id)
        await study.submit(card_id, rating, review_id=review_id, state_token=token, reviewed_at=NOW)
        states.append(await study.state(card_id))
    assert (states[-1].lapses, states[-1].review_count) == (1, 2)  # Easy, then Again
    assert await study.check() == []


async def test_the_eighth_lapse_makes_a_leech_and_says_so_again_when_repeated(study):
    card_id = await study.add_card()
    now, flagged, results = NOW, [], []
    for rating in [4] + [1, 3] * 12:
        now += timedelta(days=2)
        result = await study.submit(card_id, rating, now=now)
        results.append(result)
        if result.is_leech:
            flagged.append((await study.card(card_id)).lapses)
    assert flagged == [8, 12]
    for result in results:
        again = await study.submit(card_id, result.rating, review_id=result.review_id, now=now)
        assert again == result


async def test_reviews_keep_the_settings_of_their_time(study):
    card_id = await study.add_card()
    await study.submit(card_id, 4)
    await study.prefer(desired_retention=0.8, timezone="America/New_York", learning_steps=[5])
    strict = NOW + timedelta(days=9)
    await study.submit(card_id, 3, now=strict, state_token=await study.token(card_id, strict))
    first, second = await study.log(card_id)
    assert first.settings_id is None
    assert second.settings_id == study.account.srs_settings_id
    lenient = schedule(
        await study.state(await study.add_card()), Rating.EASY, NOW, factor=first.fuzz_factor
    )
    wanted = schedule(
        lenient,
        Rating.GOOD,
        strict,
        Settings(0.8, day=study.account.day),
        second.fuzz_factor,
    )
    assert await study.state(card_id) == wanted
    await study.prefer(desired_retention=0.97, timezone="Asia/Jayapura")
    assert await study.check() == []
    late = NOW + timedelta(days=3)
    await study.submit(card_id, 3, now=strict + timedelta(days=1), reviewed_at=late)
    assert await study.check() == []


async def test_of_two_devices_that_were_shown_a_card_one_reviews_it(study):
    card_id = await study.add_card()
    token = await study.token(card_id)
    results = await asyncio.gather(
        *(study.submit(card_id, rating, state_token=token) for rating in (1, 3, 3, 4, 2)),
        return_exceptions=True,
    )
    (won,) = (result for result in results if isinstance(result, ReviewResult))
    assert sum(isinstance(result, AlreadyReviewed) for result in results) == 4
    assert [row.id for row in await study.log(card_id)] == [won.review_id]
    assert await study.days() == {TODAY: (1, 0, 1, 1500)}


async def test_reviews_without_a_token_at_once_are_all_stored(study):
    card_id = await study.add_card()
    await asyncio.gather(*(study.submit(card_id, rating) for rating in (1, 3, 3, 4, 2)))
    card = await study.card(card_id)
    assert card.review_count == card.revision == len(await study.log(card_id)) == 5
    assert (await study.days())[TODAY][0] == 5
    assert await study.check() == []


async def test_reviews_of_many_cards_at_once_all_count(study):
    cards = [await study.add_card() for _ in range(6)]
    tokens = {card.card_id: card.state_token for card in (await study.queue()).cards}
    await asyncio.gather(
        *(study.submit(card_id, 4, state_token=tokens[card_id]) for card_id in cards)
    )
    assert await study.days() == {TODAY: (6, 0, 6, 9000)}
    assert await study.check() == []


async def test_one_review_sent_many_times_at_once_is_stored_once(study):
    card_id = await study.add_card()
    token, review_id = await study.token(card_id), new_id()
    results = await asyncio.gather(
        *(
            study.submit(card_id, review_id=review_id, state_token=state_token)
            for state_token in (token, None, token, None, token, None)
        )
    )
    assert len({result.due_at for result in results}) == 1
    assert len(await study.log(card_id)) == 1
    assert await study.days() == {TODAY: (1, 0, 1, 1500)}


async def test_one_id_for_two_cards_at_once_is_stored_for_one(study):
    await study.add_card()
    await study.add_card()
    review_id = new_id()
    results = await asyncio.gather(
        *(
            study.submit(card.card_id, review_id=review_id, state_token=card.state_token)
            for card in (await study.queue()).cards
        ),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "ReviewResult"]
    assert await study.session.scalar(select(func.count()).select_from(SRSReview)) == 1


@pytest.mark.parametrize(
    "statement", ["UPDATE srs_reviews SET rating = 4", "DELETE FROM srs_reviews"]
)
async def test_the_application_cannot_change_the_review_log(study, statement):
    await study.submit(await study.add_card())
    async with study.database.driver() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)


async def test_a_learnt_card_that_came_without_a_log_keeps_counting(study):
    """Such a card is what the check finds; until it is repaired, it goes on from where it is."""
    card_id = await study.add_card(**LEARNT)
    token = await study.token(card_id)
    result = await study.submit(card_id, 3, state_token=token)
    assert result.interval_days > 4
