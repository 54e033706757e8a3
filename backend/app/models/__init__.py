"""Every table, imported so that `Base.metadata` is complete."""

from app.models.assessment import TryoutAnswer, TryoutSession
from app.models.base import AppendOnly, Base
from app.models.content import (
    Lesson,
    LessonQuestion,
    Path,
    Question,
    QuestionSet,
    QuestionSetQuestion,
    Unit,
)
from app.models.progress import (
    AttemptMark,
    DailyActivity,
    LessonProgress,
    PlacementTest,
    QuestionAttempt,
    Recording,
    UserAchievement,
)
from app.models.reports import ItemReport
from app.models.srs import PersonalEntry, SRSCard, SRSReview, SRSSettings
from app.models.subscription import PaymentTransaction, Subscription
from app.models.user import User, UserPreferences, UserSession
from app.models.vocabulary import VocabularyEntry

APPEND_ONLY = tuple(
    sorted(
        str(mapper.local_table)
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, AppendOnly)
    )
)
"""The tables of logs: the application's database role may add rows, never change or remove them."""

__all__ = [
    "APPEND_ONLY",
    "AttemptMark",
    "Base",
    "DailyActivity",
    "ItemReport",
    "Lesson",
    "LessonProgress",
    "LessonQuestion",
    "Path",
    "PaymentTransaction",
    "PersonalEntry",
    "PlacementTest",
    "Question",
    "QuestionAttempt",
    "QuestionSet",
    "QuestionSetQuestion",
    "Recording",
    "SRSCard",
    "SRSReview",
    "SRSSettings",
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
