"""The SQL of progress, activity and achievements; that of answering is in `answer_queries.py`."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import LearnerDay
from app.domain.practice.achievements import highest
from app.domain.practice.progress import LessonPlace
from app.domain.practice.results import LatestAnswer
from app.models import (
    DailyActivity,
    Lesson,
    LessonProgress,
    LessonQuestion,
    Question,
    QuestionAttempt,
    UserAchievement,
)
from app.models.documents import MARKED_TYPES

MOST_CARDS = 20_000


class Learner(NamedTuple):
    """What counting a learner's days and goals takes."""

    user_id: UUID
    day: LearnerDay
    goal_minutes: int


# One learner's rows of daily_activity, read once; their attempts of the last days by
# idx_question_attempts_user; their cards, no more than are looked at, by idx_srs_cards_due. In a
# perfect lesson all is right in the end but what a teacher marks, which is looked up by primary
# keys and idx_question_attempts_user_question.
ACTIVITY = """
SELECT d.*,
    (SELECT avg(is_correct::integer)::float8 FROM question_attempts
     WHERE user_id = :user_id AND attempted_at >= :since AND score IS NOT NULL) AS accuracy,
    (SELECT count(DISTINCT c.item_id) FILTER (WHERE c."interval" >= :mature_days)
     FROM (SELECT item_id, "interval" FROM srs_cards
           WHERE user_id = :user_id AND item_type <> 'question' LIMIT :most_cards) AS c
    ) AS learnt_words,
    (SELECT count(*) FROM (
        SELECT FROM personal_entries WHERE user_id = :user_id LIMIT :most_own_words) AS e
    ) AS own_words,
    (SELECT count(*) FROM lesson_progress AS p
     WHERE user_id = :user_id AND status = 'completed' AND questions_correct > 0
       AND questions_correct >= questions_attempted - (
           SELECT count(*)
           FROM lesson_questions AS lq JOIN questions AS q ON q.id = lq.question_id
           WHERE lq.lesson_id = p.lesson_id AND q.type = ANY (:marked)
             AND EXISTS (SELECT FROM question_attempts AS a
                         WHERE a.user_id = :user_id AND a.question_id = q.id
                           AND a.lesson_id IN (p.lesson_id, (SELECT split_from_id FROM lessons
                                                             WHERE id = p.lesson_id))))
    ) AS perfect_lessons
FROM (
    SELECT coalesce(sum(answers), 0) AS answers,
           coalesce(sum(correct_answers), 0) AS right_answers,
           coalesce(sum(reviews), 0) AS reviews,
           coalesce(sum(reviews) FILTER (WHERE day >= :since_day), 0) AS recent_reviews,
           coalesce(sum(duration_ms), 0)::bigint AS study_ms,
           count(*) FILTER (WHERE duration_ms >= :goal_ms) AS goal_days,
           coalesce(array_agg(day) FILTER (WHERE answers + reviews > 0), '{}') AS days,
           coalesce(sum(answers) FILTER (WHERE day = :today), 0) AS answers_today,
           coalesce(sum(reviews) FILTER (WHERE day = :today), 0) AS reviews_today,
           coalesce(sum(duration_ms) FILTER (WHERE day = :today), 0)::bigint AS today_ms
    FROM daily_activity
    WHERE user_id = :user_id
) AS d
"""

# A range of idx_question_attempts_user, newest first up to the limit; then by primary key the
# question, the lesson of the attempt (else the first that has the question) and the mark.
ANSWERS = """
WITH latest AS MATERIALIZED (
    SELECT id, question_id, lesson_id, score, attempted_at
    FROM question_attempts
    WHERE user_id = :user_id AND attempted_at >= :since
    ORDER BY attempted_at DESC, id DESC
    LIMIT :most
), topics AS MATERIALIZED (
    SELECT asked.question_id, asked.lesson_id, l.topic,
           l.translations -> 'id' ->> 'topic' AS topic_id
    FROM (SELECT DISTINCT question_id, lesson_id FROM latest) AS asked
    LEFT JOIN lessons AS l ON l.id = coalesce(asked.lesson_id, (
        SELECT other.id
        FROM lesson_questions AS lq JOIN lessons AS other ON other.id = lq.lesson_id
        WHERE lq.question_id = asked.question_id AND other.status = 'published'
        ORDER BY other.published_at, other.id LIMIT 1))
)
SELECT a.question_id, a.attempted_at, coalesce(m.score, a.score) AS score,
       q.skill, q.difficulty, t.topic, t.topic_id
FROM latest AS a
JOIN questions AS q ON q.id = a.question_id
JOIN topics AS t
  ON t.question_id = a.question_id AND t.lesson_id IS NOT DISTINCT FROM a.lesson_id
LEFT JOIN attempt_marks AS m ON a.score IS NULL AND m.attempt_id = a.id AND m.user_id = :user_id
WHERE coalesce(m.score, a.score) IS NOT NULL
ORDER BY a.attempted_at, a.id
"""

