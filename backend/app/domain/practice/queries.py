"""All SQL of practice. Submitting an answer is hot: one read, then one statement that writes."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import LearnerDay
from app.models import (
    Lesson,
    LessonProgress,
    LessonQuestion,
    Question,
    QuestionAttempt,
    UserAchievement,
)

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

# Primary-key look-ups of the question and its lesson, and the lesson's questions by
# lesson_questions_pkey.
FIND_QUESTION = """
SELECT q.answer_key::text, q.options::text, q.explanation,
       q.translations -> 'id' ->> 'explanation' AS explanation_id,
       jsonb_array_length(l.sections) AS sections_total,
       ARRAY(
           SELECT lq.question_id
           FROM lesson_questions AS lq JOIN questions AS p ON p.id = lq.question_id
           WHERE lq.lesson_id = $2 AND p.status = 'published'
       ) AS lesson_questions
FROM questions AS q
LEFT JOIN lessons AS l ON l.id = $2 AND l.status = 'published'
WHERE q.id = $1 AND q.status = 'published'
"""

# One row each of attempts, progress and cards. What was answered in the lesson before is read by
# idx_question_attempts_user_question, a day's unseen cards by idx_srs_cards_due. Counts never go
# back: an answer that another device is writing at this moment is not seen before the next one.
WRITE_ATTEMPT = """
WITH attempt AS (
    INSERT INTO question_attempts (id, user_id, question_id, lesson_id, context, response,
                                   is_correct, score, duration_ms, attempted_at)
    VALUES ($1, $2, $3, $4, CASE WHEN $4::uuid IS NULL THEN 'practice' ELSE 'lesson' END,
            $5::text::jsonb, $6, $7, $8, $9)
    ON CONFLICT (id) DO NOTHING
    RETURNING question_id, is_correct
), answered AS (
    SELECT count(*)::integer AS attempted, (count(*) FILTER (WHERE is_right))::integer AS correct
    FROM (
        SELECT question_id, bool_or(is_correct) AS is_right
        FROM (
            SELECT question_id, is_correct
            FROM question_attempts
            WHERE user_id = $2 AND question_id = ANY ($10::uuid[]) AND lesson_id = $4
            UNION ALL
            SELECT question_id, is_correct FROM attempt
        ) AS attempts
        GROUP BY question_id
    ) AS questions
), progress AS (
    INSERT INTO lesson_progress AS p (
        id, user_id, lesson_id, sections_read, questions_attempted, questions_correct,
        time_spent_seconds, completion_percentage, status, completed_at, created_at, updated_at)
    SELECT $11::uuid, $2, $4, $18::integer, attempted, correct, coalesce($8, 0) / 1000, percentage,
           CASE percentage WHEN 100 THEN 'completed' ELSE 'in_progress' END,
           CASE percentage WHEN 100 THEN $9 END, $9, $9
    FROM attempt, answered, LATERAL (SELECT ($12::integer[])[attempted + 1]) AS done (percentage)
    WHERE $4 IS NOT NULL
    ON CONFLICT (user_id, lesson_id) DO UPDATE
    SET sections_read = greatest(p.sections_read, excluded.sections_read),
        questions_attempted = greatest(p.questions_attempted, excluded.questions_attempted),
        questions_correct = greatest(p.questions_correct, excluded.questions_correct),
        time_spent_seconds = p.time_spent_seconds + excluded.time_spent_seconds,
        completion_percentage = greatest(p.completion_percentage, excluded.completion_percentage),
        status = CASE 'completed' WHEN p.status THEN p.status ELSE excluded.status END,
        completed_at = coalesce(p.completed_at, excluded.completed_at),
        updated_at = excluded.updated_at
    RETURNING questions_attempted, questions_correct, completion_percentage, status,
              coalesce(completed_at = $9, false) AS just_completed
), card AS (
    INSERT INTO srs_cards (id, user_id, item_type, item_id, "interval", next_review_date, due_at,
                           created_at, updated_at)
    SELECT $13::uuid, $2, 'question', question_id, 0, free.day,
           greatest($9, (free.day + make_interval(hours => $14)) AT TIME ZONE $15), $9, $9
    FROM attempt, LATERAL (
        SELECT $16::date + n
        FROM generate_series(0, 365) AS n
        WHERE $17::integer > 0 AND $17 > (
            SELECT count(*) FROM srs_cards
            WHERE user_id = $2 AND next_review_date = $16 + n AND review_count = 0
        )
        LIMIT 1
    ) AS free (day)
    ON CONFLICT (user_id, item_type, item_id) DO NOTHING
    RETURNING id
)
SELECT EXISTS (SELECT FROM attempt) AS is_written, EXISTS (SELECT FROM card) AS is_new_card,
       progress.*
FROM (SELECT) AS one LEFT JOIN progress ON true
"""

FIND_ATTEMPT = """
SELECT question_id, score,
       p.questions_attempted, p.questions_correct, p.completion_percentage, p.status,
       false AS just_completed
