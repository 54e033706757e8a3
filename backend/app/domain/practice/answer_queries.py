"""The SQL of answering. Submitting an answer is hot: one statement is the whole transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

import asyncpg
from sqlalchemy import select

from app.core.work import Work
from app.models import QuestionAttempt

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


# The published questions of lesson $2, by lesson_questions_pkey and questions_pkey.
_LESSON_QUESTIONS = """
ARRAY(
    SELECT lq.question_id
    FROM lesson_questions AS lq JOIN questions AS p ON p.id = lq.question_id
    WHERE lq.lesson_id = {lesson} AND p.status = 'published'
    ORDER BY lq.question_id
)
"""


_GRADED = """
q.id, q.updated_at, q.answer_key::text, q.options::text, q.explanation,
q.translations -> 'id' ->> 'explanation' AS explanation_id,
CASE q.type WHEN 'reading' THEN q.id ELSE q.passage_id END AS passage_id
"""


# Primary-key look-ups of the question and its lesson, and the lesson's questions.
FIND_ASKED = f"""
SELECT {_GRADED},
       l.updated_at AS lesson_updated_at, jsonb_array_length(l.sections) AS sections_total,
       {_LESSON_QUESTIONS.format(lesson="$2")} AS lesson_questions,
       {_LESSON_QUESTIONS.format(lesson="$2").replace("lq.question_id", "lq.after_section", 1)}
           AS lesson_places, l.split_from_id
FROM questions AS q
LEFT JOIN lessons AS l ON l.id = $2 AND l.status = 'published'
WHERE q.id = $1 AND q.status = 'published'
"""  # noqa: S608 - made of constants


# First the guard: is the content still what the answer was graded by? Then one row each of
# attempts, progress, cards and days. What was answered in the lesson before is read by
# idx_question_attempts_user_question. Counts never go back: an answer that another device is
# writing at this moment is not seen before the next one. The time of an answer in a review ($22) is
# counted by the review, and a question that was withdrawn since its card was made is still asked.
# Of a lesson that is a part of another ($24), what was answered in that counts as well.
WRITE_ATTEMPT = f"""
WITH asked AS MATERIALIZED (
    SELECT FROM questions AS q
    WHERE q.id = $3 AND (q.status = 'published' OR $22 = 'review') AND q.updated_at = $4
      AND ($5::uuid IS NULL OR $7::uuid[] = {_LESSON_QUESTIONS.format(lesson="$5")}
           AND EXISTS (SELECT FROM lessons
                       WHERE id = $5 AND status = 'published' AND updated_at = $6))
), attempt AS (
    INSERT INTO question_attempts (id, user_id, question_id, lesson_id, context, response,
                                   is_correct, score, duration_ms, shuffle_seed, attempted_at)
    SELECT $1::uuid, $2::uuid, $3, $5, $22::text,
           $8::text::jsonb, coalesce($9::numeric = 1, false), $9, $10::integer, $11::integer,
           $12::timestamptz
    FROM asked
    ON CONFLICT (id) DO NOTHING
    RETURNING question_id, is_correct
), answered AS (
    SELECT count(*)::integer AS attempted, (count(*) FILTER (WHERE is_right))::integer AS correct
    FROM (
        SELECT question_id, bool_or(is_correct) AS is_right
        FROM (
            SELECT question_id, is_correct
            FROM question_attempts
            WHERE user_id = $2 AND question_id = ANY ($7) AND lesson_id IN ($5, $24::uuid)
            UNION ALL
            SELECT question_id, is_correct FROM attempt
        ) AS attempts
        GROUP BY question_id
    ) AS questions
), progress AS (
    INSERT INTO lesson_progress AS p (
        id, user_id, lesson_id, sections_read, questions_attempted, questions_correct,
        time_spent_seconds, completion_percentage, status, completed_at, created_at, updated_at)
    SELECT $13::uuid, $2, $5, read, attempted, correct, coalesce($10, 0) / 1000, percentage,
           CASE percentage WHEN 100 THEN 'completed' ELSE 'in_progress' END,
           CASE percentage WHEN 100 THEN $12 END, $12, $12
    FROM attempt, answered, LATERAL (
        SELECT CASE WHEN attempted >= cardinality($7) THEN $23::integer
               ELSE least($23, greatest($14::integer, (
                   SELECT sections_read FROM lesson_progress
                   WHERE user_id = $2 AND lesson_id = $5))) END
    ) AS behind (read), LATERAL (
        SELECT CASE WHEN attempted >= cardinality($7) THEN 100
               ELSE ($15::integer[])[read + attempted + 1] END
    ) AS done (percentage)
    WHERE $5 IS NOT NULL
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
              coalesce(completed_at = $12, false) AS just_completed
), card AS (
    INSERT INTO srs_cards (id, user_id, item_type, item_id, passage_id, "interval",
                           next_review_date, due_at, created_at, updated_at)
    SELECT $16::uuid, $2, 'question', question_id, $17::uuid, 0, $18::date, $19::timestamptz,
           $12, $12
    FROM attempt
    WHERE $19 IS NOT NULL
    ON CONFLICT (user_id, item_type, item_id, direction) DO NOTHING
), day AS (
    INSERT INTO daily_activity AS d (id, user_id, day, answers, correct_answers, duration_ms,
                                     created_at, updated_at)
    SELECT $20::uuid, $2, $21::date, 1, is_correct::integer,
           CASE $22 WHEN 'review' THEN 0 ELSE coalesce($10, 0) END, $12, $12
    FROM attempt
    ON CONFLICT (user_id, day) DO UPDATE
    SET answers = d.answers + 1,
        correct_answers = d.correct_answers + excluded.correct_answers,
        duration_ms = d.duration_ms + excluded.duration_ms,
        updated_at = excluded.updated_at
)
SELECT EXISTS (SELECT FROM asked) AS is_current, EXISTS (SELECT FROM attempt) AS is_written,
       progress.*
