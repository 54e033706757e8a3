"""Appending to logs: cards are locked, an entry is added to each, and all of it is replayed."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from msgspec import structs

from app.core.work import Work
from app.domain.accounts.account import Account
from app.domain.srs import log, log_queries
from app.domain.srs.log import Activity, Aside, Entry, SettingsById, Step
from app.domain.srs.log_queries import Logged
from app.domain.srs.rules import EASE_START, CardState, Settings, minutes, new_card


class Appended(NamedTuple):
    """What an entry did at its place in time, and the card as the whole log leaves it."""

    step: Step
    card: CardState


def settings_of(account: Account) -> Settings:
    """Return what the learner's reviews are scheduled with now."""
    return Settings(
        account.desired_retention,
        minutes(account.learning_steps),
        minutes(account.relearning_steps),
        account.maximum_interval_days,
        account.day,
    )


def first_state(card: Logged, settings: SettingsById) -> CardState:
    """Return the card as it began, before its first entry."""
    if card.entries:
        return new_card(card.began_at, log.settings_of(card.entries[0], settings).day)
    if card.state.is_new and card.state.stability is None:  # whatever its columns began with
        return structs.replace(card.state, interval=0, ease_factor=EASE_START)
    return card.state


async def append(  # noqa: PLR0917 - what, to what, for whom, when
    work: Work,
    account: Account,
    cards: Mapping[UUID, Logged],
    entries: Mapping[UUID, Entry],
    now: datetime,
    client_time: datetime | None = None,
) -> dict[UUID, Appended]:
    """Add an entry to the log of each of `cards`, which are locked; return what that did.

    Replays each log, then writes the cards, the rows and what they change in the learner's days.
    Others are served between two replays, of which an action may need thousands.
    """
    settings = await log_queries.fetch_settings(work, account.user_id, cards.values())
    settings = {**settings, account.srs_settings_id: settings_of(account)}
    done, days = {}, dict[date, Activity]()
    for card_id, entry in entries.items():
        done[card_id], changed = _appended(cards[card_id], entry, settings)
        days = log.sum_of(days, changed)
        await asyncio.sleep(0)
    user_id = account.user_id
    states = {card_id: appended.card for card_id, appended in done.items()}
    await log_queries.update_cards(work, user_id, states, now)
    await log_queries.insert_entries(
        work,
        (
            log_queries.log_row(appended.step, user_id, card_id, client_time, now)
            | {"action_id": entries[card_id].action_id}
            for card_id, appended in done.items()
        ),
    )
    await log_queries.set_asides(work, user_id, _changed_asides(cards, entries), now)
    await log_queries.add_activity(work, user_id, days, now)
    return done


def _changed_asides(
    cards: Mapping[UUID, Logged], entries: Mapping[UUID, Entry]
) -> dict[UUID, Aside]:
    """Return what must be stored so that suspended and buried cards are what their logs say."""
    asides = {
        card_id: log.aside([*cards[card_id].entries, entry], cards[card_id].aside)
        for card_id, entry in entries.items()
    }
    return {card_id: aside for card_id, aside in asides.items() if aside != cards[card_id].aside}


def _appended(
    card: Logged, entry: Entry, settings: SettingsById
) -> tuple[Appended, dict[date, Activity]]:
    """Return what an entry does to a card, and what it changes in the learner's days."""
    first = first_state(card, settings)
    if entry.kind != "undo" and log.comes_last(entry, card.entries):
        (step,) = log.steps([entry], card.state if card.entries else first, settings)
        return Appended(step, step.after), log.activity([step])
    before = log.steps(card.entries, first, settings)
    after = log.steps([*card.entries, entry], first, settings)
    state = log.outcome(after, first, len(card.entries) + 1)
    changed = log.change(log.activity(before), log.activity(after))
    for step in after:
        if step.entry.id == entry.id:
            return Appended(step, state), changed
    return Appended(Step(entry, card.state, state, 0), state), changed  # an undo has no place
