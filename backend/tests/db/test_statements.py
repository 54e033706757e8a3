"""Every named statement fits the migrated database, and its rows the structs they are read as."""

import pkgutil
import re
from importlib import import_module
from inspect import isclass
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from app import domain
from app.core.bulk import create_stage
from app.core.database import Database
from app.core.statements import Nested, Statement, Statements, nothing, value
from app.core.work import Work
from app.core.work_session import driver_of
from app.domain.curriculum import bank_queries
from app.domain.curriculum.question_lines import NAMES
from tests.work import work_on

pytestmark = pytest.mark.each_version

MODULES = [
    vars(import_module(module.name))
    for module in pkgutil.walk_packages(domain.__path__, "app.domain.")
]
STATEMENTS = [
    pytest.param(each, id=f"{module['__name__'].removeprefix('app.domain.')}.{each.name}")
    for module in MODULES
    for each in module.values()
    if isinstance(each, Statement)
]


def columns_read(row: Any) -> list[str] | None:
    """Return the columns that `row` takes, by their names; None when it takes any."""
    if row is nothing:
        return None
    if isinstance(row, Nested):
        return row.columns
    return Nested(row if isclass(row) else get_type_hints(row)["return"]).columns


@pytest.fixture
async def work(worker_database: Database) -> Work:
    return work_on(worker_database)


@pytest.mark.parametrize("statement", STATEMENTS)
async def test_its_columns_are_the_fields_of_its_row(work: Work, statement: Statement[Any]) -> None:
    async with work.transaction():
        await create_stage(work.session, "questions", NAMES)
        await work.execute(bank_queries.CREATE_SLUGS)
        prepared = await (await driver_of(work.session)).prepare(statement.text)
        columns = [attribute.name for attribute in prepared.get_attributes()]
        assert len(prepared.get_parameters()) == len(statement.parameters)
    if statement.row is value:
        assert len(columns) == 1
    elif (fields := columns_read(statement.row)) is not None:
        assert columns == fields


def test_every_name_of_a_file_is_run_or_is_a_part() -> None:
    files = {
        each.file: (each.names, {it.name for it in module.values() if isinstance(it, Statement)})
        for module in MODULES
        for each in module.values()
        if isinstance(each, Statements)
        and each.file == Path(module["__file__"]).with_suffix(".sql")
    }
    assert files.keys() == set(Path(domain.__path__[0]).rglob("*.sql"))
    texts = "".join(file.read_text(encoding="utf-8") for file in files)
    parts = set(re.findall(r"\{(\w+)\}", texts))
    assert {file.name: names - run - parts for file, (names, run) in files.items()} == {
        file.name: set() for file in files
    }
