"""Use cases of accounts: sign-up, sign-in, the session check, preferences.

Sessions are rows of user_sessions; Valkey only holds copies of them (see sessions.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import get_settings
from app.core.errors import (
    Conflict,
    DomainError,
    Forbidden,
    InvalidInput,
    NotFound,
    raise_for,
)
from app.core.ratelimit import limit_sign_in
from app.core.security import hash_password, hash_token, new_token, verify_password
from app.domain.accounts import queries, rules
from app.domain.accounts.rules import (
    DEMO_PASSWORD,
    MAX_GOAL_LENGTH,
    MAX_GOALS,
    MAX_PASSWORD_LENGTH,
    MIN_PASSWORD_LENGTH,
    Account,
    PreferenceChanges,
    has_role,
)
from app.domain.accounts.sessions import find_account, forget, get_account, get_account_of
from app.models import User, UserPreferences, UserSession
from app.models.base import LEVELS
from app.models.user import UI_LANGUAGES

__all__ = [
    "DEMO_ACCOUNTS",
    "DEMO_PASSWORD",
    "MAX_GOALS",
    "MAX_GOAL_LENGTH",
    "MAX_PASSWORD_LENGTH",
    "MIN_PASSWORD_LENGTH",
    "Account",
    "EmailTaken",
    "PreferenceChanges",
    "WrongCredentials",
    "change_birth_year",
    "change_goals",
    "change_level",
    "change_name",
    "create_account",
    "ensure_demo_accounts",
    "find_account",
    "find_demo_accounts",
    "get_account",
    "get_account_of",
    "get_profile",
    "has_role",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "sign_up",
    "update_preferences",
]

DEMO_ACCOUNTS = (
    ("demo@lancar.test", "Sari Demo", "learner"),
    ("author@lancar.test", "Ayu Penulis", "author"),
)
MAX_USER_AGENT_LENGTH = 255


class EmailTaken(Conflict):
    """Another account has this address."""

    code = "email_taken"
    message = "There is an account with this e-mail address already."
    message_id = "Alamat email ini sudah dipakai."


class WrongCredentials(DomainError):
    """No such account, or not its password: the two are not told apart."""

    code = "wrong_credentials"
    status = 401
    message = "The e-mail address or the password is not right."
    message_id = "Alamat email atau kata sandi salah."


async def sign_up(
    db: AsyncSession,
    *,
    email: str,
    password: str,
    full_name: str,
    level: str = "A1",
    ui_language: str = "id",
    now: datetime,
    address: str | None = None,
) -> User:
    """Make a learner's account with its preferences and return it.

    `address` is the client's, for the rate limit. Raises EmailTaken, TooManyRequests, or
    InvalidInput naming the field.
    """
    await limit_sign_in(address=address)
    return await create_account(
        db,
        email=email,
        password=password,
        full_name=full_name,
        level=level,
        ui_language=ui_language,
        now=now,
    )


async def create_account(
    db: AsyncSession,
    *,
    email: str,
    password: str,
    full_name: str,
    role: str = "learner",
    level: str = "A1",
    ui_language: str = "id",
    now: datetime,
) -> User:
    """Make an account of any role; for operators, `sign_up` is for people. Raises as `sign_up`."""
    email = rules.normalise_email(email)
    full_name = rules.check_name(full_name)
    rules.check_password(password, email)
    if not get_settings().is_development:
        rules.refuse_demo(email, password)
    _check_choice("level", level, LEVELS)
    _check_choice("ui_language", ui_language, UI_LANGUAGES)
    user = User(
        email=email,
        password_hash=await hash_password(password),
        full_name=full_name,
        role=role,
        current_level=level,
        preferences=UserPreferences(ui_language=ui_language, created_at=now, updated_at=now),
        created_at=now,
        updated_at=now,
    )
    try:
        async with db.begin_nested():
            db.add(user)
    except IntegrityError as error:
        raise_for(error, {"users_email_key": EmailTaken(field="email")})
    return user


def _check_choice(field: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise InvalidInput(f"{field} must be one of {', '.join(allowed)}.", field=field)


async def sign_in(
    db: AsyncSession,
    *,
    email: str,
    password: str,
    user_agent: str | None,
    now: datetime,
    address: str | None = None,
) -> str:
    """Begin a session and return its token, to be kept by the client only.

    Takes as long for an unknown address as for a wrong password. Raises WrongCredentials, or
    TooManyRequests for the client's `address` or for the account. In production nobody signs in
    with what development makes: a demo address, or the password that is public.
    """
    try:
        email = rules.normalise_email(email)
    except InvalidInput as error:
        raise WrongCredentials from error
    await limit_sign_in(address=address, email=email)
    found = await queries.find_credentials(db, email)
    await db.commit()  # gives the connection back: the password takes its time, and its turn
    user_id, password_hash, is_active = found or (None, await _hash_of_nothing(), False)
    is_right = await verify_password(password, password_hash)
    if user_id is None or not is_right or not is_active or _is_demo(email, password):
        raise WrongCredentials
    await queries.ensure_preferences(db, user_id)
    return await begin_session(db, user_id, user_agent=user_agent, now=now)


def _is_demo(email: str, password: str) -> bool:
    is_demo = rules.is_demo_email(email) or rules.is_public_password(password)
    return is_demo and not get_settings().is_development


async def begin_session(
    db: AsyncSession, user_id: UUID, *, user_agent: str | None, now: datetime
) -> str:
    """Begin a session for somebody who has just proved who they are; return its token."""
    token = new_token()
    await queries.delete_expired_sessions(db, user_id, now)
    db.add(
        UserSession(
            user_id=user_id,
            token_hash=hash_token(token),
            user_agent=user_agent[:MAX_USER_AGENT_LENGTH] if user_agent else None,
            created_at=now,
            expires_at=now + timedelta(days=get_settings().SESSION_DAYS),
        )
    )
    await db.flush()
    return token


_nothing: str | None = None


async def _hash_of_nothing() -> str:
    """Return a hash of the current cost that no password has."""
    global _nothing  # noqa: PLW0603 - made once a process
    if _nothing is None:
        _nothing = await hash_password(new_token())
    return _nothing


async def sign_out(db: AsyncSession, token: str) -> None:
    """End a session, for every process at once; a token that is none is nobody's session."""
    token_hash = hash_token(token)
    await queries.delete_session(db, token_hash)
    await forget([token_hash])