FROM (SELECT) AS one LEFT JOIN progress ON true
"""  # noqa: S608 - made of constants


# How many graded answers in a row, this one the last, were right within two hours: the learner's
# latest ten by idx_question_attempts_user.
_RUN = """
(SELECT count(*) FILTER (WHERE all_right)
 FROM (
     SELECT bool_and(is_correct) OVER (ORDER BY attempted_at DESC, id DESC) AS all_right
     FROM (
         SELECT is_correct, attempted_at, id FROM question_attempts AS r
         WHERE r.user_id = a.user_id AND r.score IS NOT NULL
           AND r.attempted_at BETWEEN a.attempted_at - interval '2 hours' AND a.attempted_at
         ORDER BY attempted_at DESC, id DESC
         LIMIT 10
     ) AS latest
 ) AS rights) AS run
"""


# The question of a card of this learner, published or not, by two primary keys.
FIND_REVIEWED = f"""
SELECT {_GRADED}, q.stem
FROM srs_cards AS c JOIN questions AS q ON q.id = c.item_id
WHERE c.id = $1 AND c.user_id = $2 AND c.item_type = 'question'
"""  # noqa: S608 - made of constants


FIND_ATTEMPT = f"""
SELECT a.id AS attempt_id, a.lesson_id, a.response::text, a.score, a.duration_ms, a.shuffle_seed,
       a.attempted_at, m.score AS mark, {_RUN}, {_GRADED},
       p.questions_attempted, p.questions_correct, p.completion_percentage, p.status,
       false AS just_completed
