"""`status`: the servers, the revision, the pool and the sizes, at a glance or as JSON."""

from dataclasses import asdict
from typing import Any

import typer
from alembic.script import ScriptDirectory
from rich.filesize import decimal
from rich.markup import escape
from rich.table import Table
from sqlalchemy import text

from app.cli.connection import as_application, running_servers
from app.cli.console import Exit, console, print_json
from app.cli.prepare import alembic_config
from app.core.address import Address
from app.core.cache import cache, close_cache
from app.core.config import get_settings
from app.core.database import Database, current_revision

# Estimates of the last ANALYZE: counting would read the tables.
SIZES = """
SELECT c.relname AS table, greatest(c.reltuples, 0)::bigint AS rows,
       pg_table_size(c.oid) AS bytes, pg_indexes_size(c.oid) AS index_bytes
FROM pg_class AS c
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
ORDER BY pg_total_relation_size(c.oid) DESC, c.relname
"""


def status(
    as_json: bool = typer.Option(False, "--json", help="Print it as JSON."),
) -> None:
    """Show server, revision, pool settings, cache and table sizes (rows as last estimated).

    Exit code 1 when the database is not at the newest migration.

    Example: python manage_db.py status --json
    """
    with running_servers():
        found = as_application(_collect, at_head=False)
    if as_json:
        print_json(found)
    else:
        _show(found)
    if found["revision"] != found["head"]:
        raise typer.Exit(Exit.FAILED)


async def _collect(database: Database) -> dict[str, Any]:
    settings = get_settings()
    address = Address.of(settings.DATABASE_URL or "")
    await database.ping()  # opens the connection
    latency_ms = await database.ping()
    async with database.read_sessions() as session:
        version = await session.scalar(text("SHOW server_version"))
        name = await session.scalar(text("SELECT current_database()"))
        revision = await current_revision(session)
        size = await session.scalar(text("SELECT pg_database_size(current_database())"))
        tables = [dict(row) for row in (await session.execute(text(SIZES))).mappings()]
    is_cache_up = await cache().ping()
    failure = cache().failure
    await close_cache()
    return {
        "environment": settings.ENVIRONMENT,
        "server": {"version": version, "address": str(address)},
        "database": name,
        "bytes": size,
        "latency_ms": round(latency_ms, 2),
        "revision": revision,
        "head": ScriptDirectory.from_config(alembic_config()).get_current_head(),
        "pool": asdict(database.pool_status()),
        "cache": "up" if is_cache_up else "down",
        "cache_failure": failure if not is_cache_up else None,
        "tables": tables,
    }


def _show(found: dict[str, Any]) -> None:
    server, pool = found["server"], found["pool"]
    if found["revision"] == found["head"]:
        revision = f"{found['revision']} [green](newest)[/]"
    else:
        revision = (
            f"{found['revision'] or 'none'} [red](newest: {found['head']})[/]; "
            "run manage_db.py upgrade"
        )
    facts = Table.grid(padding=(0, 2))
    facts.add_row("Environment", found["environment"])
    facts.add_row("PostgreSQL", f"{server['version']} on {server['address']}")
    facts.add_row("Database", f"{found['database']}, {decimal(found['bytes'])}")
    facts.add_row("Latency", f"{found['latency_ms']} ms")
    facts.add_row("Revision", revision)
    facts.add_row("Pool", f"{pool['size']} a process, up to {pool['max_overflow']} more under load")
    is_up = found["cache"] == "up"
    failure = escape(str(found["cache_failure"]))
    facts.add_row("Cache", "[green]up[/]" if is_up else f"[yellow]down[/]: {failure} (REDIS_URL)")
    console.print(facts)
    tables = Table("Table", box=None, header_style="bold", padding=(0, 2))
    for name in ("Rows (about)", "Data", "Indexes"):
        tables.add_column(name, justify="right")
    for row in found["tables"]:
        sizes = decimal(row["bytes"]), decimal(row["index_bytes"])
        tables.add_row(row["table"], f"{row['rows']:,}", *sizes)
    console.print()
    console.print(tables)
