"""Answers, lesson progress, cards, streaks and achievements on real commits."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import LearnerDay
from app.core.database import Database
from app.core.errors import Conflict, InvalidInput, NotFound
from app.domain.accounts.service import Account
from app.domain.practice import queries, service
from app.domain.practice.rules import completion_percentage
from app.domain.srs import service as srs
from app.models import (
    LessonProgress,
    LessonQuestion,
    QuestionAttempt,
    SRSCard,
    UserAchievement,
)
from app.models.base import new_id
from app.models.documents import (
    MultipleChoiceResponse,
    ShortAnswerResponse,
    TrueFalseResponse,
)
from tests.db.test_srs import account_of
from tests.factories import make_lesson, make_question, make_user, make_vocabulary

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
RIGHT = MultipleChoiceResponse(type="multiple_choice", choice="b")
WRONG = MultipleChoiceResponse(type="multiple_choice", choice="a")


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


async def _lesson(session, questions=3, **fields):
    """Store a lesson of one section with its questions; return both."""
    lesson, rows = make_lesson(**fields), [make_question() for _ in range(questions)]
    session.add_all([lesson, *rows])
    await session.flush()
    session.add_all(
        LessonQuestion(lesson_id=lesson.id, question_id=row.id, position=position)
        for position, row in enumerate(rows, 1)
    )
    await session.commit()
    return lesson, rows


async def _answer(database, learner, question, response=RIGHT, *, lesson=None, **fields):
    return await service.submit_answer(
        database,
        learner,
        **{
            "attempt_id": new_id(),
            "question_id": question.id,
            "lesson_id": lesson.id if lesson else None,
            "response": response,
            "duration_ms": 4000,
            "now": NOW,
        }
        | fields,
    )


async def _all(session, model):
    return (
        await session.scalars(select(model), execution_options={"populate_existing": True})
    ).all()


async def test_an_answer_is_graded_explained_and_stored(fresh_database, session, learner):
    lesson, (question, *_) = await _lesson(session)
    result = await _answer(fresh_database, learner, question, WRONG, lesson=lesson)
    assert (result.is_correct, result.score) == (False, 0)
    assert (result.answer.en, result.explanation.id) == ("is", "Pakai is untuk he, she, it.")
    assert result.explanation.en == question.explanation
    (attempt,) = await _all(session, QuestionAttempt)
    assert attempt.response == WRONG
    assert (attempt.context, attempt.attempted_at, attempt.duration_ms) == ("lesson", NOW, 4000)
    (progress,) = await _all(session, LessonProgress)
    assert (progress.questions_attempted, progress.questions_correct) == (1, 0)
    assert (progress.status, progress.time_spent_seconds) == ("in_progress", 4)
    assert result.progress.completion_percentage == progress.completion_percentage == 50


async def test_progress_beyond_the_attempts_is_found(fresh_database, session, learner):
    lesson, (question, *_) = await _lesson(session)
    await _answer(fresh_database, learner, question, lesson=lesson)
    assert await service.find_unproven_progress(session) == []
    (progress,) = await _all(session, LessonProgress)
    progress.questions_attempted = 2
    await session.commit()
    assert await service.find_unproven_progress(session) == [(learner.user_id, lesson.id)]


async def test_an_answer_outside_a_lesson_touches_no_progress(fresh_database, session, learner):
    _, (question, *_) = await _lesson(session)
    result = await _answer(fresh_database, learner, question)
    assert result.is_correct
    assert result.progress is None
    assert (await _all(session, QuestionAttempt))[0].context == "practice"
    assert await _all(session, LessonProgress) == []


async def test_progress_counts_questions_and_not_answers(fresh_database, session, learner):
    lesson, (one, two, three) = await _lesson(session)
    seen = []
    for question, response in (
        (one, WRONG),
        (one, RIGHT),
        (one, WRONG),
        (two, RIGHT),
        (three, WRONG),
    ):
        standing = (
            await _answer(fresh_database, learner, question, response, lesson=lesson)
        ).progress
        seen.append((standing.questions_attempted, standing.questions_correct, standing.status))
        assert standing.completion_percentage == completion_percentage(
            sections_total=1,
            sections_read=1,
            questions_total=3,
            questions_attempted=standing.questions_attempted,
        )
    assert seen == [
        (1, 0, "in_progress"),
        (1, 1, "in_progress"),
        (1, 1, "in_progress"),
        (2, 2, "in_progress"),
        (3, 2, "completed"),
    ]
    (progress,) = await _all(session, LessonProgress)
    assert (progress.completed_at, progress.completion_percentage) == (NOW, 100)


async def test_a_repeated_answer_returns_the_stored_grade(fresh_database, session, learner):
    lesson, (question, *_) = await _lesson(session)
    attempt_id = new_id()
    first = await _answer(
        fresh_database, learner, question, WRONG, lesson=lesson, attempt_id=attempt_id
    )
    again = await _answer(
        fresh_database, learner, question, RIGHT, lesson=lesson, attempt_id=attempt_id
    )
    assert again == first
    assert len(await _all(session, QuestionAttempt)) == 1
    assert (await _all(session, LessonProgress))[0].time_spent_seconds == 4


async def test_an_attempt_id_in_use_elsewhere_is_a_conflict(fresh_database, session, learner):
    _, (one, two, _) = await _lesson(session)
    stranger = make_user()
    session.add(stranger)
    await session.commit()
    theirs = (await _answer(fresh_database, account_of(stranger), one)).attempt_id
    mine = (await _answer(fresh_database, learner, two)).attempt_id
    for attempt_id in (theirs, mine):
        with pytest.raises(Conflict):
            await _answer(fresh_database, learner, one, attempt_id=attempt_id)


async def test_what_does_not_fit_is_refused(fresh_database, session, learner):
    lesson, (question, *_) = await _lesson(session)
    draft_lesson, (elsewhere, *_) = await _lesson(session, status="draft")
    draft = make_question(status="draft")
    session.add(draft)
    await session.commit()
    with pytest.raises(InvalidInput):
        await _answer(
            fresh_database, learner, question, TrueFalseResponse(type="true_false", value=True)
        )
    with pytest.raises(InvalidInput):
        await _answer(fresh_database, learner, elsewhere, lesson=lesson)
    with pytest.raises(NotFound):
        await _answer(fresh_database, learner, elsewhere, lesson=draft_lesson)
    with pytest.raises(NotFound):
        await _answer(fresh_database, learner, draft)
    assert await _all(session, QuestionAttempt) == []


async def test_a_question_becomes_a_card_once(fresh_database, session, learner):
    _, (wrong, right, _) = await _lesson(session)
    for _ in range(2):
        await _answer(fresh_database, learner, wrong, WRONG)
        await _answer(fresh_database, learner, right, RIGHT)
    cards = {card.item_id: card for card in await _all(session, SRSCard)}
    assert set(cards) == {wrong.id, right.id}
    assert (cards[wrong.id].next_review_date, cards[wrong.id].due_at) == (TODAY, NOW)
    assert cards[right.id].next_review_date == TODAY + timedelta(days=1)
    assert cards[right.id].due_at == learner.day.start_of(TODAY + timedelta(days=1))
    (due,) = await srs.get_queue(fresh_database, learner, NOW)
    assert due.item_id == wrong.id


async def test_cards_of_answers_leave_room_for_no_more_than_the_limit(
    fresh_database, session, learner
):
    _, rows = await _lesson(session, questions=5)
    slow = replace(learner, new_cards_per_day=2)
    for question in rows:
        await _answer(fresh_database, slow, question, WRONG)
    cards = sorted(card.next_review_date for card in await _all(session, SRSCard))
    assert [(day - TODAY).days for day in cards] == [0, 0, 1, 1, 2]
    _, (question, *_) = await _lesson(session)
    await _answer(fresh_database, replace(learner, new_cards_per_day=0), question)
    assert len(await _all(session, SRSCard)) == 5


async def test_one_answer_sent_many_times_at_once_is_stored_once(fresh_database, session, learner):
    lesson, (question, *_) = await _lesson(session)
    attempt_id = new_id()
    results = await asyncio.gather(
        *(
            _answer(fresh_database, learner, question, lesson=lesson, attempt_id=attempt_id)
            for _ in range(6)
        )
    )
    assert all(result.is_correct for result in results)
    assert len(await _all(session, QuestionAttempt)) == 1
    assert len(await _all(session, SRSCard)) == 1


async def test_a_lesson_answered_on_many_devices_at_once_can_be_finished(
    fresh_database, session, learner
):
    lesson, rows = await _lesson(session, questions=6)
    await asyncio.gather(
        *(_answer(fresh_database, learner, question, lesson=lesson) for question in rows)
    )
    progress = await service.finish_lesson(session, learner, lesson.id, NOW)
    assert (progress.status, progress.questions_attempted, progress.questions_correct) == (
        "completed",
        6,
        6,
    )


@pytest.mark.parametrize("text", ["a\x00b", "\x00"])
async def test_a_character_that_cannot_be_stored_is_refused(text):
    with pytest.raises(ValidationError):
        ShortAnswerResponse(type="short_answer", text=text)


async def test_opening_a_lesson_notes_sections_and_only_grows(session, learner):
    lesson, _ = await _lesson(session)
    opened = await service.open_lesson(session, learner, lesson.id, NOW)
    assert (opened.status, opened.completion_percentage) == ("in_progress", 0)
    read = await service.open_lesson(session, learner, lesson.id, NOW, sections_read=99)
    assert (read.sections_read, read.completion_percentage) == (1, 25)
    again = await service.open_lesson(session, learner, lesson.id, NOW)
    assert again.sections_read == 1
    with pytest.raises(NotFound):
        await service.open_lesson(session, learner, new_id(), NOW)


async def test_finishing_needs_every_answer_and_gives_the_words(fresh_database, session, learner):
    words = [make_vocabulary() for _ in range(3)]
    session.add_all(words)
    await session.flush()
    section = {
        "kind": "vocabulary",
        "title": {"en": "Words", "id": "Kata"},
        "entries": [words[2].slug, words[0].slug, words[1].slug],
    }
    lesson, rows = await _lesson(session, questions=2, sections=[section])
    await _answer(fresh_database, learner, rows[0], lesson=lesson)
    async with fresh_database.sessions() as unfinished:
        with pytest.raises(service.LessonUnfinished):
            await service.finish_lesson(unfinished, learner, lesson.id, NOW)
    last = await _answer(fresh_database, learner, rows[1], lesson=lesson)
    assert last.progress.just_completed
    later = NOW + timedelta(minutes=1)
    again = await _answer(fresh_database, learner, rows[1], lesson=lesson, now=later)
    assert not again.progress.just_completed
    cards = [card for card in await _all(session, SRSCard) if card.item_type == "vocabulary"]
    assert len(cards) == len(words), "the last answer gives the words, finished or not"
    for _ in range(2):
        progress = await service.finish_lesson(session, learner, lesson.id, NOW)
        assert progress.status == "completed"
    await session.commit()
    cards = [card for card in await _all(session, SRSCard) if card.item_type == "vocabulary"]
    assert {card.item_id for card in cards} == {word.id for word in words}
    assert [badge.achievement for badge in await _all(session, UserAchievement)] == ["first_lesson"]


async def test_a_lesson_without_questions_is_finished_by_reading(session, learner):
    lesson, _ = await _lesson(session, questions=0)
    assert (await service.finish_lesson(session, learner, lesson.id, NOW)).status == "completed"


async def test_the_overview_counts_in_the_learners_days(fresh_database, session, learner):
    empty = await service.get_overview(session, learner, NOW)
    assert (empty.streak_days, empty.attempts_today, empty.accuracy) == (0, 0, None)
    lesson, (question, *_) = await _lesson(session)
    # 01:30 in Jakarta on 1 March is still 28 February there; 22:00 on 1 March follows.
    for when in (datetime(2026, 2, 28, 18, 30, tzinfo=UTC), datetime(2026, 3, 1, 15, tzinfo=UTC)):
        await _answer(fresh_database, learner, question, WRONG, now=when)
    early = await service.get_overview(session, learner, NOW)
    assert (early.streak_days, early.answers_today) == (2, 0)
    await _answer(fresh_database, learner, question, lesson=lesson)
    overview = await service.get_overview(session, learner, NOW)
    assert (overview.streak_days, overview.answers_today) == (3, 1)
    assert overview.accuracy == pytest.approx(1 / 3)
    assert overview.progress[lesson.id].questions_correct == 1
    assert overview.lessons_completed == 0


async def test_reviews_keep_a_streak_too_and_seven_days_earn_a_badge(
    fresh_database, session, learner
):
    word = make_vocabulary()
    session.add(word)
    await session.flush()
    await srs.add_cards(session, learner, [("vocabulary", word.id)], NOW)
    await session.commit()
    (card,) = await srs.get_queue(fresh_database, learner, NOW)
    for days in range(7):
        when = NOW + timedelta(days=days)
        await srs.submit_review(
            fresh_database, learner, review_id=new_id(), card_id=card.card_id,
            rating=srs.Rating.GOOD, duration_ms=None, state_token=None, now=when,
        )  # fmt: skip
    for _ in range(2):
        overview = await service.get_overview(session, learner, when)
        assert (overview.streak_days, overview.reviews_today) == (7, 1)
        assert overview.achievements == ["streak_7"]


async def test_a_streak_longer_than_the_first_look_is_counted_whole(session, learner):
    (question,) = (await _lesson(session, questions=1))[1]
    session.add_all(
        QuestionAttempt(
            user_id=learner.user_id, question_id=question.id, response=RIGHT,
            is_correct=True, score=1, attempted_at=NOW - timedelta(days=days),
        )
        for days in range(300)
    )  # fmt: skip
    await session.flush()
    assert (await service.get_overview(session, learner, NOW)).streak_days == 300


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "America/New_York", "Europe/Berlin"])
async def test_the_database_counts_the_same_days_as_the_rules(session, learner, zone):
    """Around both clock changes of 2026, hour by hour."""
    (question,) = (await _lesson(session, questions=1))[1]
    day = LearnerDay(zone, 4)
    moments = [
        start + timedelta(hours=hour)
        for start in (datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC))
        for hour in range(0, 60, 5)
    ]
    for moment in moments:
        session.add(
            QuestionAttempt(
                user_id=learner.user_id, question_id=question.id, response=RIGHT,
                is_correct=True, score=1, attempted_at=moment,
            )
        )  # fmt: skip
    await session.flush()
    found = await queries.fetch_active_days(session, learner.user_id, moments[0], day)
    assert set(found) == {day.date_of(moment) for moment in moments}


@pytest.mark.parametrize(
    "statement", ["UPDATE question_attempts SET score = 1", "DELETE FROM question_attempts"]
)
async def test_the_application_cannot_change_attempts(fresh_database, session, learner, statement):
    _, (question, *_) = await _lesson(session)
    await _answer(fresh_database, learner, question)
    async with fresh_database.driver() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    assert await session.scalar(select(func.count()).select_from(QuestionAttempt)) == 1
