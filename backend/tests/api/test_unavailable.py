"""A database that is away, busy, too slow or too old: what is repeated, answered and logged."""

import asyncio

import asyncpg
import httpx
import pytest
from fastapi import APIRouter
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from app import main
from app.core.config import get_settings
from app.core.database import Database, close_database, open_database
from app.core.database_errors import ConnectionUnusable, ServerUnreachable
from app.core.statements import Statement, value
from app.http.deps import CurrentWork
from app.http.repeating import RepeatReads
from tests.conftest import Server

router = APIRouter()
SLOW = "SELECT pg_sleep(60) AS slow_one"


@router.get("/slow/session")
async def slow_session(work: CurrentWork) -> None:
    """Run into the time-out of the server, through SQLAlchemy."""
    await work.session.execute(text(SLOW))


@router.get("/slow/driver")
async def slow_driver(work: CurrentWork) -> None:
    """Run into it on the driver's own connection."""
    await work.fetch(Statement("slow", SLOW, (), value))


@router.get("/slow/silent")
async def slow_silent(work: CurrentWork) -> None:
    """Run into our own time-out, which is for a server that has fallen silent."""
    async with work.database.driver() as connection:
        await connection.fetch(SLOW, timeout=0.05)


@pytest.fixture
async def client(server: Server, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.http.repeating.SECONDS", 0)
    name = await server.create()
    settings = get_settings().model_copy(update={"DATABASE_STATEMENT_TIMEOUT_MS": 2_000})
    open_database(server.url(name), settings)
    app = main.create_app()
    app.include_router(router, prefix="/api/trial")
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://testserver") as client:
        yield client
    await close_database()
    await server.drop(name)


@pytest.mark.parametrize("way", ["session", "driver", "silent"])
async def test_a_time_out_is_unavailable_and_its_statement_is_in_the_log(client, way):
    with capture_logs() as logs:
        answer = await client.get(f"/api/trial/slow/{way}")
        await asyncio.sleep(0)  # asyncpg tells its loggers in the next turn of the loop
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    (line,) = [line for line in logs if line["event"] == "statement_timeout"]
    assert line["statement"] == SLOW


def wrapped(cause: Exception) -> DBAPIError:
    original = Exception("dialect")
    original.__cause__ = cause
    return DBAPIError("SELECT", {}, original)


AWAY = [
    asyncpg.DiskFullError("disk full"),
    asyncpg.TooManyConnectionsError("too many"),
    asyncpg.ReadOnlySQLTransactionError("cannot execute UPDATE in a read-only transaction"),
    asyncpg.LockNotAvailableError("lock timeout"),
    asyncpg.QueryCanceledError("statement timeout"),
    asyncpg.DeadlockDetectedError("deadlock"),
    asyncpg.CrashShutdownError("crash"),
    asyncpg.InvalidCachedStatementError("cached plan must not change result type"),
    asyncpg.InvalidSQLStatementNameError("prepared statement does not exist"),
    ServerUnreachable("away"),
    ConnectionUnusable("permission denied to set role"),
]
BEHIND = [
    asyncpg.UndefinedTableError('relation "users" does not exist'),
    asyncpg.UndefinedColumnError("column does not exist"),
    asyncpg.InsufficientPrivilegeError("permission denied for table users"),
]


async def answer_of(error: Exception) -> httpx.Response:
    app = main.create_app()

    @app.get("/api/trial/fault")
    async def fail() -> None:
        raise error

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://testserver") as client:
        return await client.get("/api/trial/fault")


@pytest.mark.parametrize("error", [pytest.param(each, id=type(each).__name__) for each in AWAY])
async def test_a_database_that_cannot_serve_now_is_a_503_that_says_when_to_come_back(
    error, monkeypatch
):
    monkeypatch.setattr("app.http.repeating.SECONDS", 0)
    forms = [error] if isinstance(error, ConnectionError) else [error, wrapped(error)]
    for seen in forms:
        answer = await answer_of(seen)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert answer.json()["code"] == "unavailable"


@pytest.mark.parametrize("error", [pytest.param(each, id=type(each).__name__) for each in BEHIND])
async def test_an_unmigrated_database_is_a_503_and_the_log_says_which_command_helps(error):
    with capture_logs() as logs:
        answer = await answer_of(wrapped(error))
    assert (answer.status_code, answer.json()["code"]) == (503, "database_behind")
    assert answer.headers["retry-after"] == "2"
    (line,) = [line for line in logs if line["event"] == "request_failed"]
    assert line["hint"].endswith("python manage_db.py upgrade")
    assert line["exc_info"], "it may be a fault of ours, too"


PUBLIC = ["/paths", "/lessons", "/vocabulary", "/search?q=tea"]
OWN = ["/", "/search?q=tea", "/statistics", "/cards"]


@pytest.mark.parametrize("path", [f"/api/v1{path}" for path in PUBLIC])
async def test_a_public_read_outlasts_the_loss_of_its_connection(client, path, monkeypatch):
    monkeypatch.setattr("app.http.repeating.SECONDS", 30)
    lost = lose_connections(main.database(), 2)
    assert (await client.get(path)).status_code == 200
    assert len(lost) == 2


@pytest.mark.parametrize("path", OWN)
async def test_a_page_outlasts_the_loss_of_its_connections(client, path, monkeypatch):
    monkeypatch.setattr("app.http.repeating.SECONDS", 30)
    body = {"email": "sari@example.com", "password": "kopi tubruk 3x", "full_name": "Sari"}
    assert (await client.post("/api/v1/accounts", json=body)).status_code == 201
    del body["full_name"]
    assert (await client.post("/api/v1/sessions", json=body)).status_code == 201
    lost = lose_connections(main.database(), 3)
    assert (await client.get(path)).status_code == 200
    assert len(lost) == 3


def lose_connections(database: Database, count: int) -> list[int]:
    """Cut the next connections that the pool lends, as a dying server does; list what was cut."""
    cut: list[int] = []

    def terminate(dbapi_connection, _record, _proxy):
        if len(cut) < count:
            cut.append(dbapi_connection.driver_connection.get_server_pid())
            dbapi_connection.driver_connection.terminate()

    event.listen(database.engine.sync_engine, "checkout", terminate)
    return cut


async def test_a_column_whose_type_changed_while_serving_costs_no_answer(client, monkeypatch):
    monkeypatch.setattr("app.http.repeating.SECONDS", 30)
    assert (await client.get("/api/v1/paths")).status_code == 200
    url = main.database().engine.url.set(drivername="postgresql")
    owner = await asyncpg.connect(url.render_as_string(hide_password=False))
    await owner.execute("ALTER TABLE paths ALTER COLUMN title TYPE varchar(400)")
    await owner.close()
    assert (await client.get("/api/v1/paths")).status_code == 200


async def test_a_fault_after_the_first_byte_is_not_answered_twice(client):
    sent = []

    async def begin_and_fail(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ConnectionResetError

    async def note(message):
        sent.append(message)

    with pytest.raises(ConnectionResetError):
        await RepeatReads(begin_and_fail)({"type": "http", "method": "GET"}, None, note)
    assert len(sent) == 1
