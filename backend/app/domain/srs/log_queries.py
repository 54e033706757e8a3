"""SQL of cards together with their whole logs: what is not one statement, so locks or streams."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from app.core.clock import LearnerDay
from app.core.work import Work
from app.domain.srs.log import Activity, Aside, Entry, Given, Kind, SettingsById
from app.domain.srs.queries import LOG_COLUMNS, STATE_COLUMNS
from app.domain.srs.rules import DEFAULTS, CardState, Rating, Settings
from app.models.base import new_id

LOGGED_COLUMNS = ", ".join(("id", "created_at", "is_suspended", "buried_until", *STATE_COLUMNS))
LOCK_CARDS = f"""
SELECT {LOGGED_COLUMNS} FROM srs_cards
WHERE user_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608 - made of constants

# A range of idx_srs_cards_due; the last review of each by idx_srs_reviews_card. What was imported
# and not reviewed since has none.
FETCH_LEARNT = f"""
SELECT {LOGGED_COLUMNS}, (
    SELECT fuzz_factor FROM srs_reviews AS r
    WHERE r.card_id = c.id AND r.user_id = c.user_id AND r.reviewed_at = c.last_reviewed_at
      AND r.kind = 'review'
    ORDER BY r.id DESC LIMIT 1
) AS last_factor
FROM srs_cards AS c
WHERE user_id = $1 AND NOT is_learning AND stability IS NOT NULL
ORDER BY id
"""  # noqa: S608 - made of constants

FETCH_LOG_COLUMNS = """
card_id, id, kind, reviewed_at, day, settings_id, rating, fuzz_factor, duration_ms, target_id,
due_at_before, created_at, due_at, "interval", ease_factor, repetitions, stability, difficulty
"""

# By idx_srs_reviews_card.
FETCH_LOGS = f"""
SELECT {FETCH_LOG_COLUMNS} FROM srs_reviews WHERE user_id = $1 AND card_id = ANY ($2::uuid[])
"""  # noqa: S608 - made of constants

FETCH_SETTINGS = """
SELECT id, desired_retention::float8, learning_steps, relearning_steps, maximum_interval_days,
       timezone, day_cutoff_hour
FROM srs_settings
WHERE user_id = $1 AND id = ANY ($2::uuid[])
"""

# A range of idx_srs_reviews_user: what was handed in lately was made in the last month.
FIND_LAST_ACTION = """
SELECT r.id, r.kind, r.card_id, r.reviewed_at, r.action_id
FROM srs_reviews AS r
WHERE r.user_id = $1 AND r.kind <> 'undo' AND r.created_at > $2 AND r.reviewed_at > $3
  AND NOT EXISTS (SELECT FROM srs_reviews AS u WHERE u.user_id = $1 AND u.target_id = r.id)
ORDER BY r.created_at DESC, r.id DESC
LIMIT 1
"""

# One moment of idx_srs_reviews_user.
FIND_ACTION_ENTRIES = """
SELECT id, card_id FROM srs_reviews
WHERE user_id = $1 AND reviewed_at = $2 AND action_id = $3 AND kind <> 'undo'
"""

# Keeps two undos of one learner apart, which would otherwise both find the same action.
LOCK_LEARNER = "SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE"

FIND_UNDONE = """
SELECT t.id, t.kind, t.card_id, t.reviewed_at, t.action_id
FROM srs_reviews AS u JOIN srs_reviews AS t ON t.id = u.target_id AND t.user_id = u.user_id
WHERE u.id = $1 AND u.user_id = $2
"""

_STATE_VALUES = ", ".join(f"{name} = ${n}" for n, name in enumerate(STATE_COLUMNS, 4))
UPDATE_CARD = f"""
UPDATE srs_cards SET updated_at = $3, {_STATE_VALUES} WHERE id = $1 AND user_id = $2
"""  # noqa: S608 - made of constants

SET_ASIDE = """
UPDATE srs_cards SET updated_at = $3, is_suspended = $4, buried_until = $5
WHERE id = $1 AND user_id = $2
"""

_LOG_VALUES = ", ".join(f"${n}::{kind}" for n, kind in enumerate(LOG_COLUMNS.values(), 1))
INSERT_ENTRY = f"""
INSERT INTO srs_reviews ({", ".join(LOG_COLUMNS)}, action_id)
VALUES ({_LOG_VALUES}, ${len(LOG_COLUMNS) + 1})
"""  # noqa: S608 - made of constants

ENSURE_DAY = """
INSERT INTO daily_activity (id, user_id, day, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (user_id, day) DO NOTHING
"""

# Within what a day may hold, also where a card was not what its log says: the check tells of both.
ADD_TO_DAY = """
UPDATE daily_activity
SET reviews = greatest(0, reviews + $4),
    learnt_reviews = least(greatest(0, learnt_reviews + $5), greatest(0, reviews + $4)),
    new_cards = least(greatest(0, new_cards + $6), greatest(0, reviews + $4)),
    duration_ms = greatest(0, duration_ms + $7), updated_at = $3
WHERE user_id = $1 AND day = $2
"""


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


async def fetch_learnt(work: Work, user_id: UUID, *, locked: bool = False) -> dict[UUID, Learnt]:
    """Return a learner's learnt cards: FETCH_LEARNT; `locked` to the end of the transaction."""
    rows = await work.raw_fetch(FETCH_LEARNT + "FOR NO KEY UPDATE OF c" * locked, user_id)
    cards = join_logs((tuple(row)[:-1] for row in rows), [])
    return {row["id"]: Learnt(cards[row["id"]], row["last_factor"]) for row in rows}


