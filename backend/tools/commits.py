"""`python -m tools.commits`: is each commit of this branch one that a reader can stop at?

Each has a subject of at most 72 characters and passes `make check` by itself, in a work tree that
is removed again.
"""

# ruff: noqa: T201 - a command that talks to people
import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from app.core.config import BACKEND

MOST_CHARACTERS = 72
_ROOT = BACKEND.parent


def main() -> int:
    """Check the commits from `base` on, the oldest first; return 1 when one does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tools.commits", description=__doc__)
    parser.add_argument("base", nargs="?", default="main", help="where the branch began")
    base = parser.parse_args().base
    commits = _git("log", "--reverse", "--format=%h %s", f"{base}..HEAD").splitlines()
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "checkout"
        _git("worktree", "add", "--quiet", "--detach", str(tree), "HEAD")
        try:
            for commit in commits:
                name, _, subject = commit.partition(" ")
                _git("checkout", "--quiet", "--detach", name, folder=tree)
                found = _problem(subject, tree)
                bad += bool(found)
                print(f"{'✗' if found else '✓'} {commit}{found}", flush=True)
        finally:
            _git("worktree", "remove", "--force", str(tree))
    return 1 if bad else 0


def _problem(subject: str, tree: Path) -> str:
    if len(subject) > MOST_CHARACTERS:
        return f"\n  its subject has {len(subject)} characters, more than {MOST_CHARACTERS}"
    done = subprocess.run(
        ["make", "check"],  # noqa: S607 - the one that runs this
        cwd=tree,
        env={name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else f"\n{done.stdout}{done.stderr}"


def _git(*arguments: str, folder: Path = _ROOT) -> str:
    return subprocess.run(  # noqa: S603 - our own arguments
        ["git", *arguments],  # noqa: S607 - the git of whoever runs this
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


if __name__ == "__main__":
    sys.exit(main())
