"""Starting, finding and stopping one PostgreSQL or Valkey process. No policy: see embedded.py."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


class ServerError(RuntimeError):
    """A server could not be started or stopped; the message says what to do."""


def unprivileged_user() -> pwd.struct_passwd | None:
    """Return whom to run servers as: nobody when we are root (PostgreSQL refuses root), or None."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def give_away(path: Path) -> None:
    """Give `path` to the unprivileged user, when there is one."""
    user = unprivileged_user()
    if user:
        os.chown(path, user.pw_uid, user.pw_gid)


def reachable_or_explain(directory: Path) -> None:
    """Raise ServerError when the unprivileged user cannot enter `directory`."""
    if unprivileged_user() is None:
        return
    for part in [directory, *directory.parents]:
        if not part.stat().st_mode & 0o001:
            raise ServerError(
                f"PostgreSQL does not run as root, and the user it runs as cannot enter {part}. "
                "Set LANCAR_HOME to a directory that every user can enter, for example "
                "/var/lib/lancar."
            )


def run(command: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path | None = None) -> str:
    """Run a server program, as the unprivileged user when we are root; return its output.

    Raises ServerError with what the program printed when it fails.
    """
    user = unprivileged_user()
    with tempfile.TemporaryFile() as output:  # a pipe would stay open in the daemon that starts
        result = subprocess.run(  # noqa: S603 - our own programs, no shell
            [str(part) for part in command],
            env=dict(env),
            cwd=cwd or "/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
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
        pid = int(pid_file.read_text().split("\n", 1)[0])
        directory = Path(f"/proc/{pid}/cwd").readlink()
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, ValueError, IndexError):
        return None
    return pid if directory == folder.resolve() and state != "Z" else None


def _anybody_works_in(folder: Path) -> bool:
    """Tell whether a living process has `folder` as its working directory."""
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
    return "\n".join(file.read_text(errors="replace").splitlines()[-lines:])


def _write(file: Path, content: str) -> None:
    file.write_text(content)
    file.chmod(0o600)
    give_away(file)


