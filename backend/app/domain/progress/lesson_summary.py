"""How a lesson went: what the learner's latest answers in it amount to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from app.domain.progress.completion import LessonScore, lesson_score
from app.domain.progress.results import LatestAnswer
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
    """How a lesson ended: its score, that of each type of questions, and what to try again.

    `to_retry` are the questions that are not right yet, with their numbers from 1.
    """

    score: LessonScore
    types: list[TypeScore]
    to_retry: list[tuple[int, Question]]

    @property
    def grade(self) -> Literal["full", "good", "fair", "hard"]:
        """How well it went, in words that the page has."""
        share = self.score.right / self.score.graded if self.score.graded else 1.0
        if share == 1:
            return "full"
        if share >= GOOD_SHARE:
            return "good"
        return "fair" if share >= FAIR_SHARE else "hard"


def summarise(questions: Sequence[Question], answers: Mapping[UUID, LatestAnswer]) -> LessonSummary:
    """Return what the latest answers to a lesson's questions amount to."""
    by_type: defaultdict[str, list[bool]] = defaultdict(list)
    to_retry = []
    for number, question in enumerate(questions, start=1):
        answer = answers.get(question.id)
        if answer is None or answer.score is None:
            continue
        by_type[question.type].append(answer.is_correct)
        if not answer.is_correct:
            to_retry.append((number, question))
    types = [TypeScore(kind, sum(right), len(right)) for kind, right in by_type.items()]
    return LessonSummary(
        score=lesson_score(answer.score for answer in answers.values()),
        types=sorted(types, key=lambda score: (-score.right / score.total, -score.total)),
        to_retry=to_retry,
    )
