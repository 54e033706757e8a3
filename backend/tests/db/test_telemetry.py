"""Logs: what a slow statement leaves there, and what no line may hold."""

import json
import logging
import secrets
from contextlib import contextmanager

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core.config import Settings
from app.core.database import Database
from app.core.telemetry import configure_logging
from tests.conftest import Server
from tests.factories import make_user

PRODUCTION = Settings(ENVIRONMENT="production", SECRET_KEY="k" * 40)
SLOW = "SELECT pg_sleep(0.02), {} AS value"


@pytest.mark.parametrize(("threshold_ms", "lines"), [(5, 2), (60_000, 0), (0, 0)])
async def test_slow_statements_are_logged_on_both_ways_without_their_values(
    server: Server, threshold_ms, lines
):
    settings = Settings(DATABASE_SLOW_QUERY_MS=threshold_ms)
    database = Database(server.url("postgres"), settings)
    with structlog.testing.capture_logs() as logs:
        async with database.read_sessions() as session:
            await session.execute(text(SLOW.format(":v ::text")), {"v": "hunter2"})
        async with database.driver() as connection:
            await connection.fetchval(SLOW.format("$1::text"), "hunter2")
            await connection.fetchval("SELECT 1")
    slow = [line for line in logs if line["event"] == "slow_query"]
    assert len(slow) == lines
    assert all(line["duration_ms"] >= 20 and "pg_sleep" in line["statement"] for line in slow)
    assert "hunter2" not in str(logs)
    await database.close()


@contextmanager
def production_logs():
    """Log as in production; put back afterwards."""
    root = logging.getLogger()
    handlers, level, configuration = root.handlers[:], root.level, structlog.get_config()
    configure_logging(PRODUCTION)
    configure_logging(PRODUCTION)  # twice is once
    structlog.configure(cache_logger_on_first_use=False)
    try:
        yield
    finally:
        root.handlers, root.level = handlers, level
        structlog.configure(**configuration)


def fail_with_a_password(password: str) -> None:
    raise RuntimeError("a bug")


def test_in_production_every_line_is_json_with_its_request_and_no_local_variable(capsys):
    password = secrets.token_hex()  # made here, because traces quote the source
    with production_logs(), structlog.contextvars.bound_contextvars(request_id="r1"):
        logging.getLogger("library").warning("from a %s", "library")
        try:
            fail_with_a_password(password)
        except RuntimeError:
            structlog.get_logger().exception("request_failed", code="internal_error")
        structlog.get_logger().debug("too little to be written")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in lines] == ["from a library", "request_failed"]
    assert all(line["request_id"] == "r1" and line["timestamp"].endswith("Z") for line in lines)
    assert "RuntimeError: a bug" in lines[1]["exception"]
    assert password not in lines[1]["exception"]


async def test_in_production_a_refused_row_is_not_in_the_log(capsys, fresh_database: Database):
    first, second = secrets.token_hex(), secrets.token_hex()  # traces quote the source
    user = make_user(email=f"LOUD@{first}", full_name=f"{first}\n{second}")
    url = fresh_database.engine.url.render_as_string(hide_password=False)
    database = Database(url, PRODUCTION)
    with production_logs():
        try:
            async with database.sessions.begin() as db:
                db.add(user)
        except IntegrityError:
            structlog.get_logger().exception("request_failed")
    await database.close()
    (line,) = capsys.readouterr().err.splitlines()
    assert "users_email_check" in line
    assert "DETAIL: (hidden)" in line
    assert first not in line
    assert second not in line
