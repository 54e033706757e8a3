"""The review session: one card after the other until nothing is due, one round trip a card."""

from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from app.core.errors import InvalidInput, NotFound
from app.core.work import Work
from app.domain.practice import mistakes, reviewing
from app.domain.practice.mistakes import Practice
from app.domain.srs import cards, details, undoing
from app.domain.srs import queue as srs_queue
from app.domain.srs.results import DueCard, Preview
from app.domain.srs.reviewing import AlreadyReviewed
from app.domain.srs.rules import Rating
from app.domain.srs.undoing import NothingToUndo
from app.http.deps import CurrentWork
from app.models.base import new_id
from app.questions.forms import first
from app.web.answers import fields_of, read_duration, read_seed
from app.web.asked_cards import (
    AskedCard,
    ask,
    given_again,
    is_asked,
    question_of,
    read_given,
    show_checked,
)
from app.web.card_faces import Attempt, QuestionFaces, compare_typed, faces_of
from app.web.i18n import translate
from app.web.practising import Focus, Focused
from app.web.review_summary import NOTHING_TOLD, Told, summary_page
from app.web.time_texts import wait_text
from app.web.visit import Learner, LearnerVisit, see_other

router = APIRouter(prefix="/reviews")

_TYPED_LIMIT = 200
_ASIDE = ("buried", "suspended")

Undone = Literal[
    "", "review", "suspend", "unsuspend", "bury", "unbury", "reset", "reschedule", "import"
]


@dataclass(frozen=True, slots=True)
class RatingButton:
    """One of the four buttons, with what it grants."""

    name: str
    value: int
    interval: str


@dataclass(frozen=True, slots=True)
class _Session:
    """A session of reviews: of all cards that are due, or of those of its `focus`."""

    visit: LearnerVisit
    work: Work
    focus: Focus | None

    @property
    def asks_whole(self) -> bool:
        """Whether a reading is asked with all its parts: only so is a mistake in it put right."""
        return self.focus is not None

    def address(self, **query: object) -> str:
        """Return the address of the session, which keeps to its focus."""
        path = "/reviews" + (self.focus.query if self.focus else "")
        said = urlencode({name: value for name, value in query.items() if value})
        return path + (("&" if self.focus else "?") + said if said else "")

    async def go_on(self, told: str) -> Response:
        """Show what comes next and say what happened; without htmx, by way of a redirect."""
        if not self.visit.is_htmx:
            return see_other(self.address(told=told))
        notice = _notice(self.visit.language, told)
        return await self.go_to(Told(notice, can_undo=told in _ASIDE))

    async def go_to(self, told: Told, card: DueCard | None = None) -> Response:
        """Show `card`, else the first of what is left, else how the session went."""
        if self.focus is not None:
            return await self._practise(self.focus, told, card)
        queue = await srs_queue.get_queue(self.work, self.visit.account, self.visit.now, limit=1)
        card = card or next(iter(queue.cards), None)
        if card is None:
            return await summary_page(self.visit, self.work, told)
        done = await srs_queue.count_reviewed_today(self.work, self.visit.account, self.visit.now)
        progress = _Progress(done, max(1, queue.counts.total), queue.counts.new)
        return await self.show(card, progress=progress, told=told)

    async def _practise(self, focus: Focus, told: Told, card: DueCard | None) -> Response:
        practice = await self._practice(focus)
        if card is None and not practice.is_over:
            card = await details.get_card(
                self.work, self.visit.account, practice.cards[0], self.visit.now
            )
        if card is None:
            return self.visit.page("practice_done.html", section="home", practice=practice)
        return await self.show(card, progress=_progress_of(practice), told=told)

    async def _practice(self, focus: Focus) -> Practice:
        account, now = self.visit.account, self.visit.now
        return await mistakes.get_practice(self.work, account, focus.cause, focus.began, now)

    async def progress(self) -> "_Progress":
        """Return how far the session is."""
        if self.focus is not None:
            return _progress_of(await self._practice(self.focus))
        account, now = self.visit.account, self.visit.now
        counts = await srs_queue.count_due(self.work, account, now)
        done = await srs_queue.count_reviewed_today(self.work, account, now)
        return _Progress(done, max(1, counts.total), counts.new)

    async def show(
        self,
        card: DueCard,
        *,
        progress: "_Progress | None" = None,
        review_id: UUID | None = None,
        typed: str | None = None,
        spent_ms: int | None = None,
        asked: AskedCard | None = None,
        state_token: str = "",
        told: Told = NOTHING_TOLD,
    ) -> Response:
        """Show a card. `state_token` is that of when it was shown first, if it was shown before."""
        visit = self.visit
        if progress is None:
            progress = await self.progress()
        faces = faces_of(card, visit.account, visit.now)
        attempt: Attempt | None = None
        if typed is not None and not isinstance(faces, QuestionFaces):
            attempt = compare_typed(faces, typed, visit.language)
        if asked is None and is_asked(card):
            asked = ask(question_of(card, visit, whole=self.asks_whole), visit, {})
        suggested = attempt.suggested if attempt else asked.proposed if asked else Rating.GOOD
        return visit.page(
            "review.html",
            section="reviews",
            focus=self.focus,
            focus_query=self.focus.query if self.focus else "",
            card=card,
            item=faces,
            asked=asked,
            attempt=attempt,
            is_turned=typed is not None,
            ratings=[_button(rating, card.previews[rating], visit.language) for rating in Rating],
            suggested=suggested,
            review_id=review_id or new_id(),
            state_token=state_token or card.state_token,
            undo_id=new_id(),
            report_id=new_id(),
            spent_ms=spent_ms or "",
            remaining=progress.remaining,
            fresh=progress.fresh,
            done=progress.done,
            told=told,
        )


