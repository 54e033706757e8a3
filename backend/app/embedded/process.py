"""Starting, finding and stopping one PostgreSQL or Valkey process. No policy: see embedded.py.

Both work as root, too: then the programs run as the system user, and what root itself writes stands
beside that user's directories, never in them.
"""

import os
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.embedded.privileges import ServerError, give_away, let_in, system_user, write_for_user


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path | None = None,
    said: str = "",
) -> str:
    """Run a program, as the system user when we are root; return its output.

    `said` is its input. What it writes is for its user's eyes only. Raises ServerError with what
    the program printed when it fails.
    """
    user = system_user()
    # Files: a pipe would stay open in the daemon that starts.
    with tempfile.TemporaryFile() as answers, tempfile.TemporaryFile() as output:
        answers.write(said.encode())
        answers.seek(0)
        result = subprocess.run(  # noqa: S603 - our own programs, no shell
            [str(part) for part in command],
            env=dict(env),
            cwd=cwd or "/",
            stdin=answers,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
            umask=0o077,
            start_new_session=True,  # Ctrl-C is for us; we stop the server ourselves
            check=False,
        )
        output.seek(0)
        text = output.read().decode(errors="replace")
    if result.returncode != 0:
        raise ServerError(f"{Path(command[0]).name} failed ({result.returncode}): {text.strip()}")
    return text


def free_port(preferred: int | None = None) -> int:
    """Return `preferred` if it is free on the loopback address, else some free port."""
    for candidate in (preferred or 0, 0):
        with socket.socket() as probe:
            # As the servers do: connections of the one before, still closing, do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServerError("no free port on 127.0.0.1")


def _process_in(pid_file: Path, folder: Path) -> int | None:
    """Return the pid in the first line of `pid_file` if that process works in `folder`."""
    try:
        pid = int(_first_line(pid_file))
        directory = Path(f"/proc/{pid}/cwd").readlink()
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, ValueError, IndexError):
        return None
    return pid if directory == folder.resolve() and state != "Z" else None


def anybody_works_in(folder: Path) -> bool:
    """Return whether a living process has `folder` as its working directory."""
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if link.readlink() == folder.resolve():
                return True
        except OSError:
            continue  # ended, or another user's
    return False


def _tail(file: Path, lines: int = 12) -> str:
    if not file.exists():
        return "(no log)"
    return run(["/usr/bin/tail", "-n", str(lines), file], env={})


def _require_own(configuration: Path) -> None:
    if not configuration.exists():
        raise ServerError(
            f"{configuration} is missing: an earlier version of Lancar still runs this server. "
            "Stop that one first."
        )


def trim(log: Path) -> None:
    """Begin a log anew that has grown large; the last one is kept. Its server only appends."""
    if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
        shutil.copy(log, log.with_name(f"{log.name}.1"))
        os.truncate(log, 0)


def _first_line(file: Path) -> str:
    """Return the first line of a server's own file, not following what its user may put there."""
    with open(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)) as opened:  # noqa: PTH123 - by descriptor
        return opened.readline().strip()


MAX_LOG_BYTES = 10_000_000
ACCESS = "host all all 127.0.0.1/32 scram-sha-256\n"
SETTINGS = (
    "listen_addresses = '127.0.0.1'",
    "unix_socket_directories = ''",
    "max_connections = 200",
    "shared_buffers = 256MB",
    "maintenance_work_mem = 256MB",
    "timezone = 'UTC'",
    "log_timezone = 'UTC'",
    # People's words and addresses stand in statements, in DETAIL, and in errors themselves
    # (invalid input syntax for type uuid: "…"). Our own log says which statement failed, and why.
    "log_min_messages = log",
    "log_min_error_statement = panic",
    "log_error_verbosity = terse",
    "log_statement = none",
    "log_min_duration_statement = -1",
    "log_parameter_max_length = 0",
    "log_parameter_max_length_on_error = 0",
)
FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def _as_setting(path: Path) -> str:
    """Return a path as postgresql.conf wants it."""
    text = str(path).replace("\\", "\\\\").replace("'", "''")
    return f"'{text}'"


