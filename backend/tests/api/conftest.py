"""A client of the whole application, on a database of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from ipaddress import IPv6Address
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.core.cache import close_cache
from app.core.config import get_settings
from app.core.database import Database, close_database, open_database
from app.core.telemetry import configure_logging
from tests.api.running import APP, POOL, assert_documented, token_of
from tests.conftest import Server
from tests.web.site import fill, serve

PASSWORD = "kopi tubruk 3x"
SignedIn = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture(autouse=True, scope="session")
def logs() -> None:
    """Log as the running application does (which sets this up when it starts)."""
    configure_logging(get_settings())


@pytest.fixture
async def database(server: Server) -> AsyncIterator[Database]:
    """The process-wide database, migrated and empty."""
    name = await server.create()
    yield open_database(server.url(name), get_settings())
    await close_database()
    await server.drop(name)


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A client without cookies, at an address of its own: rate limits are counted by address."""
    transport = httpx.ASGITransport(
        APP,
        raise_app_exceptions=False,  # faults of the server come back as answers
        client=(str(IPv6Address(uuid4().int)), 50_000),
    )
    hooks = {"response": [assert_documented]}
    async with httpx.AsyncClient(
        transport=transport, base_url="https://testserver", event_hooks=hooks
    ) as client:
        yield client
    await close_cache()


@pytest.fixture
def signed_in(client: httpx.AsyncClient) -> SignedIn:
    """Sign up and in: `me = await signed_in(email=…)`; the client keeps the cookie."""

    async def sign_up_and_in(**fields: Any) -> dict[str, Any]:
        email = f"sari-{uuid4().hex}@example.com"
        body = {"email": email, "password": PASSWORD, "full_name": "Sari Dewi"} | fields
        created = await client.post("/api/v1/accounts", json=body)
        assert created.status_code == 201, created.text
        credentials = {"email": body["email"], "password": body["password"]}
        answer = await client.post("/api/v1/sessions", json=credentials)
        assert answer.status_code == 201, answer.text
        return created.json()

    return sign_up_and_in


@pytest.fixture(scope="session")
async def site_database(server, settings):
    """The database of the site, with the curriculum."""
    name = await server.create()
    database = Database(server.url(name), settings, role=settings.DATABASE_ROLE)
    await fill(database)
    yield database
    await database.close()
    await server.drop(name)


@pytest.fixture(scope="session")
async def site(site_database, tmp_path_factory):
    """The address of the application, with a pool far smaller than the crowd."""
    url = site_database.engine.url.render_as_string(hide_password=False)
    async with serve(url, tmp_path_factory.mktemp("site") / "log", **POOL) as address:
        yield address


@pytest.fixture(scope="session")
async def slow_token(site_database):
    """The session of somebody who may use every route."""
    return await token_of(site_database, "slow@example.com", "admin")


@pytest.fixture(scope="session")
async def other_token(site_database):
    """The session of another learner."""
    return await token_of(site_database, "other@example.com", "learner")
