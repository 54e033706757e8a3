"""Fixtures: one migrated template database a server, a database a worker, a savepoint a test."""

import os
import signal
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import hypothesis
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import Settings, get_settings
from app.core.database import Database
from tests.servers import (
    FOLDER_KEY,
    TEMPLATE,
    create_database,
    drop_database,
    postgres_url,
    redis_url,
    superuser_url,
    test_run,
    versions,
)
from tests.work import close_works, watching

os.environ.setdefault("BCRYPT_COST", "4")
# Hundreds of processes are started: each module is to be compiled once, not once in each.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# A rule is right or wrong, not fast or slow: on a busy machine a first example may take its time.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
_run = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder of the servers, in the process whose environment the workers inherit."""
    if FOLDER_KEY not in os.environ and not config.option.collectonly:
        # A run that is told to stop stops its servers, as after Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        _run.enter_context(test_run())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    _run.close()


def pytest_report_header() -> str:
    """Say which servers the tests run on."""
    return f"PostgreSQL under test: {', '.join(versions())}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it again at the end, where CI logs are read."""
    terminalreporter.write_line(pytest_report_header())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what differs between versions of PostgreSQL on each, and all else on one.

    The API's tests send every statement of the product, and so are those of the oldest version.
    """
    if "pg_version" in metafunc.fixturenames:
        newest, *older = versions()
        chosen = [newest]
        if metafunc.definition.get_closest_marker("each_version"):
            chosen += older
        elif metafunc.definition.path.parent.name == "api":
            chosen = [*older, newest][:1]
        metafunc.parametrize("pg_version", chosen, scope="session", ids=[f"pg{v}" for v in chosen])


@pytest.fixture(scope="session")
def valkey() -> str:
    """The URL of a running Valkey, which is also the setting of this process."""
    os.environ["REDIS_URL"] = redis_url()
    get_settings.cache_clear()
    return redis_url()


@dataclass
class Server:
    """One PostgreSQL under test."""

    version: str
    base_url: str

    def url(self, name: str) -> str:
        """Return the URL of database `name`."""
        return self.base_url + name

    async def create(self, template: str = TEMPLATE) -> str:
        """Create a throw-away database from `template`; return its name."""
        name = f"t_{uuid.uuid4().hex[:12]}"
        await create_database(self.url("postgres"), name, template)
        return name

    async def drop(self, name: str) -> None:
        """Drop a database made by `create`, whoever is still connected to it."""
        await drop_database(superuser_url(self.version), name)


@pytest.fixture(scope="session")
def server(pg_version: str, valkey: str) -> Server:
    """The PostgreSQL that this test runs on (each test runs once a version), beside a Valkey."""
    return Server(pg_version, postgres_url(pg_version))


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Settings with a small pool."""
    return Settings(DATABASE_POOL_SIZE=4, DATABASE_MAX_OVERFLOW=4)


@pytest.fixture(scope="session")
async def worker_database(server: Server, settings: Settings) -> AsyncIterator[Database]:
    """This worker's migrated database, connected as the application's role. Leave it empty."""
    name = await server.create()
    database = Database(server.url(name), settings, role=settings.DATABASE_ROLE)
    yield database
    await close_works()
    await database.close()
    await server.drop(name)


@pytest.fixture
async def db(worker_database: Database) -> AsyncIterator[AsyncSession]:
    """A session whose work, commits included, is undone after the test."""
    async with worker_database.engine.connect() as connection:
        transaction = await connection.begin()
        async with AsyncSession(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        ) as session:
            yield session
        await close_works()
        await transaction.rollback()


@pytest.fixture
async def fresh_database(server: Server, settings: Settings) -> AsyncIterator[Database]:
    """A migrated database of its own, for tests that really commit or use several connections."""
    name = await server.create()
    database = Database(server.url(name), settings, role=settings.DATABASE_ROLE)
    yield database
    await close_works()
    await database.close()
    await server.drop(name)


@dataclass
class Queries:
    """The statements that ran inside `count_queries`."""

    statements: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many there were."""
        return len(self.statements)


@contextmanager
def count_queries(database: Database) -> Iterator[Queries]:
    """Collect the statements that are sent on `database`, by SQLAlchemy or as named ones."""
    seen = Queries()
    with watching(database, lambda statement, _values: seen.statements.append(statement)):
        yield seen
