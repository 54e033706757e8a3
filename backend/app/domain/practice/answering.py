"""Use cases of a single question: showing it, answering it, and looking at an answer again."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec
from pydantic import TypeAdapter
from pydantic_core import from_json

from app.core.errors import Conflict, InvalidInput, NotFound, Unavailable
from app.core.work import Work
from app.domain.accounts.account import Account
from app.domain.marking import recordings
from app.domain.practice import answer_queries as queries
from app.domain.practice import asked
from app.domain.practice.answer_queries import AttemptRow, Written
from app.domain.practice.asked import Asked, AskedQuestion
from app.domain.practice.lessons import finish_lesson
from app.domain.practice.results import (
    AnswerResult,
    Explanation,
    LessonStanding,
    ShownQuestion,
    StoredAttempt,
)
from app.domain.srs import reviewing
from app.models import QuestionAttempt
from app.models.base import new_id
from app.questions import grading
from app.questions.grades import Grade, Texts
from app.questions.shuffling import shuffle_seed
from app.questions.types import MARKED_TYPES, TYPES, Response

MOST_TRIES = 3


RESPONSES: TypeAdapter[Response] = TypeAdapter(Response)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An answer as it was sent. `context` is one of ATTEMPT_CONTEXTS.

    Without `makes_card` it is kept, but its question does not become a card; with `counts_run`
    the result says how many were right in a row.
    """

    id: UUID
    question_id: UUID
    lesson_id: UUID | None
    response: object
    duration_ms: int | None
    shuffle_seed: int | None
    context: str
    makes_card: bool = True
    counts_run: bool = False


async def submit_answer(
    work: Work,
    account: Account,
    *,
    attempt_id: UUID,
    question_id: UUID,
    lesson_id: UUID | None,
    response: object,
    duration_ms: int | None,
    now: datetime,
    shuffle_seed: int | None = None,
    makes_card: bool = True,
) -> AnswerResult:
    """Grade one answer (any JSON, or a response) and explain it.

    A repeat of `attempt_id` returns the stored grade. One statement stores the attempt, the
    progress in the lesson, the learner's day and a card for the question: it waits with
    the other new ones, from today on after a wrong answer, from tomorrow on after a right one; what
    a teacher marks becomes no card, and nothing does without `makes_card`. Who answers a question
    has the sections before it behind them.

    What grading needs is kept in the process: one round trip, and two more when question or lesson
    have changed since. The answer that completes a lesson finishes it: see `finish_lesson`.

    Raises NotFound (no such published question or lesson), InvalidInput (the response does not fit
    the question and what it offers, or the question is not of the lesson), Conflict (the id is in
    use otherwise), Unavailable (the content is being changed again and again).
    """
    attempt = Attempt(
        attempt_id,
        question_id,
        lesson_id,
        response,
        reviewing.bounded_duration(duration_ms),
        shuffle_seed,
        "practice" if lesson_id is None else "lesson",
        makes_card,
    )
    return (await answer_question(work, account, attempt, now)).result


async def answer_question(
    work: Work, account: Account, attempt: Attempt, now: datetime
) -> StoredAttempt:
    """Do `submit_answer` and return the answer as it is stored, with its result."""
    stored = await _submit(work, account, attempt, now)
    progress = stored.result.progress
    if attempt.lesson_id is not None and progress is not None and progress.just_completed:
        await finish_lesson(work, account, attempt.lesson_id, now)
    return stored


async def _submit(work: Work, account: Account, attempt: Attempt, now: datetime) -> StoredAttempt:
    """Try with the content that is kept, which may be old, and then with what is read anew."""
    content = asked.find_kept(attempt.question_id, attempt.lesson_id)
    if content is not None:
        with suppress(InvalidInput):
            result = await _try(work, account, attempt, content, now)
            if result is not None:
                return result
    try:
        for _ in range(MOST_TRIES):
            content = await asked.read(work, attempt.question_id, attempt.lesson_id)
            result = await _try(work, account, attempt, content, now)
            if result is not None:
                return result
    except (NotFound, InvalidInput):
        # Refused today, perhaps, but stored before: a repeat returns what is stored.
        stored = await _find_stored(work, account, attempt)
        if stored is None:
            raise
        return stored
    raise Unavailable


async def _try(
    work: Work,
    account: Account,
    attempt: Attempt,
    content: Asked,
    now: datetime,
) -> StoredAttempt | None:
    """Grade and store an answer by `content`; None when that is old, and nothing was stored."""
    question, lesson = content.question, content.lesson
    if lesson is not None and question.id not in lesson.questions:
        raise InvalidInput(
            "The lesson does not have this question.",
            "Soal ini bukan bagian dari pelajaran itu.",
            field="lesson_id",
        )
    response = grading.parse_response(question.graded, attempt.response)
    recording = TYPES[response.type].recording(response)
    if recording is not None:
        await recordings.check_owned(work, account, recording)
    grade = grading.grade(question.graded, response)
    new = new_attempt(account, attempt, content, (response, grade), now)
    row = await queries.write_attempt(work, new)
    if row.is_written:
        return StoredAttempt(
            lesson_id=attempt.lesson_id,
            response=msgspec.Raw(new.response.encode()),
            duration_ms=attempt.duration_ms,
            shuffle_seed=attempt.shuffle_seed,
            attempted_at=now,
            run=(row.run_before or 0) + 1 if grade.is_correct else 0,
            result=result_of(attempt.id, question, grade, grade.score, row),
        )
    if not row.is_current:
        return None
    stored = await _find_stored(work, account, attempt)
    if stored is None:
        raise Conflict  # the id is somebody else's
    return stored


