"""Connecting to PostgreSQL: the one way in, for the application, its commands and the migrations.

Whatever is wrong on the way ends in one of two errors, with one line for an operator:
`ServerUnreachable` (waiting may help) or `ConnectionUnusable` (it will not).
"""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.core.address import FILES, Address
from app.core.database_errors import (
    REMEDIES,
    ConnectionUnusable,
    ServerUnreachable,
    first_line,
)

OLDEST_VERSION = 15
_UPGRADE = "Run: python manage_db.py upgrade"
_POOLER = "A pooler? See “PgBouncer” in docs/configuration.md."
# What to do, by kind of error; the first that fits counts.
_REMEDIES: tuple[tuple[type[Exception], type[ConnectionError], str], ...] = (
    (asyncpg.TooManyConnectionsError, ServerUnreachable, REMEDIES["53300"]),
    (asyncpg.CannotConnectNowError, ServerUnreachable, REMEDIES["57"]),
    (asyncpg.AdminShutdownError, ServerUnreachable, REMEDIES["57"]),
    (asyncpg.TargetServerAttributeNotMatched, ServerUnreachable, "Is a failover under way?"),
    (asyncpg.ConnectionDoesNotExistError, ServerUnreachable, REMEDIES["08"]),
    (asyncpg.ProtocolViolationError, ConnectionUnusable, _POOLER),
    (asyncpg.InvalidPasswordError, ConnectionUnusable, "Are user and password right?"),
    (
        asyncpg.InvalidAuthorizationSpecificationError,
        ConnectionUnusable,
        "Are user, database and sslmode right, and does pg_hba.conf let them in?",
    ),
    (asyncpg.InvalidCatalogNameError, ConnectionUnusable, "Create it: CREATE DATABASE …"),
    (asyncpg.InvalidParameterValueError, ConnectionUnusable, _UPGRADE),
    (asyncpg.InsufficientPrivilegeError, ConnectionUnusable, _UPGRADE),  # which grants the role
    (asyncpg.PostgresError, ConnectionUnusable, ""),
    (ssl.SSLError, ConnectionUnusable, "Are sslmode and sslrootcert right?"),
    (OSError, ServerUnreachable, "Is the address right, and does the server run?"),
    (ValueError, ConnectionUnusable, ""),
    (asyncpg.InterfaceError, ConnectionUnusable, ""),
    (asyncpg.InternalClientError, ConnectionUnusable, "Is it PostgreSQL?"),
)
_SETTINGS = (
    "SELECT lower(name), setting FROM pg_settings WHERE lower(name) = ANY($1)"
    " UNION ALL SELECT 'role', current_user::text"
)


def engine_for(
    url: str, settings: Mapping[str, str] | None = None, *, driver: Any = None, **options: Any
) -> AsyncEngine:
    """Return an engine on `url` whose connections have `settings` (server parameters; `role` too).

    `driver` are further options of asyncpg, `options` are SQLAlchemy's. Nothing connects yet.
    """

    async def connect_one() -> "asyncpg.Connection[asyncpg.Record]":
        return await connect(url, settings, **(driver or {}))

    return create_async_engine(Address.of(url).display(), async_creator=connect_one, **options)


async def connect(
    url: str, settings: Mapping[str, str] | None = None, **driver: Any
) -> "asyncpg.Connection[asyncpg.Record]":
    """Connect to `url` with `settings`, and make sure that the server is one we can work with.

    Raises ServerUnreachable or ConnectionUnusable.
    """
    address = Address.of(url)
    _require_files(address)
    try:
        options = address.options() | driver
        options["server_settings"] |= settings or {}
        connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(**options)
        try:
            await _admit(connection, settings or {})
        except BaseException:
            connection.terminate()
            raise
    except Exception as error:
        explained = _explained(error, address)
        if explained is None:
            raise
        raise explained from error
    return connection


def _require_files(address: Address) -> None:
    for name in FILES:
        file = address.parameters.get(name)
        if file and not (name == "sslrootcert" and file == "system"):
            try:
                Path(file).open("rb").close()
            except OSError as error:
                raise ConnectionUnusable(
                    f"DATABASE_URL: {name}={file}: {error.strerror}."
                ) from error


async def _admit(
    connection: "asyncpg.Connection[asyncpg.Record]", settings: Mapping[str, str]
) -> None:
    """Refuse a server that is too old, and a pooler that has dropped some of `settings`.

    One round trip for a new connection: without it the application would work as the owner of the
    logs, and without time-outs.
    """
    version = connection.get_server_version()
    if version.major < OLDEST_VERSION:
        raise ConnectionUnusable(
            f"The server is PostgreSQL {version.major}; {OLDEST_VERSION} or newer is needed."
        )
    if not settings:
        return
    rows = await connection.fetch(_SETTINGS, list(settings))
    found: dict[str, str] = {name: value for name, value in rows}  # noqa: C416 - for the types
    for name, wanted in settings.items():
        if found.get(name) != wanted:
            raise ConnectionUnusable(
                f"The connection has {name} = {found.get(name)} instead of {wanted}: does a pooler"
                " drop it? Connect directly, or see “PgBouncer” in docs/configuration.md."
            )


def _explained(error: Exception, address: Address) -> ConnectionError | None:
    """Return what went wrong in words for an operator, or None when it is a fault of ours."""
    if isinstance(error, ConnectionUnusable):
        return error
    said = "it does not answer" if isinstance(error, TimeoutError) else first_line(error)
    if "rejected SSL upgrade" in said:  # asyncpg has no kind for it
        error = ssl.SSLError()
    for kind, explained, remedy in _REMEDIES:
        if isinstance(error, kind):
            text = f"DATABASE_URL, {address}: {said.removesuffix('.')}. {remedy}"
            return explained(text.strip())
    return None
