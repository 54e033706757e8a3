"""All SQL of accounts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DefaultClause,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from app.core.statements import Statements, nothing
from app.core.work import Work
from app.domain.accounts.account import Account
from app.models import SRSSettings, User, UserPreferences, UserSession
from app.models.base import new_id

_PREFERENCE_COLUMNS = (
    "ui_language", "theme", "timezone", "day_cutoff_hour", "desired_retention", "new_cards_per_day",
    "reviews_per_day", "learning_steps", "relearning_steps", "maximum_interval_days",
    "review_order", "bury_siblings", "daily_goal_minutes", "show_streak", "speech_enabled",
)  # fmt: skip

SQL = Statements(__file__)


class SessionRow(NamedTuple):
    """Whose session a token is, and until when."""

    account: Account
    expires_at: datetime


def _account(*columns: Any) -> Account:
    values: list[Any] = [tuple(each) if isinstance(each, list) else each for each in columns]
    return Account(*values)


def _session(*columns: Any) -> SessionRow:
    return SessionRow(_account(*columns[:-1]), columns[-1])


FIND_SESSION = SQL.statement("find_session", _session)
FIND_LEARNER = SQL.statement("find_learner", _account)
ADD_SETTINGS_VERSION = SQL.statement("add_settings_version", nothing)


async def find_session(work: Work, token_hash: bytes) -> SessionRow | None:
    """Return whose session this is."""
    return await work.fetchrow(FIND_SESSION, token_hash=token_hash)


async def find_learner(work: Work, email: str) -> Account | None:
    """Return the account of whoever has this (normalised) address, without a session."""
    return await work.fetchrow(FIND_LEARNER, email=email)


async def find_account(work: Work, user_id: UUID) -> Account | None:
    """Return the account of a user, without a session.

    Who has no preferences yet (an import) has their defaults.
    """
    preferences = [_or_default(name) for name in _PREFERENCE_COLUMNS]
    newest = (
        select(SRSSettings.id)
        .where(SRSSettings.user_id == User.id)
        .order_by(SRSSettings.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        select(User.id, User.id, User.email, User.full_name, User.role, User.current_level,
               *preferences, User.is_premium, newest)
        .outerjoin(UserPreferences, UserPreferences.user_id == User.id)
        .where(User.id == user_id)
    )  # fmt: skip
    row = (await work.session.execute(statement)).one_or_none()
    if row is None:
        return None
    account = _account(*row)
    return replace(account, desired_retention=float(account.desired_retention))


def _or_default(name: str) -> ColumnElement[Any]:
    column = UserPreferences.__table__.c[name]
    assert isinstance(column.server_default, DefaultClause)
    default = column.server_default.arg
    return func.coalesce(column, literal(default) if isinstance(default, str) else default)


async def find_credentials(work: Work, email: str) -> tuple[UUID, str, bool] | None:
    """Return id, password hash and whether the account is active."""
    statement = select(User.id, User.password_hash, User.is_active).where(User.email == email)
    row = (await work.session.execute(statement)).one_or_none()
    return None if row is None else (row.id, row.password_hash, row.is_active)


async def email_is_taken(work: Work, email: str) -> bool:
    """Tell whether there is an account with this (normalised) address."""
    return await work.session.scalar(select(User.id).where(User.email == email)) is not None


async def demo_accounts(work: Work, shown: int) -> tuple[int, Sequence[str]]:
    """Return how many active accounts development has left, and the first of their addresses.

    Reads the whole of users: for a start or a check.
    """
    left = select(User.email).where(
        User.is_active, or_(User.email.like("%@lancar.test"), User.email.like("%.lancar.test"))
    )
    found = left.subquery()
    count = await work.session.scalar(select(func.count()).select_from(found)) or 0
    return count, (await work.session.scalars(left.order_by(User.email).limit(shown))).all()


async def find_user(work: Work, user_id: UUID) -> User | None:
    """Return the user with their preferences, fresh from the database."""
    statement = (
        select(User)
        .where(User.id == user_id)
        .options(joinedload(User.preferences))
        .execution_options(populate_existing=True)
    )
    return (await work.session.execute(statement)).scalar_one_or_none()


async def ensure_preferences(work: Work, user_id: UUID) -> None:
    """Give a user that was made outside sign-up (an import) the default preferences."""
    await work.session.execute(
        insert(UserPreferences).values(user_id=user_id).on_conflict_do_nothing()
    )


async def update_user(work: Work, user_id: UUID, values: dict[str, Any], now: datetime) -> None:
    """Set columns of one user."""
    await work.session.execute(
        update(User).where(User.id == user_id).values(**values, updated_at=now)
    )


async def update_preferences(
    work: Work, user_id: UUID, values: dict[str, Any], now: datetime
) -> None:
    """Set preferences of one user."""
    statement = update(UserPreferences).where(UserPreferences.user_id == user_id)
    await work.session.execute(statement.values(**values, updated_at=now))


async def add_settings_version(work: Work, user_id: UUID, now: datetime) -> UUID:
    """Keep what scheduling depends on in the preferences of one user as a version; return its id.

    Made once the preferences are changed: their row's lock puts versions in order.
    """
    version = new_id()
    await work.execute(ADD_SETTINGS_VERSION, id=version, user_id=user_id, now=now)
    return version


async def session_hashes(work: Work, user_id: UUID) -> Sequence[bytes]:
    """Return the token hashes of all sessions of one user."""
    statement = select(UserSession.token_hash).where(UserSession.user_id == user_id)
    return (await work.session.scalars(statement)).all()


async def delete_session(work: Work, token_hash: bytes) -> None:
    """Delete one session; its token is the authorisation."""
    await work.session.execute(delete(UserSession).where(UserSession.token_hash == token_hash))


async def delete_sessions(work: Work, user_id: UUID) -> Sequence[bytes]:
    """Delete all sessions of one user; return their token hashes."""
    statement = delete(UserSession).where(UserSession.user_id == user_id)
    return (await work.session.scalars(statement.returning(UserSession.token_hash))).all()


async def delete_expired_sessions(work: Work, user_id: UUID, now: datetime) -> None:
    """Delete the sessions of one user that have ended by `now`."""
    await work.session.execute(
        delete(UserSession).where(UserSession.user_id == user_id, UserSession.expires_at <= now)
    )
