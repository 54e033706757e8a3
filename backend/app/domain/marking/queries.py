"""All SQL of marking. What waits for a mark is read for all learners: teachers mark anybody's."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from app.core.work import Work
from app.models import AttemptMark, Question, QuestionAttempt


def waiting_for(marker_id: UUID) -> Select[QuestionAttempt]:
    """Return the unordered query of what this teacher can mark (by idx_question_attempts_unmarked).

    The log is never changed, so what was marked stays in that index and is skipped by a look-up
    in attempt_marks_attempt_id_key.
    """
    return select(QuestionAttempt).where(
        QuestionAttempt.score.is_(None),
        QuestionAttempt.user_id != marker_id,
        ~exists().where(AttemptMark.attempt_id == QuestionAttempt.id),
    )


async def count_waiting(work: Work, marker_id: UUID, most: int) -> int:
    """Return how many answers this teacher can mark, `most` at most."""
    waiting = waiting_for(marker_id).with_only_columns(QuestionAttempt.id).limit(most).subquery()
    return await work.session.scalar(select(func.count()).select_from(waiting)) or 0


def marks_of(user_id: UUID) -> Select[AttemptMark]:
    """Return the unordered query of a learner's marks (by idx_attempt_marks_user)."""
    return select(AttemptMark).where(AttemptMark.user_id == user_id)


async def find_attempt(
    work: Work, attempt_id: UUID
) -> tuple[QuestionAttempt, Question, AttemptMark | None] | None:
    """Return anybody's attempt with its question and its mark, if there is one."""
    statement = (
        select(QuestionAttempt, Question, AttemptMark)
        .join(Question, Question.id == QuestionAttempt.question_id)
        .outerjoin(AttemptMark, AttemptMark.attempt_id == QuestionAttempt.id)
        .where(QuestionAttempt.id == attempt_id)
        .execution_options(populate_existing=True)
    )
    row = (await work.session.execute(statement)).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


async def find_marked(
    work: Work, user_id: UUID, attempt_ids: Sequence[UUID]
) -> Sequence[tuple[QuestionAttempt, Question, AttemptMark]]:
    """Return those of a learner's attempts that have a mark, with question and mark."""
    statement = (
        select(QuestionAttempt, Question, AttemptMark)
        .join(Question, Question.id == QuestionAttempt.question_id)
        .join(AttemptMark, AttemptMark.attempt_id == QuestionAttempt.id)
        .where(
            QuestionAttempt.user_id == user_id,
            AttemptMark.user_id == user_id,
            QuestionAttempt.id.in_(attempt_ids),
        )
    )
    return [(row[0], row[1], row[2]) for row in await work.session.execute(statement)]


async def has_marks_since(work: Work, user_id: UUID, moment: datetime) -> bool:
    """Tell whether a learner was given a mark since `moment` (by idx_attempt_marks_user)."""
    statement = select(
        exists().where(AttemptMark.user_id == user_id, AttemptMark.created_at >= moment)
    )
    return bool(await work.session.scalar(statement))


async def save_mark(
    work: Work,
    attempt: QuestionAttempt,
    marker_id: UUID,
    *,
    points: dict[str, int],
    score: Decimal,
    comment: str | None,
    corrected: str | None,
    now: datetime,
) -> AttemptMark:
    """Store the mark of an attempt, or put it in the place of the one before."""
    given = {
        "marker_id": marker_id,
        "points": points,
        "score": score,
        "comment": comment,
        "corrected": corrected,
        "updated_at": now,
    }
    statement = (
        insert(AttemptMark)
        .values(user_id=attempt.user_id, attempt_id=attempt.id, created_at=now, **given)
        .on_conflict_do_update(index_elements=["attempt_id"], set_=given)
        .returning(AttemptMark)
        .execution_options(populate_existing=True)
    )
    return (await work.session.scalars(statement)).one()
