"""Importing questions from a file beside a plain COPY of the same rows into the same table."""

import io
import json
import time
from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Any

from app.core.clock import utcnow
from app.core.database import session_scope
from app.core.work import Work
from app.domain.curriculum.bulk import import_questions
from tools.benchmarks.environment import Bench
from tools.benchmarks.measure import Comparison, in_turns
from tools.volume.content import QUESTION_COLUMNS, Writer

TARGET = 0.6
STATUS, SLUG = QUESTION_COLUMNS.index("status"), QUESTION_COLUMNS.index("slug")


def _rows(count: int, now: datetime) -> Iterator[list[str]]:
    """Yield the rows as COPY reads them, field by field: drafts, as the import writes them."""
    for line in Writer(Random(2), now).question_rows(count):
        fields = line.rstrip("\n").split("\t")
        fields[STATUS] = "draft"
        fields[SLUG] = fields[SLUG].replace("volume-", "bench-")
        yield fields


def _as_json(fields: list[str]) -> bytes:
    """Return a row as a line of the file that authors import."""
    row: dict[str, Any] = dict(zip(QUESTION_COLUMNS, fields, strict=True))
    for name in ("id", "status", "created_at", "updated_at"):
        del row[name]
    for name in ("options", "answer_key", "translations"):
        text = row[name].replace("\\\\", "\\")
        row[name] = None if text == "\\N" else json.loads(text)
    row["difficulty"] = int(row["difficulty"])
    row["tags"] = [row["tags"].strip("{}")]
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


async def compare(bench: Bench) -> list[Comparison]:
    """Measure both ways; the rows are deleted, and the table vacuumed, after each."""
    now, count = utcnow(), bench.plan.imported
    copied, file = io.BytesIO(), io.BytesIO()
    for fields in _rows(count, now):
        copied.write(("\t".join(fields) + "\n").encode())
        file.write(_as_json(fields))

    async def ours() -> float:
        file.seek(0)
        started = time.perf_counter()
        async with session_scope() as db:
            report = await import_questions(Work.of(db), file, now)
        seconds = time.perf_counter() - started
        assert report.inserted == count, report.problems[:3]
        return await _cleaned(bench, count, seconds)

    async def raw() -> float:
        copied.seek(0)
        async with bench.raw.acquire() as connection:
            started = time.perf_counter()
            await connection.copy_to_table("questions", source=copied, columns=QUESTION_COLUMNS)
            seconds = time.perf_counter() - started
        return await _cleaned(bench, count, seconds)

    comparison = Comparison(f"import of {count:,} questions beside COPY", TARGET)
    return [await in_turns(comparison, bench.plan.imports, ours, raw)]


async def _cleaned(bench: Bench, count: int, seconds: float) -> float:
    await bench.raw.execute("DELETE FROM questions WHERE slug LIKE 'bench-%'")
    await bench.raw.execute("VACUUM questions")
    return count / seconds
