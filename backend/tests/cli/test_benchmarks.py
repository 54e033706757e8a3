"""The benchmarks run, and the reads they explain go through their indexes. No timing is asserted."""

import pytest

from tests.cli.conftest import run
from tests.conftest import Server

pytestmark = pytest.mark.pg18_only


async def test_the_quick_benchmark_runs_and_every_read_uses_its_index(server: Server):
    try:
        done = await run("-m", "benchmarks", "--quick", DATABASE_URL=server.url("postgres"))
    finally:
        await server.drop("lancar_bench_quick")
    assert done.code == 0, done.output + done.errors
    assert "due queue reads" in done.output
    assert "reads through" not in done.output
