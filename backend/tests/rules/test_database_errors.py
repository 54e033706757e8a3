"""What an operator is told about an error of the database."""

import asyncpg
import pytest
from redis.exceptions import AuthenticationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.core.database_errors import explain


def wrapped(cause: Exception) -> DBAPIError:
    original = Exception(f"<class 'asyncpg'>: {cause}")
    original.__cause__ = cause
    return DBAPIError("SELECT secret", {"v": "secret"}, original)


EXPLAINED = [
    (asyncpg.DiskFullError("could not extend file\nHINT: Check disk."), "free some space"),
    (asyncpg.TooManyConnectionsError("sorry, too many clients already"), "max_connections"),
    (asyncpg.OutOfMemoryError("out of memory"), "resources"),
    (asyncpg.ReadOnlySQLTransactionError("read-only transaction"), "primary"),
    (asyncpg.LockNotAvailableError("canceling statement due to lock timeout"), "lock"),
    (asyncpg.QueryCanceledError("canceling statement due to statement timeout"), "TIMEOUT_MS"),
    (asyncpg.UndefinedTableError('relation "users" does not exist'), "manage_db.py upgrade"),
    (asyncpg.UndefinedColumnError('column "x" does not exist'), "manage_db.py upgrade"),
    (asyncpg.InsufficientPrivilegeError("permission denied"), "manage_db.py upgrade"),
    (asyncpg.DeadlockDetectedError("deadlock detected"), "run this again"),
    (asyncpg.InvalidCachedStatementError("cached plan must not change"), "run this again"),
    (asyncpg.AdminShutdownError("terminating connection"), "try again"),
    (asyncpg.ConnectionDoesNotExistError("connection was closed"), "does the server still run"),
    (asyncpg.InvalidSQLStatementNameError("prepared statement"), "PgBouncer"),
    (asyncpg.DataCorruptedError("invalid page"), "damage"),
]


@pytest.mark.parametrize(("error", "remedy"), EXPLAINED, ids=lambda each: type(each).__name__)
def test_an_error_of_the_server_is_one_line_with_a_remedy(error: Exception, remedy: str):
    for seen in (error, wrapped(error)):
        text = explain(seen)
        assert text is not None
        assert text.startswith(str(error).splitlines()[0])
        assert remedy in text
        assert "\n" not in text
        assert "secret" not in text


def test_a_full_pool_and_a_lost_cache_are_explained_too():
    assert "DATABASE_POOL_SIZE" in (explain(PoolTimeout()) or "")
    assert "REDIS_URL" in (explain(AuthenticationError("invalid password")) or "")


@pytest.mark.parametrize("error", [ValueError("x"), asyncpg.UniqueViolationError("duplicate")])
def test_a_fault_of_ours_is_not_explained_away(error: Exception):
    assert explain(error) is None
