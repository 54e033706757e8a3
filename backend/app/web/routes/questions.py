"""The questions of a lesson: each is asked, answered, and shown with how it was graded."""

from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from pydantic import TypeAdapter
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response as HTTPResponse

from app.core.errors import DomainError, InvalidInput, NotFound
from app.domain.curriculum import lessons
from app.domain.curriculum.lessons import LessonQuestionDetail
from app.domain.curriculum.steps import Step
from app.domain.marking import marks as marking
from app.domain.marking import recordings
from app.domain.practice import answering
from app.domain.practice.answering import Attempt
from app.domain.practice.results import AnswerResult, StoredAttempt
from app.domain.progress import latest_answers
from app.domain.srs.reviewing import bounded_duration
from app.http.deps import CurrentWork
from app.models import Question
from app.models.base import new_id
from app.questions import grading
from app.questions.forms import Fields, first
from app.questions.grades import GradedQuestion
from app.questions.types import MARKED_TYPES, TYPES, Options, Response
from app.web.answers import (
    Unanswered,
    fields_of,
    read_answer,
    read_duration,
    read_seed,
)
from app.web.feedback import Feedback, feedback_on
from app.web.marks import MarkedAnswer, marked_answer
from app.web.questions import Form, by_id
from app.web.rendering import stem_in
from app.web.steps import address_of, next_of, place_of
from app.web.visit import Learner, see_other

router = APIRouter(prefix="/lessons/{slug}/questions/{number:place}")
NOTICED_RUNS = {3, 5, 10}
MODES = {"again", "only"}
_RESPONSES: TypeAdapter[Response] = TypeAdapter(Response)


class _Page:
    """One question of a lesson, on its way to the template.

    `mode` is "" on the way through the lesson, "again" among those to try again, "only" when the
    sections are left out.
    """

    def __init__(
        self, visit: Learner, detail: LessonQuestionDetail, number: int, mode: str
    ) -> None:
        self.visit, self.detail, self.number = visit, detail, number
        self.mode = mode if mode in MODES else ""
        self.step = Step("question", number)
        self.to_retry = 0
        self.question: Question = detail.question
        self.stem = stem_in(self.question, visit.language)
        self.marked: MarkedAnswer | None = None

    @property
    def path(self) -> str:
        """The address of the question, without anything after it."""
        return f"/lessons/{self.detail.lesson.slug}/questions/{self.number}"

    def address(self, attempt_id: UUID | None = None) -> str:
        """Return the address of the question or, with an id, of an attempt at it."""
        query: dict[str, object] = {"attempt": attempt_id} if attempt_id else {}
        query |= {self.mode: "true"} if self.mode else {}
        return self.path + ("?" + urlencode(query) if query else "")

    @property
    def next_address(self) -> str | None:
        """Where the page leads on to; None after the last step of the lesson."""
        if self.mode == "again":
            return f"/lessons/{self.detail.lesson.slug}/again?after={self.number}"
        step = next_of(self.detail, self.step, only_questions=self.mode == "only")
        if step is None:
            return None
        return address_of(self.detail, step) + ("?only=true" if self.mode == "only" else "")

    def show(
        self,
        fields: Fields,
        *,
        attempt_id: UUID,
        seed: int | None,
        stored: StoredAttempt | None = None,
        problem: str = "",
        confirms: bool = False,
        is_fresh: bool = False,
    ) -> HTTPResponse:
        """Return the page with `fields` filled in, and graded when it is a `stored` attempt."""
        graded = GradedQuestion(self.question.answer_key, self.question.options)
        options = graded.options if seed is None else grading.shuffled(graded, seed)
        result = stored.result if stored else None
        question = self.question
        is_open = result is not None and (
            TYPES[question.type].read_form(self.stem, options, fields, "") is None
        )
        form = Form(
            stem=self.stem,
            options=options,
            key=self.question.answer_key,
            language=self.visit.language,
            fields=fields,
            passage=self.detail.passage,
            problem=problem,
            is_graded=result is not None,
            is_correct=result is not None and result.is_correct,
            earned=by_id(result.parts) if result else {},
            is_open=is_open,
        )
        return self.visit.page(
            "question.html",
            section="home",
            lesson=self.detail.lesson,
            number=self.number,
            questions_total=len(self.detail.question_ids),
            place=place_of(self.detail, self.step),
            total_steps=len(self.detail.steps),
            to_retry=self.to_retry,
            action=self.address(),
            next_href=self.next_address,
            question_id=self.question.id,
            attempt_id=attempt_id,
            report_id=new_id(),
            response=bytes(stored.response).decode() if stored else "",
            shuffle_seed="" if seed is None else seed,
            form=form,
            feedback=self._feedback(result, options, is_open=is_open) if result else None,
            marked=self.marked,
            run=stored.run if stored and stored.run in NOTICED_RUNS else 0,
            is_fresh=is_fresh,
            spent_ms=read_duration(first(fields, "duration_ms")) if problem else None,
            confirms=confirms,
        )

    def _feedback(
        self, result: AnswerResult, options: Options | None, *, is_open: bool
    ) -> Feedback:
        key = self.question.answer_key
        return feedback_on(result, key, options, self.visit.language, is_open=is_open)

    def show_stored(self, stored: StoredAttempt, *, is_fresh: bool = False) -> HTTPResponse:
        """Return the page of an attempt at this question; raise NotFound for any other attempt.

        `is_fresh`: the answer has just been given.
        """
        if stored.result.question_id != self.question.id:
            raise NotFound
        response = _RESPONSES.validate_json(bytes(stored.response))
        fields = TYPES[response.type].write_form(response)
        attempt_id = stored.result.attempt_id
        return self.show(
            fields,
            attempt_id=attempt_id,
            seed=stored.shuffle_seed,
            stored=stored,
            is_fresh=is_fresh,
        )


