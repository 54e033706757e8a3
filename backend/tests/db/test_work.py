"""The one handle to the database: whose transaction, how many connections, what is repeated."""

from contextlib import suppress

import asyncpg
import pytest
from sqlalchemy import select, update

from app.core.statements import Statement, nothing, value
from app.core.work import Work, transactional
from app.models import User
from tests.factories import make_user

NAMES = Statement("names", "SELECT full_name FROM users ORDER BY full_name", (), value)
RENAME = Statement("rename", "UPDATE users SET full_name = $1", ("name",), nothing)
END = Statement("end", "SELECT pg_terminate_backend(pg_backend_pid())", (), value)


@pytest.fixture
async def work(fresh_database):
    async with fresh_database.sessions.begin() as session:
        session.add(make_user(full_name="Sari"))
    async with Work(fresh_database) as work:
        yield work


async def names(work):
    return await work.fetch(NAMES)


class Broken(Exception):
    """What a use case raises in the middle."""


def break_off():
    raise Broken


@pytest.mark.parametrize("driver_first", [True, False])
async def test_orm_and_statements_are_undone_together(work, driver_first):
    async def by_driver():
        await work.execute(RENAME, name="Ayu")

    async def by_orm():
        work.session.add(make_user(full_name="Budi"))
        await work.session.flush()

    for raises in (True, False):
        with suppress(Broken):
            async with work.transaction():
                for write in (by_driver, by_orm) if driver_first else (by_orm, by_driver):
                    await write()
                if raises:
                    break_off()
        if raises:
            assert await names(work) == ["Sari"]
    assert await names(work) == (["Ayu", "Budi"] if driver_first else ["Ayu", "Ayu"])


async def test_what_the_orm_was_given_last_is_stored_too(work):
    async with work.transaction():
        (await work.session.scalars(select(User))).one().full_name = "Ayu"
    assert await names(work) == ["Ayu"]


async def test_a_transaction_inside_another_is_a_part_of_it(work):
    with suppress(Broken):
        async with work.transaction():
            async with work.transaction():
                await work.execute(RENAME, name="Ayu")
            break_off()
    assert await names(work) == ["Sari"]


@pytest.mark.parametrize("way", ["flush", "update"])
async def test_the_orm_writes_nothing_outside_a_transaction(work, way):
    work.session.add_all([make_user()] if way == "flush" else [])
    rename = update(User).values(full_name="Ayu")
    with pytest.raises(RuntimeError, match="outside a transaction"):
        await (work.session.flush() if way == "flush" else work.session.execute(rename))
    work.session.expunge_all()
    assert await names(work) == ["Sari"]


async def test_no_connection_is_taken_before_the_first_statement_and_never_two(work):
    taken = []

    def note():
        taken.append(work.database.pool_status().checked_out)

    async with work.transaction():
        note()
        await work.fetch(NAMES)
        note()
        await work.session.scalar(select(User.id))
        note()
    note()
    await work.session.scalar(select(User.id))
    note()
    await work.fetch(NAMES)
    note()
    await work.session.scalar(select(User.id))
    async with work.transaction():
        await work.session.scalar(select(User.id))
        note()
    await work.session.scalar(select(User.id))
    await work.release()
    note()
    assert taken == [0, 1, 1, 0, 1, 0, 1, 0]


async def test_an_object_read_before_a_transaction_stays_readable_after_it(work):
    user = (await work.session.scalars(select(User))).one()
    async with work.transaction():
        await work.execute(RENAME, name="Ayu")
    assert user.full_name == "Sari"


@pytest.mark.parametrize(
    ("error", "is_idempotent", "times"),
    [
        (asyncpg.DeadlockDetectedError, False, 2),
        (asyncpg.ConnectionDoesNotExistError, False, 1),
        (asyncpg.ConnectionDoesNotExistError, True, 2),
        (Broken, True, 1),
    ],
)
async def test_a_use_case_is_repeated_after_a_fault_that_may_pass(
    work, error, is_idempotent, times
):
    seen = []

    @transactional(idempotent=is_idempotent)
    async def rename(work, name):
        """Rename everybody."""
        seen.append(await names(work))
        await work.execute(RENAME, name=name)
        if len(seen) == 1:
            raise error
        return name

    assert rename.__doc__ == "Rename everybody."
    if times == 1:
        with pytest.raises(error):
            await rename(work, "Ayu")
    else:
        assert await rename(work, "Ayu") == "Ayu"
    assert seen == [["Sari"]] * times
    assert await names(work) == ["Sari" if times == 1 else "Ayu"]


async def test_a_use_case_in_a_transaction_is_not_repeated_by_itself(work):
    inner, outer = [], []

    @transactional()
    async def fail_once(work):
        inner.append(1)
        if len(inner) == 1:
            raise asyncpg.DeadlockDetectedError

    @transactional()
    async def around(work):
        outer.append(1)
        await fail_once(work)

    await around(work)
    assert (len(outer), len(inner)) == (2, 2)


async def test_a_lost_connection_is_not_lent_again(work):
    with pytest.raises(asyncpg.PostgresError):
        async with work.transaction():
            await work.fetch(END)
    assert await names(work) == ["Sari"]
    async with work.transaction():
        await work.execute(RENAME, name="Ayu")
    assert await names(work) == ["Ayu"]


async def test_a_work_that_is_a_part_of_a_session_commits_nothing(fresh_database, work):
    async with fresh_database.sessions() as session:
        part = Work.of(session)
        async with part.transaction():
            await part.execute(RENAME, name="Ayu")
        assert await names(part) == ["Ayu"]
        assert await names(work) == ["Sari"]
        await session.rollback()
    assert await names(work) == ["Sari"]