FROM question_attempts AS a
LEFT JOIN lesson_progress AS p ON p.user_id = a.user_id AND p.lesson_id = a.lesson_id
WHERE a.id = $1 AND a.user_id = $2
"""

# Ranges of idx_question_attempts_user and idx_srs_reviews_user.
ACTIVE_DAYS = """
SELECT DISTINCT (
    active.moment AT TIME ZONE CAST(:timezone AS text) - make_interval(hours => :cutoff)
)::date
FROM (
    SELECT attempted_at AS moment FROM question_attempts
    WHERE user_id = :user_id AND attempted_at >= :since
    UNION ALL
    SELECT reviewed_at FROM srs_reviews WHERE user_id = :user_id AND reviewed_at >= :since
) AS active
"""

TOTALS = """
SELECT
    (SELECT count(*) FROM question_attempts
     WHERE user_id = :user_id AND attempted_at >= :today) AS answers_today,
    (SELECT count(*) FROM srs_reviews
     WHERE user_id = :user_id AND reviewed_at >= :today) AS reviews_today,
    (SELECT avg(is_correct::integer)::float8 FROM question_attempts
     WHERE user_id = :user_id AND attempted_at >= :month) AS accuracy,
    (SELECT count(*) FROM (
        SELECT FROM question_attempts WHERE user_id = :user_id LIMIT :most) AS a) AS answers,
    (SELECT count(*) FROM (
        SELECT FROM srs_reviews WHERE user_id = :user_id LIMIT :most) AS r) AS reviews
"""

LESSON_VOCABULARY = """
SELECT v.id
FROM lessons AS l
CROSS JOIN LATERAL jsonb_path_query(
    l.sections, '$[*] ? (@.kind == "vocabulary").entries[*]'
) WITH ORDINALITY AS entry (slug, position)
JOIN vocabulary_entries AS v ON v.slug = entry.slug #>> '{}'
WHERE l.id = :lesson_id
ORDER BY entry.position
"""


# A learner's progress must be borne out by the log of attempts: the counts never exceed it. The
# attempts of each sampled row are read by an index that begins with user_id.
UNPROVEN_PROGRESS = """
SELECT p.user_id, p.lesson_id
FROM lesson_progress AS p TABLESAMPLE SYSTEM (:percent)
LEFT JOIN LATERAL (
    SELECT count(DISTINCT question_id) AS attempted,
           count(DISTINCT question_id) FILTER (WHERE is_correct) AS correct
    FROM question_attempts
    WHERE user_id = p.user_id AND lesson_id = p.lesson_id
) AS log ON true
WHERE p.questions_attempted > log.attempted OR p.questions_correct > log.correct
LIMIT :sample
"""


async def find_question(
    connection: Connection, question_id: UUID, lesson_id: UUID | None
) -> asyncpg.Record | None:
    """Return what grading a published question needs, and the lesson's shape: FIND_QUESTION."""
    return await connection.fetchrow(FIND_QUESTION, question_id, lesson_id)


async def write_attempt(
    connection: Connection,
    *,
    attempt_id: UUID,
    user_id: UUID,
    question_id: UUID,
    lesson_id: UUID | None,
    response: str,
    is_correct: bool,
    score: Decimal,
    duration_ms: int | None,
    now: datetime,
    lesson_questions: Sequence[UUID],
    progress_id: UUID,
    percentages: Sequence[int],
    card_id: UUID,
    cutoff_hour: int,
    timezone: str,
    first_day: date,
    new_cards_per_day: int,
    sections_total: int | None,
) -> asyncpg.Record:
    """Store an attempt, the progress in its lesson and the question's card, in one round trip.

    `percentages` are the lesson's after 0, 1, … attempted questions; `first_day` is the learner's
    earliest day for the card. Returns `is_written` (False: the id is known already, and nothing
    was changed), `is_new_card`, and the columns of the progress, NULL outside a lesson.
    A hot path: one data-modifying statement is the whole transaction.
    """
    row = await connection.fetchrow(
        WRITE_ATTEMPT,
        attempt_id,
        user_id,
        question_id,
        lesson_id,
        response,
        is_correct,
        score,
        duration_ms,
        now,
        lesson_questions,
        progress_id,
        percentages,
        card_id,
        cutoff_hour,
        timezone,
        first_day,
        new_cards_per_day,
        sections_total,
    )
    assert row is not None
    return row


async def find_attempt(
    connection: Connection, user_id: UUID, attempt_id: UUID
) -> asyncpg.Record | None:
    """Return an attempt of this learner, and the progress in its lesson: FIND_ATTEMPT."""
    return await connection.fetchrow(FIND_ATTEMPT, attempt_id, user_id)


async def find_stored_attempt(
    db: AsyncSession, user_id: UUID, attempt_id: UUID
) -> QuestionAttempt | None:
    """Return an attempt of this learner by its primary key."""
    statement = select(QuestionAttempt).where(
        QuestionAttempt.id == attempt_id, QuestionAttempt.user_id == user_id
    )
    return (await db.scalars(statement)).one_or_none()


