"""Before the tests: makes sure that Chromium and its driver run, or says what to install.

`python -m tests.prepare`, run by `make test`.
"""

# ruff: noqa: T201 - a command that talks to people
import os
import shutil
import subprocess
import sys

from playwright._impl._driver import compute_driver_executable

from tests.chromium import find_chromium

INSTALL = ("apt-get", "install", "-y", "-q")


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
        print(
            f"The page tests need {' and '.join(missing)}. Install with\n"
            f"  sudo apt-get install {' '.join(missing)}\n"
            "(LANCAR_CHROMIUM may name another Chromium.)",
            file=sys.stderr,
        )
        return 1
    print(f"Chromium: {found}")
    return 0


def _missing() -> list[str]:
    """Return the Debian packages without which the page tests cannot run."""
    packages = [] if find_chromium() else ["chromium"]
    # Playwright brings its Node.js, which a small Debian has not all libraries for.
    node = subprocess.run(
        [compute_driver_executable()[0], "--version"], capture_output=True, check=False
    )
    return packages if node.returncode == 0 else [*packages, "libatomic1"]


def _install(packages: list[str]) -> bool:
    """Install packages when this may be done; tell whether it was."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"Installing {' and '.join(packages)} with apt-get", file=sys.stderr)
    return all(
        subprocess.run(command, env=environment, stdout=sys.stderr, check=False).returncode == 0
        for command in (("apt-get", "update", "-q"), (*INSTALL, *packages))
    )


if __name__ == "__main__":
    sys.exit(main())
