"""A lesson: its cover, its sections one by one, its questions one by one, and how it went."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.responses import Response

from app.api.deps import DB, CurrentDatabase
from app.core.errors import InvalidInput, NotFound
from app.domain.curriculum import service as curriculum
from app.domain.curriculum.service import LessonDetail
from app.domain.practice import service as practice
from app.models import LessonProgress, Question, QuestionAttempt
from app.models.base import new_id
from app.web.answers import (
    RepeatedPlace,
    answer_lines,
    fields_from,
    fields_of,
    form_view,
    gap_instruction,
    read_duration,
    read_response,
)
from app.web.i18n import translate
from app.web.routes.home import choose_next, lesson_states
from app.web.visit import Learner, see_other

router = APIRouter(prefix="/lessons/{slug}")
GOOD_SHARE, FAIR_SHARE = 0.75, 0.5


@router.get("")
async def show_lesson(visit: Learner, db: DB, slug: str, unfinished: str = "") -> Response:
    """Show what the lesson holds, and where to go on."""
    detail = await curriculum.get_lesson(db, slug)
    progress = await practice.find_progress(db, visit.account, detail.lesson.id)
    label, resume = _resume(detail, progress)
    return visit.page(
        "lesson.html",
        section="home",
        lesson=detail.lesson,
        questions=detail.questions,
        percentage=progress.completion_percentage if progress else 0,
        sections_read=progress.sections_read if progress else 0,
        completed=progress is not None and progress.status == "completed",
        resume=resume,
        resume_label=label,
        unfinished=unfinished == "true",
    )


def _resume(detail: LessonDetail, progress: LessonProgress | None) -> tuple[str, str]:
    """Return the name of the button and the address of the step that it leads to."""
    base = f"/lessons/{detail.lesson.slug}"
    if progress is None or progress.status == "not_started":
        return "start", f"{base}/sections/1"
    if progress.status == "completed":
        return "again", f"{base}/sections/1"
    if progress.sections_read < len(detail.lesson.sections) or not detail.questions:
        step = min(progress.sections_read + 1, len(detail.lesson.sections))
        return "resume", f"{base}/sections/{step}"
    number = min(progress.questions_attempted + 1, len(detail.questions))
    return "resume", f"{base}/questions/{number}"


@router.get("/sections/{number:int}")
async def show_section(visit: Learner, db: DB, slug: str, number: int) -> Response:
    """Show one section."""
    detail = await curriculum.get_lesson(db, slug)
    sections = detail.lesson.sections
    if not 1 <= number <= len(sections):
        raise NotFound
    return visit.page(
        "section.html",
        section="home",
        lesson=detail.lesson,
        part=sections[number - 1],
        number=number,
        total_steps=len(sections) + len(detail.questions),
        has_questions=bool(detail.questions),
        vocabulary=detail.vocabulary,
    )


@router.post("/sections/{number:int}")
async def finish_section(visit: Learner, db: DB, slug: str, number: int) -> Response:
    """Note that a section was read, and go on to the next step."""
    detail = await curriculum.get_lesson(db, slug)
    lesson = detail.lesson
    if not 1 <= number <= len(lesson.sections):
        raise NotFound
    await practice.open_lesson(db, visit.account, lesson.id, visit.now, sections_read=number)
    if number < len(lesson.sections):
        return see_other(f"/lessons/{slug}/sections/{number + 1}")
    if detail.questions:
        return see_other(f"/lessons/{slug}/questions/1")
    await practice.finish_lesson(db, visit.account, lesson.id, visit.now)
    return see_other(f"/lessons/{slug}/done")


@router.get("/questions/{number:int}")
async def show_question(
    visit: Learner, db: DB, slug: str, number: int, attempt: str = ""
) -> Response:
    """Ask one question or, with the id of an `attempt`, show how it was answered and graded.

    The id of a new attempt is made here, so that sending it twice counts once.
    """
    detail = await curriculum.get_lesson(db, slug)
    question = _question(detail, number)
    if not attempt:
        return _question_page(visit, detail, number, {}, attempt_id=new_id())
    stored = await practice.get_attempt(db, visit.account, _attempt_id(attempt))
    if stored.question_id != question.id:
        raise NotFound
    fields = fields_from(stored.response)
    return _question_page(visit, detail, number, fields, attempt_id=stored.id, result=stored)


def _attempt_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


@router.post("/questions/{number:int}")
async def answer_question(
    visit: Learner, db: DB, database: CurrentDatabase, slug: str, number: int
) -> Response:
    """Grade the answer, then send the browser on to the page that shows how it was graded.

    That page shows what is stored, and stays the same when it is reloaded. A form that is sent
    again with the same attempt counts once: its first answer is shown.
    """
    detail = await curriculum.get_lesson(db, slug)
    question = _question(detail, number)
    fields = fields_of(await visit.request.form())
    try:
        attempt_id = UUID(fields.get("attempt_id", ""))
        response = read_response(question, fields)
    except RepeatedPlace as error:
        problem = error.text(visit.language)
        return _question_page(visit, detail, number, fields, attempt_id=attempt_id, problem=problem)
    except (ValueError, ValidationError) as error:
        raise InvalidInput(field="response") from error
    if response is None:
        problem = translate(visit.language, "question.missing")
        return _question_page(visit, detail, number, fields, attempt_id=attempt_id, problem=problem)
    await db.commit()  # gives the connection back: the answer is stored on one of its own
    await practice.submit_answer(
        database,
        visit.account,
        attempt_id=attempt_id,
        question_id=question.id,
        lesson_id=detail.lesson.id,
        response=response,
        duration_ms=read_duration(fields.get("duration_ms", "")),
        now=visit.now,
    )
    return see_other(f"/lessons/{slug}/questions/{number}?attempt={attempt_id}")


def _question(detail: LessonDetail, number: int) -> Question:
    if not 1 <= number <= len(detail.questions):
        raise NotFound
    return detail.questions[number - 1]


def _question_page(
    visit: Learner,
    detail: LessonDetail,
    number: int,
    fields: dict[str, Any],
    *,
    attempt_id: UUID,
    result: QuestionAttempt | None = None,
    problem: str = "",
) -> Response:
    question = _question(detail, number)
    base = f"/lessons/{detail.lesson.slug}/questions"
    translation = question.translations.id if visit.language == "id" else None
    stem = translation.stem if translation else question.stem
    explanation = translation.explanation if translation else question.explanation
    return visit.page(
        "question.html",
        section="home",
        lesson=detail.lesson,
        question=question,
        number=number,
        questions_total=len(detail.questions),
        total_steps=len(detail.lesson.sections) + len(detail.questions),
        action=f"{base}/{number}",
        next_href=f"{base}/{number + 1}" if number < len(detail.questions) else None,
        attempt_id=attempt_id,
        stem=gap_instruction(stem) if question.type == "fill_blank" else stem,
        form=form_view(question, stem, fields),
        result=result,
        verdict=_verdict(result),
        problem=problem,
        right_answer=answer_lines(question.answer_key, question.options, visit.language),
        explanation=explanation,
    )


def _verdict(result: QuestionAttempt | None) -> str:
    if result is None or result.is_correct:
        return "right"
    return "partly" if result.score > 0 else "wrong"


@router.post("/finish")
async def finish_lesson(visit: Learner, db: DB, slug: str) -> Response:
    """Complete the lesson; its words join the reviews. Open questions lead back to the cover."""
    detail = await curriculum.get_lesson(db, slug)
    try:
        async with db.begin_nested():
            await practice.finish_lesson(db, visit.account, detail.lesson.id, visit.now)
    except practice.LessonUnfinished:
        return see_other(f"/lessons/{slug}?unfinished=true")
    return see_other(f"/lessons/{slug}/done")


@router.get("/done")
async def show_done(visit: Learner, db: DB, slug: str) -> Response:
    """Show how the lesson went and what comes next."""
    detail = await curriculum.get_lesson(db, slug)
    overview = await practice.get_overview(db, visit.account, visit.now)
    progress = overview.progress.get(detail.lesson.id)
    if progress is None or progress.status != "completed":
        return see_other(f"/lessons/{slug}")
    paths = await curriculum.get_outline(db)
    return visit.page(
        "lesson_done.html",
        section="home",
        lesson=detail.lesson,
        correct=progress.questions_correct,
        attempted=progress.questions_attempted,
        grade=_grade(progress),
        words=list(detail.vocabulary.values()),
        next_lesson=choose_next(paths, lesson_states(paths, overview), visit.account.level),
    )


def _grade(progress: LessonProgress) -> str:
    if progress.questions_correct == progress.questions_attempted:
        return "full"
    share = progress.questions_correct / progress.questions_attempted
    if share >= GOOD_SHARE:
        return "good"
    return "fair" if share >= FAIR_SHARE else "hard"
