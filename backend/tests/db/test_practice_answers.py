"""Answers on real commits: all or nothing, once, in one round trip, by the content of the moment."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import msgspec
import pytest
from pydantic import ValidationError
from sqlalchemy import func, select

from app.core.errors import Conflict, InvalidInput, NotFound
from app.domain.practice import answering
from app.domain.srs import details, queue
from app.models import (
    AttemptMark,
    DailyActivity,
    LessonProgress,
    QuestionAttempt,
    Recording,
    SRSCard,
)
from app.models.base import new_id
from app.questions.documents.base import Passage
from app.questions.types.short_answer import ShortAnswerResponse
from app.questions.types.true_false import TrueFalseResponse
from tests.db.learning import NOW, RIGHT, TODAY, WRONG, answer, rows_of, store, store_lesson
from tests.factories import make_account, make_question, make_user
from tests.work import work_on

LATER = NOW + timedelta(seconds=1)


async def test_an_answer_is_graded_explained_and_stored(fresh_database, session, learner):
    lesson, (question, *_) = await store_lesson(session)
    result = await answer(fresh_database, learner, question, WRONG, lesson=lesson)
    assert (result.is_correct, result.score) == (False, 0)
    assert (result.answer.en, result.explanation.id) == ("is", "Pakai is untuk he, she, it.")
    assert result.explanation.en == question.explanation
    (attempt,) = await rows_of(session, QuestionAttempt)
    assert attempt.response == WRONG
    assert (attempt.context, attempt.attempted_at, attempt.duration_ms) == ("lesson", NOW, 4000)
    (progress,) = await rows_of(session, LessonProgress)
    assert (progress.questions_attempted, progress.questions_correct) == (1, 0)
    assert (progress.status, progress.time_spent_seconds) == ("in_progress", 4)
    assert result.progress.completion_percentage == progress.completion_percentage == 50


async def test_an_answer_outside_a_lesson_touches_no_progress(fresh_database, session, learner):
    _, (question, *_) = await store_lesson(session)
    result = await answer(fresh_database, learner, question)
    assert result.is_correct
    assert result.progress is None
    assert (await rows_of(session, QuestionAttempt))[0].context == "practice"
    assert await rows_of(session, LessonProgress) == []


async def test_a_repeated_answer_returns_the_stored_grade(fresh_database, session, learner):
    lesson, (question, *_) = await store_lesson(session)
    attempt_id = new_id()
    first = await answer(
        fresh_database, learner, question, WRONG, lesson=lesson, attempt_id=attempt_id
    )
    again = await answer(
        fresh_database, learner, question, RIGHT, lesson=lesson, attempt_id=attempt_id
    )
    assert again == first
    assert len(await rows_of(session, QuestionAttempt)) == 1
    assert (await rows_of(session, LessonProgress))[0].time_spent_seconds == 4


async def test_an_attempt_id_in_use_elsewhere_is_a_conflict(fresh_database, session, learner):
    _, (one, two, _) = await store_lesson(session)
    stranger = make_user()
    session.add(stranger)
    await session.commit()
    theirs = (await answer(fresh_database, make_account(stranger), one)).attempt_id
    mine = (await answer(fresh_database, learner, two)).attempt_id
    for attempt_id in (theirs, mine):
        with pytest.raises(Conflict):
            await answer(fresh_database, learner, one, attempt_id=attempt_id)


async def test_what_does_not_fit_is_refused(fresh_database, session, learner):
    lesson, (question, *_) = await store_lesson(session)
    draft_lesson, (elsewhere, *_) = await store_lesson(session, status="draft")
    draft = make_question(status="draft")
    session.add(draft)
    await session.commit()
    with pytest.raises(InvalidInput):
        await answer(
            fresh_database, learner, question, TrueFalseResponse(type="true_false", value=True)
        )
    with pytest.raises(InvalidInput):
        await answer(fresh_database, learner, elsewhere, lesson=lesson)
    with pytest.raises(NotFound):
        await answer(fresh_database, learner, elsewhere, lesson=draft_lesson)
    with pytest.raises(NotFound):
        await answer(fresh_database, learner, draft)
    assert await rows_of(session, QuestionAttempt) == []


async def test_a_question_becomes_a_card_once(fresh_database, session, learner):
    _, (wrong, right, _) = await store_lesson(session)
    for _ in range(2):
        await answer(fresh_database, learner, wrong, WRONG)
        await answer(fresh_database, learner, right, RIGHT)
    cards = {card.item_id: card for card in await rows_of(session, SRSCard)}
    assert set(cards) == {wrong.id, right.id}
    assert (cards[wrong.id].next_review_date, cards[wrong.id].due_at) == (TODAY, NOW)
    assert cards[right.id].next_review_date == TODAY + timedelta(days=1)
    assert cards[right.id].due_at == learner.day.start_of(TODAY + timedelta(days=1))
    (due,) = (await queue.get_queue(work_on(fresh_database), learner, NOW)).cards
    assert due.item_id == wrong.id


async def test_every_answered_question_waits_whatever_the_limit_is(
    fresh_database, session, learner
):
    _, rows = await store_lesson(session, questions=5)
    slow = replace(learner, new_cards_per_day=2)
    for question in rows:
        await answer(fresh_database, slow, question, WRONG)
    assert {card.next_review_date for card in await rows_of(session, SRSCard)} == {TODAY}
    assert len((await queue.get_queue(work_on(fresh_database), slow, NOW)).cards) == 2
    _, (question, *_) = await store_lesson(session)
    await answer(fresh_database, replace(learner, new_cards_per_day=0), question)
    assert len(await rows_of(session, SRSCard)) == 6


async def test_one_answer_sent_many_times_at_once_is_stored_once(fresh_database, session, learner):
    lesson, (question, *_) = await store_lesson(session)
    attempt_id = new_id()
    results = await asyncio.gather(
        *(
            answer(fresh_database, learner, question, lesson=lesson, attempt_id=attempt_id)
            for _ in range(50)
        )
    )
    assert all(result.is_correct for result in results)
    assert len(await rows_of(session, QuestionAttempt)) == 1
    assert len(await rows_of(session, SRSCard)) == 1
    (day,) = await rows_of(session, DailyActivity)
    assert (day.answers, day.correct_answers, day.duration_ms) == (1, 1, 4000)
    (progress,) = await rows_of(session, LessonProgress)
    assert (progress.questions_attempted, progress.time_spent_seconds) == (1, 4)


@pytest.mark.parametrize("text", ["a\x00b", "\x00"])
async def test_a_character_that_cannot_be_stored_is_refused(text):
    with pytest.raises(ValidationError):
        ShortAnswerResponse(type="short_answer", text=text)


@pytest.mark.parametrize(
    "statement", ["UPDATE question_attempts SET score = 1", "DELETE FROM question_attempts"]
)
async def test_the_application_cannot_change_attempts(fresh_database, session, learner, statement):
    _, (question, *_) = await store_lesson(session)
    await answer(fresh_database, learner, question)
    async with fresh_database.driver() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    assert await session.scalar(select(func.count()).select_from(QuestionAttempt)) == 1


ESSAY = {
    "type": "essay",
    "options": {
        "type": "essay",
        "min_words": 2,
        "max_words": 50,
        "rubric": [{"id": "a", "name": {"en": "Grammar", "id": "Tata bahasa"}, "points": 4}],
    },
    "answer_key": {"type": "essay", "sample": "My name is Sari."},
}
SPEAKING = {
    "type": "speaking",
    "options": {"type": "speaking", "max_seconds": 30, "rubric": ESSAY["options"]["rubric"]},
    "answer_key": {"type": "speaking"},
}
READING = {
    "type": "reading",
    "options": {
        "type": "reading",
        "passage": {"title": "Sari", "text": "Sari lives in Bandung."},
        "parts": [
            {"id": "p1", "type": "true_false", "stem": {"en": "She lives there.", "id": "Ya?"}},
            {"id": "p2", "type": "short_answer", "stem": {"en": "Where?", "id": "Di mana?"}},
        ],
    },
    "answer_key": {
        "type": "reading",
        "parts": {
            "p1": {"type": "true_false", "value": True},
            "p2": {"type": "short_answer", "accepted": ["in Bandung", "Bandung"]},
        },
    },
}


async def test_what_is_written_is_all_or_nothing(fresh_database, session, learner):
    lesson, (question, *_) = await store_lesson(session)
    constraint = "ALTER TABLE daily_activity ADD CONSTRAINT one_a_day CHECK (answers < 2)"
    await answer(fresh_database, learner, question, WRONG, lesson=lesson)
    owner = fresh_database.engine.url.set(query={})
    connection = await asyncpg.connect(
        owner.set(drivername="postgresql").render_as_string(hide_password=False)
    )
    await connection.execute(constraint)
    await connection.close()
    with pytest.raises(asyncpg.CheckViolationError):
        await answer(fresh_database, learner, question, lesson=lesson)
    assert len(await rows_of(session, QuestionAttempt)) == 1
    (progress,) = await rows_of(session, LessonProgress)
    assert (progress.questions_correct, progress.time_spent_seconds) == (0, 4)


async def test_an_answer_counts_on_the_learners_day(fresh_database, session, learner):
    _, (question, *_) = await store_lesson(session)
    for hour, response in ((20, WRONG), (22, RIGHT)):  # 03:00 and 05:00 in Jakarta
        when = datetime(2026, 3, 1, hour, tzinfo=UTC)
        await answer(fresh_database, learner, question, response, now=when)
    moved = replace(learner, timezone="America/New_York")
    await answer(fresh_database, moved, question, duration_ms=None)  # 00:00 there on 2 March
    rows = sorted(await rows_of(session, DailyActivity), key=lambda row: row.day)
    assert [(row.day, row.answers, row.correct_answers, row.duration_ms) for row in rows] == [
        (TODAY - timedelta(days=1), 2, 1, 4000),
        (TODAY, 1, 1, 4000),
    ]


async def test_what_a_teacher_marks_has_no_score_and_no_card(fresh_database, session, learner):
    essay = make_question(**ESSAY)
    lesson, _ = await store_lesson(session, questions=[essay])
    written = {"type": "essay", "text": "I live here."}
    result = await answer(fresh_database, learner, essay, written, lesson=lesson)
    assert (result.score, result.is_correct, result.needs_marking) == (None, False, True)
    assert (result.answer.en, result.progress.status) == ("My name is Sari.", "completed")
    (attempt,) = await rows_of(session, QuestionAttempt)
    assert (attempt.score, attempt.is_correct) == (None, False)
    assert await rows_of(session, SRSCard) == []
    empty = await answer(fresh_database, learner, essay, {"type": "essay", "text": ""})
    assert (empty.score, empty.needs_marking) == (0, False)


async def test_a_mark_is_what_a_stored_answer_is_worth(fresh_database, session, learner):
    essay = make_question(**ESSAY)
    await store(session, essay)
    given = await answer(fresh_database, learner, essay, {"type": "essay", "text": "I am."})
    waiting = await answering.get_attempt_result(work_on(fresh_database), learner, given.attempt_id)
    assert waiting.result == given
    mark = AttemptMark(
        user_id=learner.user_id, attempt_id=given.attempt_id, points={"a": 3}, score=0.75
    )
    await store(session, mark)
    marked = (
        await answering.get_attempt_result(work_on(fresh_database), learner, given.attempt_id)
    ).result
    assert (marked.score, marked.needs_marking, marked.is_correct) == (0.75, False, False)
    assert marked.feedback == ()


async def test_a_recording_must_be_the_learners_own(fresh_database, session, learner):
    question, stranger = make_question(**SPEAKING), make_user()
    await store(session, question, stranger)
    mine, theirs = (
        Recording(user_id=user_id, media_type="audio/ogg", content=b"OggS")
        for user_id in (learner.user_id, stranger.id)
    )
    await store(session, mine, theirs)
    spoken = {"type": "speaking", "recording": str(mine.id)}
    assert (await answer(fresh_database, learner, question, spoken)).needs_marking
    with pytest.raises(InvalidInput):
        await answer(fresh_database, learner, question, spoken | {"recording": str(theirs.id)})
    assert len(await rows_of(session, QuestionAttempt)) == 1


async def test_questions_of_one_passage_become_siblings(fresh_database, session, learner):
    reading = make_question(**READING)
    await store(session, reading)
    about = make_question(passage_id=reading.id)
    await store(session, about)
    response = {
        "type": "reading",
        "parts": {"p1": {"type": "true_false", "value": True}},
    }
    result = await answer(fresh_database, learner, reading, response)
    assert (result.score, [part.is_correct for part in result.parts]) == (0.5, [True, False])
    await answer(fresh_database, learner, about)
    assert {card.passage_id for card in await rows_of(session, SRSCard)} == {reading.id}
    passage = Passage.model_validate(READING["options"]["passage"])
    shown = await answering.show_question(work_on(fresh_database), learner, about.id)
    assert Passage.model_validate_json(bytes(shown.passage)) == passage
    assert (
        await answering.show_question(work_on(fresh_database), learner, reading.id)
    ).passage is None
    card = next(c for c in await rows_of(session, SRSCard) if c.item_id == about.id)
    await session.commit()
    due = await details.get_card(work_on(fresh_database), learner, card.id, NOW)
    assert Passage.model_validate_json(bytes(due.item.passage)) == passage


async def test_a_typed_answer_is_told_what_differs(fresh_database, session, learner):
    question = make_question(
        type="short_answer",
        options=None,
        answer_key={"type": "short_answer", "accepted": ["She goes to school."]},
    )
    await store(session, question)
    response = {"type": "short_answer", "text": "She go to school"}
    result = await answer(fresh_database, learner, question, response)
    assert not result.is_correct
    assert {"wrong"} <= {piece.kind for piece in result.diff}
    assert all(remark.id and remark.en for remark in result.feedback)
    stored = await answering.get_attempt_result(work_on(fresh_database), learner, result.attempt_id)
    assert stored.result == result
    assert msgspec.json.decode(stored.response) == response


async def test_remarks_never_contradict_what_was_stored(fresh_database, session, learner):
    _, (question, *_) = await store_lesson(session)
    given = await answer(fresh_database, learner, question, WRONG, shuffle_seed=7)
    assert given.feedback
    question.answer_key = {"type": "multiple_choice", "choice": "a"}
    question.updated_at = LATER
    await session.commit()
    stored = await answering.get_attempt_result(work_on(fresh_database), learner, given.attempt_id)
    assert (stored.result.is_correct, stored.result.feedback) == (False, ())
    assert (stored.shuffle_seed, stored.duration_ms) == (7, 4000)
    question.type, question.options = "true_false", None
    question.answer_key = {"type": "true_false", "value": True}
    await session.commit()
    stored = await answering.get_attempt_result(work_on(fresh_database), learner, given.attempt_id)
    assert (stored.result.score, stored.result.feedback) == (0, ())


async def test_an_attempt_is_nobody_elses_to_see(fresh_database, session, learner):
    _, (question, *_) = await store_lesson(session)
    stranger = make_user()
    await store(session, stranger)
    given = await answer(fresh_database, learner, question)
    with pytest.raises(NotFound):
        await answering.get_attempt_result(
            work_on(fresh_database), make_account(stranger), given.attempt_id
        )


async def test_a_shown_question_keeps_its_order_until_it_is_answered(
    fresh_database, session, learner
):
    choices = [{"id": f"c{n}", "text": f"Choice {n}"} for n in range(12)]
    question = make_question(
        options={"type": "multiple_choice", "choices": choices},
        answer_key={"type": "multiple_choice", "choice": "c3"},
    )
    await store(session, question)
    first, again = [
        await answering.show_question(work_on(fresh_database), learner, question.id)
        for _ in range(2)
    ]
    assert first == again
    assert b"answer_key" not in msgspec.json.encode(first)
    shown = [choice["id"] for choice in msgspec.json.decode(first.options)["choices"]]
    assert sorted(shown) == sorted(choice["id"] for choice in choices)
    response = {"type": "multiple_choice", "choice": "c3"}
    await answer(fresh_database, learner, question, response, shuffle_seed=first.shuffle_seed)
    assert (await rows_of(session, QuestionAttempt))[0].shuffle_seed == first.shuffle_seed
    later = await answering.show_question(work_on(fresh_database), learner, question.id)
    assert later.shuffle_seed != first.shuffle_seed
    assert bytes(later.options) != bytes(first.options)
    with pytest.raises(NotFound):
        await answering.show_question(work_on(fresh_database), learner, new_id())
