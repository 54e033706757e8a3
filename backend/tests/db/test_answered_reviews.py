"""Reviews that ask: the answer is graded first, then stored with its rating, or not at all."""

import asyncio
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from app.core.errors import Conflict, InvalidInput, NotFound
from app.domain.practice import answering, reviewing
from app.domain.practice.reviewing import GivenAnswer
from app.domain.srs.reviewing import AlreadyReviewed
from app.domain.srs.rules import Rating
from app.models import DailyActivity, QuestionAttempt, SRSCard
from app.models.base import new_id
from tests.db.learning import RIGHT, WRONG, rows_of
from tests.db.study import NOW, TODAY
from tests.factories import make_question
from tests.work import work_on

READING = {
    "type": "reading",
    "stem": "Read and answer.",
    "options": {
        "type": "reading",
        "passage": {"title": "Home", "text": "I live in Bandung. " * 5},
        "parts": [
            {
                "id": "p1",
                "type": "true_false",
                "stem": {"en": "She lives in Bandung.", "id": "Dia tinggal di Bandung."},
                "options": None,
            },
            {
                "id": "p2",
                "type": "short_answer",
                "stem": {"en": "Where does she live?", "id": "Di mana dia tinggal?"},
                "options": None,
            },
        ],
    },
    "answer_key": {
        "type": "reading",
        "parts": {
            "p1": {"type": "true_false", "value": True},
            "p2": {"type": "short_answer", "accepted": ["In Bandung"]},
        },
    },
}


@pytest.fixture
def ask(study):
    """Store a question with its card; return both."""

    async def stored(**fields):
        question = make_question(**fields)
        await study.add(question)
        card_id = await study.add_card(item_type="question", item_id=question.id)
        return question, card_id

    return stored


async def submit(study, card_id, given, rating=3, **fields):
    return await reviewing.submit_answered_review(
        work_on(study.database),
        study.account,
        **{
            "review_id": new_id(),
            "card_id": card_id,
            "rating": Rating(rating),
            "given": given,
            "duration_ms": 6000,
            "state_token": None,
            "now": NOW,
        }
        | fields,
    )


async def check(study, card_id, response, **fields):
    given = GivenAnswer(response, **fields)
    return await reviewing.check_answer(
        work_on(study.database), study.account, new_id(), card_id, given
    )


async def test_an_answer_is_graded_and_proposes_a_rating_and_nothing_is_stored(study, ask):
    _, card_id = await ask()
    right, wrong = await check(study, card_id, RIGHT), await check(study, card_id, WRONG)
    slow = await check(study, card_id, RIGHT, duration_ms=60_000)
    assert (right.proposed_rating, right.slow_seconds) == (Rating.GOOD, None)
    assert right.answer.is_correct
    assert (wrong.proposed_rating, wrong.answer.answer.en) == (Rating.AGAIN, "is")
    assert wrong.answer.explanation.id == "Pakai is untuk he, she, it."
    assert (slow.proposed_rating, slow.slow_seconds) == (Rating.HARD, 13)
    assert await rows_of(study.session, QuestionAttempt) == []
    assert await study.log(card_id) == []


async def test_the_review_and_the_attempt_are_one_and_their_time_is_counted_once(study, ask):
    question, card_id = await ask()
    review_id = new_id()
    given = GivenAnswer(WRONG, duration_ms=4000, shuffle_seed=7)
    done = await submit(study, card_id, given, 2, review_id=review_id)
    assert (done.review.rating, done.answer.is_correct) == (Rating.HARD, False)
    (attempt,) = await rows_of(study.session, QuestionAttempt)
    (review,) = await study.log(card_id)
    assert attempt.id == review.id == review_id
    assert (attempt.question_id, attempt.lesson_id) == (question.id, None)
    assert (attempt.context, attempt.score, attempt.duration_ms) == ("review", 0, 4000)
    assert (attempt.shuffle_seed, attempt.attempted_at) == (7, review.reviewed_at)
    assert (review.rating, review.duration_ms) == (2, 6000)
    (day,) = await rows_of(study.session, DailyActivity)
    assert (day.day, day.reviews, day.answers, day.correct_answers) == (TODAY, 1, 1, 0)
    assert day.duration_ms == 6000
    assert len(await rows_of(study.session, SRSCard)) == 1
    assert await study.check() == []


async def test_a_repeat_returns_what_is_stored(study, ask):
    _, card_id = await ask()
    review_id = new_id()
    first = await submit(study, card_id, GivenAnswer(WRONG), 1, review_id=review_id)
    again = await submit(study, card_id, GivenAnswer(RIGHT), 4, review_id=review_id)
    assert msgspec.json.encode(first) == msgspec.json.encode(again)
    assert len(await rows_of(study.session, QuestionAttempt)) == 1
    assert len(await study.log(card_id)) == 1


async def test_sent_ten_times_at_once_it_counts_once(study, ask):
    _, card_id = await ask()
    review_id = new_id()
    given = GivenAnswer(RIGHT)
    await asyncio.gather(*(submit(study, card_id, given, review_id=review_id) for _ in range(10)))
    assert len(await rows_of(study.session, QuestionAttempt)) == 1
    assert len(await study.log(card_id)) == 1
    assert await study.days() == {TODAY: (1, 0, 1, 6000)}


