"""Spaced repetition on real commits: queue, reviews, idempotency, concurrency, append-only log."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import asyncpg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.errors import Conflict, InvalidInput, NotFound
from app.domain.accounts.service import Account
from app.domain.srs import queries, service
from app.domain.srs.rules import CardState, Rating, Review, replay
from app.models import SRSCard, SRSReview
from app.models.base import new_id
from tests.factories import make_card, make_question, make_user, make_vocabulary

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def account_of(user, **fields) -> Account:
    return Account(
        **{
            "user_id": user.id,
            "session_id": new_id(),
            "email": user.email,
            "full_name": user.full_name,
            "role": "learner",
            "level": "A1",
            "ui_language": "id",
            "theme": "system",
            "timezone": "Asia/Jakarta",
            "day_cutoff_hour": 4,
            "desired_retention": 0.9,
            "new_cards_per_day": 20,
            "speech_enabled": True,
            "is_premium": False,
        }
        | fields
    )


@pytest.fixture
async def session(fresh_database: Database):
    async with fresh_database.sessions() as session:
        yield session


@pytest.fixture
async def learner(session: AsyncSession) -> Account:
    user = make_user()
    session.add(user)
    await session.commit()
    return account_of(user)


async def _add_card(session, learner, **fields):
    """Store a card of a stored word and return its id."""
    word = make_vocabulary()
    session.add(word)
    await session.flush()
    card = make_card(learner.user_id, item_id=word.id, **fields)
    session.add(card)
    await session.commit()
    return card.id


async def _submit(database, learner, card_id, rating=3, *, now=NOW, **fields):
    return await service.submit_review(
        database,
        learner,
        **{
            "review_id": new_id(),
            "card_id": card_id,
            "rating": rating,
            "duration_ms": 1500,
            "state_token": None,
            "now": now,
        }
        | fields,
    )


async def _token(database, learner, now=NOW):
    (card,) = await service.get_queue(database, learner, now)
    return card.state_token


async def _card(session, card_id) -> SRSCard:
    session.expire_all()
    return await session.get_one(SRSCard, card_id)


async def _log(session, card_id):
    statement = select(SRSReview).where(SRSReview.card_id == card_id).order_by(SRSReview.created_at)
    return (await session.scalars(statement)).all()


def _state(card: SRSCard) -> CardState:
    return CardState(**{name: getattr(card, name) for name in CardState.__slots__})


async def test_the_queue_holds_what_is_due_longest_first(fresh_database, session, learner):
    later = await _add_card(session, learner)
    overdue = await _add_card(session, learner, next_review_date=TODAY - timedelta(days=3))
    learnt = {"is_learning": False, "interval": 4, "stability": 4.0, "difficulty": 5.0}
    # Learnt cards are due on their day, whatever the hour; steps only when their minutes are over.
    today = await _add_card(session, learner, due_at=NOW + timedelta(hours=9), **learnt)
    await _add_card(session, learner, due_at=NOW + timedelta(minutes=5))
    await _add_card(session, learner, is_suspended=True)
    tomorrow = {"next_review_date": TODAY + timedelta(days=1), "due_at": NOW + timedelta(days=1)}
    await _add_card(session, learner, **tomorrow)
    stranger = make_user()
    session.add(stranger)
    await session.flush()
    await _add_card(session, account_of(stranger))
    cards = await service.get_queue(fresh_database, learner, NOW)
    assert [card.card_id for card in cards] == [overdue, later, today]
    assert len(await service.get_queue(fresh_database, learner, NOW, limit=2)) == 2
    counts = await service.count_due(fresh_database, learner, NOW)
    assert (counts.new, counts.learning, counts.review, counts.total) == (2, 0, 1, 3)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("Asia/Jakarta", 4), ("America/Los_Angeles", 4)),
        (("America/Los_Angeles", 4), ("Asia/Jakarta", 4)),
        (("Pacific/Kiritimati", 0), ("Etc/GMT+12", 23)),
    ],
)
async def test_a_card_whose_time_has_come_is_due_in_any_time_zone(
    fresh_database, session, learner, before, after
):
    """The day on a card is that of the zone in which it was reviewed."""
    at_home, abroad = (
        replace(learner, timezone=zone, day_cutoff_hour=hour) for zone, hour in (before, after)
    )
    cards = [await _add_card(session, at_home) for _ in range(2)]
    for card_id, rating in zip(cards, (1, 4), strict=True):
        await _submit(fresh_database, at_home, card_id, rating)
    learnt = await _card(session, cards[1])
    assert not learnt.is_learning
    due = learnt.due_at
    for account in (abroad, at_home, abroad):
        queue = await service.get_queue(fresh_database, account, due)
        assert {card.card_id for card in queue} == set(cards)
        assert (await service.count_due(fresh_database, account, due)).total == 2
    (card,) = await service.get_queue(fresh_database, abroad, NOW + timedelta(minutes=1))
    assert card.card_id == cards[0]
    assert all(card.previews[rating].seconds > 0 for rating in Rating)


async def test_the_queue_brings_the_item_and_says_what_each_button_does(
    fresh_database, session, learner
):
    question = make_question()
    session.add(question)
    await session.flush()
    session.add(make_card(learner.user_id, item_type="question", item_id=question.id))
    session.add(make_card(learner.user_id))  # its item was deleted
    await session.commit()
    await _add_card(session, learner, next_review_date=TODAY - timedelta(days=1))
    word, item = await service.get_queue(fresh_database, learner, NOW)
    assert word.item.meaning == "guru"
    assert word.is_new
    assert item.item.stem == question.stem
    assert b'"choices"' in bytes(item.item.options)
    assert b'"choice": "b"' in bytes(item.item.answer_key)
    waits = [item.previews[rating].seconds for rating in Rating]
    assert waits[:3] == [60, 330, 600]
    assert item.previews[Rating.EASY].interval_days > 0


async def test_a_review_with_its_token_is_stored_and_moves_the_card(
    fresh_database, session, learner
):
    card_id = await _add_card(session, learner)
    result = await _submit(
        fresh_database, learner, card_id, 4, state_token=await _token(fresh_database, learner)
    )
    card, (review,) = await _card(session, card_id), await _log(session, card_id)
    assert result.interval_days == card.interval == review.interval > 0
    assert result.due_at == card.due_at == review.due_at
    assert result.next_review_date == card.next_review_date
    assert (card.review_count, card.is_learning, card.repetitions) == (1, False, 1)
    assert (review.rating, review.duration_ms, review.reviewed_at) == (4, 1500, NOW)
    assert card.stability == review.stability
    assert not result.is_leech


async def test_with_and_without_a_token_the_result_is_the_same(fresh_database, session, learner):
    card_id = await _add_card(session, learner)
    token = await _token(fresh_database, learner)
    state = service._read_token(learner, card_id, token)
    assert state == _state(await _card(session, card_id))
    by_token = await _submit(fresh_database, learner, card_id, 1, state_token=token)
    after = _state(await _card(session, card_id))
    assert after == service._schedule(
        learner, card_id, state, Review(by_token.review_id, Rating.AGAIN, NOW)
    )


async def test_a_card_that_was_reviewed_since_it_was_shown_is_not_reviewed_twice(
    fresh_database, session, learner
):
    card_id = await _add_card(session, learner)
    token = await _token(fresh_database, learner)
    first = await _submit(fresh_database, learner, card_id, 3, state_token=token)
    before = _state(await _card(session, card_id))
    with pytest.raises(service.AlreadyReviewed) as error:
        await _submit(fresh_database, learner, card_id, 3, state_token=token)
    assert error.value.text("id") != error.value.text("en")
    assert _state(await _card(session, card_id)) == before
    again = await _submit(
        fresh_database, learner, card_id, 3, state_token=token, review_id=first.review_id
    )
    assert again == first
    assert len(await _log(session, card_id)) == 1


async def test_an_offline_review_with_an_old_token_is_stored(fresh_database, session, learner):
    card_id = await _add_card(session, learner)
    token = await _token(fresh_database, learner)
    await _submit(fresh_database, learner, card_id, 3, state_token=token)
    later = NOW + timedelta(hours=2)
    for minutes in (-1, 90):
        offline = NOW + timedelta(minutes=minutes)
        await _submit(
            fresh_database, learner, card_id, 3,
            state_token=token, reviewed_at=offline, now=later,
        )  # fmt: skip
    assert (await _card(session, card_id)).review_count == 3
    assert await service.find_drifted_cards(session) == []


@pytest.mark.parametrize("token", ["", "x", "eyJhIjoxfQ.c2ln", "🐘"])
async def test_a_token_that_is_not_ours_is_only_slower(fresh_database, session, learner, token):
    card_id = await _add_card(session, learner)
    await _submit(fresh_database, learner, card_id, state_token=token)
    assert (await _card(session, card_id)).review_count == 1


async def test_a_token_of_another_card_or_learner_is_not_used(fresh_database, session, learner):
    card_id = await _add_card(session, learner)
    token = await _token(fresh_database, learner)
    assert service._read_token(learner, card_id, token)
    assert service._read_token(learner, new_id(), token) is None
    assert service._read_token(replace(learner, user_id=new_id()), card_id, token) is None


@pytest.mark.parametrize("with_token", [True, False])
async def test_a_repeated_review_returns_the_stored_result(
    fresh_database, session, learner, with_token
):
    card_id = await _add_card(session, learner)
    token = await _token(fresh_database, learner) if with_token else None
    review_id = new_id()
    send = {"review_id": review_id, "state_token": token}
    first = await _submit(fresh_database, learner, card_id, 4, **send)
    await _submit(fresh_database, learner, card_id, 1, now=NOW + timedelta(days=30))
    again = await _submit(fresh_database, learner, card_id, 4, **send, now=NOW + timedelta(days=31))
    assert again == first
    assert (await _card(session, card_id)).review_count == 2


async def test_an_id_in_use_elsewhere_is_a_conflict_that_reveals_nothing(
    fresh_database, session, learner
):
    mine, other = await _add_card(session, learner), await _add_card(session, learner)
    stranger = make_user()
    session.add(stranger)
    await session.flush()
    their_account = account_of(stranger)
    theirs = await _add_card(session, their_account)
    taken = (await _submit(fresh_database, their_account, theirs)).review_id
    own = (await _submit(fresh_database, learner, other)).review_id
    token = (await service.get_queue(fresh_database, learner, NOW))[0].state_token
    seen = []
    for review_id in (taken, own):
        for state_token in (token, None):
            with pytest.raises(Conflict) as error:
                await _submit(
                    fresh_database, learner, mine, review_id=review_id, state_token=state_token
                )
            seen.append(str(error.value))
    assert len(set(seen)) == 1
    assert (await _card(session, mine)).review_count == 0


async def test_nobody_reviews_somebody_elses_card(fresh_database, session, learner):
    card_id = await _add_card(session, learner)
    token = await _token(fresh_database, learner)
    stranger = replace(learner, user_id=new_id())
    for state_token in (token, None):
        with pytest.raises(NotFound):
            await _submit(fresh_database, stranger, card_id, state_token=state_token)
    with pytest.raises(NotFound):
        await _submit(fresh_database, learner, new_id())


async def test_a_late_review_replays_the_log(fresh_database, session, learner):
    card_id = await _add_card(session, learner)
    times = [NOW, NOW + timedelta(minutes=10), NOW + timedelta(days=4)]
    for when in times:
        await _submit(fresh_database, learner, card_id, now=when)
    offline = NOW + timedelta(days=2)
    token = await _token(fresh_database, learner, NOW + timedelta(days=30))
    result = await _submit(
        fresh_database, learner, card_id, 1,
        now=NOW + timedelta(days=30), reviewed_at=offline, state_token=token,
    )  # fmt: skip
    card, log = await _card(session, card_id), await _log(session, card_id)
    assert card.review_count == len(log) == 4
    assert (card.lapses, card.last_reviewed_at) == (1, times[-1])
    reviews = [Review(row.id, Rating(row.rating), row.reviewed_at) for row in log]
    first = CardState(next_review_date=TODAY, due_at=NOW)
    assert _state(card) == replay(reviews, first, learner.day, seed=card_id)
    assert (log[-1].reviewed_at, log[-1].due_at) == (offline, card.due_at)
    assert result.due_at == card.due_at
    assert await service.find_drifted_cards(session) == []


@pytest.mark.parametrize(
    "reviewed_at",
    [
        NOW + timedelta(seconds=1),
        NOW - timedelta(days=30, seconds=1),
        datetime.min.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
    ],
)
async def test_a_review_in_the_future_or_long_ago_is_refused(
    fresh_database, session, learner, reviewed_at
):
    card_id = await _add_card(session, learner)
    with pytest.raises(InvalidInput) as error:
        await _submit(fresh_database, learner, card_id, reviewed_at=reviewed_at)
    assert error.value.field == "reviewed_at"
    assert await _log(session, card_id) == []


async def test_the_oldest_review_that_is_taken_can_be_replayed(fresh_database, session, learner):
    card_id = await _add_card(session, learner)
    await _submit(fresh_database, learner, card_id, 4)
    oldest = NOW - timedelta(days=service.MAX_OFFLINE_DAYS)
    await _submit(fresh_database, learner, card_id, 4, reviewed_at=oldest)
    assert (await _card(session, card_id)).review_count == 2


async def test_the_eighth_lapse_makes_a_leech_and_says_so_again_when_repeated(
    fresh_database, session, learner
):
    card_id = await _add_card(session, learner)
    now, flagged, ids = NOW, [], []
    for rating in [4] + [1, 3] * 12:
        now += timedelta(days=2)
        result = await _submit(fresh_database, learner, card_id, rating, now=now)
        ids.append(result)
        if result.is_leech:
            flagged.append((await _card(session, card_id)).lapses)
    assert flagged == [8, 12]
    for result in ids:
        again = await _submit(
            fresh_database, learner, card_id, result.rating, review_id=result.review_id, now=now
        )
        assert again == result


async def test_of_two_devices_that_were_shown_a_card_one_reviews_it(
    fresh_database, session, learner
):
    card_id = await _add_card(session, learner)
    token = await _token(fresh_database, learner)
    results = await asyncio.gather(
        *(
            _submit(fresh_database, learner, card_id, rating, state_token=token)
            for rating in (1, 3, 3, 4, 2)
        ),
        return_exceptions=True,
    )
    (won,) = (result for result in results if isinstance(result, service.ReviewResult))
    assert sum(isinstance(result, service.AlreadyReviewed) for result in results) == 4
    assert [row.id for row in await _log(session, card_id)] == [won.review_id]
    assert (await _card(session, card_id)).review_count == 1


async def test_reviews_without_a_token_at_once_are_all_stored(fresh_database, session, learner):
    card_id = await _add_card(session, learner)
    await asyncio.gather(
        *(_submit(fresh_database, learner, card_id, rating) for rating in (1, 3, 3, 4, 2))
    )
    card, log = await _card(session, card_id), await _log(session, card_id)
    assert card.review_count == len(log) == 5
    assert (card.due_at, card.stability) == (log[-1].due_at, log[-1].stability)
    assert await service.find_drifted_cards(session) == []


async def test_one_review_sent_many_times_at_once_is_stored_once(fresh_database, session, learner):
    card_id = await _add_card(session, learner)
    token, review_id = await _token(fresh_database, learner), new_id()
    results = await asyncio.gather(
        *(
            _submit(fresh_database, learner, card_id, review_id=review_id, state_token=state_token)
            for state_token in (token, None, token, None, token, None)
        )
    )
    assert len({result.due_at for result in results}) == 1
    assert len(await _log(session, card_id)) == 1


async def test_one_id_for_two_cards_at_once_is_stored_for_one(fresh_database, session, learner):
    await _add_card(session, learner)
    await _add_card(session, learner)
    review_id = new_id()
    cards = await service.get_queue(fresh_database, learner, NOW)
    results = await asyncio.gather(
        *(
            _submit(
                fresh_database, learner, card.card_id,
                review_id=review_id, state_token=card.state_token,
            )
            for card in cards
        ),
        return_exceptions=True,
    )  # fmt: skip
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "ReviewResult"]
    assert await session.scalar(select(func.count()).select_from(SRSReview)) == 1


async def test_added_cards_are_spread_over_days(fresh_database, session, learner):
    words = [make_vocabulary() for _ in range(5)]
    session.add_all(words)
    await session.flush()
    items = [("vocabulary", word.id) for word in words]
    slow = replace(learner, new_cards_per_day=2)
    assert await service.add_cards(session, slow, items[:3], NOW) == 3
    assert await service.add_cards(session, slow, items + items, NOW) == 2
    assert await service.add_cards(session, slow, items, NOW) == 0
    await session.commit()
    cards = {card.item_id: card for card in await session.scalars(select(SRSCard))}
    days = [(cards[word.id].next_review_date - TODAY).days for word in words]
    assert days == [0, 0, 1, 1, 2]
    for card in cards.values():
        assert learner.day.date_of(card.due_at) == card.next_review_date
    assert len(await service.get_queue(fresh_database, learner, NOW)) == 2


async def test_cards_need_an_item_that_exists(session, learner):
    draft = make_question(status="draft")
    session.add(draft)
    await session.flush()
    for item in (("vocabulary", new_id()), ("question", draft.id)):
        with pytest.raises(NotFound):
            await service.add_cards(session, learner, [item], NOW)
    with pytest.raises(InvalidInput):
        await service.add_cards(session, learner, [("lesson", new_id())], NOW)
    assert await service.add_cards(session, learner, [], NOW) == 0


async def test_who_wants_no_new_cards_gets_none(session, learner):
    word = make_vocabulary()
    session.add(word)
    await session.flush()
    nothing = replace(learner, new_cards_per_day=0)
    assert await service.add_cards(session, nothing, [("vocabulary", word.id)], NOW) == 0


@pytest.mark.parametrize(
    "change",
    [
        "lapses = lapses + 1",
        "ease_factor = 2.3",
        "stability = stability * 1.001",
        "due_at = due_at + interval '1 hour'",
        "next_review_date = next_review_date + 9",
        "review_count = review_count + 1",
        "repetitions = 0",
    ],
)
async def test_a_card_that_its_log_does_not_explain_is_found(
    fresh_database, session, learner, change
):
    cards = [await _add_card(session, learner) for _ in range(3)]
    for card_id in cards:
        await _submit(fresh_database, learner, card_id, 4)
    assert await service.find_drifted_cards(session) == []
    await session.execute(text(f"UPDATE srs_cards SET {change} WHERE id = :id"), {"id": cards[1]})
    assert await service.find_drifted_cards(session) == [cards[1]]


@pytest.mark.parametrize(
    "statement", ["UPDATE srs_reviews SET rating = 4", "DELETE FROM srs_reviews"]
)
async def test_the_application_cannot_change_the_review_log(
    fresh_database, session, learner, statement
):
    await _submit(fresh_database, learner, await _add_card(session, learner))
    async with fresh_database.driver() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)


async def test_the_hot_statements_touch_srs_cards_by_index_only(fresh_database, session, learner):
    """On a filled table, with other learners' cards around this one's."""
    await session.execute(
        text(
            "INSERT INTO users (email, password_hash, full_name)"
            " SELECT 'l' || n || '@example.com', 'x', 'L' FROM generate_series(1, 200) AS n"
        )
    )
    await session.execute(
        text(
            "INSERT INTO srs_cards (user_id, item_type, item_id, next_review_date, due_at)"
            " SELECT u.id, 'vocabulary', gen_random_uuid(), CAST(:today AS date) + n % 60 - 30,"
            " CAST(:now AS timestamptz) FROM users u, generate_series(1, 150) AS n"
        ),
        {"today": TODAY, "now": NOW},
    )
    await session.commit()
    async with fresh_database.driver() as connection:
        await connection.execute("RESET ROLE")
        await connection.execute("ANALYZE srs_cards")
        plans = {
            "queue": await connection.fetch(
                "EXPLAIN " + queries.DUE_QUEUE, learner.user_id, TODAY, NOW, 20
            ),
            "count": await connection.fetch(
                "EXPLAIN " + queries.COUNT_DUE, learner.user_id, TODAY, NOW
            ),
        }
        await connection.execute("SET ROLE lancar_app")
    for name, rows in plans.items():
        plan = "\n".join(row[0] for row in rows)
        assert "Seq Scan on srs_cards" not in plan, plan
        assert "idx_srs_cards_due" in plan, plan
        assert name == "count" or "Limit" in plan
