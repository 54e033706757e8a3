"""The SQL of answering: see `answer_queries.sql`."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import select

from app.core.statements import Statements
from app.core.work import Work
from app.models import QuestionAttempt

SQL = Statements(__file__)


class GradedRow(msgspec.Struct, frozen=True):
    """What grading needs of a question (documents as JSON), and what is told after it."""

    id: UUID
    updated_at: datetime
    answer_key: str
    options: str | None
    explanation: str | None
    explanation_id: str | None
    passage_id: UUID | None


class AskedRow(GradedRow, frozen=True):
    """A published question, and the shape of a published lesson; NULL without one."""

    lesson_updated_at: datetime | None
    sections_total: int | None
    lesson_questions: list[UUID]
    lesson_places: list[int | None]
    split_from_id: UUID | None


class ReviewedRow(GradedRow, frozen=True):
    """The question of a card."""

    stem: str


class AttemptRow(GradedRow, frozen=True):
    """A stored attempt with its mark, its question and the learner's progress in the lesson."""

    attempt_id: UUID
    lesson_id: UUID | None
    response: str
    score: Decimal | None
    duration_ms: int | None
    shuffle_seed: int | None
    attempted_at: datetime
    mark: Decimal | None
    run: int
    questions_attempted: int | None
    questions_correct: int | None
    completion_percentage: int | None
    status: str | None


class ShownRow(NamedTuple):
    """A published question as it is shown, and how often the learner attempted it."""

    id: UUID
    type: str
    stem: str
    stem_id: str | None
    level: str
    skill: str
    difficulty: int
    answer_key: str
    options: str | None
    passage: str | None
    attempts: int


class Written(NamedTuple):
    """What became of an attempt.

    `is_current` is False when question or lesson have changed, and nothing was written;
    `is_written` is False when the id is known already, or not current. `run_before` is counted
    when it was asked for. The rest is the progress, NULL outside a lesson.
    """

    is_current: bool
    is_written: bool
    run_before: int | None
    questions_attempted: int | None
    questions_correct: int | None
    completion_percentage: int | None
    status: str | None
    just_completed: bool | None


class NewAttempt(msgspec.Struct, frozen=True):
    """The parameters of WRITE_ATTEMPT.

    `question_updated_at`, `lesson_updated_at` and `lesson_questions` are the content's as the
    answer was graded by; `sections_behind` is the place of the question in the lesson,
    `percentages` are the lesson's after 0, 1, … steps (sections and questions). The card of
    the question may be shown from `card_due_at` on, on the learner's day `card_day`; without a
    moment there is no card. `today` is the learner's day, `context` one of ATTEMPT_CONTEXTS.
    """

    attempt_id: UUID
    user_id: UUID
    question_id: UUID
    question_updated_at: datetime
    lesson_id: UUID | None
    lesson_updated_at: datetime | None
    lesson_questions: Sequence[UUID]
    response: str
    score: Decimal | None
    duration_ms: int | None
    shuffle_seed: int | None
    now: datetime
    progress_id: UUID
    sections_behind: int
    percentages: Sequence[int]
    card_id: UUID
    passage_id: UUID | None
    card_day: date
    card_due_at: datetime | None
    activity_id: UUID
    today: date
    context: str
    sections_total: int
    split_from: UUID | None
    counts_run: bool


FIND_ASKED = SQL.statement("find_asked", AskedRow)
WRITE_ATTEMPT = SQL.statement("write_attempt", Written)
FIND_REVIEWED = SQL.statement("find_reviewed", ReviewedRow)
FIND_ATTEMPT = SQL.statement("find_attempt", AttemptRow)
FIND_SHOWN = SQL.statement("find_shown", ShownRow)


async def find_asked(work: Work, question_id: UUID, lesson_id: UUID | None) -> AskedRow | None:
    """Return what grading a published question needs, and the lesson's shape."""
    return await work.fetchrow(FIND_ASKED, question_id=question_id, lesson_id=lesson_id)


async def find_reviewed(work: Work, user_id: UUID, card_id: UUID) -> ReviewedRow | None:
    """Return what grading the question of a card needs, published or not."""
    return await work.fetchrow(FIND_REVIEWED, card_id=card_id, user_id=user_id)


async def write_attempt(work: Work, attempt: NewAttempt) -> Written:
    """Store an attempt, its lesson's progress, its question's card and its day: one round trip."""
    values = msgspec.structs.asdict(attempt)
    written = await work.fetchrow(WRITE_ATTEMPT, idempotent=True, **values)
    assert written is not None
    return written


async def find_attempt(work: Work, user_id: UUID, attempt_id: UUID) -> AttemptRow | None:
    """Return an attempt of this learner with its question and the lesson's progress."""
    return await work.fetchrow(FIND_ATTEMPT, attempt_id=attempt_id, user_id=user_id)


async def find_shown(work: Work, user_id: UUID, question_id: UUID) -> ShownRow | None:
    """Return a published question and how often this learner attempted it."""
    return await work.fetchrow(FIND_SHOWN, question_id=question_id, user_id=user_id)


async def find_stored_attempt(
    work: Work, user_id: UUID, attempt_id: UUID
) -> QuestionAttempt | None:
    """Return an attempt of this learner by its primary key."""
    statement = select(QuestionAttempt).where(
        QuestionAttempt.id == attempt_id, QuestionAttempt.user_id == user_id
    )
    return (await work.session.scalars(statement)).one_or_none()
