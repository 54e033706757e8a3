"""The handle that use cases take, over what a test has, and a look at what is sent with it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.work import Work

_open: list[Work] = []


def work_on(place: Database | AsyncSession) -> Work:
    """Return a work on a database, or one that is a part of a test's session."""
    if not isinstance(place, Database):
        return Work.of(place)
    _open.append(Work(place))
    return _open[-1]


async def close_works() -> None:
    """Give back the connections of the works that a test has begun."""
    while _open:
        await _open.pop().__aexit__()


@contextmanager
def watching(database: Database, note: Callable[[str, tuple[Any, ...]], None]) -> Iterator[None]:
    """Have `note` see each statement with its values, sent by SQLAlchemy or past it."""

    def seen(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        note(statement, tuple(values))

    def run(work: Work, statement: str, values: tuple[Any, ...], *args: Any, **options: Any) -> Any:
        note(statement, values)
        return real(work, statement, values, *args, **options)

    engine, real = database.engine.sync_engine, Work._run
    event.listen(engine, "before_cursor_execute", seen)
    Work._run = run
    try:
        yield
    finally:
        Work._run = real
        event.remove(engine, "before_cursor_execute", seen)