def new_attempt(
    account: Account,
    attempt: Attempt,
    content: Asked,
    answer: tuple[Response, Grade],
    now: datetime,
) -> queries.NewAttempt:
    """Return an answer with its grade as it is stored, on the learner's day of `now`."""
    question, lesson = content.question, content.lesson
    response, grade = answer
    today = account.day.date_of(now)
    becomes_card = (
        attempt.makes_card
        and attempt.context != "review"
        and question.graded.key.type not in MARKED_TYPES
    )
    card_day = today + timedelta(days=1) if grade.is_correct else today
    return queries.NewAttempt(
        attempt_id=attempt.id,
        user_id=account.user_id,
        question_id=question.id,
        question_updated_at=question.updated_at,
        lesson_id=attempt.lesson_id,
        lesson_updated_at=lesson.updated_at if lesson else None,
        lesson_questions=lesson.questions if lesson else (),
        response=RESPONSES.dump_json(response).decode(),
        score=grade.score,
        duration_ms=attempt.duration_ms,
        shuffle_seed=attempt.shuffle_seed,
        now=now,
        progress_id=new_id(),
        sections_behind=lesson.places[question.id] if lesson else 0,
        percentages=lesson.percentages if lesson else (),
        card_id=new_id(),
        passage_id=question.passage_id,
        card_day=card_day,
        card_due_at=max(now, account.day.start_of(card_day)) if becomes_card else None,
        activity_id=new_id(),
        today=today,
        context=attempt.context,
        sections_total=lesson.sections_total if lesson else 0,
        split_from=lesson.split_from if lesson else None,
        counts_run=attempt.counts_run,
    )


async def _find_stored(work: Work, account: Account, attempt: Attempt) -> StoredAttempt | None:
    """Return what is stored under the id of an answer; raise Conflict if to another question."""
    row = await queries.find_attempt(work, account.user_id, attempt.id)
    if row is None:
        return None
    if row.id != attempt.question_id:
        raise Conflict
    return _stored(row)


def _stored_result(row: AttemptRow) -> AnswerResult:
    """Return the result of a row of FIND_ATTEMPT, graded once more for its remarks.

    Stored is only what the answer was worth; should today's key say otherwise, or a teacher have
    marked it, no remark may contradict that.
    """
    question = asked.question_of(row)
    grade = Grade(row.score)
    try:
        again = grading.grade(
            question.graded, grading.parse_response(question.graded, from_json(row.response))
        )
    except InvalidInput:  # the question was changed, and no longer takes such an answer
        again = grade
    if again.score == grade.score and row.mark is None:
        grade = again
    score = grade.score if row.mark is None else row.mark
    return result_of(row.attempt_id, question, grade, score, row)


def result_of(
    attempt_id: UUID,
    question: AskedQuestion,
    grade: Grade,
    score: Decimal | None,
    row: AttemptRow | Written | None = None,
) -> AnswerResult:
    """Return a result; `row` holds the progress in the lesson, if any, NULL outside one."""
    key, options = question.graded.key, question.graded.options
    return AnswerResult(
        attempt_id=attempt_id,
        question_id=question.id,
        is_correct=score == 1,
        score=None if score is None else float(score),
        needs_marking=score is None,
        feedback=grade.feedback,
        diff=grade.diff,
        parts=grade.parts,
        answer=Texts(
            grading.model_answer(key, options), grading.model_answer(key, options, language="id")
        ),
        answer_key=msgspec.Raw(question.answer_key),
        explanation=question.explanation,
        progress=None if row is None else _standing(row),
    )


def _standing(row: AttemptRow | Written) -> LessonStanding | None:
    if row.status is None:
        return None
    return LessonStanding(
        row.questions_attempted or 0,
        row.questions_correct or 0,
        row.completion_percentage or 0,
        row.status,
        isinstance(row, Written) and bool(row.just_completed),
    )


async def get_attempt_result(work: Work, account: Account, attempt_id: UUID) -> StoredAttempt:
    """Return one of the learner's answers with its result, in one statement. Raises NotFound."""
    row = await queries.find_attempt(work, account.user_id, attempt_id)
    if row is None:
        raise NotFound
    return _stored(row)


def _stored(row: AttemptRow) -> StoredAttempt:
    return StoredAttempt(
        lesson_id=row.lesson_id,
        response=msgspec.Raw(row.response.encode()),
        duration_ms=row.duration_ms,
        shuffle_seed=row.shuffle_seed,
        attempted_at=row.attempted_at,
        run=row.run,
        result=_stored_result(row),
    )


async def show_question(work: Work, account: Account, question_id: UUID) -> ShownQuestion:
    """Return a published question to be practised outside a lesson, in one statement.

    The order of what it offers stays the same, on every device, until the learner has answered it.
    Raises NotFound.
    """
    row = await queries.find_shown(work, account.user_id, question_id)
    if row is None:
        raise NotFound
    seed = shuffle_seed(account.user_id, question_id, row.attempts)
    options = grading.shuffled(grading.stored_question(row.answer_key, row.options), seed)
    return ShownQuestion(
        id=row.id,
        type=row.type,
        level=row.level,
        skill=row.skill,
        difficulty=row.difficulty,
        stem=Explanation(row.stem, row.stem_id),
        options=None if options is None else msgspec.Raw(options.model_dump_json()),
        passage=None if row.passage is None else msgspec.Raw(row.passage),
        shuffle_seed=seed,
    )


async def get_attempt(work: Work, account: Account, attempt_id: UUID) -> QuestionAttempt:
    """Return one of the learner's answers as it was stored and graded. Raises NotFound."""
    attempt = await queries.find_stored_attempt(work, account.user_id, attempt_id)
    if attempt is None:
        raise NotFound
    return attempt