OUTLINE = """
SELECT p.id, p.slug, u.id, u.slug, u.level, l.skill, l.id, l.slug
FROM paths AS p JOIN units AS u ON u.path_id = p.id JOIN lessons AS l ON l.unit_id = u.id
WHERE p.status = 'published' AND l.status = 'published'
ORDER BY p.position, p.slug, u.position, u.id, l.position, l.id
"""

ACTIVE_LEARNERS = """
SELECT u.id, p.timezone, p.day_cutoff_hour, p.daily_goal_minutes
FROM users AS u JOIN user_preferences AS p ON p.user_id = u.id
WHERE (CAST(:after AS uuid) IS NULL OR u.id > :after)
  AND (EXISTS (SELECT FROM daily_activity WHERE user_id = u.id)
       OR EXISTS (SELECT FROM lesson_progress WHERE user_id = u.id))
ORDER BY u.id
LIMIT :limit
"""

# By idx_question_attempts_user_question: lessons' questions, and the learner's attempts in them.
LATEST_ANSWERS = """
SELECT DISTINCT ON (lq.lesson_id, a.question_id)
       lq.lesson_id, a.question_id, a.id AS attempt_id, coalesce(m.score, a.score)::float8 AS score
FROM lesson_questions AS lq
JOIN lessons AS l ON l.id = lq.lesson_id
JOIN questions AS q ON q.id = lq.question_id AND q.status = 'published'
JOIN question_attempts AS a
  ON a.user_id = :user_id AND a.question_id = lq.question_id
 AND a.lesson_id IN (lq.lesson_id, l.split_from_id)
LEFT JOIN attempt_marks AS m ON m.attempt_id = a.id AND m.user_id = a.user_id
WHERE lq.lesson_id = ANY (:lesson_ids)
ORDER BY lq.lesson_id, a.question_id, a.attempted_at DESC, a.id DESC
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
    WHERE user_id = p.user_id
      AND lesson_id IN (p.lesson_id, (SELECT split_from_id FROM lessons WHERE id = p.lesson_id))
) AS log ON true
WHERE p.questions_attempted > log.attempted OR p.questions_correct > log.correct
LIMIT :sample
"""

# A learner's days must add up to the log of attempts. In all, and not day by day: an attempt does
# not say which of the learner's days it was. (Reviews do: they are checked with their cards.)
UNPROVEN_ACTIVITY = """
SELECT u.id
FROM (SELECT id FROM users TABLESAMPLE SYSTEM (:percent) LIMIT :sample) AS u
CROSS JOIN LATERAL (
    SELECT coalesce(sum(answers), 0) AS answers, coalesce(sum(correct_answers), 0) AS correct
    FROM daily_activity WHERE user_id = u.id
) AS days
CROSS JOIN LATERAL (
    SELECT count(*) AS answers, count(*) FILTER (WHERE is_correct) AS correct
    FROM question_attempts WHERE user_id = u.id
) AS log
WHERE (days.answers, days.correct) <> (log.answers, log.correct)
ORDER BY u.id
"""


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
    """Return how many of a lesson's questions were attempted in it, and how many ever right.

    What was answered in the lesson of which it was a part counts as well.
    """
    whole = select(Lesson.split_from_id).where(Lesson.id == lesson_id).scalar_subquery()
    answered = (
        select(func.bool_or(QuestionAttempt.is_correct).label("is_right"))
        .where(
            QuestionAttempt.user_id == user_id,
            QuestionAttempt.question_id.in_(questions),
            QuestionAttempt.lesson_id.in_([lesson_id, whole]),
        )
        .group_by(QuestionAttempt.question_id)
        .subquery()
    )
    statement = select(func.count(), func.count().filter(answered.c.is_right)).select_from(answered)
    attempted, correct = (await db.execute(statement)).one()
    return attempted, correct


async def add_time(
    db: AsyncSession, user_id: UUID, day: date, duration_ms: int, now: datetime
) -> None:
    """Count time of study on the learner's `day`, beside that of answers and reviews."""
    statement = insert(DailyActivity).values(
        user_id=user_id, day=day, duration_ms=duration_ms, created_at=now, updated_at=now
    )
    added = statement.excluded
    longer = {
        "duration_ms": DailyActivity.duration_ms + added.duration_ms,
        "updated_at": added.updated_at,
    }
    await db.execute(
        statement.on_conflict_do_update(index_elements=["user_id", "day"], set_=longer)
    )


async def fetch_latest_answers(
    db: AsyncSession, user_id: UUID, lesson_ids: Sequence[UUID]
) -> dict[UUID, dict[UUID, LatestAnswer]]:
    """Return what LATEST_ANSWERS finds, by the lesson's id and the question's."""
    found: defaultdict[UUID, dict[UUID, LatestAnswer]] = defaultdict(dict)
    if lesson_ids:
        parameters = {"user_id": user_id, "lesson_ids": list(lesson_ids)}
        for row in await db.execute(text(LATEST_ANSWERS), parameters):
            found[row.lesson_id][row.question_id] = LatestAnswer(row.attempt_id, row.score)
    return found


