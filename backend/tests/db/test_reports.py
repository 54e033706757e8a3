"""Reports of learners on real commits: stored with the answer and the grade, answered once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.core.errors import Conflict, InvalidInput, NotFound
from app.domain.practice import reporting
from app.models import ItemReport
from app.models.base import new_id
from tests.db.learning import NOW, RIGHT, WRONG, rows_of, store
from tests.db.test_answered_reviews import READING
from tests.factories import make_account, make_question, make_user
from tests.work import work_on


@pytest.fixture
async def question(session):
    question = make_question()
    await store(session, question)
    return question


@pytest.fixture
async def others(session):
    """Two more learners and an author."""
    users = [make_user(), make_user(), make_user(role="author")]
    await store(session, *users)
    return [make_account(user) for user in users]


async def report(session, account, question, **fields):
    stored = await reporting.report_item(
        work_on(session),
        account,
        **{
            "report_id": new_id(),
            "question_id": question.id,
            "kind": "answer",
            "response": WRONG,
            "comment": " Sama saja. ",
            "now": NOW,
        }
        | fields,
    )
    await session.commit()
    return stored


async def test_a_report_keeps_the_answer_and_what_it_is_worth(session, learner, question):
    await report(session, learner, question)
    (stored,) = await rows_of(session, ItemReport)
    assert (stored.kind, stored.status, stored.comment) == ("answer", "open", "Sama saja.")
    assert (stored.response, stored.score) == (WRONG, 0)
    assert (stored.user_id, stored.created_at) == (learner.user_id, NOW)


async def test_a_repeat_stores_nothing_and_a_later_report_adds_to_the_open_one(
    session, learner, question
):
    report_id = new_id()
    first = await report(session, learner, question, report_id=report_id)
    again = await report(session, learner, question, report_id=report_id)
    assert again.id == first.id == report_id
    assert again.comment == first.comment == "Sama saja."
    later = NOW + timedelta(hours=1)
    await report(session, learner, question, response=RIGHT, comment="Lagi", now=later)
    await report(session, learner, question, kind="question", response=None)
    kept = {row.kind: row for row in await rows_of(session, ItemReport)}
    assert (kept["answer"].response, kept["answer"].score) == (RIGHT, 1)
    assert (kept["answer"].comment, kept["answer"].updated_at) == ("Sama saja.\nLagi", later)
    assert kept["question"].response is None
    assert len(kept) == len(await rows_of(session, ItemReport)) == 2


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"question_id": new_id()}, NotFound),
        ({"response": None}, InvalidInput),
        ({"response": {"type": "true_false", "value": True}}, InvalidInput),
        ({"response": "b"}, InvalidInput),
        ({"comment": "x" * (reporting.MAX_TEXT_LENGTH + 1)}, InvalidInput),
        ({"comment": "\x00"}, InvalidInput),
    ],
)
async def test_what_cannot_be_a_report_is_refused(session, learner, question, fields, refused):
    with pytest.raises(refused):
        await report(session, learner, question, **fields)
    await session.rollback()
    assert await rows_of(session, ItemReport) == []


async def test_an_id_of_somebody_else_is_a_conflict(session, learner, others, question):
    report_id = new_id()
    await report(session, learner, question, report_id=report_id)
    with pytest.raises(Conflict):
        await report(session, others[0], question, report_id=report_id)


async def test_the_most_reported_question_stands_first(session, learner, others, question):
    busy = make_question()
    await store(session, busy)
    await report(session, learner, question)
    for number, account in enumerate(others[:2]):
        await report(session, account, busy, now=NOW + timedelta(minutes=number))
    found = await reporting.list_open(work_on(session))
    assert [(item.question.id, item.reports) for item in found] == [
        (busy.id, 2),
        (busy.id, 2),
        (question.id, 1),
    ]
    assert [item.report.user_id for item in found[:2]] == [a.user_id for a in others[:2]]
    assert len(await reporting.list_open(work_on(session), 1)) == 1


@pytest.mark.parametrize("decision", ["accepted", "declined"])
async def test_a_decision_is_told_to_the_learner_and_made_once(
    session, learner, others, question, decision
):
    stored = await report(session, learner, question)
    author, later = others[2], NOW + timedelta(days=1)
    assert not await reporting.has_new_replies(work_on(session), learner, later)

    async def settle(report_id):
        return await reporting.settle(
            work_on(session), author, report_id, decision=decision, reply="Terima kasih!", now=later
        )

    await settle(stored.id)
    (own,) = await reporting.list_own(work_on(session), learner)
    assert (own.report.status, own.report.reply) == (decision, "Terima kasih!")
    assert (own.report.settled_by, own.report.settled_at) == (author.user_id, later)
    assert await reporting.list_open(work_on(session)) == []
    assert await reporting.has_new_replies(work_on(session), learner, later)
    assert not await reporting.has_new_replies(work_on(session), learner, later + timedelta(days=8))
    assert await reporting.list_own(work_on(session), others[0]) == []
    with pytest.raises(reporting.AlreadySettled):
        await settle(stored.id)
    with pytest.raises(NotFound):
        await settle(new_id())
    await report(session, learner, question, report_id=new_id())
    assert len(await rows_of(session, ItemReport)) == 2


async def test_an_essay_is_reported_without_a_score(session, learner):
    essay = make_question(
        type="essay",
        options={
            "type": "essay",
            "min_words": 3,
            "max_words": 50,
            "rubric": [{"id": "a", "name": {"en": "A", "id": "A"}, "points": 4}],
        },
        answer_key={"type": "essay", "sample": None},
    )
    await store(session, essay)
    text = {"type": "essay", "text": "I like it here."}
    stored = await report(session, learner, essay, kind="question", response=text)
    assert stored.score is None
    account = replace(learner)
    assert (await reporting.list_own(work_on(session), account))[0].question.id == essay.id


async def test_one_id_with_both_kinds_keeps_both_reports(session, learner, question):
    report_id = new_id()
    await report(session, learner, question, report_id=report_id, kind="question")
    await report(session, learner, question, report_id=report_id, comment="Dan jawabanku benar.")
    kept = {row.kind: row.comment for row in await rows_of(session, ItemReport)}
    assert kept == {"question": "Sama saja.", "answer": "Dan jawabanku benar."}


async def test_an_empty_comment_leaves_the_earlier_one(session, learner, question):
    await report(session, learner, question)
    stored = await report(session, learner, question, comment="")
    assert stored.comment == "Sama saja."


async def test_two_parts_of_a_reading_are_one_report_worth_what_they_are(session, learner):
    reading = make_question(**READING)
    await store(session, reading)
    right = {"type": "reading", "parts": {"p1": {"type": "true_false", "value": True}}}
    first = await report(session, learner, reading, kind="question", response=right)
    assert first.score == 1
    wrong = {"type": "reading", "parts": {"p2": {"type": "short_answer", "text": "In Medan"}}}
    both = await report(session, learner, reading, kind="question", response=wrong)
    assert set(both.response.parts) == {"p1", "p2"}
    assert both.score == 0.5


async def test_a_question_that_was_changed_is_reported_without_the_old_answer(
    session, learner, question
):
    gone = {"type": "multiple_choice", "choice": "z"}
    stored = await report(session, learner, question, kind="question", response=gone)
    assert (stored.response, stored.score) == (None, None)
    with pytest.raises(InvalidInput):
        await report(session, learner, question, response=gone)


async def test_lines_are_counted_as_they_are_seen(session, learner, question):
    comment = "\r\n".join(["x" * 49] * 20)
    stored = await report(session, learner, question, comment=comment)
    assert stored.comment == "\n".join(["x" * 49] * 20)
