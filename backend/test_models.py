"""The model check: stores and reads every model, then tries to break every rule of the schema.

    python test_models.py                        on a scratch database, dropped at the end
    python test_models.py --database-url URL     on that migrated database, rolled back at the end

Exit code 0 when every CHECK, UNIQUE, FOREIGN KEY and NOT NULL refused what it must; 1 otherwise.
"""

import argparse
import asyncio
import sys

from rich.console import Console

from app.cli.console import explained_errors
from app.embedded.servers import database_url
from tools.model_check.report import as_json, print_table
from tools.model_check.runner import Findings, check_models
from tools.scratch import scratch_database


async def _on_scratch(url: str) -> Findings:
    async with scratch_database(url) as scratch:
        return await check_models(scratch)


def _find(url: str | None) -> Findings:
    if url:
        return asyncio.run(check_models(url))
    with database_url() as configured:
        return asyncio.run(_on_scratch(configured))


def main() -> int:
    """Run the command; return its exit code."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object, for scripts")
    parser.add_argument(
        "--database-url", metavar="URL", help="postgresql+asyncpg://… of a database"
    )
    arguments = parser.parse_args()
    with explained_errors():
        findings = _find(arguments.database_url)
    if arguments.json:
        sys.stdout.write(as_json(findings) + "\n")
    else:
        print_table(findings, Console(width=None if sys.stdout.isatty() else 140))
    return 0 if findings.ok else 1


if __name__ == "__main__":
    sys.exit(main())
