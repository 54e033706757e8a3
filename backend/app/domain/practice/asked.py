"""Published questions and lessons as answering needs them, kept in the process between answers.

What is kept may be old: the statement that stores an answer checks that it is not.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cachetools import LRUCache

from app.core.errors import NotFound
from app.core.work import Work
from app.domain.practice import answer_queries as queries
from app.domain.practice.answer_queries import AskedRow, GradedRow
from app.domain.practice.results import Explanation
from app.domain.progress.completion import share_done
from app.models import Question
from app.questions.grades import GradedQuestion
from app.questions.grading import stored_question

MOST_QUESTIONS = 2_000
MOST_LESSONS = 500


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it is graded and explained; `passage_id` makes siblings of its cards."""

    id: UUID
    updated_at: datetime
    graded: GradedQuestion
    answer_key: str
    explanation: Explanation
    passage_id: UUID | None


@dataclass(frozen=True, slots=True)
class AskedLesson:
    """A lesson's shape: its published questions, and its percentage after 0, 1, … steps.

    `places` are the numbers of sections behind which its questions stand, `split_from` is the
    lesson of which it was a part.
    """

    updated_at: datetime
    sections_total: int
    questions: tuple[UUID, ...]
    places: dict[UUID, int]
    percentages: tuple[int, ...]
    split_from: UUID | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer is graded by: the question, and the lesson in which it was asked, if any."""

    question: AskedQuestion
    lesson: AskedLesson | None


_questions: LRUCache[UUID, AskedQuestion] = LRUCache(MOST_QUESTIONS)
_lessons: LRUCache[UUID, AskedLesson] = LRUCache(MOST_LESSONS)


def question_of(row: GradedRow) -> AskedQuestion:
    """Return the question in a row of FIND_ASKED or FIND_ATTEMPT."""
    return AskedQuestion(
        id=row.id,
        updated_at=row.updated_at,
        graded=stored_question(row.answer_key, row.options),
        answer_key=row.answer_key,
        explanation=Explanation(row.explanation, row.explanation_id),
        passage_id=row.passage_id,
    )


def question_from(question: Question) -> AskedQuestion:
    """Return a question that was read as a row of the model."""
    translation = question.translations.id
    return AskedQuestion(
        id=question.id,
        updated_at=question.updated_at,
        graded=GradedQuestion(question.answer_key, question.options),
        answer_key=question.answer_key.model_dump_json(),
        explanation=Explanation(
            question.explanation, translation.explanation if translation else None
        ),
        passage_id=question.passage_id,
    )


def _lesson_of(row: AskedRow) -> AskedLesson:
    assert row.lesson_updated_at is not None, "without a lesson there is no shape of one"
    sections, questions = row.sections_total or 0, tuple(row.lesson_questions)
    total = sections + len(questions)
    percentages = tuple(share_done(steps, total) for steps in range(total + 1))
    places = (sections if after is None else after for after in row.lesson_places)
    return AskedLesson(
        row.lesson_updated_at,
        sections,
        questions,
        dict(zip(questions, places, strict=True)),
        percentages,
        row.split_from_id,
    )


def find_kept(question_id: UUID, lesson_id: UUID | None) -> Asked | None:
    """Return the question, and the lesson if there is to be one, when they are kept here."""
    question = _questions.get(question_id)
    lesson = None if lesson_id is None else _lessons.get(lesson_id)
    if question is None or (lesson is None and lesson_id is not None):
        return None
    return Asked(question, lesson)


async def read(work: Work, question_id: UUID, lesson_id: UUID | None) -> Asked:
    """Read the question, and the lesson if there is to be one, in one statement, and keep them.

    Raises NotFound when one of them is not published.
    """
    row = await queries.find_asked(work, question_id, lesson_id)
    if row is None or (lesson_id is not None and row.lesson_updated_at is None):
        _questions.pop(question_id, None)
        raise NotFound
    question = question_of(row)
    _questions[question_id] = question
    if lesson_id is None:
        return Asked(question, None)
    lesson = _lesson_of(row)
    _lessons[lesson_id] = lesson
    return Asked(question, lesson)