@dataclass(frozen=True, slots=True)
class _Progress:
    """How many cards are done and how many left, `fresh` ones of them new."""

    done: int
    remaining: int
    fresh: int


def _progress_of(practice: Practice) -> _Progress:
    return _Progress(practice.done, max(1, len(practice.cards)), 0)


async def _session(visit: Learner, work: CurrentWork, focus: Focused) -> _Session:
    return _Session(visit, work, focus)


Session = Annotated[_Session, Depends(_session)]


@router.get("")
async def show_review(
    session: Session,
    *,
    card: UUID | None = None,
    leech: UUID | None = None,
    told: Literal["", "elsewhere", "changed", "nothing", "buried", "suspended"] = "",
    undone: Undone = "",
    n: int = 1,
) -> Response:
    """Show the card that is due first, or one `card`, or how it went when nothing is due.

    With a `cause` of the mistake book, and when that practice `began` (milliseconds since 1970),
    the cards are those of its mistakes.
    """
    visit = session.visit
    notice = _notice(visit.language, told, undone, n)
    shown = None
    if card is not None:
        shown = await details.get_card(session.work, visit.account, card, visit.now)
    return await session.go_to(Told(notice, leech, told in _ASIDE), shown)


@router.post("")
async def rate(
    session: Session,
    *,
    review_id: Annotated[UUID, Form()],
    card_id: Annotated[UUID, Form()],
    rating: Annotated[Rating, Form()],
    state_token: Annotated[str, Form()] = "",
) -> Response:
    """Store a rating and show the next card. Sending the same form twice stores one review.

    With the rating of a question comes its answer, which is stored with it. `spent_ms` is the time
    until the answer was given, `duration_ms` that from then on.
    """
    visit = session.visit
    fields = fields_of(await visit.request.form())
    durations = [read_duration(first(fields, name)) for name in ("spent_ms", "duration_ms")]
    try:
        answered = await reviewing.submit_answered_review(
            session.work,
            visit.account,
            review_id=review_id,
            card_id=card_id,
            rating=rating,
            given=given_again(fields),
            duration_ms=sum(filter(None, durations)) if any(durations) else None,
            state_token=state_token or None,
            now=visit.now,
        )
    except AlreadyReviewed:
        return await session.go_on("elsewhere")
    except InvalidInput:  # the question was changed since it was answered
        return await session.go_on("changed")
    leech = card_id if answered.review.is_leech else None
    if not visit.is_htmx:
        return see_other(session.address(leech=leech))
    return await session.go_to(Told(leech=leech))