async def find_lesson_shape(db: AsyncSession, lesson_id: UUID) -> tuple[int, list[UUID]] | None:
    """Return the number of sections and the published questions of a published lesson."""
    questions = (
        select(func.array_agg(LessonQuestion.question_id))
        .join(Question, Question.id == LessonQuestion.question_id)
        .where(LessonQuestion.lesson_id == lesson_id, Question.status == "published")
        .scalar_subquery()
    )
    statement = select(func.jsonb_array_length(Lesson.sections), questions).where(
        Lesson.id == lesson_id, Lesson.status == "published"
    )
    row = (await db.execute(statement)).one_or_none()
    return None if row is None else (row[0], row[1] or [])


async def find_progress(db: AsyncSession, user_id: UUID, lesson_id: UUID) -> LessonProgress | None:
    """Return how far a learner is in a lesson."""
    statement = select(LessonProgress).where(
        LessonProgress.user_id == user_id, LessonProgress.lesson_id == lesson_id
    )
    return (await db.scalars(statement)).one_or_none()


async def lock_progress(
    db: AsyncSession, user_id: UUID, lesson_id: UUID, now: datetime
) -> LessonProgress:
    """Return a learner's progress in a lesson, made if need be, locked to the end."""
    made = {"user_id": user_id, "lesson_id": lesson_id, "created_at": now, "updated_at": now}
    await db.execute(
        insert(LessonProgress)
        .values(made)
        .on_conflict_do_nothing(index_elements=["user_id", "lesson_id"])
    )
    statement = (
        select(LessonProgress)
        .where(LessonProgress.user_id == user_id, LessonProgress.lesson_id == lesson_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await db.scalars(statement)).one()


async def count_answered(
    db: AsyncSession, user_id: UUID, lesson_id: UUID, questions: Sequence[UUID]
) -> tuple[int, int]:
    """Return how many of a lesson's questions were attempted in it, and how many ever right."""
    answered = (
        select(func.bool_or(QuestionAttempt.is_correct).label("is_right"))
        .where(
            QuestionAttempt.user_id == user_id,
            QuestionAttempt.question_id.in_(questions),
            QuestionAttempt.lesson_id == lesson_id,
        )
        .group_by(QuestionAttempt.question_id)
        .subquery()
    )
    statement = select(func.count(), func.count().filter(answered.c.is_right)).select_from(answered)
    attempted, correct = (await db.execute(statement)).one()
    return attempted, correct


async def fetch_progress(db: AsyncSession, user_id: UUID) -> Sequence[LessonProgress]:
    """Return a learner's progress in every lesson they opened."""
    statement = select(LessonProgress).where(LessonProgress.user_id == user_id)
    return (await db.scalars(statement)).all()


async def fetch_lesson_vocabulary(db: AsyncSession, lesson_id: UUID) -> Sequence[UUID]:
    """Return the vocabulary entries of a lesson in the order in which they are taught."""
    return (await db.scalars(text(LESSON_VOCABULARY), {"lesson_id": lesson_id})).all()


async def fetch_active_days(
    db: AsyncSession, user_id: UUID, since: datetime, day: LearnerDay
) -> Sequence[date]:
    """Return the learner's days since `since` on which they answered or reviewed something."""
    parameters = {
        "user_id": user_id,
        "since": since,
        "timezone": day.timezone,
        "cutoff": day.cutoff_hour,
    }
    return (await db.scalars(text(ACTIVE_DAYS), parameters)).all()


async def fetch_totals(
    db: AsyncSession, user_id: UUID, *, today: datetime, month: datetime, most: int
) -> Any:
    """Return the figures of TOTALS: since `today` and `month` began, and counts up to `most`."""
    parameters = {"user_id": user_id, "today": today, "month": month, "most": most}
    return (await db.execute(text(TOTALS), parameters)).one()


async def fetch_achievements(db: AsyncSession, user_id: UUID) -> list[str]:
    """Return the codes of the badges that a learner has, the first one first."""
    statement = (
        select(UserAchievement.achievement)
        .where(UserAchievement.user_id == user_id)
        .order_by(UserAchievement.earned_at, UserAchievement.achievement)
    )
    return list(await db.scalars(statement))


async def insert_achievements(
    db: AsyncSession, user_id: UUID, codes: Sequence[str], now: datetime
) -> None:
    """Give a learner badges; those they have are left alone."""
    rows = [{"user_id": user_id, "achievement": code, "earned_at": now} for code in codes]
    await db.execute(
        insert(UserAchievement)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["user_id", "achievement"])
    )


async def sample_unproven_progress(db: AsyncSession, sample: int) -> list[tuple[UUID, UUID]]:
    """Return the rows of UNPROVEN_PROGRESS, of about `sample` looked at (all, when few)."""
    estimate = await db.scalar(
        text("SELECT reltuples FROM pg_class WHERE oid = 'lesson_progress'::regclass")
    )
    percent = min(100.0, 100 * sample / estimate) if estimate and estimate > sample else 100.0
    rows = await db.execute(text(UNPROVEN_PROGRESS), {"percent": percent, "sample": sample})
    return [(user_id, lesson_id) for user_id, lesson_id in rows]
