"""The learner's cards: finding them, putting many away at once, and the history of one."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from app.core.ratelimit import limit_search
from app.domain.srs import cards, details, rescheduling, undoing
from app.domain.srs.cards import Action, CardFilter
from app.domain.srs.results import CardSummary, LogEntry
from app.domain.srs.rules import Rating
from app.domain.srs.undoing import NothingToUndo
from app.http.deps import CurrentWork
from app.models.base import new_id
from app.web.card_faces import faces_of
from app.web.i18n import has_message, translate
from app.web.memory_curve import memory_curve
from app.web.time_texts import clock_text, date_text, day_text, number_text, wait_text
from app.web.visit import Learner, LearnerVisit, local_path, see_other

router = APIRouter(prefix="/cards")
PAGE = 50
_SECOND_MS = 1_000

States = Literal["", "new", "learning", "review", "suspended", "buried", "leech"]
ItemTypes = Literal["", "vocabulary", "question", "personal"]
Directions = Literal["", "recognition", "production"]
CardIds = Annotated[list[UUID], Form(alias="card_id")]


@dataclass(frozen=True, slots=True)
class Row:
    """A card of the list, in words."""

    card: CardSummary
    due: str
    interval: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a card's history, in words."""

    log: LogEntry
    day: str
    time: str
    rating: str
    before: str
    after: str
    stability: str
    took: str


@router.get("")
async def show_cards(  # noqa: PLR0917 - the filters
    visit: Learner,
    work: CurrentWork,
    q: Annotated[str, Query(max_length=100)] = "",
    state: States = "",
    item_type: ItemTypes = "",
    direction: Directions = "",
    sort: Literal["due", "difficulty", "lapses"] = "due",
    cursor: str = "",
    done: str = "",
    undone: str = "",
    n: int = 0,
) -> Response:
    """List the cards that fit the filters, a page at a time. A text (`q`) counts as a search.

    `done` says what was just done to `n` of them, or `undone` what was taken back.
    """
    if q.strip():
        await limit_search(str(visit.account.user_id), is_stranger=False)
    wanted = CardFilter(state or None, item_type or None, direction or None, q.strip() or None)
    page = await cards.list_cards(
        work, visit.account, visit.now, wanted, sort=sort, limit=PAGE, cursor=cursor or None
    )
    chosen = {"q": q, "state": state, "item_type": item_type, "direction": direction, "sort": sort}
    filters = {name: value for name, value in chosen.items() if value and value != "due"}
    here = "/cards" + (f"?{urlencode(filters)}" if filters else "")
    more = urlencode(filters | {"cursor": page.next_cursor}) if page.next_cursor else ""
    return visit.page(
        "cards.html",
        section="reviews",
        rows=[_row(card, visit) for card in page.items],
        chosen=chosen,
        has_filters=bool(filters.keys() - {"sort"}),
        list_href=here,
        more_href=f"/cards?{more}" if more else None,
        notice=_notice(done, undone, n, visit.language),
        undo_id=new_id() if done else None,
        today=visit.account.day.date_of(visit.now),
    )


def _row(card: CardSummary, visit: LearnerVisit) -> Row:
    today = visit.account.day.date_of(visit.now)
    due = max(card.buried_until or today, card.next_review_date)
    return Row(
        card,
        "–" if card.is_suspended else day_text(max(due, today), today, visit.language),
        wait_text(visit.language, days=card.interval_days) if card.interval_days else "–",
    )


def _notice(done: str, undone: str, n: int, language: str) -> str:
    """Return what was done to how many cards; an address that was made up says nothing."""
    key = f"undone.{undone}" if undone else f"cards.done.{done}"
    return translate(language, key, n=n) if has_message(key) else ""


