"""Finds the Chromium that the page tests drive."""

import os
import shutil
from pathlib import Path

ENVIRONMENT_KEY = "LANCAR_CHROMIUM"
# The shell has no windows to draw and no start page: the page tests take half as long with it.
DEBIAN = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
ARGUMENTS = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A microphone that everybody may use, for spoken answers.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


def find_chromium() -> Path | None:
    """Return the browser: $LANCAR_CHROMIUM, else Debian's, else Playwright's own; None if absent.

    A path in the variable that does not exist is an error rather than a reason to look elsewhere.
    """
    named = os.environ.get(ENVIRONMENT_KEY)
    if named:
        found = shutil.which(named)
        if found is None:
            raise FileNotFoundError(f"{ENVIRONMENT_KEY}={named}: no such program")
        return Path(found)
    return next((path for path in DEBIAN if path.exists()), None) or _playwrights_own()


def _playwrights_own() -> Path | None:
    folder = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright"
    patterns = ("chromium-*/chrome-linux*/chrome", "chromium_headless_shell-*/*/*headless*shell")
    for pattern in patterns:
        found = sorted(Path(folder).glob(pattern))
        if found:
            return found[-1]
    return None
