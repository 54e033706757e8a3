"""The mistake book on real commits: what is open, what is mended, and what five minutes bring."""

from datetime import timedelta

import pytest

from app.core.errors import NotFound
from app.domain.practice import mistakes
from app.domain.practice.reviewing import GivenAnswer, submit_answered_review
from app.domain.srs import cards, details, reviewing
from app.domain.srs import queue as srs_queue
from app.domain.srs.rules import Rating
from app.models.base import new_id
from app.questions.types.short_answer import ShortAnswerKey, ShortAnswerResponse
from tests.db.learning import NOW, RIGHT, WRONG, answer
from tests.factories import make_account, make_question, make_user
from tests.work import work_on

LATER = timedelta(minutes=1)


@pytest.fixture
async def session(fresh_database):
    async with fresh_database.sessions() as session:
        yield session


@pytest.fixture
async def learner(session):
    user = make_user()
    session.add(user)
    await session.commit()
    return make_account(user)


async def store_typed(session, *accepted):
    question = make_question(
        type="short_answer",
        options=None,
        answer_key=ShortAnswerKey(type="short_answer", accepted=list(accepted)),
    )
    session.add(question)
    await session.commit()
    return question


def said(text):
    return ShortAnswerResponse(type="short_answer", text=text)


async def standings(session, learner, now=NOW):
    found = await mistakes.get_standings(work_on(session), learner, now)
    await session.commit()
    return {each.cause: (each.open, each.mended) for each in found}


async def test_mistakes_are_gathered_by_cause_and_crossed_out_when_mended(
    fresh_database, session, learner
):
    articles = await store_typed(session, "She is a teacher.")
    tense = await store_typed(session, "I went home.")
    await answer(fresh_database, learner, articles, said("She is teacher."))
    await answer(fresh_database, learner, tense, said("I go home."))
    assert await standings(session, learner) == {"articles": (1, 0), "tense": (1, 0)}
    assert await mistakes.count_open(work_on(session), learner, NOW) == 2
    await answer(fresh_database, learner, tense, said("I went home."), now=NOW + LATER)
    assert await standings(session, learner, NOW + LATER) == {"articles": (1, 0), "tense": (0, 1)}
    assert await mistakes.count_open(work_on(session), learner, NOW + LATER) == 1
    await answer(fresh_database, learner, tense, said("I goes home."), now=NOW + 2 * LATER)
    book = await mistakes.get_book(work_on(session), learner, "tense", NOW + 2 * LATER)
    assert [(each.is_mended, each.response.text) for each in book.mistakes] == [
        (False, "I goes home.")
    ]


async def test_what_was_left_open_and_what_others_got_wrong_is_no_mistake(
    fresh_database, session, learner
):
    question = await store_typed(session, "She is a teacher.")
    other = make_user()
    session.add(other)
    await session.commit()
    await answer(fresh_database, make_account(other), question, said("She is teacher."))
    await answer(fresh_database, learner, question, said(""))
    assert await standings(session, learner) == {}
    with pytest.raises(NotFound):
        await mistakes.get_book(work_on(session), learner, "handwriting", NOW)


async def test_old_mistakes_are_forgotten(fresh_database, session, learner):
    question = await store_typed(session, "She is a teacher.")
    await answer(fresh_database, learner, question, said("She is teacher."))
    late = NOW + timedelta(days=mistakes.DAYS + 1)
    assert await standings(session, learner, late) == {}
    assert await mistakes.count_open(work_on(session), learner, late) == 0


async def review(database, learner, card_id, response, *, now, rating=Rating.GOOD):
    return await submit_answered_review(
        work_on(database),
        learner,
        review_id=new_id(),
        card_id=card_id,
        rating=rating,
        given=GivenAnswer(response.model_dump(mode="json"), 4000),
        duration_ms=4000,
        state_token=None,
        now=now,
    )


