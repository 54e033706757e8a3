"""Before the tests: makes sure that there is a Chromium, or says which command installs one.

`python -m tests.prepare`, run by `make test`.
"""

# ruff: noqa: T201 - a command that talks to people
import os
import shutil
import subprocess
import sys

from tests.chromium import find_chromium

INSTALL = ("apt-get", "install", "-y", "-q", "chromium")


def main() -> int:
    """Find Chromium, installing it as root on Debian or Ubuntu; return the exit code."""
    try:
        found = find_chromium() or _install()
    except FileNotFoundError as error:
        print(f"Chromium: {error}", file=sys.stderr)
        return 1
    if found is None:
        print(
            "Chromium: not found, and the page tests need it. Install it with\n"
            "  sudo apt-get install chromium\n"
            "or point LANCAR_CHROMIUM at one.",
            file=sys.stderr,
        )
        return 1
    print(f"Chromium: {found}")
    return 0


def _install():
    """Install Debian's Chromium when this may be done; return it or None."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print("Chromium: installing with apt-get", file=sys.stderr)
    for command in (("apt-get", "update", "-q"), INSTALL):
        if subprocess.run(command, env=environment, stdout=sys.stderr, check=False).returncode:
            return None
    return find_chromium()


if __name__ == "__main__":
    sys.exit(main())
