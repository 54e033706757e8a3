"""A lesson: its cover, its sections one by one, and how it went. `questions.py` has the rest."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from app.core.errors import NotFound
from app.domain.curriculum import lessons, steps
from app.domain.curriculum.lessons import LessonDetail
from app.domain.curriculum.steps import Step
from app.domain.practice import lessons as practice_lessons
from app.domain.practice.lessons import LessonUnfinished
from app.domain.progress import latest_answers, standing
from app.domain.progress.lesson_summary import summarise
from app.http.deps import CurrentWork
from app.models import LessonProgress
from app.web.answers import read_duration
from app.web.numbers import MAX_PLACE, read_whole
from app.web.routes.home import lesson_at
from app.web.steps import address_of, next_of, place_of
from app.web.visit import Learner, see_other

router = APIRouter(prefix="/lessons/{slug}")


@router.get("")
async def show_lesson(
    visit: Learner, work: CurrentWork, slug: str, unfinished: str = ""
) -> Response:
    """Show what the lesson holds, and where to go on."""
    detail = await lessons.get_lesson(work, slug)
    progress = await practice_lessons.find_progress(work, visit.account, detail.lesson.id)
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
    first, last = detail.steps[0], detail.steps[-1]
    if progress is None or progress.status == "not_started":
        return "start", address_of(detail, first)
    if progress.status == "completed":
        return "again", address_of(detail, first)
    step = steps.next_open(detail.steps, progress.sections_read, progress.questions_attempted)
    return "resume", address_of(detail, step or last)


@router.get("/sections/{number:place}")
async def show_section(visit: Learner, work: CurrentWork, slug: str, number: int) -> Response:
    """Show one section."""
    detail = await lessons.get_lesson(work, slug)
    sections = detail.lesson.sections
    if not 1 <= number <= len(sections):
        raise NotFound
    step = Step("section", number)
    following = next_of(detail, step)
    return visit.page(
        "section.html",
        section="home",
        lesson=detail.lesson,
        part=sections[number - 1],
        number=number,
        place=place_of(detail, step) + 1,
        total_steps=len(detail.steps),
        leads_to_question=following is not None and following.kind == "question",
        vocabulary=detail.vocabulary,
    )


@router.post("/sections/{number:place}")
async def finish_section(
    visit: Learner,
    work: CurrentWork,
    slug: str,
    number: int,
    duration_ms: Annotated[str, Form()] = "",
) -> Response:
    """Note that a section was read, and how long that took, and go on to the next step."""
    detail = await lessons.get_lesson(work, slug)
    lesson = detail.lesson
    if not 1 <= number <= len(lesson.sections):
        raise NotFound
    await practice_lessons.open_lesson(
        work,
        visit.account,
        lesson.id,
        visit.now,
        sections_read=number,
        duration_ms=read_duration(duration_ms),
    )
    following = next_of(detail, Step("section", number))
    if following is not None:
        return see_other(address_of(detail, following))
    if detail.questions:
        return see_other(f"/lessons/{slug}/done")
    await practice_lessons.finish_lesson(work, visit.account, lesson.id, visit.now)
    return see_other(f"/lessons/{slug}/done")


@router.post("/finish")
async def finish_lesson(visit: Learner, work: CurrentWork, slug: str) -> Response:
    """Complete the lesson; its words join the reviews. Open questions lead back to the cover."""
    detail = await lessons.get_lesson(work, slug)
    try:
        await practice_lessons.finish_lesson(work, visit.account, detail.lesson.id, visit.now)
    except LessonUnfinished:
        return see_other(f"/lessons/{slug}?unfinished=true")
    return see_other(f"/lessons/{slug}/done")


@router.get("/done")
async def show_done(visit: Learner, work: CurrentWork, slug: str) -> Response:
    """Show how the lesson went and what comes next."""
    detail = await lessons.get_lesson(work, slug)
    overview = await standing.get_overview(work, visit.account, visit.now)
    progress = overview.progress.get(detail.lesson.id)
    if progress is None or progress.status != "completed":
        return see_other(f"/lessons/{slug}")
    paths = await lessons.get_outline(work)
    answers = await latest_answers.get_latest_answers(work, visit.account, detail.lesson.id)
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
async def try_again(visit: Learner, work: CurrentWork, slug: str, after: str = "") -> Response:
    """Lead to the next question that is not right yet, or back to how the lesson went."""
    detail = await lessons.get_lesson(work, slug)
    answers = await latest_answers.get_latest_answers(work, visit.account, detail.lesson.id)
    passed = read_whole(after, MAX_PLACE) or 0
    for number, _ in summarise(detail.questions, answers).to_retry:
        if number > passed:
            return see_other(f"/lessons/{slug}/questions/{number}?again=true")
    return see_other(f"/lessons/{slug}/done")
