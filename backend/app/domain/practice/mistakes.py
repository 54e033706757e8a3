"""Use cases of the mistake book: a learner's own mistakes by cause, and practice of one cause."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from cachetools import LRUCache, cached
from pydantic import TypeAdapter

from app.core.errors import InvalidInput, NotFound
from app.core.work import Work
from app.domain.accounts.account import Account
from app.domain.curriculum import questions
from app.domain.practice import mistake_queries
from app.domain.practice.causes import causes_of
from app.domain.srs import cards as srs_cards
from app.domain.srs.results import CardSummary
from app.models import Question
from app.questions.documents.base import STORED
from app.questions.grades import GradedQuestion
from app.questions.slips import CAUSES, Cause
from app.questions.types import Response

DAYS = 180
MOST_ANSWERS = 2_000
MOST_MISTAKES = 200
MOST_WORDS = 20
PRACTICE_TIME = timedelta(minutes=5)
WORDS: Cause = "words"
"""The cause that forgotten word cards belong to."""

_RESPONSES: TypeAdapter[Response] = TypeAdapter(Response)


@dataclass(frozen=True, slots=True)
class Mistake:
    """The latest wrong answer to a question, and whether a later one was right (`is_mended`).

    `card_id` is that of the question's card; None when that is put aside.
    """

    attempt_id: UUID
    question: Question
    response: Response
    attempted_at: datetime
    causes: tuple[Cause, ...]
    is_mended: bool
    card_id: UUID | None
    last_reviewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CauseStanding:
    """How many mistakes of a cause are open and how many mended, and the latest open one.

    `words` are the learner's words that they have forgotten; with the cause "words" only.
    """

    cause: Cause
    open: int
    mended: int
    latest: Mistake | None
    words: int = 0


@dataclass(frozen=True, slots=True)
class CauseBook:
    """All that the mistake book knows of one cause: mistakes, the open and the latest first."""

    cause: Cause
    mistakes: list[Mistake]
    words: list[CardSummary]

    @property
    def open(self) -> int:
        """How many mistakes are not mended."""
        return sum(not mistake.is_mended for mistake in self.mistakes)


@dataclass(frozen=True, slots=True)
class Practice:
    """Five minutes of one cause: the cards still to be reviewed, in turn, and how it went.

    `done` cards were reviewed since it began, and of the mistakes that were open then `mended` are
    put right and `open` are not.
    """

    cause: Cause
    cards: list[UUID]
    done: int
    mended: int
    open: int
    is_over: bool


async def get_standings(work: Work, account: Account, now: datetime) -> list[CauseStanding]:
    """Return the causes of the learner's mistakes, the one with most open mistakes first.

    From the latest wrong answer to each question in 180 days (200 questions at most). Questions
    that a teacher marks, and the placement test, do not count. Four statements.
    """
    mistakes = await _mistakes(work, account, now)
    words = await srs_cards.list_forgotten_words(work, account, now, MOST_WORDS)
    standings = [_standing(cause, mistakes, len(words)) for cause in CAUSES]
    used = [each for each in standings if each.open or each.mended or each.words]
    return sorted(used, key=lambda each: -(each.open + each.words))


def _standing(cause: Cause, mistakes: Sequence[Mistake], words: int) -> CauseStanding:
    of_cause = [mistake for mistake in mistakes if cause in mistake.causes]
    is_open = Counter(not mistake.is_mended for mistake in of_cause)
    latest = next((mistake for mistake in of_cause if not mistake.is_mended), None)
    return CauseStanding(
        cause, is_open[True], is_open[False], latest, words if cause == WORDS else 0
    )


async def count_open(work: Work, account: Account, now: datetime) -> int:
    """Return how many questions the learner has not answered right since they got them wrong."""
    return await mistake_queries.count_open(
        work, account.user_id, now - timedelta(days=DAYS), _until(now), most_answers=MOST_ANSWERS
    )


async def get_book(work: Work, account: Account, cause: str, now: datetime) -> CauseBook:
    """Return the learner's mistakes of one cause, and with "words" the words they have forgotten.

    Raises NotFound for what is no cause.
    """
    known = _known(cause)
    mistakes = [each for each in await _mistakes(work, account, now) if known in each.causes]
    words = (
        await srs_cards.list_forgotten_words(work, account, now, MOST_WORDS)
        if known == WORDS
        else []
    )
    return CauseBook(known, sorted(mistakes, key=lambda each: each.is_mended), words)


async def get_practice(
    work: Work, account: Account, cause: str, began: datetime, now: datetime
) -> Practice:
    """Return what is left of five minutes of practice of one cause, which `began` (aware) then.

    The mistakes are those of that moment, whatever the practice itself adds: first the cards of
    the open ones, the latest first (readings behind the others, for they take longest), then
    forgotten words, then mended ones, the one whose card was not seen for longest first; each card
    once. Reviewing them is a review like any other. Raises NotFound for what is no cause.
    """
    book = await get_book(work, account, cause, began)
    is_open = {each.question.id: not each.is_mended for each in await _mistakes(work, account, now)}
    repeated = sorted(
        (each for each in book.mistakes if each.is_mended),
        key=lambda each: each.last_reviewed_at or each.attempted_at,
    )
    still_open = sorted(
        (each for each in book.mistakes if not each.is_mended),
        key=lambda each: each.question.type == "reading",
    )
    ranked = [
        *((each.card_id, each.last_reviewed_at) for each in still_open),
        *((word.card_id, word.last_reviewed_at) for word in book.words),
        *((each.card_id, each.last_reviewed_at) for each in repeated),
    ]
    cards = [(card, seen) for card, seen in ranked if card is not None]
    left = [card for card, seen in cards if seen is None or seen < began]
    unmended = sum(is_open.get(each.question.id, False) for each in still_open)
    return Practice(
        book.cause,
        left,
        done=len(cards) - len(left),
        mended=len(still_open) - unmended,
        open=unmended,
        is_over=not left or now - began >= PRACTICE_TIME,
    )


def _known(cause: str) -> Cause:
    for known in CAUSES:
        if known == cause:
            return known
    raise NotFound


async def _mistakes(work: Work, account: Account, now: datetime) -> list[Mistake]:
    rows = await mistake_queries.fetch_mistakes(
        work,
        account.user_id,
        now - timedelta(days=DAYS),
        _until(now),
        most_answers=MOST_ANSWERS,
        most=MOST_MISTAKES,
    )
    asked = await questions.fetch_questions(work, [row.question_id for row in rows])
    today = account.day.date_of(now)
    found = []
    for row in rows:
        question = asked[row.question_id]
        response = _RESPONSES.validate_json(row.response, context=STORED)
        causes = _causes_of(row.attempt_id, question, response)
        if not causes:  # right by today's key
            continue
        found.append(
            Mistake(
                row.attempt_id,
                question,
                response,
                row.attempted_at,
                causes,
                row.is_mended,
                None if _is_aside(row, today) else row.card_id,
                row.last_reviewed_at,
            )
        )
    return found


def _until(now: datetime) -> datetime:
    """Return the end of what counts `now`: what was answered in this very moment does."""
    return now + timedelta(microseconds=1)


def _is_aside(row: mistake_queries.MistakeRow, today: date) -> bool:
    """Return whether the card of a mistake is suspended, or buried for today."""
    is_buried = row.buried_until is not None and row.buried_until > today
    return row.is_suspended or is_buried


@cached(LRUCache(5_000), key=lambda attempt_id, question, _: (attempt_id, question.updated_at))
def _causes_of(_attempt_id: UUID, question: Question, response: Response) -> tuple[Cause, ...]:
    """Return the causes of a wrong answer by today's key and today's grader."""
    graded = GradedQuestion(question.answer_key, question.options)
    try:
        return causes_of(graded, question.stem, response, skill=question.skill)
    except InvalidInput:  # the question was changed, and no longer takes such an answer
        return ()
