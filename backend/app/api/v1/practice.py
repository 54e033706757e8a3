"""Answering questions, progress in lessons, and the learner's overview."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from app.api.deps import DB, CurrentAccount, CurrentDatabase, Now
from app.api.hot import HotRoute
from app.api.problems import problems
from app.api.v1.schemas.practice import AnswerIn, AnswerOut, OverviewOut, Progress, SectionsRead
from app.domain.practice import service
from app.models import LessonProgress

router = APIRouter(tags=["practice"])
LessonId = Annotated[UUID, Path(description="The lesson's `id`, as lists show it.")]
_hot = APIRouter(route_class=HotRoute)


@_hot.post("/attempts", response_model=AnswerOut, responses=problems(401, 404, 409))
async def submit_answer(
    body: AnswerIn, account: CurrentAccount, database: CurrentDatabase, now: Now
) -> service.AnswerResult:
    """Grade one answer and explain it. A repeat of the same `id` returns the stored grade."""
    return await service.submit_answer(
        database,
        account,
        attempt_id=body.id,
        question_id=body.question_id,
        lesson_id=body.lesson_id,
        response=body.response,
        duration_ms=body.duration_ms,
        now=now,
    )


@router.get("/lessons/{lesson_id}/progress", responses=problems(401, 404))
async def get_progress(lesson_id: LessonId, db: DB, account: CurrentAccount) -> Progress:
    """Return how far the learner is in a lesson; all zero when it was never opened."""
    progress = await service.get_progress(db, account, lesson_id)
    return Progress.model_validate(progress) if progress else Progress(lesson_id=lesson_id)


@router.put("/lessons/{lesson_id}/progress", response_model=Progress, responses=problems(401, 404))
async def open_lesson(
    lesson_id: LessonId, body: SectionsRead, db: DB, account: CurrentAccount, now: Now
) -> LessonProgress:
    """Note that the learner is in a lesson and how far they have read. Numbers only grow."""
    return await service.open_lesson(db, account, lesson_id, now, sections_read=body.sections_read)


@router.post(
    "/lessons/{lesson_id}/finish", response_model=Progress, responses=problems(401, 404, 409)
)
async def finish_lesson(
    lesson_id: LessonId, db: DB, account: CurrentAccount, now: Now
) -> LessonProgress:
    """Complete a lesson, all of whose questions were answered, and add its words as cards."""
    return await service.finish_lesson(db, account, lesson_id, now)


@router.get("/me/overview", responses=problems(401))
async def get_overview(db: DB, account: CurrentAccount, now: Now) -> OverviewOut:
    """Return streak, activity, accuracy, achievements and the progress in each lesson."""
    overview = await service.get_overview(db, account, now)
    return OverviewOut(
        streak_days=overview.streak_days,
        answers_today=overview.answers_today,
        reviews_today=overview.reviews_today,
        accuracy=overview.accuracy,
        lessons_completed=overview.lessons_completed,
        achievements=overview.achievements,
        progress=[Progress.model_validate(row) for row in overview.progress.values()],
    )


router.include_router(_hot)
