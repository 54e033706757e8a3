"""Answers in one round trip, graded by the content of the moment, whatever a process keeps."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec
import pytest
from cachetools import LRUCache
from sqlalchemy import event

from app.core.errors import InvalidInput, NotFound
from app.domain.practice import asked
from app.models import (
    LessonProgress,
    LessonQuestion,
    QuestionAttempt,
)
from tests.db.learning import NOW, WRONG, answer, rows_of, store, store_lesson
from tests.factories import make_question

LATER = NOW + timedelta(seconds=1)


@asynccontextmanager
async def round_trips(database):
    """Collect the statements that the driver sends on `database`, whoever makes them."""
    seen, watched = [], []

    def note(record):
        seen.append(record.query)

    def watch(dbapi_connection, _record, _proxy):
        watched.append(dbapi_connection.driver_connection)
        watched[-1].add_query_logger(note)

    engine = database.engine.sync_engine
    event.listen(engine, "checkout", watch)
    try:
        yield seen
        await asyncio.sleep(0)  # asyncpg tells its loggers from the event loop
    finally:
        event.remove(engine, "checkout", watch)
        for connection in watched:
            connection.remove_query_logger(note)


async def test_the_first_answer_reads_the_question_and_the_next_ones_only_write(
    fresh_database, session, learner
):
    lesson, (one, two, other) = await store_lesson(session)
    await answer(fresh_database, learner, other)  # the connection has met the types now
    counts = []
    for question in (one, one, two, one):
        async with round_trips(fresh_database) as sent:
            await answer(fresh_database, learner, question, WRONG, lesson=lesson)
        counts.append(len(sent))
    assert counts == [2, 1, 2, 1]
    async with round_trips(fresh_database) as sent:
        await answer(fresh_database, learner, one)
    assert len(sent) == 1, "outside the lesson"


async def test_a_question_that_was_changed_meanwhile_is_graded_as_it_is_now(
    fresh_database, session, learner
):
    lesson, (question, *_) = await store_lesson(session)
    assert (await answer(fresh_database, learner, question, lesson=lesson)).is_correct
    question.answer_key = {"type": "multiple_choice", "choice": "a"}
    question.updated_at = LATER
    await session.commit()
    async with round_trips(fresh_database) as sent:
        result = await answer(fresh_database, learner, question, lesson=lesson)
    assert (result.is_correct, result.answer.en, len(sent)) == (False, "am", 3)
    attempts = await rows_of(session, QuestionAttempt)
    assert sorted(attempt.is_correct for attempt in attempts) == [False, True]


async def test_a_choice_that_was_added_meanwhile_can_be_given(fresh_database, session, learner):
    _, (question, *_) = await store_lesson(session)
    await answer(fresh_database, learner, question)
    added = {"type": "multiple_choice", "choice": "c"}
    with pytest.raises(InvalidInput):
        await answer(fresh_database, learner, question, added)
    choices = [{"id": name, "text": name} for name in "abc"]
    question.options = {"type": "multiple_choice", "choices": choices}
    question.updated_at = LATER
    await session.commit()
    assert not (await answer(fresh_database, learner, question, added)).is_correct


async def test_a_question_added_to_the_lesson_meanwhile_counts(fresh_database, session, learner):
    lesson, (one, two) = await store_lesson(session, questions=2)
    await answer(fresh_database, learner, two)
    first = await answer(fresh_database, learner, one, lesson=lesson)
    assert first.progress.completion_percentage == 66
    third = make_question()
    await store(session, third)
    link = LessonQuestion(lesson_id=lesson.id, question_id=third.id, position=3)
    await store(session, link)  # the lesson itself was not touched
    second = await answer(fresh_database, learner, two, lesson=lesson)
    assert (second.progress.status, second.progress.completion_percentage) == ("in_progress", 75)
    assert (await answer(fresh_database, learner, third, lesson=lesson)).progress.just_completed


async def test_a_section_added_to_the_lesson_meanwhile_counts(fresh_database, session, learner):
    lesson, (one, two) = await store_lesson(session, questions=2)
    await answer(fresh_database, learner, two)
    await answer(fresh_database, learner, one, lesson=lesson)
    lesson.sections = [*lesson.sections] * 3
    lesson.updated_at = LATER
    await session.commit()
    await answer(fresh_database, learner, one, lesson=lesson)
    (progress,) = await rows_of(session, LessonProgress)
    assert (progress.sections_read, progress.completion_percentage) == (3, 80)


async def test_a_question_or_a_lesson_taken_back_meanwhile_is_not_found(
    fresh_database, session, learner
):
    lesson, (one, two) = await store_lesson(session, questions=2)
    stored = await answer(fresh_database, learner, one, lesson=lesson)
    await answer(fresh_database, learner, two, lesson=lesson)
    one.status = lesson.status = "archived"
    await session.commit()
    for question, where in ((one, None), (one, lesson), (two, lesson)):
        with pytest.raises(NotFound):
            await answer(fresh_database, learner, question, lesson=where)
    again = await answer(fresh_database, learner, one, lesson=lesson, attempt_id=stored.attempt_id)
    assert msgspec.json.encode(again) == msgspec.json.encode(
        msgspec.structs.replace(stored, progress=again.progress)
    ), "a repeat returns what is stored"


async def test_the_process_keeps_only_what_was_used_last(
    fresh_database, session, learner, monkeypatch
):
    lesson, (one, two, three) = await store_lesson(session)
    monkeypatch.setattr(asked, "_questions", LRUCache(2))
    for question in (one, two, one, three):
        await answer(fresh_database, learner, question, lesson=lesson)
    kept = [asked.find_kept(question.id, lesson.id) is not None for question in (one, two, three)]
    assert kept == [True, False, True]
