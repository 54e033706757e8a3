"""The mistake book: the learner's own mistakes by cause, each with five minutes of practice."""

from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.responses import Response

from app.domain.practice import mistakes
from app.domain.practice.mistakes import CauseStanding, Mistake
from app.http.deps import CurrentWork
from app.web.practising import Focus
from app.web.reported import ReportedItem, answered_in
from app.web.time_texts import day_text
from app.web.visit import Learner, LearnerVisit, see_other

router = APIRouter(prefix="/mistakes")
SHOWN = 50


@dataclass(frozen=True, slots=True)
class ShownMistake:
    """A mistake in words: what was asked, answered and right; of a reading each wrong part."""

    mistake: Mistake
    items: list[ReportedItem]
    day: str


@router.get("")
async def show_mistakes(visit: Learner, work: CurrentWork) -> Response:
    """Show the causes of the learner's mistakes, those that weigh most first."""
    standings = await mistakes.get_standings(work, visit.account, visit.now)
    return visit.page(
        "mistakes.html",
        section="home",
        standings=[(each, _latest(visit, each)) for each in standings],
        open=sum(each.open for each in standings),
        minutes=int(mistakes.PRACTICE_TIME.total_seconds() // 60),
    )


@router.get("/{cause}")
async def show_cause(visit: Learner, work: CurrentWork, cause: str) -> Response:
    """Show the mistakes of one cause: what was answered, and what is right."""
    book = await mistakes.get_book(work, visit.account, cause, visit.now)
    return visit.page(
        "mistakes_cause.html",
        section="home",
        book=book,
        shown=[_shown(visit, mistake) for mistake in book.mistakes[:SHOWN]],
        minutes=int(mistakes.PRACTICE_TIME.total_seconds() // 60),
    )


@router.post("/{cause}/practice")
async def practise(visit: Learner, work: CurrentWork, cause: str) -> Response:
    """Begin five minutes of one cause."""
    book = await mistakes.get_book(work, visit.account, cause, visit.now)
    return see_other("/reviews" + Focus(book.cause, visit.now).query)


def only_wrong(item: ReportedItem) -> ReportedItem:
    """Return an item without the gaps and pairs that are right."""
    if len(item.given) != len(item.answer) or len(item.given) == 1:
        return item
    pairs = [(a, b) for a, b in zip(item.given, item.answer, strict=True) if a != b]
    return replace(item, given=[a for a, _ in pairs], answer=[b for _, b in pairs])


def _latest(visit: LearnerVisit, standing: CauseStanding) -> ShownMistake | None:
    return None if standing.latest is None else _shown(visit, standing.latest)


def _shown(visit: LearnerVisit, mistake: Mistake) -> ShownMistake:
    day = visit.account.day
    items = answered_in(mistake.question, mistake.response, visit.language)
    return ShownMistake(
        mistake,
        [only_wrong(item) for item in items if item.given != item.answer],
        day_text(day.date_of(mistake.attempted_at), day.date_of(visit.now), visit.language),
    )
