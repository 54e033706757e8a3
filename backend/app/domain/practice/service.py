"""Use cases of practice: answering, opening and finishing lessons, and the learner's overview."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database, retry
from app.core.errors import Conflict, InvalidInput, NotFound
from app.domain.accounts.service import Account
from app.domain.practice import queries, rules
from app.domain.practice.normalization import accepts
from app.domain.practice.results import AnswerResult, LessonStanding, Overview, Texts
from app.domain.practice.rules import model_answer
from app.domain.srs import service as srs
from app.models import LessonProgress, QuestionAttempt
from app.models.base import new_id
from app.models.documents import AnswerKey, Options, Response

__all__ = [
    "AnswerResult",
    "LessonStanding",
    "LessonUnfinished",
    "Overview",
    "Texts",
    "accepts",
    "find_progress",
    "find_unproven_progress",
    "finish_lesson",
    "get_attempt",
    "get_overview",
    "get_progress",
    "model_answer",
    "open_lesson",
    "submit_answer",
]

ACCURACY_DAYS = 30
_FIRST_STREAK_WINDOW_DAYS = 32
_KEYS: TypeAdapter[AnswerKey] = TypeAdapter(AnswerKey)
_OPTIONS: TypeAdapter[Options] = TypeAdapter(Options)
_RESPONSES: TypeAdapter[Response] = TypeAdapter(Response)


class LessonUnfinished(Conflict):
    """Questions of the lesson are still open."""

    code = "lesson_unfinished"
    message = "Some questions of this lesson have not been answered yet."
    message_id = "Masih ada soal di pelajaran ini yang belum dijawab."


@dataclass(frozen=True, slots=True)
class _Attempt:
    """An answer as it was sent."""

    id: UUID
    question_id: UUID
    lesson_id: UUID | None
    response: Response
    duration_ms: int | None


async def submit_answer(
    database: Database,
    account: Account,
    *,
    attempt_id: UUID,
    question_id: UUID,
    lesson_id: UUID | None,
    response: Response,
    duration_ms: int | None,
    now: datetime,
) -> AnswerResult:
    """Grade one answer and explain it; a repeat of `attempt_id` returns the stored grade.

    One statement stores the attempt, the progress in the lesson and a card for the question: due
    today after a wrong answer, tomorrow after a right one, or on the first later day that has room
    for new cards. Who answers a lesson's questions has its sections behind them.

    Raises NotFound (no such published question or lesson), InvalidInput (the response does not fit
    the question and what it offers, or the question is not of the lesson), Conflict (the id is in
    use otherwise). The answer that completes a lesson finishes it: see `finish_lesson`.
    """
    attempt = _Attempt(
        attempt_id, question_id, lesson_id, response, srs.bounded_duration(duration_ms)
    )

    async def submit() -> AnswerResult:
        async with database.driver() as connection:
            return await _submit(connection, account, attempt, now)

    async def finish(lesson_id: UUID) -> None:
        async with database.sessions.begin() as db:
            await finish_lesson(db, account, lesson_id, now)

    result = await retry(submit, idempotent=True)
    if lesson_id is not None and result.progress is not None and result.progress.just_completed:
        await retry(lambda: finish(lesson_id), idempotent=True)
    return result


async def _submit(
    connection: queries.Connection, account: Account, attempt: _Attempt, now: datetime
) -> AnswerResult:
    question = await queries.find_question(connection, attempt.question_id, attempt.lesson_id)
    if question is None:
        raise NotFound
    if attempt.lesson_id is not None:
        if question["sections_total"] is None:
            raise NotFound
        if attempt.question_id not in question["lesson_questions"]:
            raise InvalidInput("The lesson does not have this question.", field="lesson_id")
    key = _KEYS.validate_json(question["answer_key"])
    rules.check_response(key, _options_of(question), attempt.response)
    grade = rules.grade(key, attempt.response)
    row = await _write(connection, account, attempt, grade=grade, question=question, now=now)
    if row["is_written"]:
        return _result(attempt, question, key, grade.score, row)
    stored = await queries.find_attempt(connection, account.user_id, attempt.id)
    if stored is None or stored["question_id"] != attempt.question_id:
        raise Conflict  # the id belongs to another answer, whose ever it is
    return _result(attempt, question, key, stored["score"], stored)


def _options_of(question: asyncpg.Record) -> Options | None:
    return None if question["options"] is None else _OPTIONS.validate_json(question["options"])


async def _write(
    connection: queries.Connection,
    account: Account,
    attempt: _Attempt,
    *,
    grade: rules.Grade,
    question: asyncpg.Record,
    now: datetime,
) -> asyncpg.Record:
    today = account.day.date_of(now)
    return await queries.write_attempt(
        connection,
        attempt_id=attempt.id,
        user_id=account.user_id,
        question_id=attempt.question_id,
        lesson_id=attempt.lesson_id,
        response=_RESPONSES.dump_json(attempt.response).decode(),
        is_correct=grade.is_correct,
        score=grade.score,
        duration_ms=attempt.duration_ms,
        now=now,
        lesson_questions=question["lesson_questions"],
        progress_id=new_id(),
        percentages=_percentages(question),
        card_id=new_id(),
        cutoff_hour=account.day_cutoff_hour,
        timezone=account.timezone,
        first_day=today + timedelta(days=1) if grade.is_correct else today,
        new_cards_per_day=account.new_cards_per_day,
        sections_total=question["sections_total"],
    )


def _percentages(question: asyncpg.Record) -> list[int]:
    """Return the lesson's percentage after 0, 1, … of its questions, for the statement to pick."""
    sections, questions = question["sections_total"] or 0, len(question["lesson_questions"])
    return [
        rules.completion_percentage(
            sections_total=sections,
            sections_read=sections,
            questions_total=questions,
            questions_attempted=attempted,
        )
        for attempted in range(questions + 1)
    ]


