"""Logs: JSON lines in production, readable lines in development, each with its request's id."""

import logging
import re
import sys
import time
from contextlib import suppress
from typing import Any, TextIO, cast

import asyncpg
import msgspec
import structlog
from sqlalchemy import Engine, ExceptionContext, event
from structlog.typing import Processor

from app.core.config import Settings
from app.core.database_errors import is_timeout

# Traces as plain text: structured ones carry local variables, and those carry passwords.
_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)
# A value may hold line breaks: a detail ends where the next part of the trace begins.
_DETAIL = re.compile(
    r"DETAIL:.*?(?=\n(?:HINT:|\[SQL|\(Background|\n|The above|During handling|  File)|\Z)",
    re.DOTALL,
)
_log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class _Unfailing:
    """A file that drops what it cannot take: no request fails because the log's disk is full."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, line: str) -> None:
        """Write, if there is room."""
        with suppress(OSError):
            self._file.write(line)

    def flush(self) -> None:
        """Flush, if there is room."""
        with suppress(OSError):
            self._file.flush()


def configure_logging(settings: Settings) -> None:
    """Send our log and that of every library to standard error, in one format. Idempotent."""
    level = getattr(logging, settings.LOG_LEVEL.upper())
    renderer: Processor
    shared = _SHARED
    if settings.ENVIRONMENT == "production":
        shared = (*_SHARED, _hide_details)
        renderer = structlog.processors.JSONRenderer(serializer=_to_json)
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", _Unfailing(sys.stderr))),
        cache_logger_on_first_use=settings.ENVIRONMENT == "production",
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler, *(h for h in root.handlers if not _is_ours(h))]
    root.setLevel(max(level, logging.INFO))  # libraries' debug records are of no use here


def _hide_details(_logger: object, _name: str, line: Any) -> Any:
    """Take PostgreSQL's DETAIL out of a trace: "Failing row contains …" lists personal data."""
    if "exception" in line:
        line["exception"] = _DETAIL.sub("DETAIL: (hidden)", line["exception"])
    return line


def _is_ours(handler: logging.Handler) -> bool:
    return isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)


def _to_json(line: Any, **options: Any) -> str:
    return msgspec.json.encode(line, enc_hook=options["default"]).decode()


def log_slow_queries(engine: Engine, threshold_ms: int) -> None:
    """Log each statement of `engine` that took longer than `threshold_ms`, without its values.

    Those that a time-out ended are logged whatever the threshold (0 turns the others off). Both
    ways to the server are watched: SQLAlchemy's cursors, and the driver's own connections.
    """

    def before(_connection: object, _cursor: object, *rest: Any) -> None:
        rest[2]._lancar_started = time.perf_counter()  # noqa: SLF001 - the execution context

    def after(_connection: object, _cursor: object, statement: str, *rest: Any) -> None:
        _note(statement, time.perf_counter() - rest[1]._lancar_started)  # noqa: SLF001 - as above

    def failed(context: ExceptionContext) -> None:
        started = getattr(context.execution_context, "_lancar_started", None)
        if context.statement and started:
            seconds = time.perf_counter() - started
            _note(context.statement, seconds, context.original_exception)

    def note_driver(record: asyncpg.connection.LoggedQuery) -> None:
        _note(record.query, record.elapsed, record.exception)

    def _note(statement: str, seconds: float, error: BaseException | None = None) -> None:
        facts = {"statement": statement, "duration_ms": round(seconds * 1000, 1)}
        if error is not None and is_timeout(error):
            _log.warning("statement_timeout", **facts)
        elif threshold_ms and seconds * 1000 > threshold_ms:
            _log.warning("slow_query", **facts)

    def watch(dbapi_connection: Any, _record: object) -> None:
        dbapi_connection.driver_connection.add_query_logger(note_driver)

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    event.listen(engine, "handle_error", failed)
    event.listen(engine, "connect", watch)
