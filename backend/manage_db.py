"""The operator's tool: `python manage_db.py --help`.

The commands live in app/cli; those for developers in tools, which a server need not have.
"""

import sys
from importlib.util import find_spec

if __name__ == "__main__":
    try:
        from app.cli.main import main

        if find_spec("tools"):
            from tools import commands

            commands.add()
        main()
    except KeyboardInterrupt:  # also while the modules are still being imported
        sys.exit(130)
