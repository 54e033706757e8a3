"""What the use cases of practice return. The structs are encoded as they are, to be sent."""

from datetime import datetime
from uuid import UUID

import msgspec

from app.english.answers import DiffPiece
from app.questions.grades import PartResult, Texts


class Explanation(msgspec.Struct, frozen=True):
    """Why the answer is what it is, in the languages in which an author has said so."""

    en: str | None
    id: str | None


class LessonStanding(msgspec.Struct, frozen=True):
    """How far the learner is in the lesson after an answer.

    `just_completed`: this answer was the last one open; the lesson's words became cards.
    """

    questions_attempted: int
    questions_correct: int
    completion_percentage: int
    status: str
    just_completed: bool


class AnswerResult(msgspec.Struct, frozen=True):
    """A graded answer with what the learner should know; `progress` only within a lesson.

    `score` is from 0 to 1, None while a teacher has to mark the answer. `answer` is the right
    answer as a line of text, `answer_key` the same as stored (JSON). What the answer is worth is
    what was stored; feedback and parts are left out where today's key would say otherwise.
    """

    attempt_id: UUID
    question_id: UUID
    is_correct: bool
    score: float | None
    needs_marking: bool
    feedback: tuple[Texts, ...]
    diff: tuple[DiffPiece, ...]
    parts: tuple[PartResult, ...]
    answer: Texts
    answer_key: msgspec.Raw
    explanation: Explanation
    progress: LessonStanding | None


class StoredAttempt(msgspec.Struct, frozen=True):
    """An answer as it was given (`response` is JSON) with its result.

    `run`: how many graded answers in a row, this one the last, were right within two hours; at most
    10.
    """

    lesson_id: UUID | None
    response: msgspec.Raw
    duration_ms: int | None
    shuffle_seed: int | None
    attempted_at: datetime
    run: int
    result: AnswerResult


class ShownQuestion(msgspec.Struct, frozen=True):
    """A question to be answered: no key, no explanation; `options` (JSON) in the order of the seed.

    `stem` is in English and in Indonesian, `passage` (JSON) the text of a reading that this other
    question is about. Hand `shuffle_seed` back with the answer.
    """

    id: UUID
    type: str
    level: str
    skill: str
    difficulty: int
    stem: Explanation
    options: msgspec.Raw | None
    passage: msgspec.Raw | None
    shuffle_seed: int
