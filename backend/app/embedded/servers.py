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
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from app.core.config import BACKEND, get_settings
from app.embedded.privileges import let_in, write_for_user
from app.embedded.process import PostgresServer, ValkeyServer, trim
from app.embedded.programs import home, locked, open_lock, postgres_binaries, valkey_binary
from app.embedded.takeover import take_over

APPLICATION_ROLE = "lancar_app"
WEB_LOGIN = "lancar_web"


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the servers of this process are; `owner` is the login of migrations and commands."""

    database: str
    owner: str
    redis: str


def instance() -> Path:
    """Return the directory of this checkout's own instance, made if absent."""
    checkout = BACKEND.parent
    digest = hashlib.sha256(str(checkout).encode()).hexdigest()[:8]
    directory = home() / f"{checkout.name.replace(' ', '-')}-{digest}"
    take_over(directory)
    if not directory.exists():
        directory.mkdir(mode=0o700)
        let_in(directory)
    # What earlier versions logged: people's words and addresses.
    (directory / "postgresql.log").unlink(missing_ok=True)
    return directory


def _secret(file: Path) -> str:
    """Return the password in `file`, made if absent."""
    if not file.exists():
        write_for_user(file, secrets.token_urlsafe(24))
    return file.read_text()


def _postgres(directory: Path) -> PostgresServer:
    """Return the server of an instance. A cluster whose password is lost gets a new one."""
    file = directory / "password"
    binaries, data = postgres_binaries(), directory / "postgresql"
    if file.exists():
        return PostgresServer(binaries, data, file.read_text())
    server = PostgresServer(binaries, data, secrets.token_urlsafe(24))
    if server.exists():
        server.set_password()
    write_for_user(file, server.password)
    return server


@contextmanager
def embedded(*, supervise: bool = False) -> Iterator[Urls]:
    """Run (or join) this checkout's servers for the duration of the block.

    With `supervise`, a server that dies is started again within a second or so. Raises ServerError
    with the end of the server's log when one cannot be started.
    """
    with locked(home() / "instances.lock"):
        directory = instance()
    gate, in_use = directory / "start.lock", directory / "users.lock"
    with locked(gate):
        postgres = _postgres(directory)
        secret = _secret(directory / "web-password")
        valkey = ValkeyServer(valkey_binary(), directory / "valkey", secret)
    with open_lock(in_use) as users:
        try:
            with locked(gate):
                fcntl.flock(users, fcntl.LOCK_SH)
                postgres.start()
                postgres.add_login(WEB_LOGIN, secret, APPLICATION_ROLE)
                valkey.start()
            with _watching(gate, postgres, valkey) if supervise else nullcontext():
                web = postgres.url("lancar", WEB_LOGIN, secret)
                yield Urls(web, postgres.url("lancar"), valkey.url())
        finally:
            with locked(gate):
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
                if os.geteuid() != 0:  # root follows nothing there
                    trim(server.log)
                if not server.is_running():
                    try:
                        with locked(gate):
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
    database, owner, redis = settings.DATABASE_URL, settings.owner_url, settings.REDIS_URL
    if database and owner and redis:
        yield Urls(database, owner, redis)
        return
    with embedded(supervise=supervise) as own:
        yield Urls(database or own.database, owner or own.owner, redis or own.redis)


@contextmanager
def database_url() -> Iterator[str]:
    """Give the owner's URL of the configured database, or of the embedded one for the block."""
    configured = get_settings().owner_url
    if configured:
        yield configured
    else:
        with embedded() as own:
            yield own.owner