@router.get("")
async def show_question(
    visit: Learner,
    work: CurrentWork,
    slug: str,
    number: int,
    *,
    attempt: str = "",
    again: str = "",
    only: str = "",
) -> HTTPResponse:
    """Ask one question or, with the id of an `attempt`, show how it was answered and graded.

    The id of a new attempt is made here, so that sending it twice counts once.
    """
    detail = await lessons.get_question(work, slug, number)
    page = _Page(visit, detail, number, _mode(again, only))
    attempt_id = _attempt_id(attempt) if attempt else None
    if attempt_id and page.question.type in MARKED_TYPES:
        mark = await marking.find_mark(work, visit.account, attempt_id)
        page.marked = marked_answer(visit, mark) if mark else None
    if attempt_id:
        await _count_to_retry(page, work)
    if attempt_id:
        return page.show_stored(await answering.get_attempt_result(work, visit.account, attempt_id))
    shown = await answering.show_question(work, visit.account, page.question.id)
    return page.show({}, attempt_id=new_id(), seed=shown.shuffle_seed)


def _mode(again: str, only: str) -> str:
    return "again" if again == "true" else "only" if only == "true" else ""


async def _count_to_retry(page: _Page, work: CurrentWork) -> None:
    """Note how many answers of a lesson are not right, where its way ends."""
    if page.next_address is None:
        lesson = page.detail.lesson
        answers = await latest_answers.get_latest_answers(work, page.visit.account, lesson.id)
        graded = [answers[each] for each in page.detail.question_ids if each in answers]
        page.to_retry = sum(each.score is not None and not each.is_correct for each in graded)


def _attempt_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


@router.post("")
async def answer_question(
    visit: Learner,
    work: CurrentWork,
    slug: str,
    number: int,
    *,
    again: str = "",
    only: str = "",
) -> HTTPResponse:
    """Grade the answer and show what is stored: at once to htmx, else by way of its address.

    A form that is sent again with the same attempt counts once: its first answer is shown. A
    skipped question is answered with nothing.
    """
    detail = await lessons.get_question(work, slug, number)
    page = _Page(visit, detail, number, _mode(again, only))
    form = await visit.request.form()
    fields = fields_of(form)
    attempt_id = _new_attempt_id(fields)
    seed = read_seed(first(fields, "shuffle_seed"))
    try:
        fields |= await _kept_recording(visit, work, form)
        question = page.question
        response = read_answer(question.type, page.stem, question.options, fields)
    except DomainError as error:
        problem = error.text(visit.language)
        confirms = isinstance(error, Unanswered) and error.is_question
        return page.show(
            fields, attempt_id=attempt_id, seed=seed, problem=problem, confirms=confirms
        )
    attempt = Attempt(
        id=attempt_id,
        question_id=page.question.id,
        lesson_id=page.detail.lesson.id,
        response=response,
        duration_ms=bounded_duration(read_duration(first(fields, "duration_ms"))),
        shuffle_seed=seed,
        context="lesson",
        counts_run=visit.is_htmx,
    )
    stored = await answering.answer_question(work, visit.account, attempt, visit.now)
    address = page.address(attempt_id)
    if not visit.is_htmx:
        return see_other(address)
    await _count_to_retry(page, work)
    answer = page.show_stored(stored, is_fresh=True)
    answer.headers["HX-Replace-Url"] = address
    return answer


def _new_attempt_id(fields: Fields) -> UUID:
    try:
        return UUID(first(fields, "attempt_id"))
    except ValueError as error:
        raise InvalidInput(field="attempt_id") from error


async def _kept_recording(
    visit: Learner, work: CurrentWork, form: FormData
) -> dict[str, list[str]]:
    """Store the recording that came as a file, if one did; return the field that names it."""
    file = form.get("audio")
    if not isinstance(file, UploadFile) or not file.size:
        return {}
    media_type = (file.content_type or "").partition(";")[0]
    recording_id = await recordings.store_recording(
        work, visit.account, media_type, await file.read(), visit.now
    )
    return {"recording": [str(recording_id)]}
