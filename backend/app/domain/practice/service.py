"""Use cases of practice, as other areas and the edge use them."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import NotFound
from app.domain.accounts.service import Account
from app.domain.english.answers import accepts
from app.domain.practice import queries
from app.domain.practice.achievements import ACHIEVEMENTS, Achievement
from app.domain.practice.answering import get_attempt_result, show_question, submit_answer
from app.domain.practice.asked import graded_question
from app.domain.practice.grading.marked import count_words, is_hardly_begun
from app.domain.practice.grading.remarks import CLOSEST
from app.domain.practice.lessons import (
    LessonUnfinished,
    find_progress,
    finish_lesson,
    get_latest_answers,
    get_progress,
    get_score,
    open_lesson,
)
from app.domain.practice.mastery import Mastery
from app.domain.practice.progress import (
    Completion,
    LessonPlace,
    LessonScore,
    PathProgress,
    UnitProgress,
    lesson_score,
)
from app.domain.practice.question_queries import find_passage
from app.domain.practice.results import (
    AchievementStanding,
    AnswerResult,
    DailyGoal,
    Explanation,
    LatestAnswer,
    LessonStanding,
    MasteryReport,
    Overview,
    ShownQuestion,
    StoredAttempt,
)
from app.domain.practice.review_rules import choose_part, part_of
from app.domain.practice.reviewing import (
    AnsweredReview,
    CheckedAnswer,
    GivenAnswer,
    check_answer,
    submit_answered_review,
)
from app.domain.practice.rules import (
    GradedQuestion,
    PartResult,
    Texts,
    model_answer,
    model_response,
    shuffle_seed,
    shuffled,
)
from app.domain.practice.standing import (
    award_achievements,
    award_everybody,
    count_badges,
    get_achievements,
    get_mastery,
    get_overview,
    get_path_progress,
)
from app.domain.practice.statistics import ActiveDay, get_active_days
from app.domain.practice.streaks import Streak
from app.models import QuestionAttempt

__all__ = [
    "ACHIEVEMENTS",
    "CLOSEST",
    "Achievement",
    "AchievementStanding",
    "ActiveDay",
    "AnswerResult",
    "AnsweredReview",
    "CheckedAnswer",
    "Completion",
    "DailyGoal",
    "Explanation",
    "GivenAnswer",
    "GradedQuestion",
    "LatestAnswer",
    "LessonPlace",
    "LessonScore",
    "LessonStanding",
    "LessonUnfinished",
    "Mastery",
    "MasteryReport",
    "Overview",
    "PartResult",
    "PathProgress",
    "ShownQuestion",
    "StoredAttempt",
    "Streak",
    "Texts",
    "UnitProgress",
    "accepts",
    "award_achievements",
    "award_everybody",
    "check_answer",
    "choose_part",
    "count_badges",
    "count_words",
    "find_passage",
    "find_progress",
    "find_unproven_activity",
    "find_unproven_progress",
    "finish_lesson",
    "get_achievements",
    "get_active_days",
    "get_attempt",
    "get_attempt_result",
    "get_latest_answers",
    "get_mastery",
    "get_overview",
    "get_path_progress",
    "get_progress",
    "get_score",
    "graded_question",
    "is_hardly_begun",
    "lesson_score",
    "model_answer",
    "model_response",
    "open_lesson",
    "part_of",
    "show_question",
    "shuffle_seed",
    "shuffled",
    "submit_answer",
    "submit_answered_review",
]


async def get_attempt(db: AsyncSession, account: Account, attempt_id: UUID) -> QuestionAttempt:
    """Return one of the learner's answers as it was stored and graded. Raises NotFound."""
    attempt = await queries.find_stored_attempt(db, account.user_id, attempt_id)
    if attempt is None:
        raise NotFound
    return attempt


async def find_unproven_progress(db: AsyncSession, sample: int = 1000) -> list[tuple[UUID, UUID]]:
    """Return (learner, lesson) of progress, of about `sample` rows looked at, beyond its attempts.

    Progress may count no more questions, and no more right ones, than the log of attempts holds.
    """
    return await queries.sample_unproven_progress(db, sample)


async def find_unproven_activity(db: AsyncSession, sample: int = 1000) -> list[UUID]:
    """Return the learners, of about `sample` looked at, whose days do not add up to their log."""
    return list(await queries.sample_unproven_activity(db, sample))
