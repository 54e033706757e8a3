"""The placement test: what it is, its questions one by one, and where to start learning."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.core.errors import InvalidInput
from app.domain.placement import test as placement
from app.domain.placement.test import Standing
from app.http.deps import CurrentWork
from app.models.base import new_id
from app.questions.forms import Fields, first
from app.web.answers import Unanswered, fields_of, read_answer, read_duration
from app.web.i18n import translate
from app.web.questions import Form
from app.web.rendering import stem_in
from app.web.visit import Learner, see_other

router = APIRouter(prefix="/placement")

INTRODUCTION, QUESTION, RESULT = "/placement", "/placement/question", "/placement/result"


@router.get("")
async def show_introduction(visit: Learner, work: CurrentWork) -> Response:
    """Say what the test is, and offer to begin it, to go on with it, or to see its result."""
    standing = await placement.find_standing(work, visit.account, visit.now)
    result = None
    if standing is None or standing.result:
        standing, result = None, await placement.find_result(work, visit.account)
    return visit.page(
        "placement.html",
        standing=standing,
        result=result,
        most=placement.MOST_ITEMS,
        usual=placement.USUAL_ITEMS,
    )


@router.post("")
async def begin(visit: Learner, work: CurrentWork) -> Response:
    """Begin a test, or go on with the one that is open."""
    await placement.begin(work, visit.account, visit.now)
    return see_other(QUESTION)


@router.get("/question")
async def show_question(visit: Learner, work: CurrentWork) -> Response:
    """Show the question being asked: the same one after a reload and on another device."""
    standing = await placement.find_standing(work, visit.account, visit.now)
    if standing is None:
        return see_other(INTRODUCTION)
    return _next_page(visit, standing)


@router.post("/question")
async def answer_question(visit: Learner, work: CurrentWork) -> Response:
    """Store the answer and go on. A form that is sent twice counts once."""
    fields = fields_of(await visit.request.form())
    standing = await placement.find_standing(work, visit.account, visit.now)
    if standing is None:
        return see_other(RESULT)
    try:
        attempt_id, question_id = UUID(first(fields, "attempt_id")), UUID(first(fields, "question"))
    except ValueError as error:
        raise InvalidInput(field="attempt_id") from error
    if standing.question is None or standing.question.id != question_id:
        return _next_page(visit, standing)  # answered before, here or on another device
    try:
        standing = await placement.submit_answer(
            work,
            visit.account,
            attempt_id=attempt_id,
            question_id=question_id,
            response=_read(visit, standing, fields),
            duration_ms=read_duration(first(fields, "duration_ms")),
            now=visit.now,
        )
    except InvalidInput as error:
        problem = error.text(visit.language)
        return _question_page(visit, standing, fields, attempt_id=attempt_id, problem=problem)
    except placement.NotAsked:  # it was answered on another device just now
        return see_other(QUESTION)
    return _next_page(visit, standing)


def _read(visit: Learner, standing: Standing, fields: Fields) -> dict[str, Any] | None:
    """Return the response in a form, None for "I don't know"; raise InvalidInput without either."""
    if first(fields, "skip"):
        return None
    question = standing.question
    assert question is not None
    stem = stem_in(question, visit.language)
    try:
        return read_answer(question.type, stem, question.options, fields)
    except Unanswered as error:
        raise InvalidInput(
            translate("en", "placement.missing"), translate("id", "placement.missing")
        ) from error


def _next_page(visit: Learner, standing: Standing) -> Response:
    """Return the next question or the way to the result: at once to htmx, else by its address."""
    if standing.result is not None:
        if visit.is_htmx:
            return Response(headers={"HX-Redirect": RESULT})
        return see_other(RESULT)
    if visit.request.method == "POST" and not visit.is_htmx:
        return see_other(QUESTION)
    return _question_page(visit, standing, {}, attempt_id=new_id())


def _question_page(
    visit: Learner, standing: Standing, fields: Fields, *, attempt_id: UUID, problem: str = ""
) -> Response:
    question = standing.question
    assert question is not None
    form = Form(
        stem=stem_in(question, visit.language),
        options=standing.options,
        key=question.answer_key,
        language=visit.language,
        fields=fields,
        problem=problem,
    )
    return visit.page(
        "placement_question.html",
        number=standing.answered + 1,
        question=question,
        attempt_id=attempt_id,
        form=form,
        percent=round(100 * placement.share_answered(standing.answered)),
        usual=placement.USUAL_ITEMS,
    )


@router.post("/stop")
async def stop(visit: Learner, work: CurrentWork) -> Response:
    """Stop the test without a result, and let the learner choose a level."""
    if await placement.find_standing(work, visit.account, visit.now) is not None:
        await placement.abandon(work, visit.account, visit.now)
    return see_other("/level")


@router.get("/result")
async def show_result(visit: Learner, work: CurrentWork) -> Response:
    """Show the level that was found, what it means, and where to start."""
    result = await placement.find_result(work, visit.account)
    if result is None:
        return see_other(INTRODUCTION)
    return visit.page("placement_result.html", section="home", result=result)
