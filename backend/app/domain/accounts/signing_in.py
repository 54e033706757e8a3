"""Use cases of sessions: signing in and out. Sessions are rows of user_sessions.

Valkey only holds copies of them (see sessions.py).
"""

from datetime import datetime, timedelta
from uuid import UUID

from app.core.config import get_settings
from app.core.errors import DomainError, InvalidInput
from app.core.ratelimit import limit_sign_in
from app.core.security import hash_password, hash_token, new_token, verify_password
from app.core.work import Work, transactional
from app.domain.accounts import queries, rules
from app.domain.accounts.account import Account
from app.domain.accounts.sessions import forget
from app.models import UserSession

MAX_USER_AGENT_LENGTH = 255


class WrongCredentials(DomainError):
    """No such account, or not its password: the two are not told apart."""

    code = "wrong_credentials"
    status = 401
    message = "The e-mail address or the password is not right."
    message_id = "Alamat email atau kata sandi salah."


async def sign_in(
    work: Work,
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
    found = await queries.find_credentials(work, email)
    await work.release()  # the password takes its time, and its turn
    user_id, password_hash, is_active = found or (None, await _hash_of_nothing(), False)
    is_right = await verify_password(password, password_hash)
    if user_id is None or not is_right or not is_active or _is_demo(email, password):
        raise WrongCredentials
    async with work.transaction():
        await queries.ensure_preferences(work, user_id)
        return await begin_session(work, user_id, user_agent=user_agent, now=now)


def _is_demo(email: str, password: str) -> bool:
    is_demo = rules.is_demo_email(email) or rules.is_public_password(password)
    return is_demo and not get_settings().is_development


@transactional()
async def begin_session(work: Work, user_id: UUID, *, user_agent: str | None, now: datetime) -> str:
    """Begin a session for somebody who has just proved who they are; return its token."""
    token = new_token()
    await queries.delete_expired_sessions(work, user_id, now)
    work.session.add(
        UserSession(
            user_id=user_id,
            token_hash=hash_token(token),
            user_agent=user_agent[:MAX_USER_AGENT_LENGTH] if user_agent else None,
            created_at=now,
            expires_at=now + timedelta(days=get_settings().SESSION_DAYS),
        )
    )
    await work.session.flush()
    return token


_nothing: str | None = None


async def _hash_of_nothing() -> str:
    """Return a hash of the current cost that no password has."""
    global _nothing  # noqa: PLW0603 - made once a process
    if _nothing is None:
        _nothing = await hash_password(new_token())
    return _nothing


@transactional(idempotent=True)
async def sign_out(work: Work, token: str) -> None:
    """End a session, for every process at once; an unknown token ends none."""
    token_hash = hash_token(token)
    await queries.delete_session(work, token_hash)
    await forget([token_hash])


@transactional(idempotent=True)
async def sign_out_everywhere(work: Work, account: Account) -> None:
    """End all sessions of the account, the present one included."""
    await forget(await queries.delete_sessions(work, account.user_id))
