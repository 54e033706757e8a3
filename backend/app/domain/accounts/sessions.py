"""The session check: who holds this token? Valkey first, then one statement.

A copy in Valkey lives for a minute. Whoever changes an account or ends a session puts a marker in
its place (`forget`): while the marker stands, every process asks the database and stores nothing,
so that a reader who was faster than the change cannot put the old state back.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

import msgspec

from app.core.cache import cache
from app.core.config import get_settings
from app.core.errors import NotFound
from app.core.security import hash_token
from app.core.work import Work
from app.domain.accounts import queries
from app.domain.accounts.account import Account
from app.domain.accounts.rules import is_demo_email

COPY_SECONDS = 60
# Longer than a request takes from its change to its commit.
MARKER_SECONDS = 30
# What an older release has stored under another shape is never read.
_SHAPE = blake2b(" ".join(Account.__slots__).encode(), digest_size=4).hexdigest()
_MARKER = b"-"
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(tuple[datetime, Account]).decode


async def find_account(work: Work, token: str, now: datetime) -> Account | None:
    """Return the account whose session this token is; None when it is none or has ended.

    In production a demo account has no session, whenever it was begun.
    """
    account = await _find_account(work, token, now)
    if account is not None and is_demo_email(account.email) and not get_settings().is_development:
        return None
    return account


async def _find_account(work: Work, token: str, now: datetime) -> Account | None:
    """The hot path: one look-up in Valkey, else one statement (see `queries.find_session`)."""
    token_hash = hash_token(token)
    key = _key(token_hash)
    copy = await cache().get(key)
    if copy is not None and copy != _MARKER:
        expires_at, account = _decode(copy)
        return account if now < expires_at else None
    row = await queries.find_session(work, token_hash)
    if row is None or now >= row.expires_at:
        return None
    if copy is None:
        copied = _encode((row.expires_at, row.account))
        await cache().set(key, copied, COPY_SECONDS, only_new=True)
    return row.account


async def get_account_of(work: Work, email: str) -> Account:
    """Return the account of an address, for an operator; it has no session (its id stands there).

    Raises NotFound.
    """
    account = await queries.find_learner(work, email.strip().lower())
    if account is None:
        raise NotFound(f"There is no account with the address {email}.", field="email")
    return account


async def get_account(work: Work, user_id: UUID) -> Account:
    """Return the account of a user as `get_account_of` does, in one statement. Raises NotFound."""
    account = await queries.find_account(work, user_id)
    if account is None:
        raise NotFound
    return account


async def forget(token_hashes: Iterable[bytes]) -> None:
    """Have every process ask the database again about these sessions.

    Call it in the transaction of the change. With Valkey down there is nothing to forget, except a
    copy that only this process cannot reach: that one ends within a minute.
    """
    for token_hash in token_hashes:
        await cache().set(_key(token_hash), _MARKER, MARKER_SECONDS)


def _key(token_hash: bytes) -> str:
    return f"session:{_SHAPE}:{token_hash.hex()}"
