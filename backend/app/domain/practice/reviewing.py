"""Reviews that ask: the question of a card is answered and graded before the card is rated."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import msgspec

from app.core.errors import Conflict, InvalidInput, NotFound, Unavailable
from app.core.work import Work
from app.domain.accounts.account import Account
from app.domain.practice import answer_queries as queries
from app.domain.practice import asked
from app.domain.practice.answering import (
    MOST_TRIES,
    Attempt,
    get_attempt_result,
    new_attempt,
    result_of,
)
from app.domain.practice.asked import Asked, AskedQuestion
from app.domain.practice.results import AnswerResult
from app.domain.practice.review_rules import (
    Proposal,
    propose,
    seconds_expected,
    text_of_part,
)
from app.domain.srs import reviewing
from app.domain.srs.log import Entry
from app.domain.srs.results import ReviewResult
from app.domain.srs.rules import Rating
from app.questions import grading
from app.questions.grades import Grade
from app.questions.types import MARKED_TYPES, Response


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer to the question of a card: `response` is any JSON, `duration_ms` the time it took.

    `part` is the id of the part of a reading that was asked; without it, all of the question was.
    """

    response: object
    duration_ms: int | None = None
    shuffle_seed: int | None = None
    part: str | None = None


class CheckedAnswer(msgspec.Struct, frozen=True):
    """A graded answer, of which nothing is stored, and the rating that it proposes.

    `slow_seconds` is the limit that a right answer missed, so that Hard is proposed.
    """

    answer: AnswerResult
    proposed_rating: Rating
    slow_seconds: int | None


class AnsweredReview(msgspec.Struct, frozen=True):
    """What a review granted, and its graded answer; that is None when it is not stored.

    A part of a reading is no answer to all of it, and a repeat may name a review without one.
    """

    review: ReviewResult
    answer: AnswerResult | None


async def check_answer(
    work: Work, account: Account, review_id: UUID, card_id: UUID, given: GivenAnswer
) -> CheckedAnswer:
    """Grade an answer to the question of a card; the review that follows stores it.

    Raises NotFound (no such question card of this learner, no such part), InvalidInput (what a
    teacher marks is not asked in reviews; the response does not fit the question).
    """
    whole, stem = await _read(work, account, card_id)
    question = _asked_part(whole, given.part)
    _, grade = _graded(question, given)
    if given.part is not None:
        stem = text_of_part(whole.graded, given.part)
    expected = seconds_expected(question.graded, stem)
    proposal: Proposal = propose(grade, reviewing.bounded_duration(given.duration_ms), expected)
    answer = result_of(review_id, question, grade, grade.score)
    return CheckedAnswer(answer, proposal.rating, proposal.slow_seconds)


async def submit_answered_review(
    work: Work,
    account: Account,
    *,
    review_id: UUID,
    card_id: UUID,
    rating: Rating,
    given: GivenAnswer | None,
    duration_ms: int | None,
    state_token: str | None,
    now: datetime,
    reviewed_at: datetime | None = None,
) -> AnsweredReview:
    """Store a review with the answer that it was given for: an attempt of the same id and time.

    Without an answer it is a review like any other. Both are in one transaction, under the lock of
    the card; otherwise as `srs.submit_review`, whose errors it raises, and those of `check_answer`.
    The time taken (`duration_ms`) is counted once, as the review's. The answer makes no new card
    and is part of no lesson. Taking the review back leaves the attempt: the answer was given. A
    part of a reading is graded, but no attempt.
    """
    stored: AnswerResult | None = None

    async def store_answer(work: Work, review: Entry) -> None:
        nonlocal stored
        assert given is not None
        attempt = Attempt(
            review_id,
            card_id,
            None,
            given.response,
            reviewing.bounded_duration(given.duration_ms),
            given.shuffle_seed,
            "review",
        )
        for _ in range(MOST_TRIES):
            question, _ = await _read(work, account, card_id)
            if given.part is not None:
                _graded(_asked_part(question, given.part), given)
                return
            answer = _graded(question, given)
            attempt = replace(attempt, question_id=question.id)
            new = new_attempt(account, attempt, Asked(question, None), answer, review.reviewed_at)
            row = await queries.write_attempt(work, new)
            if row.is_written:
                grade = answer[1]
                stored = result_of(review_id, question, grade, grade.score)
                return
            if row.is_current:
                raise Conflict  # the id is that of another attempt
        raise Unavailable

    review = await reviewing.submit_review(
        work,
        account,
        review_id=review_id,
        card_id=card_id,
        rating=rating,
        duration_ms=duration_ms,
        state_token=state_token,
        now=now,
        reviewed_at=reviewed_at,
        alongside=store_answer if given else None,
    )
    if (
        stored is None and given is not None and given.part is None
    ):  # a repeat: what was stored the first time
        with suppress(NotFound):
            stored = (await get_attempt_result(work, account, review_id)).result
    return AnsweredReview(review, stored)


async def _read(work: Work, account: Account, card_id: UUID) -> tuple[AskedQuestion, str]:
    """Return the question of a card, and its stem. Raises NotFound."""
    row = await queries.find_reviewed(work, account.user_id, card_id)
    if row is None:
        raise NotFound
    return asked.question_of(row), row.stem


def _asked_part(question: AskedQuestion, part_id: str | None) -> AskedQuestion:
    """Return the part of a reading that was asked, as a question of its own. Raises NotFound."""
    if part_id is None:
        return question
    part = grading.part_of(question.graded, part_id)
    if part is None:
        raise NotFound
    graded = part.question
    return replace(question, graded=graded, answer_key=graded.key.model_dump_json())


def _graded(question: AskedQuestion, given: GivenAnswer) -> tuple[Response, Grade]:
    if question.graded.key.type in MARKED_TYPES:
        raise InvalidInput(
            "An answer that a teacher marks is not asked in reviews. Rate the card without one.",
            "Jawaban yang dinilai guru tidak ditanyakan saat mengulang. Nilai kartunya saja.",
            field="response",
        )
    response = grading.parse_response(question.graded, given.response)
    return response, grading.grade(question.graded, response)