@pytest.mark.parametrize(
    "response",
    [{"type": "multiple_choice", "choice": "z"}, {"type": "true_false", "value": True}, None, []],
)
async def test_an_answer_that_does_not_fit_leaves_the_card_as_it_was(study, ask, response):
    _, card_id = await ask()
    before = await study.state(card_id)
    with pytest.raises(InvalidInput):
        await submit(study, card_id, GivenAnswer(response))
    assert await study.state(card_id) == before
    assert await study.log(card_id) == []


async def test_an_id_that_is_an_attempt_already_refuses_the_review_as_well(study, ask):
    question, card_id = await ask()
    attempt_id = new_id()
    await answering.submit_answer(
        work_on(study.database),
        study.account,
        attempt_id=attempt_id,
        question_id=question.id,
        lesson_id=None,
        response=RIGHT,
        duration_ms=None,
        now=NOW,
    )
    with pytest.raises(Conflict):
        await submit(study, card_id, GivenAnswer(RIGHT), review_id=attempt_id)
    assert await study.log(card_id) == []


async def test_a_card_reviewed_elsewhere_stores_no_answer(study, ask):
    _, card_id = await ask()
    token = await study.token(card_id)
    await study.submit(card_id, 4)
    with pytest.raises(AlreadyReviewed):
        await submit(study, card_id, GivenAnswer(RIGHT), state_token=token)
    assert await rows_of(study.session, QuestionAttempt) == []


async def test_only_the_owner_of_the_card_may_answer_and_only_a_question_is_asked(study, ask):
    _, card_id = await ask()
    word_id = await study.add_card()
    other = await study.other()
    for someone, card in ((other, card_id), (study, word_id), (study, new_id())):
        with pytest.raises(NotFound):
            await check(someone, card, RIGHT)
        with pytest.raises(NotFound):
            await submit(someone, card, GivenAnswer(RIGHT))
    assert await study.log(card_id) == await study.log(word_id) == []


async def test_a_part_of_a_reading_is_graded_by_itself_and_is_no_attempt(study, ask):
    _, card_id = await ask(**READING)
    part = {"type": "short_answer", "text": "in bandung"}
    checked = await check(study, card_id, part, part="p2")
    assert checked.answer.is_correct
    assert checked.proposed_rating == Rating.GOOD
    done = await submit(study, card_id, GivenAnswer(part, part="p2"))
    assert done.answer is None
    assert await rows_of(study.session, QuestionAttempt) == []
    assert len(await study.log(card_id)) == 1
    passage = READING["options"]["passage"]["text"].split()
    slow = await check(study, card_id, part, part="p2", duration_ms=600_000)
    assert slow.slow_seconds > 10 + len(passage) / 2
    for unknown in ("p3", ""):
        with pytest.raises(NotFound):
            await check(study, card_id, part, part=unknown)


async def test_all_of_a_reading_is_an_attempt(study, ask):
    _, card_id = await ask(**READING)
    whole = {"type": "reading", "parts": {"p1": {"type": "true_false", "value": True}}}
    done = await submit(study, card_id, GivenAnswer(whole))
    assert done.answer.score == 0.5
    assert len(await rows_of(study.session, QuestionAttempt)) == 1


async def test_what_a_teacher_marks_is_not_asked(study, ask):
    essay = {
        "type": "essay",
        "options": {
            "type": "essay",
            "min_words": 5,
            "max_words": 50,
            "rubric": [{"id": "a", "name": {"en": "A", "id": "A"}, "points": 4}],
        },
        "answer_key": {"type": "essay", "sample": None},
    }
    _, card_id = await ask(**essay)
    with pytest.raises(InvalidInput):
        await check(study, card_id, {"type": "essay", "text": "I like it here very much."})


async def test_a_question_that_was_withdrawn_is_still_asked_where_it_has_a_card(study, ask):
    question, card_id = await ask()
    question.status = "archived"
    await study.session.commit()
    done = await submit(study, card_id, GivenAnswer(RIGHT))
    assert done.answer.is_correct


async def test_a_review_made_offline_dates_its_answer(study, ask):
    _, card_id = await ask()
    yesterday = NOW - timedelta(days=1)
    await submit(study, card_id, GivenAnswer(RIGHT), reviewed_at=yesterday)
    assert await study.session.scalar(select(QuestionAttempt.attempted_at)) == yesterday
    days = {day.day: day.answers for day in await rows_of(study.session, DailyActivity)}
    assert days == {TODAY - timedelta(days=1): 1}
    assert await study.check() == []


async def test_taking_the_review_back_leaves_the_answer(study, ask):
    _, card_id = await ask()
    before = await study.state(card_id)
    await submit(study, card_id, GivenAnswer(RIGHT))
    await study.undo(NOW + timedelta(seconds=5))
    after = await study.state(card_id)
    assert (after.due_at, after.review_count) == (before.due_at, 0)
    assert len(await rows_of(study.session, QuestionAttempt)) == 1
    assert await study.check() == []
