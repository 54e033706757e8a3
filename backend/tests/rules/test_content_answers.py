"""What learners may type, and what they may not, in the questions of the published lessons."""

from functools import cache

import pytest

from app.core.config import CONTENT
from app.domain.curriculum.checking import check_content
from app.domain.curriculum.reading import scan_content
from app.questions.grades import GradedQuestion
from app.questions.grading import grade, parse_response


@cache
def _questions():
    content, problems = scan_content(CONTENT)
    assert not problems
    return {
        question.slug: question
        for lesson in content.lessons()
        for question in lesson.document.questions
    }


def _is_right(slug, answer):
    """Grade what a learner typed: gaps apart by " | ", ordered words apart by " / "."""
    question = _questions()[slug]
    response = {"type": question.type}
    if question.type == "fill_blank":
        response["gaps"] = answer.split(" | ")
    elif question.type == "ordering":
        ids = {token.text: token.id for token in question.options.tokens}
        response["order"] = [ids[text] for text in answer.split(" / ")]
    else:
        response["text"] = answer
    graded = GradedQuestion(question.answer_key, question.options)
    return grade(graded, parse_response(graded, response)).is_correct


@pytest.mark.parametrize(
    ("slug", "answer"),
    [
        ("introducing-yourself-08", "Is | 's not"),
        ("introducing-yourself-09", "We're not university students."),
        ("introducing-yourself-11", "My brother's twenty"),
        ("daily-routines-12", "Andi usually goes to work at 7 o'clock"),
        ("daily-routines-12", "Andi usually goes to work at 7 a.m."),
        ("daily-routines-12", "Usually Andi goes to work at 7"),
        ("what-is-happening-now-06", "He is reading a book right now"),
        ("what-is-happening-now-12", "They're not listening to any music"),
        ("comparing-things-05", "in Indonesia / Jakarta is / the / biggest / city"),
        ("comparing-things-07", "My bike's cheaper than your car is"),
        ("comparing-things-12", "Yogyakarta's not as crowded as Jakarta is."),
        ("last-weekend-07", "2 days ago we stayed in Bandung"),
        ("plans-and-predictions-12", "I think that tomorrow it'll rain"),
        ("life-experiences-10", "I haven't ever worked overseas"),
        ("life-experiences-10", "I've never worked outside Indonesia"),
        ("life-experiences-11", "Since 2020 my sister's been living in Makassar"),
        ("real-and-unreal-conditions-06", "had | 'd learn"),
        ("real-and-unreal-conditions-08", "if / you / lost / your wallet / what / would you / do"),
        ("real-and-unreal-conditions-09", "We'll cancel the trip, unless the weather improves."),
        ("real-and-unreal-conditions-11", "If I owned a car I would visit you every week"),
        (
            "real-and-unreal-conditions-11",
            "I would come to see you every week if I had a car",
        ),
        ("used-to-and-would-07", "at the weekend / what / did / your parents / use to / do"),
        ("used-to-and-would-10", "Every afternoon I used to play soccer"),
        ("used-to-and-would-10", "I used to play soccer in the afternoon"),
        (
            "used-to-and-would-11",
            "My mother used to be a teacher, but she isn't a teacher anymore",
        ),
        ("used-to-and-would-11", "My mother used to be a teacher but she's no longer a teacher"),
        ("reporting-what-people-said-11", "He promised he would phone me the following day"),
        ("reporting-what-people-said-11", "He promised me that he'd call me the next day"),
        ("linking-ideas-06", "Although it was very late the shop was still open"),
        ("linking-ideas-10", "Despite earning a good salary, he didn't save anything"),
        ("the-passive-in-reports-07", "Every month the equipment must be checked."),
    ],
)
def test_a_natural_answer_is_accepted(slug, answer):
    assert _is_right(slug, answer)


@pytest.mark.parametrize(
    ("slug", "answer"),
    [
        ("introducing-yourself-11", "My brother has 20 years old"),
        ("daily-routines-09", "She don't drink coffee"),
        ("daily-routines-12", "Andi usually go to work at 7"),
        ("what-is-happening-now-06", "He reading a book right now"),
        ("comparing-things-07", "My bike is more cheap than your car"),
        ("last-weekend-12", "Rina didn't bought a new phone"),
        ("plans-and-predictions-12", "I think tomorrow will rain"),
        ("life-experiences-11", "My sister lives in Makassar since 2020"),
        ("real-and-unreal-conditions-06", "'d | would learn"),
        ("real-and-unreal-conditions-11", "If I would have a car, I would visit you every week"),
        ("used-to-and-would-10", "I am used to play soccer every afternoon"),
        ("used-to-and-would-11", "My mother use to be a teacher"),
        ("linking-ideas-06", "Although it was very late, but the shop was still open"),
        ("reporting-what-people-said-10", "She asked me where I work"),
        ("reporting-what-people-said-10", "She asked me where did I work"),
        ("reporting-what-people-said-11", "He promised to call me tomorrow"),
    ],
)
def test_a_near_miss_is_refused(slug, answer):
    assert not _is_right(slug, answer)


def test_the_published_content_has_no_errors():
    assert check_content(CONTENT).errors == []