class PostgresServer:
    """A PostgreSQL cluster in `data`, run by the programs in `binaries` (15 or newer).

    `durable=False` trades safety for speed; for tests only.
    """

    def __init__(self, binaries: Path, data: Path, password: str, *, durable: bool = True) -> None:
        self.binaries = binaries
        self.data = data
        self.password = password
        self.durable = durable
        self.log = data.with_suffix(".log")
        self._pid_file = data / "postmaster.pid"
        library = binaries.parent / "lib"
        self._env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "PGPASSWORD": password}
        if (library / "libpq.so").exists():
            self._env["LD_LIBRARY_PATH"] = str(library)

    def is_running(self) -> bool:
        """Tell whether this cluster's postmaster lives."""
        return _process_in(self._pid_file, self.data) is not None

    @property
    def port(self) -> int:
        """The port in use, or the one used last."""
        for line in (self.data / "lancar.conf").read_text().splitlines():
            if line.startswith("port = "):
                return int(line.removeprefix("port = "))
        raise ServerError(f"{self.data}/lancar.conf names no port")

    def url(self, name: str) -> str:
        """Return the asyncpg URL of database `name`."""
        return f"postgresql+asyncpg://lancar:{self.password}@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start the server if it is not running, on the port of last time when that is free."""
        if self.is_running():
            return
        if not (self.data / "PG_VERSION").exists():
            self._init()
        self._forget_stale_lock()
        for _ in range(5):
            self._configure()
            try:
                self._ctl("start", "-w", "-t", "120", "-l", str(self.log))
            except ServerError as error:
                problem = f"{error}\n{_tail(self.log)}"
                if "could not create any TCP/IP sockets" not in _tail(self.log):
                    break
            else:
                self._create_database()
                return
        raise ServerError(f"PostgreSQL did not start. The end of {self.log}:\n{problem}")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server (`mode` as of pg_ctl) and wait until it has ended."""
        if self.is_running():
            self._ctl("stop", "-w", "-t", "60", "-m", mode)

    def _ctl(self, *arguments: str) -> None:
        run([self.binaries / "pg_ctl", "-D", self.data, *arguments], env=self._env, cwd=self.data)

    def _init(self) -> None:
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.data.parent, prefix=".initdb-") as scratch:
            folder = Path(scratch)
            _write(folder / "password", self.password)
            give_away(folder)
            run(
                [
                    self.binaries / "initdb",
                    *("-D", str(folder / "data"), "-U", "lancar", "-A", "scram-sha-256"),
                    *("--pwfile", str(folder / "password"), "-E", "UTF8", "--locale", "C.UTF-8"),
                    *([] if self.durable else ["--no-sync"]),
                ],
                env=self._env,
            )
            with (folder / "data" / "postgresql.conf").open("a") as configuration:
                configuration.write("include_if_exists = 'lancar.conf'\n")
            if self.data.exists():
                self.data.rmdir()  # an empty folder of an interrupted start; never one with data
            (folder / "data").rename(self.data)

    def _configure(self) -> None:
        last = self.port if (self.data / "lancar.conf").exists() else None
        lines = [
            f"port = {free_port(last)}",
            "listen_addresses = '127.0.0.1'",
            "unix_socket_directories = ''",
            "max_connections = 200",
            "shared_buffers = 256MB",
            "maintenance_work_mem = 256MB",
            "timezone = 'UTC'",
            "log_timezone = 'UTC'",
        ]
        if not self.durable:
            lines += ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
        _write(self.data / "lancar.conf", "\n".join(lines) + "\n")

    def _forget_stale_lock(self) -> None:
        """Remove a lock file that PostgreSQL would wrongly take for a living postmaster.

        It is empty, or its pid is a zombie's (no init to reap it, as in many containers) or
        somebody else's by now. Backends of a killed postmaster end by themselves: wait for them.
        """
        if not self._pid_file.exists():
            return
        deadline = time.monotonic() + 30
        while _anybody_works_in(self.data):
            if time.monotonic() > deadline:
                return  # PostgreSQL refuses to start, and says why
            time.sleep(0.05)
        pid = self._pid_file.read_text().split("\n", 1)[0]
        if not pid or Path(f"/proc/{pid}").exists():
            self._pid_file.unlink()

    def _create_database(self) -> None:
        connection = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "lancar", "-w")
        query = "SELECT count(*) FROM pg_database WHERE datname = 'lancar'"
        psql = (self.binaries / "psql", *connection, "-X", "-d", "postgres", "-tAc", query)
        if run(psql, env=self._env).strip() == "0":
            run((self.binaries / "createdb", *connection, "lancar"), env=self._env)


class ValkeyServer:
    """A Valkey process that keeps nothing on disk, working in `folder`."""

    def __init__(self, binary: Path, folder: Path, password: str) -> None:
        self.binary = binary
        self.folder = folder
        self.password = password
        self._pid_file = folder / "valkey.pid"
        self._configuration = folder / "valkey.conf"

    def is_running(self) -> bool:
        """Tell whether the process lives."""
        return _process_in(self._pid_file, self.folder) is not None

    @property
    def port(self) -> int:
        """The port in use, or the one used last."""
        return int(self._configuration.read_text().split("\n", 1)[0].removeprefix("port "))

    def url(self) -> str:
        """Return the redis URL."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server if it is not running and wait until it listens."""
        if self.is_running():
            return
        self.folder.mkdir(exist_ok=True)
        give_away(self.folder)
        self._pid_file.unlink(missing_ok=True)
        last = self.port if self._configuration.exists() else None
        folder = str(self.folder).replace("\\", "\\\\").replace('"', '\\"')
        _write(
            self._configuration,
            f"port {free_port(last)}\n"
            "bind 127.0.0.1\n"
            f"requirepass {self.password}\n"
            f'dir "{folder}"\n'
            f'pidfile "{folder}/valkey.pid"\n'
            f'logfile "{folder}/valkey.log"\n'
            "daemonize yes\n"
            'save ""\n'
            "appendonly no\n"
            "maxmemory 128mb\n"
            "maxmemory-policy allkeys-lru\n",
        )
        run([self.binary, self._configuration], env={"LC_ALL": "C"}, cwd=self.folder)
        self._wait_until_it_listens()

    def stop(self) -> None:
        """Stop the server and wait until it has ended."""
        pid = _process_in(self._pid_file, self.folder)
        if pid is None:
            return
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 10
        while self.is_running() and time.monotonic() < deadline:
            time.sleep(0.02)

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
        raise ServerError(f"Valkey did not start:\n{_tail(self.folder / 'valkey.log')}")


def debian_postgres(version: str) -> Path | None:
    """Return the program folder of Debian's PostgreSQL `version`, if it is installed."""
    folder = Path(f"/usr/lib/postgresql/{version}/bin")
    return folder if shutil.which("initdb", path=folder) else None
