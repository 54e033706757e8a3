"""The SQL of a learner's standing: progress, activity, answers for mastery, and achievements."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from app.core.clock import LearnerDay
from app.core.work import Work
from app.domain.progress.achievements import highest
from app.domain.progress.completion import LessonPlace
from app.models import LessonProgress, UserAchievement
from app.questions.types import MARKED_TYPES

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


async def fetch_progress(work: Work, user_id: UUID) -> list[LessonProgress]:
    """Return a learner's progress in every lesson they opened."""
    statement = select(LessonProgress).where(LessonProgress.user_id == user_id)
    return list(await work.session.scalars(statement))


async def fetch_outline(work: Work) -> list[LessonPlace]:
    """Return where every published lesson of a unit stands, in teaching order."""
    return [LessonPlace(*row) for row in await work.session.execute(text(OUTLINE))]


async def fetch_activity(
    work: Work, learner: Learner, now: datetime, *, recent_days: int, mature_days: int
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
    return (await work.session.execute(text(ACTIVITY), parameters)).one()


async def fetch_answers(work: Work, user_id: UUID, since: datetime, most: int) -> Sequence[Any]:
    """Return a learner's latest graded answers, the oldest first: ANSWERS."""
    parameters = {"user_id": user_id, "since": since, "most": most}
    return (await work.session.execute(text(ANSWERS), parameters)).all()


async def fetch_active_learners(work: Work, after: UUID | None, limit: int) -> list[Learner]:
    """Return the next learners, by id, who have practised at least once."""
    rows = await work.session.execute(text(ACTIVE_LEARNERS), {"after": after, "limit": limit})
    return [
        Learner(user_id, LearnerDay(timezone, cutoff_hour), goal_minutes)
        for user_id, timezone, cutoff_hour, goal_minutes in rows
    ]


async def fetch_achievements(work: Work, user_id: UUID) -> dict[str, datetime]:
    """Return the codes of a learner's badges with when they were earned."""
    statement = select(UserAchievement.achievement, UserAchievement.earned_at).where(
        UserAchievement.user_id == user_id
    )
    return dict((await work.session.execute(statement)).all())


async def insert_achievements(
    work: Work, user_id: UUID, codes: Sequence[str], now: datetime
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
    return list(await work.session.scalars(statement))
