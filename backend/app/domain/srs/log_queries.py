"""The SQL of cards together with their logs: see `log_queries.sql`."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import structs

from app.core.clock import LearnerDay
from app.core.statements import Nested, Statements, nothing
from app.core.work import Work
from app.domain.srs.log import Activity, Aside, Entry, Given, Kind, SettingsById, Step
from app.domain.srs.rules import DEFAULTS, CardState, Rating, Settings, minutes
from app.models.base import new_id

SQL = Statements(__file__)


@dataclass(slots=True)
class Logged:
    """A card with its log. `began_at` is when it was first due; `written_at` when each row was."""

    state: CardState
    created_at: datetime
    aside: Aside
    began_at: datetime
    entries: list[Entry] = field(default_factory=list)
    written_at: dict[UUID, datetime] = field(default_factory=dict)


class DoneAction(NamedTuple):
    """What a learner did last: one entry of it, and what the entries of it share, if anything."""

    id: UUID
    kind: Kind
    card_id: UUID
    reviewed_at: datetime
    action_id: UUID | None


class Learnt(NamedTuple):
    """A learnt card without its log, and the place in the fuzz range that its last review got."""

    card: Logged
    factor: float | None


class CardRow(NamedTuple):
    """A card with all that its log decides."""

    id: UUID
    created_at: datetime
    aside: Aside
    state: CardState


class LearntRow(NamedTuple):
    """A learnt card, and the place in the fuzz range that its last review got."""

    card: CardRow
    factor: float | None


class EntryRow(NamedTuple):
    """An entry of a card's log. What is `given` counts where the kind says so."""

    card_id: UUID
    written_at: datetime
    due_at_before: datetime | None
    id: UUID
    kind: Kind
    reviewed_at: datetime
    day: date
    settings_id: UUID | None
    rating: int | None
    fuzz_factor: float
    duration_ms: int | None
    target_id: UUID | None
    given: Given


class SettingsRow(NamedTuple):
    """A version of a learner's settings; steps are in minutes."""

    id: UUID
    desired_retention: float
    learning_steps: list[int]
    relearning_steps: list[int]
    maximum_interval_days: int
    timezone: str
    day_cutoff_hour: int


class ActionEntry(NamedTuple):
    """The entry of one card that an action made."""

    card_id: UUID
    id: UUID


LOCK_CARDS = SQL.statement("lock_cards", Nested(CardRow))
FETCH_LEARNT = SQL.statement("fetch_learnt", Nested(LearntRow))
LOCK_LEARNT = SQL.statement("lock_learnt", Nested(LearntRow))
FETCH_LOGS = SQL.statement("fetch_logs", Nested(EntryRow))
FETCH_SETTINGS = SQL.statement("fetch_settings", SettingsRow)
FIND_LAST_ACTION = SQL.statement("find_last_action", DoneAction)
FIND_ACTION_ENTRIES = SQL.statement("find_action_entries", ActionEntry)
LOCK_LEARNER = SQL.statement("lock_learner", nothing)
FIND_UNDONE = SQL.statement("find_undone", DoneAction)
UPDATE_CARD = SQL.statement("update_card", nothing)
SET_ASIDE = SQL.statement("set_aside", nothing)
INSERT_ENTRY = SQL.statement("insert_entry", nothing)
ENSURE_DAY = SQL.statement("ensure_day", nothing)
ADD_TO_DAY = SQL.statement("add_to_day", nothing)


async def fetch_learnt(work: Work, user_id: UUID, *, locked: bool = False) -> dict[UUID, Learnt]:
    """Return a learner's learnt cards; `locked` to the end of the transaction."""
    rows = await work.fetch(LOCK_LEARNT if locked else FETCH_LEARNT, user_id=user_id)
    cards = join_logs([row.card for row in rows], [])
    return {row.card.id: Learnt(cards[row.card.id], row.factor) for row in rows}


async def lock_cards(work: Work, user_id: UUID, card_ids: Collection[UUID]) -> dict[UUID, Logged]:
    """Return these cards of the learner with their logs, locked to the end of the transaction.

    The lock (FOR NO KEY UPDATE, in the order of the ids) comes before the logs are read, so that
    they hold all that was written before.
    """
    rows = await work.fetch(LOCK_CARDS, user_id=user_id, card_ids=card_ids)
    found = [row.id for row in rows]
    return join_logs(rows, await work.fetch(FETCH_LOGS, user_id=user_id, card_ids=found))


def join_logs(rows: Iterable[CardRow], log_rows: Iterable[EntryRow]) -> dict[UUID, Logged]:
    """Return the cards with their logs.

    The first entry in time found the card as it began, whenever it was written.
    """
    cards = {row.id: Logged(row.state, row.created_at, row.aside, row.state.due_at) for row in rows}
    for row in sorted(log_rows, key=lambda row: (row.reviewed_at, row.id)):
        card, entry = cards[row.card_id], _entry(row)
        if entry.kind != "undo" and not card.entries:
            card.began_at = row.due_at_before or entry.reviewed_at
        card.entries.append(entry)
        card.written_at[entry.id] = row.written_at
    return cards


