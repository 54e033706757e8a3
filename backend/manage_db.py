"""The operator's tool: `python manage_db.py --help`. The commands live in app/cli."""

import sys

if __name__ == "__main__":
    try:
        from app.cli.main import main

        main()
    except KeyboardInterrupt:  # also while the modules are still being imported
        sys.exit(130)