def _result(
    attempt: _Attempt,
    question: asyncpg.Record,
    key: AnswerKey,
    score: Decimal,
    row: asyncpg.Record,
) -> AnswerResult:
    options = _options_of(question)
    is_in_lesson = row["status"] is not None
    return AnswerResult(
        attempt_id=attempt.id,
        question_id=attempt.question_id,
        is_correct=score == 1,
        score=float(score),
        answer=Texts(rules.model_answer(key, options), rules.model_answer(key, options, "id")),
        explanation=Texts(question["explanation"], question["explanation_id"]),
        progress=LessonStanding(
            row["questions_attempted"],
            row["questions_correct"],
            row["completion_percentage"],
            row["status"],
            row["just_completed"],
        )
        if is_in_lesson
        else None,
    )


async def get_attempt(db: AsyncSession, account: Account, attempt_id: UUID) -> QuestionAttempt:
    """Return one of the learner's answers as it was stored and graded. Raises NotFound."""
    attempt = await queries.find_stored_attempt(db, account.user_id, attempt_id)
    if attempt is None:
        raise NotFound
    return attempt


async def find_progress(
    db: AsyncSession, account: Account, lesson_id: UUID
) -> LessonProgress | None:
    """Return how far the learner is in a lesson; None when it was never opened."""
    return await queries.find_progress(db, account.user_id, lesson_id)


async def get_progress(
    db: AsyncSession, account: Account, lesson_id: UUID
) -> LessonProgress | None:
    """Do `find_progress`, raising NotFound when there is no such published lesson."""
    if await queries.find_lesson_shape(db, lesson_id) is None:
        raise NotFound
    return await find_progress(db, account, lesson_id)


async def open_lesson(
    db: AsyncSession, account: Account, lesson_id: UUID, now: datetime, *, sections_read: int = 0
) -> LessonProgress:
    """Note that the learner is in a lesson, and how many of its sections they have read.

    Numbers only grow. Locks and writes the progress; raises NotFound.
    """
    return await _update_progress(db, account, lesson_id, now, sections_read=sections_read)