async def lock_cards(work: Work, user_id: UUID, card_ids: Collection[UUID]) -> dict[UUID, Logged]:
    """Return these cards of the learner with their logs, locked to the end of the transaction.

    The lock (FOR NO KEY UPDATE, in the order of the ids) comes before the logs are read, so that
    they hold all that was written before.
    """
    rows = await work.raw_fetch(LOCK_CARDS, user_id, card_ids)
    found = [row["id"] for row in rows]
    return join_logs(rows, await work.raw_fetch(FETCH_LOGS, user_id, found))


def join_logs(
    rows: Iterable[Iterable[Any]], log_rows: Iterable[asyncpg.Record]
) -> dict[UUID, Logged]:
    """Return the cards (LOGGED_COLUMNS) with their logs (rows of FETCH_LOGS).

    The first entry in time found the card as it began, whenever it was written.
    """
    cards = {}
    for card_id, created_at, is_suspended, buried_until, *columns in rows:
        state = CardState(*columns)
        aside = Aside(is_suspended, buried_until)
        cards[card_id] = Logged(state, created_at, aside, state.due_at)
    for row in sorted(log_rows, key=lambda row: (row["reviewed_at"], row["id"])):
        card, entry = cards[row["card_id"]], read_entry(row)
        if entry.kind != "undo" and not card.entries:
            card.began_at = row["due_at_before"] or entry.reviewed_at
        card.entries.append(entry)
        card.written_at[entry.id] = row["created_at"]
    return cards


def read_entry(row: asyncpg.Record) -> Entry:
    """Return a row of FETCH_LOGS as an entry."""
    kind = row["kind"]
    given = None
    if kind in {"reschedule", "import"}:
        given = Given(*(row[name] for name in Given.__slots__))
    return Entry(
        id=row["id"],
        kind=kind,
        reviewed_at=row["reviewed_at"],
        day=row["day"],
        settings_id=row["settings_id"],
        rating=None if row["rating"] is None else Rating(row["rating"]),
        fuzz_factor=row["fuzz_factor"],
        duration_ms=row["duration_ms"],
        target_id=row["target_id"],
        given=given,
    )


async def fetch_settings(work: Work, user_id: UUID, cards: Iterable[Logged]) -> SettingsById:
    """Return the versions of the settings that the logs of one learner's cards refer to."""
    wanted = {entry.settings_id for card in cards for entry in card.entries} - {None}
    if not wanted:
        return {None: DEFAULTS}
    rows = await work.raw_fetch(FETCH_SETTINGS, user_id, list(wanted))
    return {None: DEFAULTS} | {row["id"]: read_settings(row) for row in rows}


def read_settings(row: asyncpg.Record) -> Settings:
    """Return a row of srs_settings (in the order of FETCH_SETTINGS)."""
    _, retention, learning, relearning, maximum, timezone, cutoff_hour = row
    return Settings(
        retention,
        minutes(learning),
        minutes(relearning),
        maximum,
        LearnerDay(timezone, cutoff_hour),
    )


def minutes(steps: Sequence[int]) -> tuple[timedelta, ...]:
    """Return steps, which are stored in minutes."""
    return tuple(timedelta(minutes=step) for step in steps)


async def lock_learner(work: Work, user_id: UUID) -> None:
    """Lock the learner (FOR NO KEY UPDATE) to the end of the transaction."""
    await work.raw_execute(LOCK_LEARNER, user_id)


async def find_last_action(
    work: Work, user_id: UUID, since: datetime, made_since: datetime
) -> DoneAction | None:
    """Return what was handed in last, after `since` (and made after `made_since`), not undone."""
    row = await work.raw_fetchrow(FIND_LAST_ACTION, user_id, since, made_since)
    return None if row is None else DoneAction(*row)


async def find_action_entries(work: Work, user_id: UUID, action: DoneAction) -> dict[UUID, UUID]:
    """Return the entries that an action made, by card."""
    if action.action_id is None:
        return {action.card_id: action.id}
    rows = await work.raw_fetch(FIND_ACTION_ENTRIES, user_id, action.reviewed_at, action.action_id)
    return {row["card_id"]: row["id"] for row in rows}


async def find_undone(work: Work, user_id: UUID, undo_id: UUID) -> DoneAction | None:
    """Return what an undo of this learner took back; None when the id is that of no undo."""
    row = await work.raw_fetchrow(FIND_UNDONE, undo_id, user_id)
    return None if row is None else DoneAction(*row)


async def update_cards(
    work: Work, user_id: UUID, states: Mapping[UUID, CardState], now: datetime
) -> None:
    """Store the scheduling columns of cards that are locked."""
    rows = [
        (card_id, user_id, now, *(getattr(state, name) for name in CardState.__slots__))
        for card_id, state in states.items()
    ]
    await work.raw_executemany(UPDATE_CARD, rows)


async def set_asides(
    work: Work, user_id: UUID, asides: Mapping[UUID, Aside], now: datetime
) -> None:
    """Store whether cards that are locked are suspended or buried."""
    rows = [(card_id, user_id, now, *aside) for card_id, aside in asides.items()]
    await work.raw_executemany(SET_ASIDE, rows)


async def insert_entries(work: Work, rows: Iterable[tuple[Any, ...]]) -> None:
    """Append rows (in the order of LOG_COLUMNS, then action_id) to the log."""
    await work.raw_executemany(INSERT_ENTRY, rows)


async def add_activity(
    work: Work, user_id: UUID, changes: Mapping[date, Activity], now: datetime
) -> None:
    """Add to the figures of the learner's days, in the order of the days (they are locked so)."""
    days = sorted(changes)
    await work.raw_executemany(ENSURE_DAY, [(new_id(), user_id, day, now) for day in days])
    await work.raw_executemany(ADD_TO_DAY, [(user_id, day, now, *changes[day]) for day in days])
