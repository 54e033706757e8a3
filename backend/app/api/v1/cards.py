"""The learner's cards: adding, listing, putting away, and taking over those of other programs."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from app.api.v1.schemas.cards import (
    CardsAction,
    CardsAdded,
    CardsChanged,
    CardsIn,
    CardsPage,
    CardsQuery,
    ImportIn,
    ImportOut,
    PersonalWordAdded,
    PersonalWordIn,
    ReschedulingOut,
)
from app.core.ratelimit import limit_search
from app.domain.srs import cards, rescheduling, transfer
from app.domain.srs.cards import CardFilter
from app.domain.srs.results import CardPage
from app.http.deps import CurrentAccount, CurrentWork, Now
from app.http.hot import HotRoute
from app.http.problems import problems
from app.http.routing import JSONRoute

router = APIRouter(tags=["cards"], route_class=JSONRoute)
hot = APIRouter(tags=["cards"], route_class=HotRoute)


@hot.get("/cards", response_model=CardsPage, responses=problems(401))
async def list_cards(
    query: Annotated[CardsQuery, Query()],
    account: CurrentAccount,
    work: CurrentWork,
    now: Now,
) -> CardPage:
    """Return a page of the learner's cards. A `text` is counted as a search."""
    if query.text:
        await limit_search(str(account.user_id), is_stranger=False)
    wanted = CardFilter(query.state, query.item_type, query.direction, query.text)
    return await cards.list_cards(
        work, account, now, wanted, sort=query.sort, limit=query.limit, cursor=query.cursor
    )


@router.post("/cards", status_code=status.HTTP_201_CREATED, responses=problems(401, 404))
async def add_cards(
    body: CardsIn, work: CurrentWork, account: CurrentAccount, now: Now
) -> CardsAdded:
    """Add cards for words or questions; those that exist are left alone.

    A word has two, one for each direction. They wait behind those that were added before, or by
    hand in front of them; each day shows as many as `new_cards_per_day` says then.
    """
    items = [(item.item_type, item.item_id) for item in body.items]
    added = await cards.add_cards(work, account, items, now, by_hand=body.by_hand)
    return CardsAdded(added=added)


@router.post("/words", status_code=status.HTTP_201_CREATED, responses=problems(401, 409))
async def add_personal_word(
    body: PersonalWordIn, work: CurrentWork, account: CurrentAccount, now: Now
) -> PersonalWordAdded:
    """Keep a word of the learner's own, with its two cards.

    Refused with 409 and the code `word_exists` when the learner has it already.
    """
    item_id = await cards.add_personal_word(
        work, account, body.headword, body.meaning, body.example, now
    )
    return PersonalWordAdded(item_id=item_id)


@router.post("/cards/actions", responses=problems(401, 404))
async def manage_cards(
    body: CardsAction, account: CurrentAccount, work: CurrentWork, now: Now
) -> CardsChanged:
    """Suspend, bury, reset or reschedule cards, all of them or none.

    `POST /reviews/undo` takes it back.
    """
    changed = await cards.manage_cards(
        work, account, body.action, body.card_ids, now, due_on=body.due_on
    )
    return CardsChanged(changed=changed)


@router.get("/cards/reschedule", responses=problems(401))
async def count_to_reschedule(
    account: CurrentAccount, work: CurrentWork, now: Now
) -> ReschedulingOut:
    """Return how many learnt cards `POST /cards/reschedule` would move, after new preferences."""
    found = await rescheduling.count_to_reschedule(work, account, now)
    return ReschedulingOut(cards=found.cards, due_today=found.due_today)


@router.post("/cards/reschedule", responses=problems(401))
async def reschedule_all(account: CurrentAccount, work: CurrentWork, now: Now) -> ReschedulingOut:
    """Move every learnt card to the day that the preferences of today grant.

    Another `desired_retention` or `maximum_interval_days` changes the reviews to come; this has it
    count for those that were made, too. `POST /reviews/undo` takes it back.
    """
    moved = await rescheduling.reschedule_all(work, account, now)
    return ReschedulingOut(cards=moved.cards, due_today=moved.due_today)


@router.post("/cards/import", responses=problems(401))
async def import_cards(
    body: ImportIn, account: CurrentAccount, work: CurrentWork, now: Now
) -> ImportOut:
    """Take over the cards of an SM-2 program, all of them or none.

    Refused with 422 and the code `import_refused` when a line is wrong; `detail` names the lines
    and fields.
    """
    report = await transfer.import_sm2(work, account, body.content, now, format=body.format)
    return ImportOut(imported=report.imported, skipped=report.skipped)