FROM question_attempts AS a
JOIN questions AS q ON q.id = a.question_id
LEFT JOIN attempt_marks AS m ON m.attempt_id = a.id AND m.user_id = a.user_id
LEFT JOIN lesson_progress AS p ON p.user_id = a.user_id AND p.lesson_id = a.lesson_id
WHERE a.id = $1 AND a.user_id = $2
"""  # noqa: S608 - made of constants


# One question by its key; the learner's attempts at it by idx_question_attempts_user_question.
FIND_SHOWN = """
SELECT q.id, q.type, q.stem, q.translations -> 'id' ->> 'stem' AS stem_id, q.level, q.skill,
       q.difficulty, q.answer_key::text, q.options::text,
       (SELECT r.options ->> 'passage' FROM questions AS r WHERE r.id = q.passage_id) AS passage,
       (SELECT count(*) FROM question_attempts AS a
        WHERE a.user_id = $2 AND a.question_id = q.id) AS attempts
FROM questions AS q
WHERE q.id = $1 AND q.status = 'published'
"""


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """The parameters of WRITE_ATTEMPT, in its order.

    `question_updated_at`, `lesson_updated_at` and `lesson_questions` are the content's as the
    answer was graded by; `sections_behind` is the place of the question in the lesson,
    `percentages` are the lesson's after 0, 1, … steps (sections and questions). The card of
    the question may be shown from `card_due_at` on, on the learner's day `card_day`; without a
    moment there is no card. `today` is the learner's day, `context` one of ATTEMPT_CONTEXTS.
    """

    attempt_id: UUID
    user_id: UUID
    question_id: UUID
    question_updated_at: datetime
    lesson_id: UUID | None
    lesson_updated_at: datetime | None
    lesson_questions: Sequence[UUID]
    response: str
    score: Decimal | None
    duration_ms: int | None
    shuffle_seed: int | None
    now: datetime
    progress_id: UUID
    sections_behind: int
    percentages: Sequence[int]
    card_id: UUID
    passage_id: UUID | None
    card_day: date
    card_due_at: datetime | None
    activity_id: UUID
    today: date
    context: str
    sections_total: int
    split_from: UUID | None


_PARAMETERS = tuple(field.name for field in fields(NewAttempt))


async def find_asked(
    work: Work, question_id: UUID, lesson_id: UUID | None
) -> asyncpg.Record | None:
    """Return what grading a published question needs, and the lesson's shape: FIND_ASKED.

    The columns of the lesson are NULL without a published lesson of that id.
    """
    return await work.raw_fetchrow(FIND_ASKED, question_id, lesson_id)


async def find_reviewed(work: Work, user_id: UUID, card_id: UUID) -> asyncpg.Record | None:
    """Return what grading the question of a card needs, and its stem: FIND_REVIEWED."""
    return await work.raw_fetchrow(FIND_REVIEWED, card_id, user_id)


async def write_attempt(work: Work, attempt: NewAttempt) -> asyncpg.Record:
    """Store an attempt, its lesson's progress, its question's card and its day: one round trip.

    Returns `is_current` (False: question or lesson have changed, and nothing was written),
    `is_written` (False: the id is known already, or not current), and the columns of the progress,
    NULL outside a lesson.
    A hot path: one data-modifying statement is the whole transaction.
    """
    values = (getattr(attempt, name) for name in _PARAMETERS)
    row = await work.raw_fetchrow(WRITE_ATTEMPT, *values, idempotent=True)
    assert row is not None
    return row


async def find_attempt(work: Work, user_id: UUID, attempt_id: UUID) -> asyncpg.Record | None:
    """Return an attempt of this learner with its question and the lesson's progress."""
    return await work.raw_fetchrow(FIND_ATTEMPT, attempt_id, user_id)


async def find_shown(work: Work, user_id: UUID, question_id: UUID) -> asyncpg.Record | None:
    """Return a published question and how often this learner attempted it: FIND_SHOWN."""
    return await work.raw_fetchrow(FIND_SHOWN, question_id, user_id)


async def find_stored_attempt(
    work: Work, user_id: UUID, attempt_id: UUID
) -> QuestionAttempt | None:
    """Return an attempt of this learner by its primary key."""
    statement = select(QuestionAttempt).where(
        QuestionAttempt.id == attempt_id, QuestionAttempt.user_id == user_id
    )
    return (await work.session.scalars(statement)).one_or_none()