@router.post("/check")
async def check_typed(
    session: Session,
    *,
    card_id: Annotated[UUID, Form()],
    review_id: Annotated[UUID, Form()],
    state_token: Annotated[str, Form()] = "",
    typed: Annotated[str, Form()] = "",
    duration_ms: Annotated[str, Form()] = "",
) -> Response:
    """Turn the card over, with what was typed beside the answer; the learner still rates it."""
    visit = session.visit
    card = await details.get_card(session.work, visit.account, card_id, visit.now)
    return await session.show(
        card,
        review_id=review_id,
        typed=typed[:_TYPED_LIMIT].strip(),
        spent_ms=read_duration(duration_ms),
        state_token=state_token,
    )


@router.post("/answer")
async def check_answer(
    session: Session,
    *,
    card_id: Annotated[UUID, Form()],
    review_id: Annotated[UUID, Form()],
    state_token: Annotated[str, Form()] = "",
    shuffle_seed: Annotated[str, Form()] = "",
) -> Response:
    """Grade the answer to a question's card and propose a rating; nothing is stored before that."""
    visit, work = session.visit, session.work
    card = await details.get_card(work, visit.account, card_id, visit.now)
    if not is_asked(card):
        raise NotFound
    question = question_of(card, visit, read_seed(shuffle_seed), whole=session.asks_whole)
    fields = fields_of(await visit.request.form())
    try:
        given = read_given(question, fields)
        checked = await reviewing.check_answer(work, visit.account, review_id, card_id, given)
        shown = show_checked(question, visit, given, checked)
    except InvalidInput as error:
        shown = ask(question, visit, fields, error.text(visit.language))
    return await session.show(card, review_id=review_id, asked=shown, state_token=state_token)


@router.post("/undo")
async def undo(session: Session, undo_id: Annotated[UUID, Form()]) -> Response:
    """Take back what was done last and show its card again, if it was in this session."""
    visit = session.visit
    try:
        undone = await undoing.undo_last_action(session.work, visit.account, undo_id, visit.now)
    except NothingToUndo:
        return await session.go_on("nothing")
    card = undone.card if undone.action in {"review", "bury", "suspend"} else None
    if not visit.is_htmx:
        shown = card.card_id if card else None
        return see_other(session.address(undone=undone.action, n=undone.changed, card=shown))
    notice = _notice(visit.language, "", undone.action, undone.changed)
    return await session.go_to(Told(notice), card)


@router.post("/aside")
async def put_aside(
    session: Session,
    card_id: Annotated[UUID, Form()],
    action: Annotated[Literal["bury", "suspend"], Form()],
) -> Response:
    """Bury the card until tomorrow or suspend it, and go on with the next."""
    visit = session.visit
    await cards.manage_cards(session.work, visit.account, action, [card_id], visit.now)
    return await session.go_on("buried" if action == "bury" else "suspended")


def _notice(language: str, told: str, undone: str = "", n: int = 1) -> str:
    """Return what just happened, in words; nothing when it was nothing worth a word."""
    if undone:
        return translate(language, f"undone.{undone}", n=n)
    return translate(language, f"review.told.{told}") if told else ""


def _button(rating: Rating, preview: Preview, language: str) -> RatingButton:
    wait = wait_text(language, days=preview.interval_days, seconds=preview.seconds)
    return RatingButton(rating.name.lower(), rating.value, wait)