async def finish_lesson(
    db: AsyncSession, account: Account, lesson_id: UUID, now: datetime
) -> LessonProgress:
    """Complete a lesson and give the learner its vocabulary as cards; a repeat changes nothing.

    Locks the progress, then writes progress, cards and achievements. Raises NotFound, or
    LessonUnfinished when questions are open.
    """
    progress = await _update_progress(db, account, lesson_id, now, sections_read=None)
    if progress.status != "completed":
        raise LessonUnfinished
    words = await queries.fetch_lesson_vocabulary(db, lesson_id)
    await srs.add_cards(db, account, [("vocabulary", word) for word in words], now)
    await get_overview(db, account, now)
    return progress


async def _update_progress(
    db: AsyncSession,
    account: Account,
    lesson_id: UUID,
    now: datetime,
    *,
    sections_read: int | None,
) -> LessonProgress:
    """Bring progress up to date with the log; `sections_read` None means all of them."""
    shape = await queries.find_lesson_shape(db, lesson_id)
    if shape is None:
        raise NotFound
    sections, questions = shape
    progress = await queries.lock_progress(db, account.user_id, lesson_id, now)
    attempted, correct = await queries.count_answered(db, account.user_id, lesson_id, questions)
    read = sections if sections_read is None else min(sections_read, sections)
    progress.sections_read = max(progress.sections_read, read)
    progress.questions_attempted = max(progress.questions_attempted, attempted)
    progress.questions_correct = max(progress.questions_correct, correct)
    progress.updated_at = now
    if progress.status != "completed":
        progress.completion_percentage = rules.completion_percentage(
            sections_total=sections,
            sections_read=progress.sections_read,
            questions_total=len(questions),
            questions_attempted=attempted,
        )
        progress.status = "in_progress"
        if progress.completion_percentage == rules.COMPLETE:
            progress.status, progress.completed_at = "completed", now
    await db.flush()
    return progress


async def get_overview(db: AsyncSession, account: Account, now: datetime) -> Overview:
    """Return the learner's standing, and award what it has earned since the last look.

    Five statements, and one more when there is something to award.
    """
    day = account.day
    today = day.date_of(now)
    progress = await queries.fetch_progress(db, account.user_id)
    totals = await queries.fetch_totals(
        db,
        account.user_id,
        today=day.start_of(today),
        month=day.start_of(today - timedelta(days=ACCURACY_DAYS - 1)),
        most=max(badge.threshold for badge in rules.ACHIEVEMENTS),
    )
    completed = sum(row.status == "completed" for row in progress)
    streak = await _streak(db, account, now)
    held = await queries.fetch_achievements(db, account.user_id)
    counts = {
        "lessons_completed": completed,
        "streak_days": streak,
        "answers": totals.answers,
        "reviews": totals.reviews,
    }
    won = [badge.code for badge in rules.earned(counts) if badge.code not in held]
    if won:
        await queries.insert_achievements(db, account.user_id, won, now)
    return Overview(
        progress={row.lesson_id: row for row in progress},
        lessons_completed=completed,
        streak_days=streak,
        answers_today=totals.answers_today,
        reviews_today=totals.reviews_today,
        accuracy=totals.accuracy,
        achievements=held + won,
    )


async def _streak(db: AsyncSession, account: Account, now: datetime) -> int:
    """Return the learner's streak, reading only as far back as it goes."""
    day = account.day
    today, window = day.date_of(now), _FIRST_STREAK_WINDOW_DAYS
    while True:
        since = day.start_of(today - timedelta(days=window))
        active = await queries.fetch_active_days(db, account.user_id, since, day)
        length = rules.streak_days(active, today)
        if length < window:
            return length
        window *= 8


async def find_unproven_progress(db: AsyncSession, sample: int = 1000) -> list[tuple[UUID, UUID]]:
    """Return (learner, lesson) of progress, of about `sample` rows looked at, beyond its attempts.

    Progress may count no more questions, and no more right ones, than the log of attempts holds.
    """
    return await queries.sample_unproven_progress(db, sample)
