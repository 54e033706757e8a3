"""All of a learner's figures at once, each from its owner: what `DatabaseUtils` returns."""

from datetime import datetime
from uuid import UUID

from app.core.user_statistics import UserStatistics
from app.core.work import Work
from app.domain.accounts import sessions
from app.domain.progress.standing import RECENT_DAYS, count_standing, learner_of
from app.domain.srs import statistics


async def get_user_statistics(work: Work, user_id: UUID, now: datetime) -> UserStatistics:
    """Return the learner's figures at `now` (aware); nothing is awarded. Raises NotFound.

    Eight statements, however much there is.
    """
    account = await sessions.get_account(work, user_id)
    standing = await count_standing(work, learner_of(account), now)
    cards = await statistics.get_card_figures(work, account, now, RECENT_DAYS)
    started = [row for row in standing.progress if row.status != "not_started"]
    done = sum(row.completion_percentage for row in started)
    return UserStatistics(
        lessons_started=len(started),
        lessons_completed=standing.totals.lessons_completed,
        average_completion=done / len(started) if started else 0.0,
        questions_attempted=standing.totals.answers,
        questions_correct=standing.totals.right_answers,
        accuracy=standing.activity.accuracy,
        cards_total=cards.stages.total,
        cards_due=cards.due.total,
        cards_learning=cards.stages.learning,
        cards_mature=cards.stages.mature,
        reviews_last_30_days=standing.activity.recent_reviews,
        retention=cards.retention.share,
        streak_days=standing.streak.days,
        study_days=standing.totals.active_days,
        achievements=len(standing.held),
    )
