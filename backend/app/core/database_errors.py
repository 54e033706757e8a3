"""What goes wrong with a database: whether it may pass, and what a person can do about it."""

import asyncpg
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# Nothing was written, always safe to repeat: serialization_failure, deadlock_detected.
_SAFE = {"40001", "40P01"}
# The server is going away or coming up: a repeat is safe only when the work is idempotent.
_SERVER_GONE = {"57P01", "57P02", "57P03"}
_QUERY_CANCELED = "57014"
# The schema is not the one that this release needs.
_BEHIND = {"3F000", "42501", "42703", "42704", "42883", "42P01"}
# Resources, locks, time-outs, restarts, a standby: what passes, or what an operator must end.
_BUSY = {"08", "25006", "26000", "40001", "40P01", "42P05", "53", "55P03", "57", "58"}

_UPGRADE = "If the database is not at the newest migration: python manage_db.py upgrade"
_REPEAT = "Somebody else was changing the same: run this again."
_POOLER = "A pooler in transaction mode? See “PgBouncer” in docs/configuration.md."
# What a person does, by SQLSTATE or by its class (the first two characters).
REMEDIES = dict.fromkeys(_BEHIND, _UPGRADE) | {
    "08": "The connection was lost: does the server still run?",
    "25006": "The server is read-only (a standby?): DATABASE_URL must name the primary.",
    "26000": _POOLER,
    "40001": _REPEAT,
    "40P01": _REPEAT,
    "42P05": _POOLER,
    "53": "The server lacks resources: see its log.",
    "53100": "The server's disk is full: free some space.",
    "53300": "Raise the server's max_connections, or lower DATABASE_POOL_SIZE,"
    " DATABASE_MAX_OVERFLOW or WORKERS.",
    "55P03": "Another session holds the lock: end it, or try again when it is quieter.",
    "57": "The server is stopping or starting: try again.",
    "57014": "Try again when the server is less busy, or raise DATABASE_STATEMENT_TIMEOUT_MS.",
    "58": "The server cannot read or write its files: see its log.",
    "XX": "The server reports damage: see its log.",
}


class ServerUnreachable(ConnectionError):
    """No connection could be made: the server is away, too busy, or not where it should be."""


class ConnectionUnusable(ConnectionError):
    """A connection is refused, or would not be safe to use. Waiting does not help."""


def cause_of(error: BaseException) -> BaseException:
    """Return the driver's own error inside what SQLAlchemy raises, or `error`."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error


def sqlstate_of(error: BaseException) -> str:
    """Return the SQLSTATE of what PostgreSQL said, or nothing."""
    return getattr(cause_of(error), "sqlstate", None) or ""


def is_transient(error: BaseException, *, idempotent: bool) -> bool:
    """Return whether `error` may vanish when the work is done again.

    Serialization failures, deadlocks, and statements that were prepared before a migration always
    (nothing was written); a lost or refused connection only when the work is `idempotent`, because
    a lost COMMIT may have succeeded.
    """
    cause = cause_of(error)
    state = sqlstate_of(error)
    if state in _SAFE or isinstance(cause, asyncpg.InvalidCachedStatementError):
        return True
    if not idempotent or isinstance(cause, PoolTimeout | ConnectionUnusable):
        return False
    if state:
        return state in _SERVER_GONE or state.startswith("08")
    lost = (ConnectionError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError)
    disconnected = isinstance(error, DBAPIError) and error.connection_invalidated
    return disconnected or isinstance(cause, lost)


def is_unavailable(error: BaseException) -> bool:
    """Return whether the database cannot serve now: it is away, busy, full, or read-only."""
    state = sqlstate_of(error)
    return (
        isinstance(error, PoolTimeout | ConnectionError)
        or not _BUSY.isdisjoint({state, state[:2]})
        or is_transient(error, idempotent=True)
    )


def is_timeout(error: BaseException) -> bool:
    """Return whether a time-out ended a statement: the server's, or ours."""
    cause = error.__cause__ if isinstance(error.__cause__, asyncpg.PostgresError) else error
    return isinstance(cause, TimeoutError) or sqlstate_of(cause) == _QUERY_CANCELED


def is_behind(error: BaseException) -> bool:
    """Return whether the schema lacks something that this release uses, or the right to use it."""
    return sqlstate_of(error) in _BEHIND


def explain(error: BaseException) -> str | None:
    """Return what went wrong and what to do, in one line; None for what no operator can fix."""
    if isinstance(error, ServerUnreachable | ConnectionUnusable):
        return str(error)
    if isinstance(error, PoolTimeout):
        return "All connections of this process are in use: raise DATABASE_POOL_SIZE."
    if isinstance(error, RedisError):
        return f"No answer from Valkey or Redis ({first_line(error)}): is REDIS_URL right?"
    state = sqlstate_of(error)
    remedy = REMEDIES.get(state) or REMEDIES.get(state[:2])
    if isinstance(cause_of(error), asyncpg.InvalidCachedStatementError):
        remedy = _REPEAT
    if remedy:
        return f"{first_line(cause_of(error)).removesuffix('.')}. {remedy}"
    if isinstance(error, DBAPIError | asyncpg.InterfaceError) and is_transient(
        error, idempotent=True
    ):
        return f"{first_line(cause_of(error)).removesuffix('.')}. {REMEDIES['08']}"
    return None


def first_line(error: BaseException) -> str:
    """Return the first line of what an error says, or its name."""
    return str(error).strip().partition("\n")[0] or type(error).__name__
