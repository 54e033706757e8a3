"""Every table, imported so that `Base.metadata` is complete."""

from app.models.assessment import TryoutAnswer, TryoutSession
from app.models.base import Base
from app.models.content import (
    Lesson,
    LessonQuestion,
    Path,
    Question,
    QuestionSet,
    QuestionSetQuestion,
    Unit,
    VocabularyEntry,
)
from app.models.progress import LessonProgress, QuestionAttempt, UserAchievement
from app.models.srs import SRSCard, SRSReview
from app.models.subscription import PaymentTransaction, Subscription
from app.models.user import User, UserPreferences, UserSession

APPEND_ONLY = ("question_attempts", "srs_reviews", "payment_transactions")
"""Logs: the application's database role may add rows, never change or remove them."""

__all__ = [
    "APPEND_ONLY",
    "Base",
    "Lesson",
    "LessonProgress",
    "LessonQuestion",
    "Path",
    "PaymentTransaction",
    "Question",
    "QuestionAttempt",
    "QuestionSet",
    "QuestionSetQuestion",
    "SRSCard",
    "SRSReview",
    "Subscription",
    "TryoutAnswer",
    "TryoutSession",
    "Unit",
    "User",
    "UserAchievement",
    "UserPreferences",
    "UserSession",
    "VocabularyEntry",
]
