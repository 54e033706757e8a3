"""The README's section about a PostgreSQL of one's own, run as it stands there."""

import asyncio
import re
import shlex
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from app.core.config import BACKEND
from app.embedded.process import PostgresServer, free_port
from tests.cli.owners import DATABASE, cluster, environment, make_anew, run_as_superuser

SECONDS = 120


def commands() -> list[list[str]]:
    """Return the commands of the README's section, without the interpreter."""
    text = (BACKEND.parent / "README.md").read_text()
    section = text.partition("## With your own")[2].partition("\n## ")[0]
    lines = re.findall(r"^\.venv/bin/python (manage_db\.py .*)$", section, re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


@pytest.mark.parametrize("query", ["", "?sslmode=require"])
async def test_the_commands_of_the_readme_serve_a_fresh_server(
    pg_version: str, valkey: str, query: str, tmp_path: Path
):
    *first, serve = commands()
    assert [command[1] for command in [*first, serve]] == [
        "upgrade",
        "seed",
        "create-admin",
        "serve",
    ]
    with cluster(pg_version) as own:
        await make_anew(own, "CREATEROLE")
        port = free_port()
        settings = environment(own, query) | {"PORT": str(port)}
        for command in first:
            done = await asyncio.to_thread(
                subprocess.run,
                [sys.executable, *command],
                cwd=BACKEND,
                env=settings,
                input="kopi-susu-di-teras\n",
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
        log = tmp_path / "log"
        with log.open("w") as output:
            process = subprocess.Popen(  # noqa: ASYNC220 - it runs beside us
                [sys.executable, *serve], cwd=BACKEND, env=settings, stdout=output, stderr=output
            )
        try:
            assert await asyncio.to_thread(_is_ready, port, process), log.read_text()
            await _all_use_tls(own, encrypted="sslmode=require" in query)
        finally:
            process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(process.wait, SECONDS)
        assert "Traceback" not in log.read_text()


def _is_ready(port: int, process: subprocess.Popen) -> bool:
    """Wait until the server is ready; return whether it is."""
    for _ in range(SECONDS * 10):
        try:
            url = f"http://127.0.0.1:{port}/health/ready"
            with urllib.request.urlopen(url, timeout=SECONDS) as answer:
                return answer.status == 200
        except urllib.error.HTTPError:
            return False
        except OSError:
            try:
                process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            return False
    return False


async def _all_use_tls(own: PostgresServer, *, encrypted: bool) -> None:
    """Every connection of the application is its role's, and encrypted where that is asked for."""
    query = (
        "SELECT s.ssl FROM pg_stat_ssl AS s JOIN pg_stat_activity AS a USING (pid)"
        f" WHERE a.datname = '{DATABASE}' AND a.application_name = 'lancar'"
    )
    rows = await run_as_superuser(own, "postgres", query)
    assert rows
    assert all(row["ssl"] for row in rows) or not encrypted
