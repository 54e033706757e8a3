"""Use cases about all that a learner has done: overview, progress, mastery, achievements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from app.core.work import Work, transactional
from app.domain.accounts.account import Account
from app.domain.activity.streaks import Streak, streak
from app.domain.placement.test import find_start
from app.domain.progress import latest_answers_queries
from app.domain.progress import standing_queries as queries
from app.domain.progress.achievements import ACHIEVEMENTS, Totals, earned
from app.domain.progress.completion import (
    LessonPlace,
    PathProgress,
    completed_levels,
    lesson_score,
    next_lesson,
    path_progress,
    whole_course,
)
from app.domain.progress.mastery import Answer, mastery
from app.domain.progress.results import AchievementStanding, DailyGoal, MasteryReport, Overview
from app.domain.srs.statistics import MATURE_DAYS
from app.models import LessonProgress

RECENT_DAYS = 30
WEEK_DAYS = 7
MASTERY_DAYS = 180
MASTERY_ANSWERS = 2_000
BATCH = 100
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that badges are earned by, and what it was counted from."""

    progress: list[LessonProgress]
    outline: list[LessonPlace]
    paths: tuple[PathProgress, ...]
    activity: queries.ActivityRow
    streak: Streak
    totals: Totals
    held: dict[str, datetime]
    won: tuple[str, ...] = ()


