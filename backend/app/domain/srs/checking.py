"""Proof that all cards, and the learners' days, are what the logs say; and their repair."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from msgspec import structs

from app.core.work import Work
from app.domain.srs import check_queries, log, log_queries
from app.domain.srs.check_queries import Counts
from app.domain.srs.history import first_state
from app.domain.srs.log import Activity, Aside, SettingsById
from app.domain.srs.log_queries import Logged
from app.domain.srs.rules import CardState

LISTED = 100
"""Findings that a check names; the others are counted."""


@dataclass(slots=True)
class LogCheck:
    """What a check looked at and found. `findings` names the first LISTED differences."""

    learners: int = 0
    cards: int = 0
    entries: int = 0
    wrong_cards: int = 0
    wrong_days: int = 0
    is_repaired: bool = False
    findings: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        """How many cards and days are not what the logs say."""
        return self.wrong_cards + self.wrong_days


@dataclass(slots=True)
class _Differences:
    """What one learner's cards and days should be, where they are not."""

    cards: dict[UUID, CardState] = field(default_factory=dict)
    asides: dict[UUID, Aside] = field(default_factory=dict)
    days: dict[date, Counts] = field(default_factory=dict)


async def check_logs(
    work: Work,
    now: datetime,
    *,
    repair: bool = False,
    on_progress: Callable[[LogCheck], None] = lambda _check: None,
) -> LogCheck:
    """Replay the logs of all cards; with `repair`, store what they say where it differs.

    Learner by learner, each in a snapshot of its own, so that memory is that of one learner, and
    nobody who reviews meanwhile is found wrong. A repair locks the learner's cards and replays once
    more. Days: reviews, learnt reviews and new cards (times taken are also those of answers).
    """
    found = LogCheck(is_repaired=repair)
    async for user_id in check_queries.learners(work):
        async with work.transaction(isolation="repeatable_read", readonly=True):
            cards = await check_queries.fetch_cards(work, user_id)
            wrong = await _differences(work, user_id, cards)
        if repair and (wrong.cards or wrong.asides or wrong.days):
            async with work.transaction():
                cards = await check_queries.fetch_cards(work, user_id, locked=True)
                wrong = await _differences(work, user_id, cards)
                await log_queries.update_cards(work, user_id, wrong.cards, now)
                await log_queries.set_asides(work, user_id, wrong.asides, now)
                await check_queries.set_days(work, user_id, wrong.days, now)
        _count(found, user_id, cards, wrong)
        on_progress(found)
    return found


def _count(found: LogCheck, user_id: UUID, cards: dict[UUID, Logged], wrong: _Differences) -> None:
    found.learners += 1
    found.cards += len(cards)
    found.entries += sum(len(card.entries) for card in cards.values())
    wrong_cards = sorted(wrong.cards.keys() | wrong.asides.keys())
    found.wrong_cards += len(wrong_cards)
    found.wrong_days += len(wrong.days)
    named = [f"card {card_id}" for card_id in wrong_cards]
    named += [f"learner {user_id}, day {day}" for day in wrong.days]
    found.findings += named[: max(0, LISTED - len(found.findings))]


async def _differences(work: Work, user_id: UUID, cards: dict[UUID, Logged]) -> _Differences:
    if not cards:
        return _Differences()
    settings = await log_queries.fetch_settings(work, user_id, cards.values())
    wrong, days = _Differences(), dict[date, Activity]()
    for card_id, card in cards.items():
        state, activity = _replayed(card, settings)
        if not _agree(state, card.state):
            wrong.cards[card_id] = state
        aside = log.aside(card.entries, card.aside)
        if aside != card.aside:
            wrong.asides[card_id] = aside
        if activity:
            days = log.sum_of(days, activity)
    stored = await check_queries.fetch_days(work, user_id)
    for day in days.keys() | stored.keys():
        counted = Counts(*days.get(day, Activity())[: len(Counts._fields)])
        if counted != stored.get(day, Counts()):
            wrong.days[day] = counted
    return wrong


def _replayed(card: Logged, settings: SettingsById) -> tuple[CardState, dict[date, Activity]]:
    """Return what a card should be, and what its reviews add to the learner's days."""
    if not card.entries:  # never touched: only when and how it is shown first is its own
        new = CardState(card.state.next_review_date, card.state.due_at)
        state = structs.replace(
            new, interval=card.state.interval, ease_factor=card.state.ease_factor
        )
        return state, {}
    first = first_state(card, settings)
    done = log.steps(card.entries, first, settings)
    return log.outcome(done, first, len(card.entries)), log.activity(done)


def _agree(one: CardState, other: CardState) -> bool:
    """Return whether two states are the same, up to what C libraries differ in exp and pow."""
    if one == other:
        return True
    if one.stability is None or other.stability is None:
        return False
    assert one.difficulty is not None
    assert other.difficulty is not None
    return (
        math.isclose(one.stability, other.stability, rel_tol=1e-9)
        and math.isclose(one.difficulty, other.difficulty, rel_tol=1e-9)
        and structs.replace(one, stability=other.stability, difficulty=other.difficulty) == other
    )
