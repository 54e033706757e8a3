"""Marks: the teacher's list of what waits, giving a mark, and the learner's list of theirs."""

from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from app.core.errors import InvalidInput, NotFound
from app.domain.marking import marks as marking
from app.domain.marking.marks import Marking
from app.http.deps import CurrentWork, require_role
from app.questions.forms import Fields, first
from app.web.answers import fields_of
from app.web.marks import marked_answer
from app.web.numbers import read_whole
from app.web.visit import Learner, LearnerVisit, see_other

router = APIRouter()

FOR_TEACHERS = [Depends(require_role("author"))]
PER_PAGE = 20
MAX_POINTS = 999
MOST_CHIPS = 10
"""Criteria of up to so many points are marked with a press."""


@router.get("/marking", dependencies=FOR_TEACHERS)
async def show_waiting(
    visit: Learner, work: CurrentWork, cursor: str = "", saved: str = ""
) -> Response:
    """List what waits for a mark, the oldest first."""
    page = await marking.list_waiting(work, visit.account, limit=PER_PAGE, cursor=cursor or None)
    return visit.page(
        "marking.html",
        section="settings",
        answers=[marked_answer(visit, item) for item in page.items],
        next_cursor=page.next_cursor,
        saved=saved == "true",
    )


@router.get("/marking/{attempt}", dependencies=FOR_TEACHERS)
async def show_answer(visit: Learner, work: CurrentWork, attempt: str, saved: str = "") -> Response:
    """Show one answer with the form of its mark; `saved` says that the one before has its mark."""
    found = await marking.get_marking(work, visit.account, _id(attempt))
    return _form(visit, found, _typed(found), {}, saved=saved == "true")


@router.post("/marking/{attempt}", dependencies=FOR_TEACHERS)
async def save_mark(visit: Learner, work: CurrentWork, attempt: str) -> Response:
    """Store the mark and go on to the next answer; show the form again when a value is refused."""
    attempt_id = _id(attempt)
    fields = fields_of(await visit.request.form())
    found = await marking.get_marking(work, visit.account, attempt_id)
    typed = {name: first(fields, name) for name in _typed(found)}
    try:
        await marking.save_mark(
            work,
            visit.account,
            attempt_id,
            points=_points(found, fields),
            comment=first(fields, "comment"),
            corrected=first(fields, "corrected"),
            now=visit.now,
        )
    except InvalidInput as error:
        return _form(visit, found, typed, {error.field or "": error.text(visit.language)})
    waiting = await marking.list_waiting(work, visit.account, limit=1)
    onward = f"/{waiting.items[0].attempt.id}" if waiting.items else ""
    return see_other(f"/marking{onward}?saved=true")


@router.get("/marks")
async def show_marks(visit: Learner, work: CurrentWork, cursor: str = "") -> Response:
    """List the learner's marked answers, the latest mark first."""
    page = await marking.list_marks(work, visit.account, limit=PER_PAGE, cursor=cursor or None)
    return visit.page(
        "marks.html",
        section="home",
        answers=[marked_answer(visit, item) for item in page.items],
        next_cursor=page.next_cursor,
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def _typed(found: Marking) -> dict[str, str]:
    """Return the values of the form's fields: the mark's, or empty ones."""
    given = found.mark.points if found.mark else {}
    typed = {f"points.{item.id}": str(given.get(item.id, "")) for item in found.rubric}
    mark, text = found.mark, marking.text_of(found.attempt)
    return typed | {
        "comment": (mark.comment or "") if mark else "",
        "corrected": (mark.corrected or text) if mark else text,
    }


def _points(found: Marking, fields: Fields) -> dict[str, int]:
    """Return the points in a form; what is no number is left out, and refused as missing."""
    texts = {item.id: first(fields, f"points.{item.id}").strip() for item in found.rubric}
    numbers = {name: read_whole(text, MAX_POINTS) for name, text in texts.items()}
    return {name: number for name, number in numbers.items() if number is not None}


def _form(
    visit: LearnerVisit,
    found: Marking,
    typed: dict[str, str],
    errors: dict[str, str],
    *,
    saved: bool = False,
) -> Response:
    return visit.page(
        "marking_answer.html",
        section="settings",
        status=422 if errors else 200,
        answer=marked_answer(visit, found),
        typed=typed,
        errors=errors,
        saved=saved,
        most_chips=MOST_CHIPS,
        most_characters=marking.MAX_COMMENT_LENGTH,
        longest_text=marking.MAX_TEXT_LENGTH,
    )