async def get_overview(work: Work, account: Account, now: datetime) -> Overview:
    """Return the learner's standing, and award what it has earned since the last look.

    Six statements, and one more when there is something to award.
    """
    standing = await _award(work, learner_of(account), now)
    activity = standing.activity
    progress = {row.lesson_id: row for row in standing.progress}
    answers = await latest_answers_queries.fetch_latest_answers(
        work, account.user_id, list(progress)
    )
    statuses = {lesson_id: row.status for lesson_id, row in progress.items()}
    start = await find_start(work, account)
    today = account.day.date_of(now)
    today_began = account.day.start_of(today)
    hidden = _hidden(account)
    return Overview(
        progress=progress,
        scores={
            lesson_id: lesson_score(answer.score for answer in latest.values())
            for lesson_id, latest in answers.items()
        },
        paths=standing.paths,
        course=whole_course(standing.paths),
        next_lesson=next_lesson(standing.outline, statuses, account.level, start),
        lessons_completed=standing.totals.lessons_completed,
        active_days=standing.totals.active_days,
        week=_active_since(activity.days, today - timedelta(days=WEEK_DAYS - 1)),
        streak=standing.streak if account.show_streak else None,
        goal=DailyGoal(activity.today_ms // _MINUTE_MS, account.daily_goal_minutes),
        answers_today=activity.answers_today,
        reviews_today=activity.reviews_today,
        accuracy=activity.accuracy,
        achievements=[code for code in standing.held if code not in hidden],
        new_achievements=[
            badge
            for badge in ACHIEVEMENTS
            if badge.code not in hidden
            and badge.code in standing.held
            and standing.held[badge.code] >= today_began
        ],
    )


def _active_since(days: Iterable[date], first: date) -> tuple[date, ...]:
    return tuple(sorted(day for day in days if day >= first))


def learner_of(account: Account) -> queries.Learner:
    """Return what counting needs of an account."""
    return queries.Learner(account.user_id, account.day, account.daily_goal_minutes)


def _hidden(account: Account) -> set[str]:
    """Return the codes of the badges that the learner does not want to see."""
    return {
        badge.code for badge in ACHIEVEMENTS if badge.is_about_streak and not account.show_streak
    }


def count_badges(account: Account) -> int:
    """Return how many badges there are for a learner to see."""
    return len(ACHIEVEMENTS) - len(_hidden(account))


async def award_achievements(work: Work, account: Account, now: datetime) -> list[str]:
    """Give the learner the badges that they have earned; return the codes of those that are new.

    However many do this at once, each badge is new for one of them. Five statements at most.
    """
    return list((await _award(work, learner_of(account), now)).won)


async def award_everybody(work: Work, now: datetime) -> int:
    """Give all learners the badges that they have earned, and return how many those are.

    For operators, after badges were added or changed: learners meet theirs without it when they
    come back. A transaction for each batch of learners.
    """
    won = 0
    last: UUID | None = None
    while True:
        count, last = await _award_batch(work, last, now)
        won += count
        if last is None:
            return won


@transactional(idempotent=True)
async def _award_batch(work: Work, after: UUID | None, now: datetime) -> tuple[int, UUID | None]:
    """Return how many badges the next learners won, and the last learner; None at the end."""
    learners = await queries.fetch_active_learners(work, after, BATCH)
    won = [(await _award(work, learner, now)).won for learner in learners]
    return sum(map(len, won)), learners[-1].user_id if learners else None


async def get_achievements(
    work: Work, account: Account, now: datetime
) -> list[AchievementStanding]:
    """Return every badge as the learner has it, in the order of `ACHIEVEMENTS`.

    Awards what is earned, too: see `get_overview`.
    """
    standing = await _award(work, learner_of(account), now)
    hidden = _hidden(account)
    return [
        AchievementStanding(
            badge,
            badge.threshold if badge.code in standing.held else badge.reached(standing.totals),
            standing.held.get(badge.code),
        )
        for badge in ACHIEVEMENTS
        if badge.code not in hidden
    ]


async def get_path_progress(work: Work, account: Account) -> tuple[PathProgress, ...]:
    """Return how much of each path and unit the learner has completed, in two statements."""
    progress = await queries.fetch_progress(work, account.user_id)
    return path_progress(await queries.fetch_outline(work), _completed_at(progress))


async def get_mastery(work: Work, account: Account, now: datetime) -> MasteryReport:
    """Return mastery by skill and topic, from the answers of the last 180 days (2,000 at most).

    One statement. An answer that a teacher marked counts with the mark, one that waits not at all.
    """
    day = account.day
    today = day.date_of(now)
    since = day.start_of(today - timedelta(days=MASTERY_DAYS - 1))
    skills: dict[str, list[Answer]] = defaultdict(list)
    topics: dict[str, list[Answer]] = defaultdict(list)
    names: dict[str, str] = {}
    for row in await queries.fetch_answers(work, account.user_id, since, MASTERY_ANSWERS):
        answer = Answer(
            row.question_id, day.date_of(row.attempted_at), float(row.score), row.difficulty
        )
        skills[row.skill].append(answer)
        if row.topic is not None:
            topics[row.topic].append(answer)
            names[row.topic] = row.topic_id or row.topic
    return MasteryReport(
        skills={skill: mastery(answers, today) for skill, answers in sorted(skills.items())},
        topics={topic: mastery(answers, today) for topic, answers in sorted(topics.items())},
        topic_names=names,
    )


async def _award(work: Work, learner: queries.Learner, now: datetime) -> Standing:
    """Count what a learner has done, and write the badges that are missing."""
    standing = await count_standing(work, learner, now)
    missing = [badge.code for badge in earned(standing.totals) if badge.code not in standing.held]
    if not missing:
        return standing
    async with work.transaction():
        won = await queries.insert_achievements(work, learner.user_id, missing, now)
    return replace(
        standing, held=_in_order(standing.held | dict.fromkeys(missing, now)), won=tuple(won)
    )


async def count_standing(work: Work, learner: queries.Learner, now: datetime) -> Standing:
    """Count what a learner has done, in four statements; nothing is awarded."""
    progress = await queries.fetch_progress(work, learner.user_id)
    outline = await queries.fetch_outline(work)
    paths = path_progress(outline, _completed_at(progress))
    activity = await queries.fetch_activity(
        work, learner, now, recent_days=RECENT_DAYS, mature_days=MATURE_DAYS
    )
    run = streak(activity.days, learner.day.date_of(now))
    totals = _totals(progress, outline, paths, activity, run)
    held = await queries.fetch_achievements(work, learner.user_id)
    return Standing(progress, outline, paths, activity, run, totals, _in_order(held))


def _totals(
    progress: Iterable[LessonProgress],
    outline: Iterable[LessonPlace],
    paths: Sequence[PathProgress],
    activity: queries.ActivityRow,
    run: Streak,
) -> Totals:
    skills = {place.lesson_id: place.skill for place in outline}
    completed = [row for row in progress if row.status == "completed"]
    return Totals(
        lessons_completed=len(completed),
        perfect_lessons=activity.perfect_lessons,
        units_completed=sum(unit.completion.is_completed for path in paths for unit in path.units),
        levels_completed=len(completed_levels(paths)),
        skills_practised=len(
            {skills[row.lesson_id] for row in completed if row.lesson_id in skills}
        ),
        answers=activity.answers,
        right_answers=activity.right_answers,
        reviews=activity.reviews,
        learnt_words=activity.learnt_words,
        own_words=activity.own_words,
        active_days=len(activity.days),
        longest_streak=run.longest,
        goal_days=activity.goal_days,
        study_minutes=activity.study_ms // _MINUTE_MS,
    )


def _in_order(held: dict[str, datetime]) -> dict[str, datetime]:
    """Return badges as they were earned; those of one moment in the order of `ACHIEVEMENTS`."""
    places = {badge.code: place for place, badge in enumerate(ACHIEVEMENTS)}
    return dict(sorted(held.items(), key=lambda item: (item[1], places.get(item[0], 0))))


def _completed_at(progress: Iterable[LessonProgress]) -> dict[UUID, datetime]:
    return {row.lesson_id: row.completed_at for row in progress if row.completed_at is not None}
