"""Valid rows: one object graph with every model in it, each column filled."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.models import (
    AttemptMark,
    Base,
    DailyActivity,
    ItemReport,
    Lesson,
    LessonProgress,
    LessonQuestion,
    Path,
    PaymentTransaction,
    PersonalEntry,
    PlacementTest,
    Question,
    QuestionAttempt,
    QuestionSet,
    QuestionSetQuestion,
    Recording,
    SRSCard,
    SRSReview,
    SRSSettings,
    Subscription,
    TryoutAnswer,
    TryoutSession,
    Unit,
    User,
    UserAchievement,
    UserPreferences,
    UserSession,
    VocabularyEntry,
)
from app.models.base import new_id

_NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
_RESPONSE = {"type": "multiple_choice", "choice": "b"}
_TITLE = {"id": {"title": "Kata kerja to be", "description": "Perkenalan diri."}}


def build_rows(number: int) -> list[Base]:
    """Return one object of every model, parents first.

    Graphs of different `number` differ in every column that a UNIQUE covers.
    """
    key = f"check-{number}-{new_id().hex}"
    user, accounts = _accounts(key)
    lesson, question, question_set, content = _content(user, key, number)
    studies = _studies(user, lesson, question, number)
    return [
        *accounts,
        *content,
        *studies,
        *_tryout(user, question_set, question, number),
        *_billing(user, key),
    ]


def _accounts(key: str) -> tuple[User, list[Base]]:
    user = User(
        id=new_id(),
        email=f"{key}@example.com",
        password_hash="not-a-hash",  # noqa: S106 - nobody signs in with it
        full_name="Sari Dewi",
        current_level="A2",
        learning_goals=["work", "travel"],
        birth_year=1998,
        role="author",
    )
    preferences = UserPreferences(id=new_id(), user_id=user.id, timezone="Asia/Makassar")
    settings = SRSSettings(id=new_id(), user_id=user.id, timezone="Asia/Makassar")
    session = UserSession(
        id=new_id(),
        user_id=user.id,
        token_hash=user.id.bytes * 2,
        user_agent="model check",
        created_at=_NOW,
        expires_at=_NOW + timedelta(days=30),
    )
    return user, [user, preferences, settings, session]


def _content(user: User, key: str, number: int) -> tuple[Lesson, Question, QuestionSet, list[Base]]:
    course: dict[str, Any] = {"title": "To be", "slug": key, "translations": _TITLE}
    published: dict[str, Any] = {"status": "published", "translations": _TITLE}
    path = Path(id=new_id(), description="From zero.", position=number, **course | published)
    unit = Unit(
        id=new_id(), path_id=path.id, level="A1", description="First.", position=number, **course
    )
    lesson = _lesson(user, unit, position=number, **course | published)
    question = _question(user, key)
    question_set = QuestionSet(
        id=new_id(),
        description="A mock exam.",
        kind="tryout",
        level="A1",
        owner_id=user.id,
        time_limit_seconds=1800,
        passing_score=60,
        **course | published,
    )
    word = VocabularyEntry(
        id=new_id(),
        slug=key,
        headword=key,
        part_of_speech="noun",
        ipa="/ˈtiːtʃə/",
        level="A1",
        meaning="guru",
        example_en="My teacher is from Bandung.",
        example_id="Guru saya berasal dari Bandung.",
        tags=["people"],
    )
    places = [
        LessonQuestion(lesson_id=lesson.id, question_id=question.id, position=number),
        QuestionSetQuestion(
            question_set_id=question_set.id, question_id=question.id, position=number, points=2
        ),
    ]
    everything = [path, unit, lesson, question, question_set, word, *places]
    return lesson, question, question_set, everything


def _lesson(user: User, unit: Unit, **course: Any) -> Lesson:
    bilingual = {"en": "I am, you are.", "id": "Saya adalah, kamu adalah."}
    return Lesson(
        id=new_id(),
        level="A1",
        skill="grammar",
        topic="verb to be",
        sections=[{"kind": "explanation", "title": bilingual, "body": bilingual}],
        unit_id=unit.id,
        author_id=user.id,
        summary="Say who you are.",
        tags=["grammar"],
        published_at=_NOW,
        **course,
    )


def _question(user: User, key: str) -> Question:
    choices = [{"id": "a", "text": "am"}, {"id": "b", "text": "is"}]
    return Question(
        id=new_id(),
        stem="She ___ a teacher.",
        type="multiple_choice",
        options={"type": "multiple_choice", "choices": choices},
        answer_key=_RESPONSE,
        explanation="Use is with he, she and it.",
        level="A1",
        skill="grammar",
        difficulty=2,
        slug=key,
        status="published",
        author_id=user.id,
        tags=["grammar"],
        translations={"id": {"stem": "She ___ a teacher.", "explanation": "Pakai is."}},
    )


def _studies(user: User, lesson: Lesson, question: Question, number: int) -> list[Base]:
    placement = _placement(user, question, lesson)
    attempt = QuestionAttempt(
        id=new_id(),
        user_id=user.id,
        question_id=question.id,
        lesson_id=lesson.id,
        context="placement",
        placement_test_id=placement.id,
        response=_RESPONSE,
        is_correct=True,
        score=Decimal(1),
        duration_ms=4200,
        attempted_at=_NOW,
    )
    progress = LessonProgress(
        id=new_id(),
        user_id=user.id,
        lesson_id=lesson.id,
        status="completed",
        completion_percentage=100,
        sections_read=1,
        questions_attempted=2,
        questions_correct=1,
        time_spent_seconds=300,
        completed_at=_NOW,
    )
    badge = UserAchievement(
        id=new_id(), user_id=user.id, achievement=f"lessons_{number}", details={"count": number}
    )
    mark = AttemptMark(
        id=new_id(),
        user_id=user.id,
        attempt_id=attempt.id,
        marker_id=user.id,
        points={"a": 3},
        score=Decimal("0.75"),
        comment="Bagus.",
        corrected="I am a teacher.",
    )
    report = ItemReport(
        id=new_id(),
        user_id=user.id,
        question_id=question.id,
        kind="answer",
        response=_RESPONSE,
        score=Decimal(0),
        comment="Artinya sama.",
        status="open",
        reply="Kami periksa dulu.",
        settled_by=user.id,
    )
    day = DailyActivity(
        id=new_id(),
        user_id=user.id,
        day=date(2026, 3, 2) + timedelta(days=number),
        answers=4,
        correct_answers=3,
        reviews=5,
        learnt_reviews=2,
        new_cards=3,
        duration_ms=90_000,
    )
    recording = Recording(
        id=new_id(), user_id=user.id, media_type="audio/webm", content=b"not a sound"
    )
    studies = [placement, attempt, mark, report, progress, badge, day, recording]
    return [*studies, *_memory(user, question, key=f"word {number}")]


def _placement(user: User, question: Question, lesson: Lesson) -> PlacementTest:
    return PlacementTest(
        id=new_id(),
        user_id=user.id,
        status="open",
        question_id=question.id,
        ability=0.4,
        standard_error=0.5,
        level="B1",
        unit_id=lesson.unit_id,
        started_at=_NOW,
    )


def _memory(user: User, question: Question, *, key: str) -> list[Base]:
    memory: dict[str, Any] = {
        "interval": 3,
        "ease_factor": Decimal("2.5"),
        "stability": 3.17,
        "difficulty": 5.28,
        "due_at": _NOW + timedelta(days=3),
    }
    card = SRSCard(
        id=new_id(),
        user_id=user.id,
        item_type="question",
        item_id=question.id,
        repetitions=1,
        next_review_date=date(2026, 3, 5),
        is_learning=False,
        review_count=1,
        revision=1,
        last_reviewed_at=_NOW,
        passage_id=question.id,
        buried_until=date(2026, 3, 3),
        **memory,
    )
    review = SRSReview(
        id=new_id(),
        user_id=user.id,
        card_id=card.id,
        rating=3,
        reviewed_at=_NOW,
        client_time=_NOW,
        day=date(2026, 3, 2),
        duration_ms=2100,
        fuzz_factor=0.5,
        ease_factor_before=Decimal("2.5"),
        due_at_before=_NOW,
        **memory,
    )
    word = PersonalEntry(
        id=new_id(), user_id=user.id, headword=key, meaning="kata", example="A new word."
    )
    undo = SRSReview(
        id=new_id(),
        user_id=user.id,
        card_id=card.id,
        kind="undo",
        target_id=review.id,
        reviewed_at=_NOW,
        day=date(2026, 3, 2),
        duration_ms=None,
        **memory,
    )
    return [card, review, undo, word]


def _tryout(user: User, question_set: QuestionSet, question: Question, number: int) -> list[Base]:
    sitting = TryoutSession(
        id=new_id(),
        user_id=user.id,
        question_set_id=question_set.id,
        started_at=_NOW,
        expires_at=_NOW + timedelta(minutes=30),
        questions_total=2,
        questions_attempted=1,
        questions_correct=1,
        score=Decimal(50),
    )
    answer = TryoutAnswer(
        id=new_id(),
        session_id=sitting.id,
        user_id=user.id,
        question_id=question.id,
        position=number,
        response=_RESPONSE,
        is_correct=True,
        score=Decimal(1),
        duration_ms=4200,
        answered_at=_NOW,
    )
    return [sitting, answer]


def _billing(user: User, key: str) -> list[Base]:
    subscription = Subscription(
        id=new_id(),
        user_id=user.id,
        plan="monthly",
        status="active",
        price=Decimal(99000),
        starts_at=_NOW,
        ends_at=_NOW + timedelta(days=30),
        trial_ends_at=_NOW + timedelta(days=7),
        cancelled_at=_NOW + timedelta(days=9),
    )
    payment = PaymentTransaction(
        id=new_id(),
        user_id=user.id,
        subscription_id=subscription.id,
        status="succeeded",
        amount=Decimal(99000),
        provider="example",
        provider_reference=key,
        details={"method": "bank transfer"},
        occurred_at=_NOW,
    )
    return [subscription, payment]
