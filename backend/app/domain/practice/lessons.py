"""Use cases of a lesson: opening it, reading on, and finishing it."""

from datetime import datetime
from uuid import UUID

from app.core.errors import Conflict, NotFound
from app.core.work import Work, transactional
from app.domain.accounts.account import Account
from app.domain.practice import lesson_queries as queries
from app.domain.progress.completion import COMPLETE, completion_percentage
from app.domain.progress.standing import award_achievements
from app.domain.srs import cards
from app.models import LessonProgress

MAX_READING_MS = 180_000
"""The longest time that reading one section may count: a longer one was a break."""


class LessonUnfinished(Conflict):
    """Questions of the lesson are still open."""

    code = "lesson_unfinished"
    message = "Some questions of this lesson have not been answered yet."
    message_id = "Masih ada soal di pelajaran ini yang belum dijawab."


async def find_progress(work: Work, account: Account, lesson_id: UUID) -> LessonProgress | None:
    """Return how far the learner is in a lesson; None when it was never opened."""
    return await queries.find_progress(work, account.user_id, lesson_id)


async def get_progress(work: Work, account: Account, lesson_id: UUID) -> LessonProgress | None:
    """Do `find_progress`, raising NotFound when there is no such published lesson."""
    if await queries.find_lesson_shape(work, lesson_id) is None:
        raise NotFound
    return await find_progress(work, account, lesson_id)


@transactional(idempotent=True)
async def open_lesson(
    work: Work,
    account: Account,
    lesson_id: UUID,
    now: datetime,
    *,
    sections_read: int = 0,
    duration_ms: int | None = None,
) -> LessonProgress:
    """Note that the learner is in a lesson, and how many of its sections they have read.

    Numbers only grow. The time that reading took counts toward the goal of the day when a section
    is read for the first time, up to MAX_READING_MS each. Locks and writes the progress; raises
    NotFound.
    """
    return await _update_progress(
        work, account, lesson_id, now, sections_read=sections_read, duration_ms=duration_ms or 0
    )


@transactional(idempotent=True)
async def finish_lesson(
    work: Work, account: Account, lesson_id: UUID, now: datetime
) -> LessonProgress:
    """Complete a lesson and give the learner its vocabulary as cards; a repeat changes nothing.

    Locks the progress, then writes progress, cards and achievements. Raises NotFound, or
    LessonUnfinished when questions are open.
    """
    progress = await _update_progress(work, account, lesson_id, now, sections_read=None)
    if progress.status != "completed":
        raise LessonUnfinished
    words = await queries.fetch_lesson_vocabulary(work, lesson_id)
    await cards.add_cards(work, account, [("vocabulary", word) for word in words], now)
    await award_achievements(work, account, now)
    return progress


async def _update_progress(
    work: Work,
    account: Account,
    lesson_id: UUID,
    now: datetime,
    *,
    sections_read: int | None,
    duration_ms: int = 0,
) -> LessonProgress:
    """Bring progress up to date with the log; `sections_read` None means all of them."""
    shape = await queries.find_lesson_shape(work, lesson_id)
    if shape is None:
        raise NotFound
    sections, questions = shape
    progress = await queries.lock_progress(work, account.user_id, lesson_id, now)
    attempted, correct = await queries.count_answered(work, account.user_id, lesson_id, questions)
    read = sections if sections_read is None else min(sections_read, sections)
    counted = min(max(duration_ms, 0), MAX_READING_MS * max(0, read - progress.sections_read))
    if counted:
        progress.time_spent_seconds += counted // 1000
        await queries.add_time(work, account.user_id, account.day.date_of(now), counted, now)
    progress.sections_read = max(progress.sections_read, read)
    progress.questions_attempted = max(progress.questions_attempted, attempted)
    progress.questions_correct = max(progress.questions_correct, correct)
    progress.updated_at = now
    if progress.status != "completed":
        progress.completion_percentage = completion_percentage(
            sections_total=sections,
            sections_read=progress.sections_read,
            questions_total=len(questions),
            questions_attempted=attempted,
        )
        progress.status = "in_progress"
        if progress.completion_percentage == COMPLETE:
            progress.status, progress.completed_at = "completed", now
    await work.session.flush()
    return progress
