"""Use cases of what a learner sets: preferences, level, name, year of birth, goals."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.core.work import Work, transactional
from app.domain.accounts import queries, rules
from app.domain.accounts.account import Account
from app.domain.accounts.rules import _check_choice
from app.domain.accounts.sessions import forget
from app.models.base import LEVELS


@transactional()
async def update_preferences(
    work: Work, account: Account, changes: Mapping[str, Any], now: datetime
) -> Account:
    """Change preferences (the columns of UserPreferences) and return the account as it is then.

    What scheduling depends on is kept as a version of srs_settings, for reviews to refer to.

    Raises InvalidInput naming the first field that is unknown or out of range.
    """
    values = rules.check_preferences(changes)
    if not values:
        return account
    await queries.update_preferences(work, account.user_id, values, now)
    await forget(await queries.session_hashes(work, account.user_id))
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values.items()
        if name in Account.__slots__
    }
    if not values.keys().isdisjoint(rules.SCHEDULING):
        known["srs_settings_id"] = await queries.add_settings_version(work, account.user_id, now)
    return replace(account, **known)


@transactional()
async def change_level(work: Work, account: Account, level: str, now: datetime) -> Account:
    """Set the level that the learner studies at. Raises InvalidInput."""
    _check_choice("level", level, LEVELS)
    await queries.update_user(work, account.user_id, {"current_level": level}, now)
    await forget(await queries.session_hashes(work, account.user_id))
    return replace(account, level=level)


@transactional()
async def change_name(work: Work, account: Account, full_name: str, now: datetime) -> Account:
    """Set the name that the learner is called by. Raises InvalidInput."""
    full_name = rules.check_name(full_name)
    await queries.update_user(work, account.user_id, {"full_name": full_name}, now)
    await forget(await queries.session_hashes(work, account.user_id))
    return replace(account, full_name=full_name)


@transactional()
async def change_birth_year(work: Work, account: Account, year: int | None, now: datetime) -> None:
    """Set the year in which the learner was born; None takes it back. Raises InvalidInput."""
    today = account.day.date_of(now)
    birth_year = None if year is None else rules.check_birth_year(year, today)
    await queries.update_user(work, account.user_id, {"birth_year": birth_year}, now)


@transactional()
async def change_goals(work: Work, account: Account, goals: Sequence[str], now: datetime) -> None:
    """Set what the learner studies for; an empty list is none. Raises InvalidInput."""
    learning_goals = rules.check_goals(goals)
    await queries.update_user(work, account.user_id, {"learning_goals": learning_goals}, now)
