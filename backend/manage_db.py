"""The operator's tool: `python manage_db.py --help`. The commands live in app/cli."""

if __name__ == "__main__":
    from app.cli.main import main

    main()
