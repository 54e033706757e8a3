"""A database that cannot be reached, in every way that this shows."""

import socket

import pytest

from app.api.problems import as_domain_error
from app.core.config import Settings
from app.core.database import Database
from app.core.database_errors import ServerUnreachable, is_transient
from app.core.errors import Unavailable


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
    owner = Database(server.url(name), settings)
    async with owner.driver() as connection:
        await connection.execute("DROP ROLE IF EXISTS lancar_guest")
        await connection.execute("CREATE ROLE lancar_guest LOGIN PASSWORD 'test'")
        await connection.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT 0')
    await owner.close()
    guest = Database(server.url(name).replace("lancar:", "lancar_guest:", 1), settings)
    yield guest
    await guest.close()
    await server.drop(name)