class PostgresServer:
    """A PostgreSQL cluster in `data`, run by the programs in `binaries` (15 or newer).

    Its configuration stands beside `data`, where for root only root can change it. `durable=False`
    trades safety for speed; for tests only.
    """

    def __init__(self, binaries: Path, data: Path, password: str, *, durable: bool = True) -> None:
        self.binaries = binaries
        self.data = data
        self.password = password
        self.durable = durable
        self.log = data / "server.log"
        self._pid_file = data / "postmaster.pid"
        self._configuration = data.with_name(f"{data.name}.conf")
        self._access = data.with_name(f"{data.name}_hba.conf")
        library = binaries.parent / "lib"
        self._env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
        if (library / "libpq.so").exists():
            self._env["LD_LIBRARY_PATH"] = str(library)

    def is_running(self) -> bool:
        """Return whether this cluster's postmaster lives."""
        return _process_in(self._pid_file, self.data) is not None

    def exists(self) -> bool:
        """Return whether there is a cluster, running or not."""
        return (self.data / "PG_VERSION").exists()

    @property
    def port(self) -> int:
        """The port in use, or the one used last."""
        _require_own(self._configuration)
        for line in self._configuration.read_text().splitlines():
            if line.startswith("port = "):
                return int(line.removeprefix("port = "))
        raise ServerError(f"{self._configuration} names no port")

    def url(self, name: str, user: str = "lancar", password: str | None = None) -> str:
        """Return the asyncpg URL of database `name`, for the owner unless said otherwise."""
        secret = password or self.password
        return f"postgresql+asyncpg://{user}:{secret}@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start the server if it is not running, on the port of last time when that is free."""
        if self.is_running():
            return
        if not self.exists():
            self._init()
        self._forget_stale_lock()
        for _ in range(5):
            self._configure()
            try:
                options = f"-c config_file={shlex.quote(str(self._configuration))}"
                self._ctl("start", "-w", "-t", "120", "-l", str(self.log), "-o", options)
            except ServerError as error:
                end = _tail(self.log)
                problem = f"{error}\n{end}"
                if "could not create any TCP/IP sockets" not in end:
                    break
            else:
                self._create_database()
                return
        raise ServerError(f"PostgreSQL did not start. The end of {self.log}:\n{problem}")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server (`mode` as of pg_ctl) and wait until it has ended."""
        if self.is_running():
            self._ctl("stop", "-w", "-t", "60", "-m", mode)

    def set_password(self) -> None:
        """Make `password` the owner's, whatever it was; the server must not be running."""
        self._configure()
        options = ("-D", str(self.data), "-c", f"config_file={self._configuration}")
        statement = f"ALTER ROLE lancar PASSWORD '{self.password}'\n"
        postgres = self.binaries / "postgres"
        run((postgres, "--single", *options, "postgres"), env=self._env, said=statement)

    def add_login(self, name: str, password: str, role: str) -> None:
        """Have a login `name` that is nothing but a member of `role`, made if absent."""
        self._psql(
            f"""
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
                    CREATE ROLE {role} NOLOGIN;
                END IF;
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN
                    CREATE ROLE {name};
                END IF;
            END $$;
            ALTER ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
                PASSWORD '{password}';
            GRANT {role} TO {name};
            """  # noqa: S608 - our own names, and passwords of base64
        )

    def _ctl(self, *arguments: str) -> None:
        run([self.binaries / "pg_ctl", "-D", self.data, *arguments], env=self._env, cwd=self.data)

    def _psql(self, statements: str) -> str:
        address = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "lancar", "-w", "-d", "postgres")
        quiet = ("-X", "-q", "-tA", "-v", "ON_ERROR_STOP=1")
        command = (self.binaries / "psql", *address, *quiet)
        return run(command, env={**self._env, "PGPASSWORD": self.password}, said=statements)

    def _init(self) -> None:
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.data.parent, prefix=".initdb-") as scratch:
            folder = Path(scratch)
            let_in(folder)
            write_for_user(folder / "password", self.password)
            (folder / "data").mkdir()
            give_away(folder / "data")
            run(
                [
                    self.binaries / "initdb",
                    *("-D", str(folder / "data"), "-U", "lancar", "-A", "scram-sha-256"),
                    *("--pwfile", str(folder / "password"), "-E", "UTF8", "--locale", "C.UTF-8"),
                    *([] if self.durable else ["--no-sync"]),
                ],
                env=self._env,
            )
            # In place of an empty folder of an interrupted start; never of one with data.
            (folder / "data").rename(self.data)

    def _configure(self) -> None:
        """Write the configuration where it changed: the port of last time is kept when free."""
        last = self.port if self._configuration.exists() else None
        lines = [
            f"port = {free_port(last)}",
            f"hba_file = {_as_setting(self._access)}",
            *SETTINGS,
            *([] if self.durable else FAST),
        ]
        for file, content in ((self._access, ACCESS), (self._configuration, "\n".join(lines))):
            if not file.exists() or file.read_text() != content:
                write_for_user(file, content)

    def _forget_stale_lock(self) -> None:
        """Remove a lock file that PostgreSQL would wrongly take for a living postmaster.

        It is empty, or its pid is a zombie's (no init to reap it, as in many containers) or
        somebody else's by now. Backends of a killed postmaster end by themselves: wait for them.
        """
        if not self._pid_file.exists():
            return
        deadline = time.monotonic() + 30
        while anybody_works_in(self.data):
            if time.monotonic() > deadline:
                return  # PostgreSQL refuses to start, and says why
            time.sleep(0.05)
        pid = _first_line(self._pid_file)
        if not pid or Path(f"/proc/{pid}").exists():
            run(["/bin/rm", self._pid_file], env={})

    def _create_database(self) -> None:
        query = "SELECT count(*) FROM pg_database WHERE datname = 'lancar'"
        if self._psql(query).strip() == "0":
            self._psql("CREATE DATABASE lancar")


