"""How a lesson went: what the learner's latest answers in it amount to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from app.domain.practice.service import LatestAnswer
from app.models import Question

GOOD_SHARE, FAIR_SHARE = 0.75, 0.5


@dataclass(frozen=True, slots=True)
class TypeScore:
    """How many questions of one type were right, of those that are graded."""

    type: str
    right: int
    total: int


@dataclass(frozen=True, slots=True)
class LessonSummary:
    """The figures of a lesson's end. What waits for a teacher's mark is counted apart.

    `to_retry` are the questions that are not right yet, with their numbers from 1.
    """

    right: int
    graded: int
    waiting: int
    types: list[TypeScore]
    to_retry: list[tuple[int, Question]]

    @property
    def grade(self) -> Literal["full", "good", "fair", "hard"]:
        """How well it went, in words that the page has."""
        share = self.right / self.graded if self.graded else 1.0
        if share == 1:
            return "full"
        if share >= GOOD_SHARE:
            return "good"
        return "fair" if share >= FAIR_SHARE else "hard"


def summarise(questions: Sequence[Question], answers: Mapping[UUID, LatestAnswer]) -> LessonSummary:
    """Return what the latest answers to a lesson's questions amount to."""
    by_type: defaultdict[str, list[bool]] = defaultdict(list)
    waiting = 0
    to_retry = []
    for number, question in enumerate(questions, start=1):
        answer = answers.get(question.id)
        if answer is None:
            continue
        if answer.score is None:
            waiting += 1
            continue
        by_type[question.type].append(answer.is_correct)
        if not answer.is_correct:
            to_retry.append((number, question))
    types = [TypeScore(kind, sum(right), len(right)) for kind, right in by_type.items()]
    return LessonSummary(
        right=sum(score.right for score in types),
        graded=sum(score.total for score in types),
        waiting=waiting,
        types=sorted(types, key=lambda score: (-score.right / score.total, -score.total)),
        to_retry=to_retry,
    )
