"""The review session: one card after the other until nothing is due, one round trip a card."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import Response

from app.api.deps import DB, CurrentDatabase
from app.core.database import Database
from app.core.errors import InvalidInput, NotFound
from app.domain.practice import service as practice
from app.domain.srs import service as srs
from app.domain.srs.service import DueCard, DueCounts, Preview, Rating
from app.models.base import new_id
from app.web.answers import fields_of, first, read_duration, read_seed
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


@router.get("")
async def show_review(  # noqa: PLR0917 - the query of a page without a script
    visit: Learner,
    db: DB,
    database: CurrentDatabase,
    card: UUID | None = None,
    leech: UUID | None = None,
    told: Literal["", "elsewhere", "changed", "nothing", "buried", "suspended"] = "",
    undone: Undone = "",
    n: int = 1,
) -> Response:
    """Show the card that is due first, or one `card`, or how it went when nothing is due."""
    notice = _notice(visit.language, told, undone, n)
    shown = None
    if card is not None:
        shown = await srs.get_card(database, visit.account, card, visit.now)
    return await _next(visit, db, database, Told(notice, leech, told in _ASIDE), shown)


@router.post("")
async def rate(
    visit: Learner,
    db: DB,
    database: CurrentDatabase,
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
    fields = fields_of(await visit.request.form())
    durations = [read_duration(first(fields, name)) for name in ("spent_ms", "duration_ms")]
    try:
        answered = await practice.submit_answered_review(
            database,
            visit.account,
            review_id=review_id,
            card_id=card_id,
            rating=rating,
            given=given_again(fields),
            duration_ms=sum(filter(None, durations)) if any(durations) else None,
            state_token=state_token or None,
            now=visit.now,
        )
    except srs.AlreadyReviewed:
        return await _go_on(visit, db, database, "elsewhere")
    except InvalidInput:  # the question was changed since it was answered
        return await _go_on(visit, db, database, "changed")
    leech = card_id if answered.review.is_leech else None
    if not visit.is_htmx:
        return see_other(f"/reviews?leech={leech}" if leech else "/reviews")
    return await _next(visit, db, database, Told(leech=leech))


@router.post("/check")
async def check_typed(
    visit: Learner,
    database: CurrentDatabase,
    *,
    card_id: Annotated[UUID, Form()],
    review_id: Annotated[UUID, Form()],
    state_token: Annotated[str, Form()] = "",
    typed: Annotated[str, Form()] = "",
    duration_ms: Annotated[str, Form()] = "",
) -> Response:
    """Turn the card over, with what was typed beside the answer; the learner still rates it."""
    card = await srs.get_card(database, visit.account, card_id, visit.now)
    return await _show_card(
        visit,
        database,
        card,
        review_id=review_id,
        typed=typed[:_TYPED_LIMIT].strip(),
        spent_ms=read_duration(duration_ms),
        state_token=state_token,
    )


@router.post("/answer")
async def check_answer(
    visit: Learner,
    database: CurrentDatabase,
    *,
    card_id: Annotated[UUID, Form()],
    review_id: Annotated[UUID, Form()],
    state_token: Annotated[str, Form()] = "",
    shuffle_seed: Annotated[str, Form()] = "",
) -> Response:
    """Grade the answer to a question's card and propose a rating; nothing is stored before that."""
    card = await srs.get_card(database, visit.account, card_id, visit.now)
    if not is_asked(card):
        raise NotFound
    question = question_of(card, visit, read_seed(shuffle_seed))
    fields = fields_of(await visit.request.form())
    try:
        given = read_given(question, fields)
        checked = await practice.check_answer(database, visit.account, review_id, card_id, given)
        shown = show_checked(question, visit, given, checked)
    except InvalidInput as error:
        shown = ask(question, visit, fields, error.text(visit.language))
    return await _show_card(
        visit, database, card, review_id=review_id, asked=shown, state_token=state_token
    )


@router.post("/undo")
async def undo(
    visit: Learner, db: DB, database: CurrentDatabase, undo_id: Annotated[UUID, Form()]
) -> Response:
    """Take back what was done last and show its card again, if it was in this session."""
    try:
        undone = await srs.undo_last_action(database, visit.account, undo_id, visit.now)
    except srs.NothingToUndo:
        return await _go_on(visit, db, database, "nothing")
    card = undone.card if undone.action in {"review", "bury", "suspend"} else None
    if not visit.is_htmx:
        shown = f"&card={card.card_id}" if card else ""
        return see_other(f"/reviews?undone={undone.action}&n={undone.changed}{shown}")
    notice = _notice(visit.language, "", undone.action, undone.changed)
    return await _next(visit, db, database, Told(notice), card)


@router.post("/aside")
async def put_aside(
    visit: Learner,
    db: DB,
    database: CurrentDatabase,
    card_id: Annotated[UUID, Form()],
    action: Annotated[Literal["bury", "suspend"], Form()],
) -> Response:
    """Bury the card until tomorrow or suspend it, and go on with the next."""
    await srs.manage_cards(database, visit.account, action, [card_id], visit.now)
    return await _go_on(visit, db, database, "buried" if action == "bury" else "suspended")


async def _go_on(visit: LearnerVisit, db: DB, database: Database, told: str) -> Response:
    """Show what comes next and say what happened; without htmx, by way of a redirect."""
    if not visit.is_htmx:
        return see_other(f"/reviews?told={told}")
    notice = _notice(visit.language, told)
    return await _next(visit, db, database, Told(notice, can_undo=told in _ASIDE))


def _notice(language: str, told: str, undone: str = "", n: int = 1) -> str:
    """Return what just happened, in words; nothing when it was nothing worth a word."""
    if undone:
        return translate(language, f"undone.{undone}", n=n)
    return translate(language, f"review.told.{told}") if told else ""


async def _next(
    visit: LearnerVisit, db: DB, database: Database, told: Told, card: DueCard | None = None
) -> Response:
    """Show `card`, else the first of the queue, else how the session went."""
    queue = await srs.get_queue(database, visit.account, visit.now, limit=1)
    card = card or next(iter(queue.cards), None)
    if card is None:
        return await summary_page(visit, db, database, told)
    return await _show_card(visit, database, card, counts=queue.counts, told=told)


async def _show_card(
    visit: LearnerVisit,
    database: Database,
    card: DueCard,
    *,
    counts: DueCounts | None = None,
    review_id: UUID | None = None,
    typed: str | None = None,
    spent_ms: int | None = None,
    asked: AskedCard | None = None,
    state_token: str = "",
    told: Told = NOTHING_TOLD,
) -> Response:
    """Show a card. `state_token` is that of when it was shown first, if it was shown before."""
    if counts is None:
        counts = await srs.count_due(database, visit.account, visit.now)
    done = await srs.count_reviewed_today(database, visit.account, visit.now)
    faces = faces_of(card, visit.account, visit.now)
    attempt: Attempt | None = None
    if typed is not None and not isinstance(faces, QuestionFaces):
        attempt = compare_typed(faces, typed, visit.language)
    if asked is None and is_asked(card):
        asked = ask(question_of(card, visit), visit, {})
    suggested = attempt.suggested if attempt else asked.proposed if asked else Rating.GOOD
    return visit.page(
        "review.html",
        section="reviews",
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
        remaining=max(1, counts.total),
        fresh=counts.new,
        done=done,
        told=told,
    )


def _button(rating: Rating, preview: Preview, language: str) -> RatingButton:
    wait = wait_text(language, days=preview.interval_days, seconds=preview.seconds)
    return RatingButton(rating.name.lower(), rating.value, wait)