async def test_practice_takes_each_card_once_and_counts_what_it_mends(
    fresh_database, session, learner
):
    questions = [await store_typed(session, f"She is a {word}.") for word in ("cook", "nurse")]
    for question in questions:
        await answer(fresh_database, learner, question, said("She is cook."))
    began = NOW + LATER
    practice = await mistakes.get_practice(work_on(session), learner, "articles", began, began)
    await session.commit()
    assert (len(practice.cards), practice.done, practice.is_over) == (2, 0, False)
    first, second = practice.cards
    texts = {q.id: q.answer_key.accepted[0] for q in questions}
    shown = await details.get_card(work_on(fresh_database), learner, first, began)
    await review(fresh_database, learner, first, said(texts[shown.item_id]), now=began + LATER)
    practice = await mistakes.get_practice(
        work_on(session), learner, "articles", began, began + LATER
    )
    await session.commit()
    assert (practice.cards, practice.done, practice.mended) == ([second], 1, 1)
    again = said("She cook.")
    now = began + LATER
    await review(fresh_database, learner, second, again, now=now, rating=Rating.AGAIN)
    practice = await mistakes.get_practice(
        work_on(session), learner, "articles", began, began + 2 * LATER
    )
    assert (practice.cards, practice.done, practice.mended) == ([], 2, 1)
    assert (practice.open, practice.is_over) == (1, True)


async def test_what_was_left_open_later_does_not_hide_a_mistake(fresh_database, session, learner):
    question = await store_typed(session, "She is a teacher.")
    await answer(fresh_database, learner, question, said("She is teacher."))
    await answer(fresh_database, learner, question, said("  "), now=NOW + LATER)
    assert await standings(session, learner, NOW + LATER) == {"articles": (1, 0)}
    assert await mistakes.count_open(work_on(session), learner, NOW + LATER) == 1


@pytest.mark.parametrize("action", ["suspend", "bury"])
async def test_practice_ends_after_five_minutes_and_leaves_alone_what_is_put_aside(
    fresh_database, session, learner, action
):
    questions = [await store_typed(session, f"She is a {word}.") for word in ("cook", "nurse")]
    for question in questions:
        await answer(fresh_database, learner, question, said("She is cook."))
    practice = await mistakes.get_practice(work_on(session), learner, "articles", NOW, NOW)
    await session.commit()
    await cards.manage_cards(work_on(fresh_database), learner, action, practice.cards[:1], NOW)
    late = NOW + mistakes.PRACTICE_TIME
    practice = await mistakes.get_practice(work_on(session), learner, "articles", NOW, late)
    assert (len(practice.cards), practice.is_over) == (1, True)


async def test_forgotten_words_are_practised_with_the_choice_of_words(
    fresh_database, session, learner
):
    await cards.add_personal_word(work_on(session), learner, "moss", "lumut", None, NOW)
    await session.commit()
    queue = await srs_queue.get_queue(work_on(fresh_database), learner, NOW, limit=1)
    now = NOW
    for rating in (Rating.EASY, Rating.AGAIN):  # learnt, and forgotten once
        now += timedelta(days=30)
        await reviewing.submit_review(
            work_on(fresh_database),
            learner,
            review_id=new_id(),
            card_id=queue.cards[0].card_id,
            rating=rating,
            duration_ms=None,
            state_token=None,
            now=now,
        )
    (standing,) = await mistakes.get_standings(work_on(session), learner, now)
    assert (standing.cause, standing.open, standing.words) == ("words", 0, 1)
    practice = await mistakes.get_practice(
        work_on(session), learner, "words", now + LATER, now + LATER
    )
    assert practice.cards == [queue.cards[0].card_id]
    await session.commit()
    await cards.manage_cards(work_on(fresh_database), learner, "bury", practice.cards, now)
    practice = await mistakes.get_practice(
        work_on(session), learner, "words", now + LATER, now + LATER
    )
    assert practice.cards == []


async def test_choices_count_as_well(fresh_database, session, learner):
    question = make_question()
    session.add(question)
    await session.commit()
    await answer(fresh_database, learner, question, WRONG)
    session.expunge(question)  # it is read as it is stored
    found = await standings(session, learner)
    assert sum(count for count, _ in found.values()) >= 1
    await answer(fresh_database, learner, question, RIGHT, now=NOW + LATER)
    assert await mistakes.count_open(work_on(session), learner, NOW + LATER) == 0
