"""Builders of valid rows: each states what the database needs, a test only what matters to it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.domain.accounts.account import Account
from app.models import Lesson, Question, SRSCard, User, VocabularyEntry
from app.models.base import new_id

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def make_user(**fields: Any) -> User:
    """A learner."""
    number = new_id().hex
    defaults: dict[str, Any] = {
        "email": f"learner-{number}@example.com",
        "password_hash": "not-a-hash",
        "full_name": "Sari Dewi",
    }
    return User(**defaults | fields)


def make_account(user: User, **fields: Any) -> Account:
    """What the session check returns for a stored learner with the default preferences."""
    defaults: dict[str, Any] = {
        "user_id": user.id,
        "session_id": new_id(),
        "email": user.email,
        "full_name": user.full_name,
        "role": "learner",
        "level": "A1",
        "ui_language": "id",
        "theme": "system",
        "timezone": "Asia/Jakarta",
        "day_cutoff_hour": 4,
        "desired_retention": 0.9,
        "new_cards_per_day": 20,
        "reviews_per_day": 200,
        "learning_steps": (1, 10),
        "relearning_steps": (10,),
        "maximum_interval_days": 36_500,
        "review_order": "due_date",
        "bury_siblings": True,
        "daily_goal_minutes": 15,
        "show_streak": True,
        "speech_enabled": True,
        "is_premium": False,
        "srs_settings_id": None,
    }
    return Account(**defaults | fields)


def make_lesson(**fields: Any) -> Lesson:
    """A published A1 grammar lesson of one section."""
    number = new_id().hex
    defaults: dict[str, Any] = {
        "title": "The verb to be",
        "slug": f"lesson-{number}",
        "level": "A1",
        "skill": "grammar",
        "topic": "verb to be",
        "summary": "Say who you are.",
        "sections": [
            {
                "kind": "explanation",
                "title": {"en": "Form", "id": "Bentuk"},
                "body": {"en": "I am, you are.", "id": "Saya adalah, kamu adalah."},
            }
        ],
        "status": "published",
        "published_at": NOW,
        "translations": {"id": {"title": "Kata kerja to be", "description": "Perkenalan."}},
    }
    return Lesson(**defaults | fields)


def make_question(**fields: Any) -> Question:
    """A published A1 multiple-choice question whose right answer is b."""
    defaults: dict[str, Any] = {
        "stem": "She ___ a teacher.",
        "type": "multiple_choice",
        "options": {
            "type": "multiple_choice",
            "choices": [{"id": "a", "text": "am"}, {"id": "b", "text": "is"}],
        },
        "answer_key": {"type": "multiple_choice", "choice": "b"},
        "explanation": "Use is with he, she and it.",
        "level": "A1",
        "skill": "grammar",
        "status": "published",
        "translations": {
            "id": {"stem": "She ___ a teacher.", "explanation": "Pakai is untuk he, she, it."}
        },
    }
    return Question(**defaults | fields)


def make_vocabulary(**fields: Any) -> VocabularyEntry:
    """An A1 noun."""
    number = new_id().hex
    defaults: dict[str, Any] = {
        "slug": f"word-{number}",
        "headword": f"teacher {number}",
        "part_of_speech": "noun",
        "ipa": "/ˈtiːtʃə/",
        "level": "A1",
        "meaning": "guru",
        "example_en": "My teacher is from Bandung.",
        "example_id": "Guru saya berasal dari Bandung.",
    }
    return VocabularyEntry(**defaults | fields)


def make_card(user_id: UUID, **fields: Any) -> SRSCard:
    """A card of two months ago that is still new, due today."""
    defaults: dict[str, Any] = {
        "user_id": user_id,
        "item_type": "vocabulary",
        "item_id": new_id(),
        "interval": 0,
        "next_review_date": date(2026, 3, 2),
        "due_at": NOW,
        "created_at": NOW - timedelta(days=60),
    }
    return SRSCard(**defaults | fields)
