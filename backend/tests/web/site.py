"""The real application in a process of its own, for browsers to visit."""

import asyncio
import os
import socket
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from app.core.clock import utcnow
from app.core.config import BACKEND, CONTENT
from app.core.database import Database
from app.domain.curriculum import loading
from tests.work import work_on

SECONDS_TO_START = 120
SECONDS_TO_STOP = 20


async def fill(database: Database) -> None:
    """Load the curriculum."""
    async with database.sessions.begin() as db:
        await loading.load_content(work_on(db), CONTENT, utcnow())


@asynccontextmanager
async def serve(database_url: str, log: Path, **settings: str):
    """Serve the pages of a filled database; yield their address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DATABASE_POOL_SIZE": "4",
        "SIGN_IN_LIMIT_PER_MINUTE": "10000",
        "RATE_LIMIT_PER_MINUTE": "100000",
        "SEARCH_LIMIT_PER_MINUTE": "100000",
        "DOWNLOAD_LIMIT_MIB_PER_MINUTE": "100000",
        "BCRYPT_COST": "4",
        **settings,
    }
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port), "app.main:app"]
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=BACKEND, env=environment, stdout=output, stderr=output
        )
        try:
            address = f"http://127.0.0.1:{port}"
            await _wait_until_ready(address, log)
            yield address
        finally:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), SECONDS_TO_STOP)
            except TimeoutError:  # a worker that has not started yet does not listen
                process.kill()


async def _wait_until_ready(address: str, log: Path) -> None:
    """Ask until the site answers; the transport waits between refused connections."""
    transport = httpx.AsyncHTTPTransport(retries=8)
    async with httpx.AsyncClient(transport=transport, timeout=SECONDS_TO_START) as client:
        try:
            answer = await client.get(f"{address}/health/ready")
            answer.raise_for_status()
        except httpx.HTTPError as error:
            said = log.read_text()  # noqa: ASYNC240 - the end of the run
            raise RuntimeError(f"the site did not start:\n{said}") from error