def _entry(row: EntryRow) -> Entry:
    return Entry(
        id=row.id,
        kind=row.kind,
        reviewed_at=row.reviewed_at,
        day=row.day,
        settings_id=row.settings_id,
        rating=None if row.rating is None else Rating(row.rating),
        fuzz_factor=row.fuzz_factor,
        duration_ms=row.duration_ms,
        target_id=row.target_id,
        given=row.given if row.kind in {"reschedule", "import"} else None,
    )


def log_row(
    step: Step, user_id: UUID, card_id: UUID, client_time: datetime | None, now: datetime
) -> dict[str, Any]:
    """Return the row of the log that a step leaves, without what its action is."""
    entry, before, after, elapsed_days = step
    return {
        "id": entry.id, "user_id": user_id, "card_id": card_id, "kind": entry.kind,
        "rating": entry.rating, "target_id": entry.target_id, "reviewed_at": entry.reviewed_at,
        "client_time": client_time, "day": entry.day, "elapsed_days": elapsed_days,
        "duration_ms": entry.duration_ms, "fuzz_factor": entry.fuzz_factor,
        "settings_id": entry.settings_id, "interval_before": before.interval,
        "was_learning": before.is_learning, "ease_factor_before": before.ease_factor,
        "stability_before": before.stability, "difficulty_before": before.difficulty,
        "due_at_before": before.due_at, "interval": after.interval,
        "is_learning": after.is_learning, "learning_step": after.learning_step,
        "repetitions": after.repetitions, "ease_factor": after.ease_factor,
        "stability": after.stability, "difficulty": after.difficulty, "due_at": after.due_at,
        "now": now,
    }  # fmt: skip


async def fetch_settings(work: Work, user_id: UUID, cards: Iterable[Logged]) -> SettingsById:
    """Return the versions of the settings that the logs of one learner's cards refer to."""
    wanted = {entry.settings_id for card in cards for entry in card.entries} - {None}
    if not wanted:
        return {None: DEFAULTS}
    rows = await work.fetch(FETCH_SETTINGS, user_id=user_id, ids=list(wanted))
    return {None: DEFAULTS} | {row.id: _settings(row) for row in rows}


def _settings(row: SettingsRow) -> Settings:
    return Settings(
        row.desired_retention,
        minutes(row.learning_steps),
        minutes(row.relearning_steps),
        row.maximum_interval_days,
        LearnerDay(row.timezone, row.day_cutoff_hour),
    )


async def lock_learner(work: Work, user_id: UUID) -> None:
    """Lock the learner (FOR NO KEY UPDATE) to the end of the transaction."""
    await work.execute(LOCK_LEARNER, user_id=user_id)


async def find_last_action(
    work: Work, user_id: UUID, since: datetime, made_since: datetime
) -> DoneAction | None:
    """Return what was handed in last, after `since` (and made after `made_since`), not undone."""
    return await work.fetchrow(
        FIND_LAST_ACTION, user_id=user_id, since=since, made_since=made_since
    )


async def find_action_entries(work: Work, user_id: UUID, action: DoneAction) -> dict[UUID, UUID]:
    """Return the entries that an action made, by card."""
    if action.action_id is None:
        return {action.card_id: action.id}
    return dict(
        await work.fetch(
            FIND_ACTION_ENTRIES,
            user_id=user_id,
            reviewed_at=action.reviewed_at,
            action_id=action.action_id,
        )
    )


async def find_undone(work: Work, user_id: UUID, undo_id: UUID) -> DoneAction | None:
    """Return what an undo of this learner took back; None when the id is that of no undo."""
    return await work.fetchrow(FIND_UNDONE, undo_id=undo_id, user_id=user_id)


async def update_cards(
    work: Work, user_id: UUID, states: Mapping[UUID, CardState], now: datetime
) -> None:
    """Store the scheduling columns of cards that are locked."""
    shared = {"user_id": user_id, "now": now}
    rows = [
        shared | {"card_id": card_id} | structs.asdict(state) for card_id, state in states.items()
    ]
    await work.executemany(UPDATE_CARD, rows)


async def set_asides(
    work: Work, user_id: UUID, asides: Mapping[UUID, Aside], now: datetime
) -> None:
    """Store whether cards that are locked are suspended or buried."""
    shared = {"user_id": user_id, "now": now}
    rows = [shared | {"card_id": card_id} | aside._asdict() for card_id, aside in asides.items()]
    await work.executemany(SET_ASIDE, rows)


async def insert_entries(work: Work, rows: Iterable[Mapping[str, object]]) -> None:
    """Append rows (those of `log_row`, with their `action_id`) to the log."""
    await work.executemany(INSERT_ENTRY, rows)


async def add_activity(
    work: Work, user_id: UUID, changes: Mapping[date, Activity], now: datetime
) -> None:
    """Add to the figures of the learner's days, in the order of the days (they are locked so)."""
    days, shared = sorted(changes), {"user_id": user_id, "now": now}
    await work.executemany(ENSURE_DAY, [shared | {"id": new_id(), "day": day} for day in days])
    await work.executemany(
        ADD_TO_DAY, [shared | {"day": day} | changes[day]._asdict() for day in days]
    )
