"""A database that cannot be reached, in every way that this shows."""

import socket

import asyncpg
import pytest

from app.core.config import Settings
from app.core.database import Database
from app.core.database_errors import ConnectionUnusable, ServerUnreachable, is_transient
from app.core.errors import Unavailable
from app.http.problems import as_domain_error
from tools.scratch import driver_url


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("address", ["no-such-host.invalid:5432", "127.0.0.1:{closed}"])
@pytest.mark.parametrize("way", ["driver", "session"])
async def test_it_is_the_servers_absence_and_not_our_fault(address: str, way: str) -> None:
    address = address.format(closed=_closed_port())
    database = Database(f"postgresql+asyncpg://user:secret@{address}/lancar", Settings())
    session = database.sessions()
    with pytest.raises(ServerUnreachable) as caught:
        await (database.ping() if way == "driver" else session.connection())
    await session.close()
    assert isinstance(as_domain_error(caught.value), Unavailable)
    assert is_transient(caught.value, idempotent=True)
    await database.close()


async def test_a_server_without_a_free_place_is_unavailable(own_place) -> None:
    with pytest.raises(ServerUnreachable, match=r"too many connections.*max_connections"):
        await own_place.ping()


@pytest.fixture
async def own_place(server, settings):
    """A database that lets nobody but superusers in."""
    name = await server.create()
    database = Database(server.url(name), settings)
    async with database.driver() as connection:
        await connection.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT 0')
    await database.engine.dispose()
    yield database
    await database.close()
    await server.drop(name)


async def test_a_server_older_than_15_is_refused(server, settings, monkeypatch):
    monkeypatch.setattr("app.core.connecting.OLDEST_VERSION", 99)
    with pytest.raises(ConnectionUnusable, match="99 or newer"):
        await Database(server.url("postgres"), settings).ping()


@pytest.mark.parametrize("dropped", ["role", "statement_timeout", "timezone"])
async def test_a_pooler_that_drops_what_a_connection_asks_for_is_refused(
    server, settings, monkeypatch, dropped
):
    """PgBouncer does so with what stands in its ignore_startup_parameters."""
    connect = asyncpg.connect

    async def forget_one(**options):
        del options["server_settings"][dropped]
        return await connect(**options)

    name = await server.create()
    elsewhere = await connect(driver_url(server.url(name)))
    await elsewhere.execute(f"ALTER DATABASE \"{name}\" SET timezone = 'Asia/Jakarta'")
    await elsewhere.close()
    monkeypatch.setattr("asyncpg.connect", forget_one)
    database = Database(server.url(name), settings, role=settings.DATABASE_ROLE)
    for way in (database.ping, database.sessions().connection):
        with pytest.raises(ConnectionUnusable, match=rf"{dropped} = .*PgBouncer"):
            await way()
    assert database.pool_status().checked_out == 0
    await database.close()
    monkeypatch.undo()
    await server.drop(name)
