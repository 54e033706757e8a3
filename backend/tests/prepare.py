"""Before the tests: makes sure that Chromium and its driver run, or says what to install.

`python -m tests.prepare`, run by `make test`.
"""

# ruff: noqa: T201 - a command that talks to people
import os
import platform
import shlex
import shutil
import subprocess
import sys

from playwright._impl._driver import compute_driver_executable

from tests.chromium import find_chromium

APT = ("apt-get", "install", "-y", "-q")
# Ubuntu packages Chromium only as a snap. Playwright keeps its own for the user who asks for it,
# and asks for the rights it needs to install libraries.
PLAYWRIGHT = (sys.executable, "-m", "playwright", "install", "--with-deps", "--only-shell")


def main() -> int:
    """Find what the page tests need, installing it as root on Debian or Ubuntu; return the code."""
    try:
        missing = _missing()
        if missing and _install(missing):
            missing = _missing()
        found = find_chromium()
    except FileNotFoundError as error:
        print(f"Chromium: {error}", file=sys.stderr)
        return 1
    if missing:
        commands = "".join(
            f"  {'sudo ' if command[: len(APT)] == APT else ''}{shlex.join(command)}\n"
            for command in missing
        )
        print(
            f"The page tests need Chromium and its driver. Install with\n{commands}"
            "(LANCAR_CHROMIUM may name another Chromium.)",
            file=sys.stderr,
        )
        return 1
    print(f"Chromium: {found}")
    return 0


def _missing() -> list[tuple[str, ...]]:
    """Return the commands that install what the page tests cannot run without."""
    # Playwright brings its Node.js, which a small Debian has not all libraries for.
    node = subprocess.run(
        [compute_driver_executable()[0], "--version"], capture_output=True, check=False
    )
    commands = [(*APT, "libatomic1")] if node.returncode else []
    if not find_chromium():
        on_debian = platform.freedesktop_os_release().get("ID") == "debian"
        commands.append(
            (*APT, "chromium-headless-shell") if on_debian else (*PLAYWRIGHT, "chromium")
        )
    return commands


def _install(commands: list[tuple[str, ...]]) -> bool:
    """Run the commands when this may be done; tell whether all succeeded."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print("Installing Chromium for the page tests", file=sys.stderr)
    return all(
        subprocess.run(command, env=environment, stdout=sys.stderr, check=False).returncode == 0
        for command in (("apt-get", "update", "-q"), *commands)
    )


if __name__ == "__main__":
    sys.exit(main())
