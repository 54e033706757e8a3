"""No review is older than its card: what a device says of its time gives no days that never were."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.core.errors import InvalidInput, NotFound
from app.domain.progress import standing
from app.domain.srs import cards
from app.domain.srs.reviewing import CLOCK_TOLERANCE
from app.models.base import new_id
from tests.db.study import NOW, TODAY
from tests.factories import make_vocabulary
from tests.work import work_on

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.mark.parametrize("with_token", [True, False])
async def test_a_review_dated_before_its_card_is_refused(study, with_token):
    card_id = await study.add_card(created_at=NOW)
    token = await study.token(card_id) if with_token else None
    for ago in (DAY, 29 * DAY, CLOCK_TOLERANCE + timedelta(seconds=1)):
        with pytest.raises(InvalidInput) as error:
            await study.submit(card_id, state_token=token, reviewed_at=NOW - ago)
        assert error.value.field == "reviewed_at"
        assert error.value.text("id") != error.value.text("en")
    assert await study.log(card_id) == []
    assert await study.days() == {}


@pytest.mark.parametrize("with_token", [True, False])
async def test_a_clock_that_is_a_little_slow_reviews_a_card_as_soon_as_it_is_there(
    study, with_token
):
    card_id = await study.add_card(created_at=NOW)
    token = await study.token(card_id) if with_token else None
    slow = NOW - CLOCK_TOLERANCE
    await study.submit(
        card_id, state_token=token, reviewed_at=slow, now=NOW + MINUTE, review_id=new_id()
    )
    (row,) = await study.log(card_id)
    assert (row.reviewed_at, row.client_time, row.day) == (NOW, slow, TODAY)
    assert await study.check() == []


async def test_thirty_back_dated_reviews_of_a_new_word_give_no_streak_and_no_badges(study):
    word = make_vocabulary()
    await study.add(word)
    await cards.add_cards(work_on(study.session), study.account, [("vocabulary", word.id)], NOW)
    await study.session.commit()
    (card,) = (await study.queue()).cards
    for days in range(30):
        with pytest.raises(InvalidInput):
            await study.submit(card.card_id, reviewed_at=NOW - (days + 1) * DAY + MINUTE)
    overview = await standing.get_overview(work_on(study.session), study.account, NOW)
    assert (overview.streak.days, overview.achievements) == (0, [])


async def test_what_was_stored_is_returned_though_it_would_be_refused_today(study):
    """Reviews of before this rule stay; a device that sends one again gets its answer."""
    card_id, review_id = await study.add_card(), new_id()
    send = {"review_id": review_id, "reviewed_at": NOW - DAY}
    first = await study.submit(card_id, **send)
    card = await study.card(card_id)
    card.created_at = NOW
    await study.session.commit()
    assert await study.submit(card_id, **send) == first
    with pytest.raises(InvalidInput):
        await study.submit(card_id, **send | {"review_id": new_id()})


async def test_a_review_dated_ahead_counts_on_the_day_it_arrives(study):
    card_id = await study.add_card()
    await study.submit(card_id, reviewed_at=datetime(2099, 1, 1, tzinfo=UTC))
    assert list(await study.days()) == [TODAY]


async def test_a_review_of_before_a_reset_is_as_old_as_the_card_allows(study):
    """A reset makes the card new, not younger."""
    card_id = await study.add_card(created_at=NOW)
    await study.manage("reset", card_id, now=NOW + 2 * DAY)
    await study.submit(card_id, reviewed_at=NOW + DAY, now=NOW + 3 * DAY)
    with pytest.raises(InvalidInput):
        await study.submit(card_id, reviewed_at=NOW - DAY, now=NOW + 3 * DAY)
    stranger = replace(study.account, user_id=new_id())
    with pytest.raises(NotFound):
        await replace(study, account=stranger).submit(card_id, reviewed_at=NOW - DAY)