async def fetch_progress(db: AsyncSession, user_id: UUID) -> list[LessonProgress]:
    """Return a learner's progress in every lesson they opened."""
    statement = select(LessonProgress).where(LessonProgress.user_id == user_id)
    return list(await db.scalars(statement))


async def fetch_lesson_vocabulary(db: AsyncSession, lesson_id: UUID) -> Sequence[UUID]:
    """Return the vocabulary entries of a lesson in the order in which they are taught."""
    return (await db.scalars(text(LESSON_VOCABULARY), {"lesson_id": lesson_id})).all()


async def fetch_outline(db: AsyncSession) -> list[LessonPlace]:
    """Return where every published lesson of a unit stands, in teaching order."""
    return [LessonPlace(*row) for row in await db.execute(text(OUTLINE))]


async def fetch_activity(
    db: AsyncSession, learner: Learner, now: datetime, *, recent_days: int, mature_days: int
) -> Any:
    """Return the figures of ACTIVITY: whole time, today, accuracy and reviews of the last days.

    A word is learnt once a card of it is mature.
    """
    today = learner.day.date_of(now)
    since_day = today - timedelta(days=recent_days - 1)
    parameters = {
        "user_id": learner.user_id,
        "today": today,
        "since_day": since_day,
        "since": learner.day.start_of(since_day),
        "goal_ms": learner.goal_minutes * 60_000,
        "mature_days": mature_days,
        "most_cards": MOST_CARDS,
        "most_own_words": highest("own_words"),
        "marked": list(MARKED_TYPES),
    }
    return (await db.execute(text(ACTIVITY), parameters)).one()


async def fetch_answers(
    db: AsyncSession, user_id: UUID, since: datetime, most: int
) -> Sequence[Any]:
    """Return a learner's latest graded answers, the oldest first: ANSWERS."""
    parameters = {"user_id": user_id, "since": since, "most": most}
    return (await db.execute(text(ANSWERS), parameters)).all()


async def fetch_active_learners(db: AsyncSession, after: UUID | None, limit: int) -> list[Learner]:
    """Return the next learners, by id, who have practised at least once."""
    rows = await db.execute(text(ACTIVE_LEARNERS), {"after": after, "limit": limit})
    return [
        Learner(user_id, LearnerDay(timezone, cutoff_hour), goal_minutes)
        for user_id, timezone, cutoff_hour, goal_minutes in rows
    ]


async def fetch_achievements(db: AsyncSession, user_id: UUID) -> dict[str, datetime]:
    """Return the codes of a learner's badges with when they were earned."""
    statement = select(UserAchievement.achievement, UserAchievement.earned_at).where(
        UserAchievement.user_id == user_id
    )
    return dict((await db.execute(statement)).all())


async def insert_achievements(
    db: AsyncSession, user_id: UUID, codes: Sequence[str], now: datetime
) -> list[str]:
    """Give a learner badges; those they have are left alone. Return the codes of the others."""
    rows = [
        {
            "user_id": user_id,
            "achievement": code,
            "earned_at": now,
            "created_at": now,
            "updated_at": now,
        }
        for code in sorted(codes)  # two devices lock in the same order
    ]
    statement = (
        insert(UserAchievement)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["user_id", "achievement"])
        .returning(UserAchievement.achievement)
    )
    return list(await db.scalars(statement))


async def sample_unproven_progress(db: AsyncSession, sample: int) -> list[tuple[UUID, UUID]]:
    """Return the rows of UNPROVEN_PROGRESS, of about `sample` looked at (all, when few)."""
    percent = await _percent_of(db, "lesson_progress", sample)
    rows = await db.execute(text(UNPROVEN_PROGRESS), {"percent": percent, "sample": sample})
    return [(user_id, lesson_id) for user_id, lesson_id in rows]


async def sample_unproven_activity(db: AsyncSession, sample: int) -> Sequence[UUID]:
    """Return the learners of UNPROVEN_ACTIVITY, of about `sample` looked at (all, when few)."""
    percent = await _percent_of(db, "users", sample)
    parameters = {"percent": percent, "sample": sample}
    return (await db.scalars(text(UNPROVEN_ACTIVITY), parameters)).all()


async def _percent_of(db: AsyncSession, table: str, sample: int) -> float:
    """Return the percentage of a table that makes `sample` rows."""
    statement = text("SELECT reltuples FROM pg_class WHERE oid = CAST(:name AS regclass)")
    estimate = await db.scalar(statement, {"name": table})
    return min(100.0, 100 * sample / estimate) if estimate and estimate > sample else 100.0
