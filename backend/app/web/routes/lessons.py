"""A lesson: its cover, its sections one by one, and how it went. `questions.py` has the rest."""

from fastapi import APIRouter
from starlette.responses import Response

from app.api.deps import DB
from app.core.errors import NotFound
from app.domain.curriculum import service as curriculum
from app.domain.curriculum.service import LessonDetail
from app.domain.practice import service as practice
from app.models import LessonProgress
from app.web.lesson_summary import summarise
from app.web.numbers import MAX_PLACE, read_whole
from app.web.routes.home import lesson_at
from app.web.visit import Learner, see_other

router = APIRouter(prefix="/lessons/{slug}")


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


@router.get("/sections/{number:place}")
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


@router.post("/sections/{number:place}")
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
    answers = await practice.get_latest_answers(db, visit.account, detail.lesson.id)
    return visit.page(
        "lesson_done.html",
        section="home",
        lesson=detail.lesson,
        summary=summarise(detail.questions, answers),
        words=list(detail.vocabulary.values()),
        overview=overview,
        next_lesson=lesson_at(paths, overview.next_lesson),
    )


@router.get("/again")
async def try_again(visit: Learner, db: DB, slug: str, after: str = "") -> Response:
    """Lead to the next question that is not right yet, or back to how the lesson went."""
    detail = await curriculum.get_lesson(db, slug)
    answers = await practice.get_latest_answers(db, visit.account, detail.lesson.id)
    passed = read_whole(after, MAX_PLACE) or 0
    for number, _ in summarise(detail.questions, answers).to_retry:
        if number > passed:
            return see_other(f"/lessons/{slug}/questions/{number}?again=true")
    return see_other(f"/lessons/{slug}/done")