async def sign_out_everywhere(db: AsyncSession, account: Account) -> None:
    """End all sessions of the account, the present one included."""
    await forget(await queries.delete_sessions(db, account.user_id))


async def get_profile(db: AsyncSession, account: Account) -> User:
    """Return the account's user with its preferences; raise NotFound when it was deleted."""
    user = await queries.find_user(db, account.user_id)
    if user is None:
        raise NotFound
    return user


async def update_preferences(
    db: AsyncSession, account: Account, changes: Mapping[str, Any], now: datetime
) -> Account:
    """Change preferences (the columns of UserPreferences) and return the account as it is then.

    What scheduling depends on is kept as a version of srs_settings, for reviews to refer to.

    Raises InvalidInput naming the first field that is unknown or out of range.
    """
    values = rules.check_preferences(changes)
    if not values:
        return account
    await queries.update_preferences(db, account.user_id, values, now)
    await forget(await queries.session_hashes(db, account.user_id))
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values.items()
        if name in Account.__slots__
    }
    if not values.keys().isdisjoint(rules.SCHEDULING):
        known["srs_settings_id"] = await queries.add_settings_version(db, account.user_id, now)
    return replace(account, **known)


async def change_level(db: AsyncSession, account: Account, level: str, now: datetime) -> Account:
    """Set the level that the learner studies at. Raises InvalidInput."""
    _check_choice("level", level, LEVELS)
    await queries.update_user(db, account.user_id, {"current_level": level}, now)
    await forget(await queries.session_hashes(db, account.user_id))
    return replace(account, level=level)


async def change_name(db: AsyncSession, account: Account, full_name: str, now: datetime) -> Account:
    """Set the name that the learner is called by. Raises InvalidInput."""
    full_name = rules.check_name(full_name)
    await queries.update_user(db, account.user_id, {"full_name": full_name}, now)
    await forget(await queries.session_hashes(db, account.user_id))
    return replace(account, full_name=full_name)


async def change_birth_year(
    db: AsyncSession, account: Account, year: int | None, now: datetime
) -> None:
    """Set the year in which the learner was born; None takes it back. Raises InvalidInput."""
    today = account.day.date_of(now)
    birth_year = None if year is None else rules.check_birth_year(year, today)
    await queries.update_user(db, account.user_id, {"birth_year": birth_year}, now)


async def change_goals(
    db: AsyncSession, account: Account, goals: Sequence[str], now: datetime
) -> None:
    """Set what the learner studies for; an empty list is none. Raises InvalidInput."""
    learning_goals = rules.check_goals(goals)
    await queries.update_user(db, account.user_id, {"learning_goals": learning_goals}, now)


async def ensure_demo_accounts(db: AsyncSession, now: datetime) -> None:
    """Make the demo learner and the demo author where they are missing.

    Their password is public, so this raises Forbidden in production.
    """
    if not get_settings().is_development:
        raise Forbidden("There are no demo accounts in production.")
    for email, full_name, role in DEMO_ACCOUNTS:
        if not await queries.email_is_taken(db, email):
            await create_account(
                db, email=email, password=DEMO_PASSWORD, full_name=full_name, role=role, now=now
            )


async def find_demo_accounts(db: AsyncSession, shown: int) -> tuple[int, Sequence[str]]:
    """Return how many active accounts were made by development, and `shown` of their addresses."""
    return await queries.demo_accounts(db, shown)
