"""Which rating an answer proposes in a review."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.domain.practice.review_rules import (
    THINKING_SECONDS,
    choose_part,
    propose,
    seconds_expected,
)
from app.domain.srs.rules import Rating
from app.english.answers import DiffPiece
from app.questions.grades import Grade, PartResult, Texts
from app.questions.grading import part_of
from app.questions.types import QUESTION_TYPES
from tests.rules.questions import GRADED_TYPES, questions

scores = st.one_of(st.none(), st.integers(0, 1000).map(lambda n: Decimal(n) / 1000))
durations = st.one_of(st.none(), st.integers(0, 3_600_000))
TYPO = DiffPiece("typo", "receive", "recieve")


@given(scores, durations, st.integers(1, 600))
def test_wrong_proposes_again_and_right_never_does(score, duration, expected):
    proposal = propose(Grade(score), duration, expected)
    is_wrong = score is not None and score < 1
    assert (proposal.rating == Rating.AGAIN) == is_wrong
    assert proposal.rating != Rating.EASY  # only the learner can tell


@given(durations, st.integers(1, 600))
def test_a_right_answer_is_slow_beyond_its_limit_and_the_limit_is_told(duration, expected):
    proposal = propose(Grade(Decimal(1)), duration, expected)
    is_slow = duration is not None and duration > expected * 1000
    assert proposal.rating == (Rating.HARD if is_slow else Rating.GOOD)
    assert proposal.slow_seconds == (expected if is_slow else None)


def test_a_misspelt_answer_proposes_hard_in_a_gap_as_well():
    gap = PartResult("1", is_correct=True, score=1, expected=Texts("", ""), diff=(TYPO,))
    for grade in (Grade(Decimal(1), diff=(TYPO,)), Grade(Decimal(1), parts=(gap,))):
        proposal = propose(grade, 1000, 60)
        assert (proposal.rating, proposal.slow_seconds) == (Rating.HARD, None)


@given(questions(*GRADED_TYPES), st.text(max_size=200))
def test_more_to_read_gives_more_time(question, stem):
    seconds = seconds_expected(question, stem)
    assert seconds >= THINKING_SECONDS
    assert seconds_expected(question, f"{stem} and two more words") >= seconds + 2


@given(questions(*QUESTION_TYPES), st.integers(0, 2**31 - 1))
def test_only_a_reading_has_parts_and_the_one_that_is_asked_is_one_of_them(question, seed):
    part = choose_part(question, seed)
    if question.key.type == "reading":
        assert part_of(question, part.id) == part
        assert part.question.key in question.key.parts.values()
    else:
        assert part is None
        assert all(part_of(question, name) is None for name in ("p1", "a", "1"))
    assert part_of(question, "no such part") is None


@given(questions("reading"))
def test_each_part_is_asked_as_often_as_the_others(question):
    parts = question.options.parts
    chosen = [choose_part(question, seed).id for seed in range(3 * len(parts))]
    assert {chosen.count(part.id) for part in parts} == {3}
