"""What stands between Alembic's commands and the database: one at a time, and nothing lost unasked.

Used by alembic/env.py, so that it holds for `alembic` as for `manage_db.py`.
"""

import io
import re
import time
from collections.abc import Sequence

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, MigrationStep, StampStep
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text

from app.cli.guard import (
    Loss,
    NotConfirmedError,
    count_rows,
    database_name,
    require_consent,
)
from app.core.config import get_settings

CONFIRM = "confirm"
"""Where the name is given: `alembic -x confirm=NAME downgrade …`, or in Config.attributes."""
LOCK_KEY = 7_309_236_145
"""Differs from other advisory locks; they belong to one database each."""
SECONDS_TO_WAIT = 60.0
SECONDS_BETWEEN_TRIES = 0.1

_HOLDER = text(
    """
    SELECT activity.pid FROM pg_locks JOIN pg_stat_activity AS activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND (classid::bigint << 32) | objid::bigint = :key
    """
)


def lock_migrations(connection: Connection, seconds: float = SECONDS_TO_WAIT) -> None:
    """Wait until nobody else migrates this database; the lock ends with the connection.

    Tries again and again instead of waiting inside the server: a waiting statement holds a
    snapshot, and CREATE INDEX CONCURRENTLY of the other process would wait for it in turn. Raises
    CommandError after `seconds`.
    """
    deadline = time.monotonic() + seconds
    while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK_KEY}):
        if time.monotonic() > deadline:
            holder = connection.scalar(_HOLDER, {"key": LOCK_KEY})
            raise CommandError(
                f"Another process has been migrating this database for {seconds:.0f} s (server "
                f"process {holder}); nothing was changed. Try again when it is done."
            )
        connection.rollback()
        time.sleep(SECONDS_BETWEEN_TRIES)
    connection.commit()


def guard_migrations(context: MigrationContext) -> None:
    """Have a way down confirmed in production: `alembic -x confirm=NAME`, or `--yes-drop NAME`.

    Below the first migration, which would empty the database, nothing leads in production. Raises
    NotConfirmedError before anything has happened.
    """
    connection = context.connection
    assert connection is not None
    heads = context.get_current_heads()
    down = [step for step in context.opts["fn"](heads, context) if not step.is_upgrade]
    if down or context.purge:
        if context.purge or any(isinstance(step, StampStep) for step in down):
            things = ["the record of its migrations (the tables stay)"]
        else:
            _refuse_the_end_of_all(down)
            things = _lost(connection, down)
        what = f"Going down from {', '.join(heads)} destroys"
        _require_consent(context, Loss(what, database_name(connection.engine.url), things))
    connection.rollback()


def _require_consent(context: MigrationContext, loss: Loss) -> None:
    environment = context.environment_context
    assert environment is not None
    attributes = environment.config.attributes
    if CONFIRM in attributes:
        require_consent(loss, attributes[CONFIRM])
    else:
        given = environment.get_x_argument(as_dictionary=True).get(CONFIRM)
        remedy = f"To go on, run: alembic -x {CONFIRM}={{}} …"
        require_consent(loss, given, remedy=remedy)


def _refuse_the_end_of_all(down: Sequence[MigrationStep]) -> None:
    is_base = any(not step.to_revisions_no_deps for step in down)
    if is_base and not get_settings().is_development:
        raise NotConfirmedError(
            "A downgrade below the first migration drops every table, and ENVIRONMENT is"
            " production: it is refused. Nothing was changed. Give a revision to go down to."
        )


_DROPS = re.compile(
    r"""^\s*(?:DROP\ TABLE(?:\ IF\ EXISTS)?\ "?(?P<table>\w+)
      |ALTER\ TABLE\ "?(?P<of>\w+)"?\ DROP\ COLUMN(?:\ IF\ EXISTS)?\ "?(?P<column>\w+)
      |(?:UPDATE|DELETE\ FROM|TRUNCATE(?:\ TABLE)?)\ "?(?P<rows>\w+))""",
    re.MULTILINE | re.IGNORECASE | re.VERBOSE,
)


def _lost(connection: Connection, down: Sequence[MigrationStep]) -> list[str]:
    """Return what the SQL of the steps drops or rewrites, with the rows that it is about."""
    try:
        dropped = [match.groupdict() for match in _DROPS.finditer(_sql(down))]
    except Exception as error:  # noqa: BLE001 - a migration that needs a server to say what it does
        return [f"more than can be told beforehand ({error})"]
    tables = [names["table"] or names["of"] or names["rows"] for names in dropped]
    rows = count_rows(connection, set(tables)) if tables else {}
    lost = [
        f"column {table}.{names['column']} ({rows[table]})"
        if names["column"]
        else f"{table} ({rows[table]})"
        for table, names in zip(tables, dropped, strict=True)
        if table in rows
    ]
    return list(dict.fromkeys(lost))


def _sql(down: Sequence[MigrationStep]) -> str:
    output = io.StringIO()
    offline = MigrationContext.configure(
        dialect_name="postgresql",
        opts={"as_sql": True, "literal_binds": True, "output_buffer": output},
    )
    with Operations.context(offline):
        for step in down:
            step.migration_fn()
    return output.getvalue()
