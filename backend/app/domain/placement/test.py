"""Use cases of the placement test: beginning, answering, stopping, and where to start learning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.core.errors import Conflict, NotFound, raise_for
from app.core.work import Work, transactional
from app.domain.accounts import preferences
from app.domain.accounts.account import Account
from app.domain.placement import irt as rules
from app.domain.placement import queries
from app.domain.placement.irt import (
    LEAST_ITEMS,
    MOST_ITEMS,
    USUAL_ITEMS,
    Item,
    UnitMaterial,
    share_answered,
)
from app.domain.srs import reviewing
from app.models import PlacementTest, Question, QuestionAttempt, Unit
from app.questions.grades import GradedQuestion
from app.questions.grading import empty_response, grade, parse_response, shuffled
from app.questions.shuffling import shuffle_seed
from app.questions.types import Options, Response

__all__ = [
    "LEAST_ITEMS",
    "MOST_ITEMS",
    "USUAL_ITEMS",
    "NoQuestions",
    "NotAsked",
    "Placement",
    "Standing",
    "abandon",
    "begin",
    "find_result",
    "find_standing",
    "find_start",
    "get_latest",
    "get_standing",
    "share_answered",
    "submit_answer",
]


class NoQuestions(Conflict):
    """The published path has no question that the test could ask."""

    code = "no_placement_questions"
    message = "There are no questions for a placement test yet."
    message_id = "Belum ada soal untuk tes penempatan."


class NotAsked(Conflict):
    """The answer is to a question that the test is not asking."""

    code = "question_not_asked"
    message = "The test is asking another question now. Please load it again."
    message_id = "Tes sedang menanyakan soal lain. Silakan muat ulang."


@dataclass(frozen=True, slots=True)
class Placement:
    """A finished test, and the unit to start in (None when it is there no longer)."""

    test: PlacementTest
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a test is: the question being asked, or its result once it is finished."""

    test: PlacementTest
    answered: int
    question: Question | None = None
    result: Placement | None = None

    @property
    def seed(self) -> int:
        """The seed of the order in which the question offers its choices: the test's own."""
        assert self.question is not None
        return shuffle_seed(self.test.id, self.question.id, 0)

    @property
    def options(self) -> Options | None:
        """What the question offers, in that order."""
        assert self.question is not None
        graded = GradedQuestion(self.question.answer_key, self.question.options)
        return shuffled(graded, self.seed)


@transactional(idempotent=True)
async def begin(work: Work, account: Account, now: datetime) -> Standing:
    """Begin a test, or go on with the one that is open.

    Locks and writes the test. Raises NoQuestions.
    """
    await queries.insert_open_test(work, account.user_id, now)
    return await get_standing(work, account, now)


async def find_standing(work: Work, account: Account, now: datetime) -> Standing | None:
    """Return how far the learner's open test is; None without one."""
    test = await queries.find_open_test(work, account.user_id)
    if test is None:
        return None
    question = test.question_id and await queries.find_question(work, test.question_id)
    if not question:  # the test has just begun, or its question was deleted
        test = await _lock(work, account)
        return await _advance(work, account, test, now)
    answers = await queries.fetch_answers(work, account.user_id, test.id)
    return Standing(test, len(answers), question)


async def get_standing(work: Work, account: Account, now: datetime) -> Standing:
    """Do `find_standing`, raising NotFound without an open test."""
    standing = await find_standing(work, account, now)
    if standing is None:
        raise NotFound
    return standing


async def get_latest(work: Work, account: Account, now: datetime) -> Standing:
    """Return the open test's standing, else that of the latest finished one. Raises NotFound."""
    standing = await find_standing(work, account, now)
    if standing is not None:
        return standing
    result = await find_result(work, account)
    if result is None:
        raise NotFound
    return await _finished(work, account, result)


async def _finished(work: Work, account: Account, result: Placement) -> Standing:
    answers = await queries.fetch_answers(work, account.user_id, result.test.id)
    return Standing(result.test, len(answers), result=result)


@transactional(idempotent=True)
async def submit_answer(
    work: Work,
    account: Account,
    *,
    attempt_id: UUID,
    question_id: UUID,
    response: object,
    duration_ms: int | None,
    now: datetime,
) -> Standing:
    """Store the answer to the question being asked, and go on to the next one or to the result.

    `response` is any JSON or a response; None says "I don't know", which counts as wrong. Each
    question counts once: a repeat changes nothing. The answer becomes no card.

    Locks the test; writes attempt, daily activity and test, at the end also the learner's level.
    Raises NotFound without an open test, NotAsked, InvalidInput (the response does not fit), or
    Conflict (the id is in use otherwise).
    """
    test = await queries.find_open_test(work, account.user_id, lock=True)
    if test is None:
        return await _finished_with(work, account, attempt_id)
    answers = await queries.fetch_answers(work, account.user_id, test.id)
    if question_id in {row.id for row in answers}:
        return await get_standing(work, account, now)
    question = await queries.find_question(work, question_id)
    if question is None or question_id != test.question_id:
        raise NotAsked
    attempt = _graded(account, test, question, response, now)
    attempt.id, attempt.duration_ms = attempt_id, reviewing.bounded_duration(duration_ms)
    try:
        async with work.session.begin_nested():
            work.session.add(attempt)
    except IntegrityError as error:
        raise_for(error, {"question_attempts_pkey": Conflict()})
    await queries.add_activity(
        work,
        account.user_id,
        account.day.date_of(now),
        is_correct=attempt.is_correct,
        duration_ms=attempt.duration_ms or 0,
        now=now,
    )
    return await _advance(work, account, test, now)