class ValkeyServer:
    """A Valkey process that keeps nothing on disk, working in `folder`; configured beside it."""

    def __init__(self, binary: Path, folder: Path, password: str) -> None:
        self.binary = binary
        self.folder = folder
        self.password = password
        self.log = folder / "valkey.log"
        self._pid_file = folder / "valkey.pid"
        self._configuration = folder.with_name(f"{folder.name}.conf")

    def is_running(self) -> bool:
        """Return whether the process lives."""
        return _process_in(self._pid_file, self.folder) is not None

    @property
    def port(self) -> int:
        """The port in use, or the one used last."""
        _require_own(self._configuration)
        return int(self._configuration.read_text().split("\n", 1)[0].removeprefix("port "))

    def url(self) -> str:
        """Return the redis URL."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server if it is not running and wait until it listens."""
        if self.is_running():
            return
        if not self.folder.exists():
            self.folder.mkdir()
            give_away(self.folder)
        self._configure()
        run(["/bin/rm", "-f", self._pid_file], env={})
        run([self.binary, self._configuration], env={"LC_ALL": "C"}, cwd=self.folder)
        self._wait_until_it_listens()

    def stop(self) -> None:
        """Stop the server and wait until it has ended."""
        pid = _process_in(self._pid_file, self.folder)
        if pid is None:
            return
        run(["/bin/sh", "-c", f"kill {pid}"], env={})
        deadline = time.monotonic() + 10
        while self.is_running() and time.monotonic() < deadline:
            time.sleep(0.02)

    def _configure(self) -> None:
        last = self.port if self._configuration.exists() else None
        folder = str(self.folder).replace("\\", "\\\\").replace('"', '\\"')
        content = (
            f"port {free_port(last)}\n"
            "bind 127.0.0.1\n"
            f"requirepass {self.password}\n"
            f'dir "{folder}"\n'
            f'pidfile "{folder}/valkey.pid"\n'
            f'logfile "{folder}/valkey.log"\n'
            "hide-user-data-from-log yes\n"  # also when it crashes
            "daemonize yes\n"
            'save ""\n'
            "appendonly no\n"
            "maxmemory 128mb\n"
            "maxmemory-policy allkeys-lru\n"
        )
        if not self._configuration.exists() or self._configuration.read_text() != content:
            write_for_user(self._configuration, content)

    def _wait_until_it_listens(self) -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                if self.is_running():
                    return
        raise ServerError(f"Valkey did not start:\n{_tail(self.log)}")


def debian_postgres(version: str) -> Path | None:
    """Return the program folder of Debian's PostgreSQL `version`, if it is installed."""
    folder = Path(f"/usr/lib/postgresql/{version}/bin")
    return folder if shutil.which("initdb", path=folder) else None
