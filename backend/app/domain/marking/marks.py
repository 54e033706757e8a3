"""Use cases of marking: what waits for a teacher, giving a mark, and the learner's own marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.core.database_utils import DatabaseUtils
from app.core.errors import Conflict, Forbidden, NotFound
from app.core.pagination import KeysetPage
from app.core.work import Work, transactional
from app.domain.accounts.account import Account, has_role
from app.domain.curriculum import questions
from app.domain.marking import queries, rules
from app.domain.marking.rules import MAX_COMMENT_LENGTH, MAX_TEXT_LENGTH
from app.english.answers import DiffPiece
from app.models import AttemptMark, Question, QuestionAttempt
from app.questions.marked import Criterion
from app.questions.types import TYPES

__all__ = [
    "MAX_COMMENT_LENGTH",
    "MAX_TEXT_LENGTH",
    "NEW_DAYS",
    "Marking",
    "NothingToMark",
    "OwnAnswer",
    "corrections_of",
    "count_waiting",
    "find_mark",
    "get_marking",
    "has_new_marks",
    "list_marks",
    "list_waiting",
    "save_mark",
    "text_of",
]

NEW_DAYS = 7
MOST_COUNTED = 99


class NothingToMark(Conflict):
    """The answer was graded at once, or holds nothing."""

    code = "nothing_to_mark"
    message = "This answer is not one that a teacher marks."
    message_id = "Jawaban ini tidak dinilai oleh guru."


class OwnAnswer(Forbidden):
    """Teachers who learn, too, are marked by somebody else."""

    code = "own_answer"
    message = "You cannot mark your own answer."
    message_id = "Kamu tidak bisa menilai jawabanmu sendiri."


@dataclass(frozen=True, slots=True)
class Marking:
    """An answer that a teacher marks, with its question and, once it has one, its mark."""

    attempt: QuestionAttempt
    question: Question
    mark: AttemptMark | None = None

    @property
    def rubric(self) -> list[Criterion]:
        """What the teacher looks at."""
        return TYPES[self.question.type].rubric(self.question.options)

    @property
    def points(self) -> int:
        """The points that were given for the criteria of today's rubric."""
        given = self.mark.points if self.mark else {}
        return sum(given.get(criterion.id, 0) for criterion in self.rubric)

    @property
    def most_points(self) -> int:
        """The points that could be given."""
        return sum(criterion.points for criterion in self.rubric)


async def list_waiting(
    work: Work, account: Account, *, limit: int = 20, cursor: str | None = None
) -> KeysetPage[Marking]:
    """Return a page of the answers that wait for a mark, the oldest first; not the teacher's own.

    `account` is a teacher. Two statements. Raises InvalidInput for a cursor of another list.
    """
    page = await DatabaseUtils.get_keyset_page(
        work.session,
        queries.waiting_for(account.user_id),
        [QuestionAttempt.attempted_at.asc()],
        limit,
        cursor,
    )
    asked = await questions.fetch_questions(work, (item.question_id for item in page.items))
    items = [Marking(item, asked[item.question_id]) for item in page.items]
    return KeysetPage(items, page.next_cursor, page.previous_cursor)


async def get_marking(work: Work, account: Account, attempt_id: UUID) -> Marking:
    """Return an answer to be marked, for `account`, a teacher.

    Raises NotFound, NothingToMark, or OwnAnswer.
    """
    row = await queries.find_attempt(work, attempt_id)
    if row is None:
        raise NotFound
    marking = Marking(*row)
    if marking.attempt.user_id == account.user_id:
        raise OwnAnswer
    if marking.attempt.score is not None or not marking.rubric:
        raise NothingToMark
    return marking


@transactional()
async def save_mark(
    work: Work,
    account: Account,
    attempt_id: UUID,
    *,
    points: Mapping[str, int],
    comment: str | None,
    now: datetime,
    corrected: str | None = None,
) -> Marking:
    """Give an answer points for each criterion of its rubric, or correct those given before.

    `corrected` is the text of an essay as it should be. `account` is a teacher. Writes the mark.
    Raises as `get_marking`, and InvalidInput naming the field.
    """
    marking = await get_marking(work, account, attempt_id)
    rules.check_points(marking.rubric, points)
    mark = await queries.save_mark(
        work,
        marking.attempt,
        account.user_id,
        points=dict(points),
        score=rules.score_of(marking.rubric, points),
        comment=rules.check_comment(comment),
        corrected=rules.check_corrected(corrected, text_of(marking.attempt)),
        now=now,
    )
    return Marking(marking.attempt, marking.question, mark)


async def find_mark(work: Work, account: Account, attempt_id: UUID) -> Marking | None:
    """Return the mark of one of the learner's own answers; None while there is none."""
    rows = await queries.find_marked(work, account.user_id, [attempt_id])
    return Marking(*rows[0]) if rows else None


async def count_waiting(work: Work, account: Account) -> int:
    """Return how many answers wait for this teacher's mark, 99 at most; none for a learner."""
    if not has_role(account.role, "author"):
        return 0
    return await queries.count_waiting(work, account.user_id, MOST_COUNTED)


async def has_new_marks(work: Work, account: Account, now: datetime) -> bool:
    """Return whether the learner was given a mark in the last seven days."""
    return await queries.has_marks_since(work, account.user_id, now - timedelta(days=NEW_DAYS))


async def list_marks(
    work: Work, account: Account, *, limit: int = 20, cursor: str | None = None
) -> KeysetPage[Marking]:
    """Return a page of the learner's marked answers, the latest mark first, in two statements.

    Raises InvalidInput for a cursor of another list.
    """
    page = await DatabaseUtils.get_keyset_page(
        work.session,
        queries.marks_of(account.user_id),
        [AttemptMark.created_at.desc()],
        limit,
        cursor,
    )
    ids = [mark.attempt_id for mark in page.items]
    by_id = {row[0].id: row for row in await queries.find_marked(work, account.user_id, ids)}
    items = [Marking(*by_id[attempt_id]) for attempt_id in ids]
    return KeysetPage(items, page.next_cursor, page.previous_cursor)


def text_of(attempt: QuestionAttempt) -> str:
    """Return the text of an essay; "" of what was spoken."""
    return TYPES[attempt.response.type].written(attempt.response)


def corrections_of(marking: Marking) -> Sequence[DiffPiece]:
    """Return what a teacher changed in the text of an essay; empty where nothing was."""
    mark = marking.mark
    if mark is None or mark.corrected is None:
        return ()
    return rules.corrections(text_of(marking.attempt), mark.corrected)