async def _finished_with(work: Work, account: Account, attempt_id: UUID) -> Standing:
    """Return the standing of the test that an answer, sent again, has finished."""
    result = await find_result(work, account)
    answered = await queries.find_answered_test(work, account.user_id, attempt_id)
    if result is None or answered != result.test.id:
        raise NotFound
    return await _finished(work, account, result)


def _graded(
    account: Account, test: PlacementTest, question: Question, data: object, now: datetime
) -> QuestionAttempt:
    """Return the attempt of an answer, with its grade. Raises InvalidInput."""
    graded = GradedQuestion(question.answer_key, question.options)
    response: Response = (
        empty_response(question.type) if data is None else parse_response(graded, data)
    )
    earned = grade(graded, response)
    return QuestionAttempt(
        user_id=account.user_id,
        question_id=question.id,
        context="placement",
        placement_test_id=test.id,
        response=response,
        is_correct=earned.is_correct,
        score=earned.score,
        shuffle_seed=shuffle_seed(test.id, question.id, 0),
        attempted_at=now,
    )


@transactional()
async def abandon(work: Work, account: Account, now: datetime) -> None:
    """Stop the open test without a result; the level stays as it is. Raises NotFound."""
    test = await _lock(work, account)
    test.status, test.finished_at, test.question_id = "abandoned", _end(test, now), None
    test.updated_at = now
    await work.session.flush()


async def find_result(work: Work, account: Account) -> Placement | None:
    """Return the learner's latest finished test; None when there is none."""
    row = await queries.find_last_result(work, account.user_id)
    return None if row is None else Placement(*row)


async def find_start(work: Work, account: Account) -> UUID | None:
    """Return the unit where the learner was placed, as long as they keep the level found."""
    result = await find_result(work, account)
    if result is None or result.unit is None or result.test.level != account.level:
        return None
    return result.unit.id


async def _lock(work: Work, account: Account) -> PlacementTest:
    test = await queries.find_open_test(work, account.user_id, lock=True)
    if test is None:
        raise NotFound
    return test


async def _advance(work: Work, account: Account, test: PlacementTest, now: datetime) -> Standing:
    """Choose the next question of a (locked) test, or finish it."""
    answers = await queries.fetch_answers(work, account.user_id, test.id)
    asked = [_item(row) for row in answers]
    found = rules.estimate(
        (item.difficulty, float(row.score)) for item, row in zip(asked, answers, strict=True)
    )
    material = await queries.fetch_material(work)
    units, item = _units(material), None
    items = {row.id: _item(row) for row in material}.values()
    has_read = any(each.is_reading for each in asked)
    if not has_read and not rules.is_enough(len(asked), found, units):
        item = rules.choose_item(items, asked, found.ability, test.id)
    if item is None:
        item = rules.choose_reading(items, asked, found.ability, test.id)
    test.updated_at = now
    if item is None:
        result = await _finish(work, account, test, found=found, units=units, now=now)
        return Standing(test, len(asked), result=result)
    test.question_id = item.id
    await work.session.flush()
    return Standing(test, len(asked), await queries.find_question(work, item.id))


async def _finish(
    work: Work,
    account: Account,
    test: PlacementTest,
    *,
    found: rules.Estimate,
    units: Sequence[UnitMaterial],
    now: datetime,
) -> Placement:
    start = rules.starting_unit(units, found.ability)
    if start is None:
        raise NoQuestions
    test.status, test.finished_at, test.question_id = "finished", _end(test, now), None
    test.ability, test.standard_error = found.ability, found.standard_error
    test.level, test.unit_id = start.level, start.id
    await work.session.flush()
    await preferences.change_level(work, account, start.level, now)
    return Placement(test, await queries.find_unit(work, start.id))


def _end(test: PlacementTest, now: datetime) -> datetime:
    """Return when the test ended: not before it began, should two servers' clocks differ."""
    return max(now, test.started_at)


def _item(row: Any) -> Item:
    difficulty = rules.item_difficulty(row.level, row.difficulty)
    return Item(row.id, difficulty, row.skill, is_reading=row.type == "reading")


def _units(material: Sequence[Any]) -> list[UnitMaterial]:
    """Return the units of the path, in order, with the difficulties of their questions."""
    return [
        UnitMaterial(
            unit_id, level, tuple(rules.item_difficulty(r.level, r.difficulty) for r in rows)
        )
        for (unit_id, level), rows in groupby(material, lambda r: (r.unit_id, r.unit_level))
    ]
