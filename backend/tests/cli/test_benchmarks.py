"""The benchmarks run, and the reads they explain go through their indexes. No timing is asserted."""

import asyncio
import os
import subprocess
import sys

from app.core.config import BACKEND
from tests.conftest import Server
from tests.servers import drop_database, superuser_url


async def test_the_quick_benchmark_runs_and_every_read_uses_its_index(server: Server):
    try:
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "tools.benchmarks", "--quick"],
            cwd=BACKEND,
            env={**os.environ, "DATABASE_URL": superuser_url(server.version), "COLUMNS": "120"},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        await drop_database(superuser_url(server.version), "lancar_bench_quick")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "due queue reads" in done.stdout
    assert "reads through" not in done.stdout
    assert "worst search: " in done.stdout
