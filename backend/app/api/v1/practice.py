"""Answering questions, progress in lessons, and the learner's standing."""

from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path
from fastapi import Response as HTTPResponse

from app.api.v1.schemas.answers import AnswerIn, AnswerOut, AttemptOut, ShownQuestionOut
from app.api.v1.schemas.practice import (
    AchievementOut,
    LessonSummaryOut,
    MasteryReportOut,
    OverviewOut,
    PathProgressOut,
    Progress,
    ScoredProgress,
    SectionsRead,
)
from app.domain.curriculum import questions
from app.domain.practice import answering, lessons
from app.domain.practice.results import AnswerResult
from app.domain.progress import latest_answers
from app.domain.progress import standing as progress_standing
from app.domain.progress.lesson_summary import summarise
from app.http.deps import CurrentAccount, CurrentWork, Now
from app.http.hot import HotRoute
from app.http.problems import problems
from app.http.routing import JSONRoute
from app.models import LessonProgress

router = APIRouter(tags=["practice"], route_class=JSONRoute)
LessonId = Annotated[UUID, Path(description="The lesson's `id`, as lists show it.")]
hot = APIRouter(tags=["practice"], route_class=HotRoute)


def _json(answer: msgspec.Struct) -> HTTPResponse:
    """Return a ready answer: parts of it are JSON already, as they are stored."""
    return HTTPResponse(msgspec.json.encode(answer), media_type="application/json")


@hot.post("/attempts", response_model=AnswerOut, responses=problems(401, 404, 409))
async def submit_answer(
    body: AnswerIn, account: CurrentAccount, work: CurrentWork, now: Now
) -> AnswerResult:
    """Grade one answer and explain it. A repeat of the same `id` returns the stored grade."""
    return await answering.submit_answer(
        work,
        account,
        attempt_id=body.id,
        question_id=body.question_id,
        lesson_id=body.lesson_id,
        response=body.response,
        duration_ms=body.duration_ms,
        shuffle_seed=body.shuffle_seed,
        now=now,
    )


@router.get("/attempts/{attempt_id}", response_model=AttemptOut, responses=problems(401, 404))
async def get_attempt(
    attempt_id: Annotated[UUID, Path(description="The `id` with which it was sent.")],
    account: CurrentAccount,
    work: CurrentWork,
) -> HTTPResponse:
    """Return one of the learner's answers with its result, and the mark if a teacher gave one."""
    return _json(await answering.get_attempt_result(work, account, attempt_id))


@router.get(
    "/questions/{question_id}", response_model=ShownQuestionOut, responses=problems(401, 404)
)
async def show_question(
    question_id: Annotated[UUID, Path(description="The question's `id`, as search shows it.")],
    account: CurrentAccount,
    work: CurrentWork,
) -> HTTPResponse:
    """Return a question to be practised by itself: what it offers, but not its answer.

    The order of what it offers stays the same, on every device, until it was answered.
    """
    return _json(await answering.show_question(work, account, question_id))


@router.get("/lessons/{lesson_id}/progress", responses=problems(401, 404))
async def get_progress(
    lesson_id: LessonId, work: CurrentWork, account: CurrentAccount
) -> ScoredProgress:
    """Return how far the learner is in a lesson; all zero when it was never opened."""
    found = await lessons.get_progress(work, account, lesson_id)
    progress = Progress.model_validate(found) if found else Progress(lesson_id=lesson_id)
    return ScoredProgress.of(progress, await latest_answers.get_score(work, account, lesson_id))


@router.get("/lessons/{lesson_id}/summary", responses=problems(401, 404))
async def get_summary(
    lesson_id: LessonId, work: CurrentWork, account: CurrentAccount
) -> LessonSummaryOut:
    """Return how a lesson went so far: by type of question, and what to try again."""
    asked = await questions.questions_of_lesson(work, lesson_id)
    answers = await latest_answers.get_latest_answers(work, account, lesson_id)
    return LessonSummaryOut.of(summarise(asked, answers))


@router.put("/lessons/{lesson_id}/progress", response_model=Progress, responses=problems(401, 404))
async def open_lesson(
    lesson_id: LessonId,
    body: SectionsRead,
    work: CurrentWork,
    account: CurrentAccount,
    now: Now,
) -> LessonProgress:
    """Note that the learner is in a lesson and how far they have read. Numbers only grow."""
    return await lessons.open_lesson(
        work,
        account,
        lesson_id,
        now,
        sections_read=body.sections_read,
        duration_ms=body.duration_ms,
    )


@router.post(
    "/lessons/{lesson_id}/finish", response_model=Progress, responses=problems(401, 404, 409)
)
async def finish_lesson(
    lesson_id: LessonId, work: CurrentWork, account: CurrentAccount, now: Now
) -> LessonProgress:
    """Complete a lesson, all of whose questions were answered, and add its words as cards."""
    return await lessons.finish_lesson(work, account, lesson_id, now)


@router.get("/me/overview", responses=problems(401))
async def get_overview(work: CurrentWork, account: CurrentAccount, now: Now) -> OverviewOut:
    """Return streak, today's goal, activity, achievements and the progress in each lesson."""
    return OverviewOut.of(await progress_standing.get_overview(work, account, now))


@router.get("/me/progress", responses=problems(401))
async def get_path_progress(work: CurrentWork, account: CurrentAccount) -> list[PathProgressOut]:
    """Return how much of each path and unit is done."""
    return [
        PathProgressOut.of(path)
        for path in await progress_standing.get_path_progress(work, account)
    ]


@router.get("/me/mastery", responses=problems(401))
async def get_mastery(work: CurrentWork, account: CurrentAccount, now: Now) -> MasteryReportOut:
    """Return mastery by skill and topic: an estimate with its evidence and its uncertainty."""
    return MasteryReportOut.of(await progress_standing.get_mastery(work, account, now))


@router.get("/me/achievements", responses=problems(401))
async def get_achievements(
    work: CurrentWork, account: CurrentAccount, now: Now
) -> list[AchievementOut]:
    """Return every badge, and how far the learner is with it. What is earned is never lost."""
    return [
        AchievementOut.of(standing)
        for standing in await progress_standing.get_achievements(work, account, now)
    ]
