"""Progress in lessons: opening, answering on, finishing."""

import asyncio
from datetime import timedelta

import pytest

from app.core.errors import NotFound
from app.domain.practice import lessons
from app.domain.practice.lessons import LessonUnfinished
from app.domain.progress import latest_answers, proof
from app.domain.progress.completion import completion_percentage
from app.models import LessonProgress, SRSCard, UserAchievement
from app.models.base import new_id
from tests.conftest import count_queries
from tests.db.learning import NOW, RIGHT, WRONG, answer, rows_of, store_lesson
from tests.factories import make_vocabulary
from tests.work import work_on


async def test_progress_counts_questions_and_not_answers(fresh_database, session, learner):
    lesson, (one, two, three) = await store_lesson(session)
    seen = []
    for question, response in (
        (one, WRONG),
        (one, RIGHT),
        (one, WRONG),
        (two, RIGHT),
        (three, WRONG),
    ):
        standing = (
            await answer(fresh_database, learner, question, response, lesson=lesson)
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
    (progress,) = await rows_of(session, LessonProgress)
    assert (progress.completed_at, progress.completion_percentage) == (NOW, 100)


async def test_a_lesson_answered_on_many_devices_at_once_can_be_finished(
    fresh_database, session, learner
):
    lesson, rows = await store_lesson(session, questions=6)
    await asyncio.gather(
        *(answer(fresh_database, learner, question, lesson=lesson) for question in rows)
    )
    progress = await lessons.finish_lesson(work_on(session), learner, lesson.id, NOW)
    assert (progress.status, progress.questions_attempted, progress.questions_correct) == (
        "completed",
        6,
        6,
    )


async def test_the_latest_answer_to_each_question_of_a_lesson_is_one_statement_away(
    fresh_database, session, learner
):
    lesson, (one, two, _) = await store_lesson(session)
    await answer(fresh_database, learner, one, RIGHT, lesson=lesson)
    last = await answer(fresh_database, learner, one, WRONG, lesson=lesson)
    await answer(fresh_database, learner, two, RIGHT, lesson=lesson)
    await answer(fresh_database, learner, two, WRONG)  # outside the lesson
    with count_queries(fresh_database) as seen:
        latest = await latest_answers.get_latest_answers(
            work_on(fresh_database), learner, lesson.id
        )
    assert seen.count == 1
    assert {key: value.is_correct for key, value in latest.items()} == {one.id: False, two.id: True}
    assert latest[one.id].attempt_id == last.attempt_id


async def test_opening_a_lesson_notes_sections_and_only_grows(session, learner):
    lesson, _ = await store_lesson(session)
    opened = await lessons.open_lesson(work_on(session), learner, lesson.id, NOW)
    assert (opened.status, opened.completion_percentage) == ("in_progress", 0)
    read = await lessons.open_lesson(work_on(session), learner, lesson.id, NOW, sections_read=99)
    assert (read.sections_read, read.completion_percentage) == (1, 25)
    again = await lessons.open_lesson(work_on(session), learner, lesson.id, NOW)
    assert again.sections_read == 1
    with pytest.raises(NotFound):
        await lessons.open_lesson(work_on(session), learner, new_id(), NOW)


async def test_finishing_needs_every_answer_and_gives_the_words(fresh_database, session, learner):
    words = [make_vocabulary() for _ in range(3)]
    session.add_all(words)
    await session.flush()
    section = {
        "kind": "vocabulary",
        "title": {"en": "Words", "id": "Kata"},
        "entries": [words[2].slug, words[0].slug, words[1].slug],
    }
    lesson, rows = await store_lesson(session, questions=2, sections=[section])
    await answer(fresh_database, learner, rows[0], lesson=lesson)
    async with fresh_database.sessions() as unfinished:
        with pytest.raises(LessonUnfinished):
            await lessons.finish_lesson(work_on(unfinished), learner, lesson.id, NOW)
    last = await answer(fresh_database, learner, rows[1], lesson=lesson)
    assert last.progress.just_completed
    later = NOW + timedelta(minutes=1)
    again = await answer(fresh_database, learner, rows[1], lesson=lesson, now=later)
    assert not again.progress.just_completed
    cards = [card for card in await rows_of(session, SRSCard) if card.item_type == "vocabulary"]
    given = len(cards)
    assert {card.item_id for card in cards} == {word.id for word in words}
    for _ in range(2):
        progress = await lessons.finish_lesson(work_on(session), learner, lesson.id, NOW)
        assert progress.status == "completed"
    await session.commit()
    cards = [card for card in await rows_of(session, SRSCard) if card.item_type == "vocabulary"]
    assert len(cards) == given, "the last answer gave the words"
    badges = {badge.achievement for badge in await rows_of(session, UserAchievement)}
    assert badges == {"first_lesson", "perfect_lesson"}


async def test_a_lesson_without_questions_is_finished_by_reading(session, learner):
    lesson, _ = await store_lesson(session, questions=0)
    assert (
        await lessons.finish_lesson(work_on(session), learner, lesson.id, NOW)
    ).status == "completed"


async def test_progress_beyond_the_attempts_is_found(fresh_database, session, learner):
    lesson, (question, *_) = await store_lesson(session)
    await answer(fresh_database, learner, question, lesson=lesson)
    assert await proof.find_unproven_progress(work_on(session)) == []
    (progress,) = await rows_of(session, LessonProgress)
    progress.questions_attempted = 2
    await session.commit()
    assert await proof.find_unproven_progress(work_on(session)) == [(learner.user_id, lesson.id)]