@router.post("/actions")
async def act(
    visit: Learner,
    work: CurrentWork,
    *,
    card_ids: CardIds = [],  # noqa: B006 - FastAPI copies it
    action: Annotated[Action, Form()],
    due_on: Annotated[date | Literal[""], Form()] = "",
    back: Annotated[str, Form()] = "/cards",
    is_confirmed: Annotated[bool, Form()] = False,
) -> Response:
    """Do something to the ticked cards. A reset asks once more, a reschedule for a missing day."""
    here = local_path(back, "/cards")
    if not card_ids:
        return see_other(here)
    if (action == "reset" and not is_confirmed) or (action == "reschedule" and not due_on):
        return visit.page(
            "cards_confirm.html",
            section="reviews",
            action=action,
            card_ids=card_ids,
            back=here,
            today=visit.account.day.date_of(visit.now),
        )
    number = await cards.manage_cards(
        work, visit.account, action, card_ids, visit.now, due_on=due_on or None
    )
    return _back(here, done=action, n=number)


@router.post("/reschedule")
async def reschedule_all(visit: Learner, work: CurrentWork) -> Response:
    """Move every learnt card to the day that the settings of today grant."""
    moved = await rescheduling.reschedule_all(work, visit.account, visit.now)
    return _back("/cards", done="reschedule", n=moved.cards)


@router.post("/undo")
async def undo(
    visit: Learner,
    work: CurrentWork,
    *,
    undo_id: Annotated[UUID, Form()],
    back: Annotated[str, Form()] = "/cards",
) -> Response:
    """Take back what was done last, here or elsewhere, and say what it was."""
    here = local_path(back, "/cards")
    try:
        undone = await undoing.undo_last_action(work, visit.account, undo_id, visit.now)
    except NothingToUndo:
        return _back(here, undone="nothing", n=0)
    return _back(here, undone=undone.action, n=undone.changed)


def _back(here: str, **said: object) -> Response:
    """Send the browser back to where it was, with what happened."""
    return see_other(f"{here}{'&' if '?' in here else '?'}{urlencode(said)}")


@router.get("/{card_id:uuid}")
async def show_card(
    visit: Learner,
    work: CurrentWork,
    *,
    card_id: UUID,
    done: str = "",
    undone: str = "",
    n: int = 0,
) -> Response:
    """Show one card: both faces, what is known of it, its memory over time and its log."""
    account = visit.account
    # First, because `db` keeps its connection from its first statement on: never hold two.
    card = await details.get_card(work, account, card_id, visit.now)
    log = await details.get_history(work, account, card_id)
    summary = await cards.get_card_summary(work, account, card_id, visit.now)
    return visit.page(
        "card.html",
        section="reviews",
        item=faces_of(card, account, visit.now),
        row=_row(summary, visit),
        history=[_entry(entry, visit) for entry in log],
        stability=_days(summary.stability, visit.language),
        curve=memory_curve(log, summary.due_at, visit.now, account.desired_retention),
        first_day=date_text(log[-1].day, visit.language) if log else "",
        notice=_notice(done, undone, n, visit.language),
        undo_id=new_id() if done else None,
        today=account.day.date_of(visit.now),
    )


def _entry(entry: LogEntry, visit: LearnerVisit) -> Entry:
    language, zone = visit.language, visit.account.timezone
    rated = f"rating.{Rating(entry.rating).name.lower()}" if entry.rating else ""
    took = entry.duration_ms
    moved = entry.kind in {"review", "reset", "reschedule", "import"}
    return Entry(
        log=entry,
        day=date_text(entry.day, language),
        time=clock_text(entry.reviewed_at, zone, language),
        rating=translate(language, rated or f"card.kind.{entry.kind}"),
        before=_days(entry.interval_before if moved else None, language),
        after=wait_text(
            language,
            days=entry.interval,
            seconds=(entry.due_at - entry.reviewed_at).total_seconds(),
        )
        if moved
        else "–",
        stability=_days(entry.stability if moved else None, language),
        took="–" if took is None else f"{number_text(took / _SECOND_MS, language)} s",
    )


def _days(days: float | None, language: str) -> str:
    """Return a number of days in words; – for none."""
    if not days:
        return "–"
    return translate(language, "interval.days", n=number_text(days, language))
