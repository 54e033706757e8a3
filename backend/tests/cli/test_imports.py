"""The import of questions as an operator runs it: what is said, and what a killed one leaves."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from app.core.config import BACKEND
from tests.cli.conftest import Target
from tests.cli.test_commands import QUESTION


async def test_a_file_for_spreadsheets_goes_out_and_comes_back(manage: Target, tmp_path: Path):
    source, table, excel = (tmp_path / name for name in ("a.jsonl", "b.csv", "c.csv"))
    source.write_text(json.dumps(QUESTION | {"stem": "=1+1 ___"}) + "\n")
    assert (await manage("import", str(source))).code == 0
    assert (await manage("export", str(table))).code == 0
    assert (await manage("export", str(excel), "--format", "excel")).code == 0
    assert table.read_text().startswith("slug,type,")
    assert "'=1+1 ___" in table.read_text()
    assert excel.read_bytes().startswith(b"\xef\xbb\xbfslug;type;")
    for file in (table, excel):
        again = await manage("import", str(file), "--json")
        assert json.loads(again.output)["unchanged"] == 1, again.output


async def test_an_import_says_what_the_next_start_takes_back(manage: Target, tmp_path: Path):
    assert (await manage("seed")).code == 0
    file = tmp_path / "bank.jsonl"
    questions = (await manage("export")).output.splitlines()
    first = json.loads(questions[0])
    file.write_text(
        json.dumps(first | {"explanation": "Another one."}) + "\n" + questions[1] + "\n"
    )
    done = await manage("import", str(file))
    assert "Warning: the next start loads" in done.errors
    assert first["slug"] in done.errors
    assert json.loads(questions[1])["slug"] not in done.errors
    assert (await manage("seed")).code == 0
    rows = await manage.fetch("SELECT slug FROM questions WHERE explanation = 'Another one.'")
    assert rows == []


async def test_a_killed_import_leaves_nothing(manage: Target, tmp_path: Path):
    pipe = tmp_path / "bank.jsonl"
    os.mkfifo(pipe)
    process = subprocess.Popen(  # noqa: ASYNC220 - returns at once
        [sys.executable, "manage_db.py", "import", str(pipe)],
        cwd=BACKEND,
        env={**os.environ, "DATABASE_URL": manage.url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with pipe.open("w") as lines:
        for number in range(12_000):  # two chunks and more: the first one is being written
            lines.write(json.dumps(QUESTION | {"slug": f"bank-{number}"}) + "\n")
        lines.flush()
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert await manage.fetch("SELECT FROM questions") == []


async def test_a_file_without_a_header_ends_in_one_line(manage: Target, tmp_path: Path):
    file = tmp_path / "bank.csv"
    for content in (b"", b"a,b\n", "slug\n".encode("utf-16")):
        file.write_bytes(content)
        refused = await manage("import", str(file), "--skip-bad")
        assert refused.code == 1
        assert refused.errors.splitlines()[0].startswith("bank.csv:1: ")
        assert "nothing was written" in refused.errors
