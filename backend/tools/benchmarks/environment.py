"""The database that is measured: filled once on the configured (or embedded) server, then kept."""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass

import alembic.command
import asyncpg
from alembic.script import ScriptDirectory
from rich.console import Console
from sqlalchemy import make_url

from app.cli.prepare import seed
from app.core.config import get_settings
from app.core.database import Database, close_database, open_database
from tools.generate import GENERATOR_VERSION, Volume, fill
from tools.scratch import alembic_config, driver_url

console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much data, and how long each measurement lasts."""

    database: str
    volume: Volume
    rounds: int
    seconds: float
    tasks: int
    writes: int  # reviews a side and round
    imported: int  # questions of one bulk import
    imports: int  # rounds of it
    repeats: int  # of what is timed one by one


FULL = Plan(
    database="lancar_bench",
    volume=Volume(20_000, 2_000_000, 200_000, 500_000, seed=1),
    rounds=9,
    seconds=2.0,
    tasks=10,
    writes=3_000,
    imported=100_000,
    imports=5,
    repeats=30,
)
QUICK = Plan(
    database="lancar_bench_quick",
    volume=Volume(200, 20_000, 8_000, 5_000, seed=1),
    rounds=1,
    seconds=0.05,
    tasks=10,
    writes=50,
    imported=500,
    imports=1,
    repeats=1,
)


@dataclass(frozen=True, slots=True)
class Bench:
    """Both sides: the application's `Database`, and an asyncpg pool with its default settings."""

    plan: Plan
    ours: Database
    raw: "asyncpg.Pool[asyncpg.Record]"


def url_of(plan: Plan) -> str:
    """Return the URL of the plan's database, on the server of DATABASE_URL."""
    configured = get_settings().owner_url
    assert configured is not None
    return make_url(configured).set(database=plan.database).render_as_string(hide_password=False)


async def find_mark(plan: Plan) -> str | None:
    """Return what the plan's database was filled with; None when it is not there or half full."""
    server = await asyncpg.connect(driver_url(url_of(plan), "postgres"))
    try:
        query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1"
        mark: str | None = await server.fetchval(query, plan.database)
        return mark
    finally:
        await server.close()


def wanted_mark(plan: Plan) -> str:
    """Return the mark of a database that is as this release fills it."""
    head = ScriptDirectory.from_config(alembic_config(url_of(plan))).get_current_head()
    return json.dumps([head, GENERATOR_VERSION, asdict(plan.volume)])


async def create(plan: Plan) -> None:
    """Make the plan's database, empty, in place of an old one."""
    server = await asyncpg.connect(driver_url(url_of(plan), "postgres"))
    try:
        await server.execute(f"DROP DATABASE IF EXISTS {plan.database} WITH (FORCE)")
        await server.execute(f"CREATE DATABASE {plan.database} TEMPLATE template0")
    finally:
        await server.close()


async def fill_and_mark(plan: Plan) -> None:
    """Load the curriculum, generate the volume, and write down that it is complete."""
    settings = get_settings().model_copy(update={"DATABASE_STATEMENT_TIMEOUT_MS": 0})
    await seed(open_database(url_of(plan)))
    await close_database()
    database = Database(url_of(plan), settings)
    await fill(database, plan.volume)
    async with database.driver() as connection:
        # The application is measured as in production, which lets no address of lancar.test in.
        await connection.execute(
            "UPDATE users SET email = replace(email, '@volume.lancar.test', '@volume.example')"
        )
        await connection.execute("VACUUM (ANALYZE) users")
        await connection.execute("CHECKPOINT")
        mark = wanted_mark(plan)
        await connection.execute(f"COMMENT ON DATABASE {plan.database} IS '{mark}'")
    await database.close()


def migrate(plan: Plan) -> None:
    """Bring the plan's database to the newest migration."""
    alembic.command.upgrade(alembic_config(url_of(plan)), "head")


@asynccontextmanager
async def opened(plan: Plan) -> AsyncIterator[Bench]:
    """Give both sides, connected."""
    database = open_database(url_of(plan))
    async with asyncpg.create_pool(driver_url(url_of(plan))) as raw:
        try:
            yield Bench(plan, database, raw)
        finally:
            await close_database()
