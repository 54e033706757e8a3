"""The SQL of a learner's standing: see also `standing_queries.sql`."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.core.clock import LearnerDay
from app.core.statements import Nested, Statements
from app.core.work import Work
from app.domain.progress.achievements import highest
from app.domain.progress.completion import LessonPlace
from app.models import LessonProgress, UserAchievement
from app.questions.types import MARKED_TYPES

MOST_CARDS = 20_000
SQL = Statements(__file__)


class Learner(NamedTuple):
    """What counting a learner's days and goals takes."""

    user_id: UUID
    day: LearnerDay
    goal_minutes: int


class ActivityRow(NamedTuple):
    """What a learner has done in all, today, and in the last days (`accuracy`, from 0 to 1)."""

    answers: int
    right_answers: int
    reviews: int
    recent_reviews: int
    study_ms: int
    goal_days: int
    days: list[date]
    answers_today: int
    reviews_today: int
    today_ms: int
    accuracy: float | None
    learnt_words: int
    own_words: int
    perfect_lessons: int


class AnswerRow(NamedTuple):
    """A graded answer, with the mark where a teacher gave one; `topic_id` is in Indonesian."""

    question_id: UUID
    attempted_at: datetime
    score: Decimal
    skill: str
    difficulty: int
    topic: str | None
    topic_id: str | None


FETCH_ACTIVITY = SQL.statement("fetch_activity", ActivityRow)
FETCH_ANSWERS = SQL.statement("fetch_answers", AnswerRow)
FETCH_OUTLINE = SQL.statement("fetch_outline", LessonPlace)
FETCH_ACTIVE_LEARNERS = SQL.statement("fetch_active_learners", Nested(Learner))


async def fetch_progress(work: Work, user_id: UUID) -> list[LessonProgress]:
    """Return a learner's progress in every lesson they opened."""
    statement = select(LessonProgress).where(LessonProgress.user_id == user_id)
    return list(await work.session.scalars(statement))


async def fetch_outline(work: Work) -> list[LessonPlace]:
    """Return where every published lesson of a unit stands, in teaching order."""
    return await work.fetch(FETCH_OUTLINE)


async def fetch_activity(
    work: Work, learner: Learner, now: datetime, *, recent_days: int, mature_days: int
) -> ActivityRow:
    """Return what a learner has done. A word is learnt once a card of it is mature."""
    today = learner.day.date_of(now)
    since_day = today - timedelta(days=recent_days - 1)
    row = await work.fetchrow(
        FETCH_ACTIVITY,
        user_id=learner.user_id,
        today=today,
        since_day=since_day,
        since=learner.day.start_of(since_day),
        goal_ms=learner.goal_minutes * 60_000,
        mature_days=mature_days,
        most_cards=MOST_CARDS,
        most_own_words=highest("own_words"),
        marked=MARKED_TYPES,
    )
    assert row is not None
    return row


async def fetch_answers(work: Work, user_id: UUID, since: datetime, most: int) -> list[AnswerRow]:
    """Return a learner's latest graded answers, the oldest first."""
    return await work.fetch(FETCH_ANSWERS, user_id=user_id, since=since, most=most)


async def fetch_active_learners(work: Work, after: UUID | None, limit: int) -> list[Learner]:
    """Return the next learners, by id, who have practised at least once."""
    return await work.fetch(FETCH_ACTIVE_LEARNERS, after=after, most=limit)


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
