"""What can be said about the migrations without a server: `python -m tools.migrations`."""

import ast
import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from alembic import command
from app.core.config import BACKEND

VERSIONS = BACKEND / "alembic" / "versions"
_SQUAWK = Path(sys.executable).with_name("squawk")
_TIMEOUTS = ("lock_timeout", "statement_timeout")


def main() -> int:
    """Print what is wrong with the migrations and with their SQL; return 1 when something is."""
    problems = [*migration_problems(), *filter(None, [squawk()])]
    for problem in problems:
        print(problem)  # noqa: T201 - a command that talks to people
    return 1 if problems else 0


def squawk(versions: Path = VERSIONS) -> str:
    """Return what squawk says of the SQL of each migration, in a file of the migration's name."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, sql in offline_sql(versions).items():
            files.append(Path(folder) / f"{name}.sql")
            files[-1].write_text(sql, encoding="utf-8")
        done = subprocess.run(  # noqa: S603 - our own tool, no shell
            [_SQUAWK, *files], cwd=BACKEND, capture_output=True, text=True, check=False
        )
    if done.returncode == 0:
        return ""
    return (done.stdout + done.stderr).strip() or f"squawk ended with {done.returncode}"


def offline_sql(versions: Path = VERSIONS) -> dict[str, str]:
    """Return the SQL of each migration in `versions`, by the name of its file.

    As `alembic upgrade PARENT:REVISION --sql` prints it: each is a deployment of its own, and a
    table of an earlier one is a table that people use.
    """
    config = Config(BACKEND / "alembic.ini")
    config.set_main_option("version_locations", str(versions))
    return {
        Path(script.path).stem: _sql(config, f"{script.down_revision or 'base'}:{script.revision}")
        for script in ScriptDirectory.from_config(config).walk_revisions()
    }


def _sql(config: Config, revisions: str) -> str:
    config.output_buffer = output = io.StringIO()
    command.upgrade(config, revisions, sql=True)
    return output.getvalue()


def migration_problems(versions: Path = VERSIONS) -> list[str]:
    """Return what is wrong with the migrations in `versions`; nothing when all is well.

    There is one head; no file imports the application, whose models move on while a migration
    stays; both directions begin with time-outs, so that none waits for locks in front of users;
    indexes that are built concurrently, thus outside the transaction, stand alone in their file,
    and are dropped first, because a build that was interrupted leaves a half-built one.
    """
    script = ScriptDirectory(str(BACKEND / "alembic"), version_locations=[str(versions)])
    heads = script.get_heads()
    found = [] if len(heads) == 1 else [f"{len(heads)} heads ({', '.join(heads)}): merge them"]
    for file in sorted(versions.glob("*.py")):
        tree = ast.parse(file.read_text())
        found += [f"{file.name}: {problem}" for problem in (*_imports(tree), *_functions(tree))]
    return found


def _imports(tree: ast.Module) -> list[str]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return [f"imports {name}" for name in names if name.split(".")[0] == "app"]


def _functions(tree: ast.Module) -> list[str]:
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    problems = []
    for direction in ("upgrade", "downgrade"):
        if direction not in functions:
            problems.append(f"has no {direction}()")
            continue
        body = functions[direction].body
        first = body[1:3] if ast.get_docstring(functions[direction]) else body[:2]
        opening = " ".join(ast.unparse(statement) for statement in first)
        problems += [
            f"{direction}() does not begin with SET LOCAL {setting}"
            for setting in _TIMEOUTS
            if f"SET LOCAL {setting} = " not in opening
        ]
        if others := _beside_indexes(functions[direction]):
            problems.append(
                f"{direction}() works on an index concurrently, outside the transaction, and also"
                f" calls {', '.join(others)}: give the indexes a file of their own"
            )
        if half_built := _left_as_found(functions[direction]):
            problems.append(
                f"{direction}() keeps an index of the same name, perhaps a half-built one"
                f" ({', '.join(half_built)}): call op.drop_index(…, if_exists=True) first"
            )
    return problems


def _left_as_found(function: ast.FunctionDef) -> list[str]:
    """Return the indexes that are built if_not_exists and were not dropped before."""
    dropped: set[str] = set()
    kept = []
    calls = [ast.unparse(node) for node in ast.walk(function) if isinstance(node, ast.Call)]
    for call in calls:
        name = call.partition("(")[2].partition(",")[0]
        name = name.removeprefix("op.f(").removesuffix(")")
        if call.startswith("op.drop_index("):
            dropped.add(name)
        elif call.startswith("op.create_index(") and "if_not_exists=True" in call:
            kept += [] if name in dropped else [name]
    return kept


def _beside_indexes(function: ast.FunctionDef) -> list[str]:
    """Return what a function that works on an index concurrently calls besides."""
    text = ast.unparse(function)
    if "postgresql_concurrently=True" not in text and "INDEX CONCURRENTLY" not in text:
        return []
    allowed = r"op\.(create_index|drop_index|f|get_context)\(|op\.execute\(.SET LOCAL |"
    allowed += r"op\.execute\([^)]*INDEX CONCURRENTLY"
    calls = re.findall(r"op\.\w+\([^)\n]*", text)
    return sorted({call.partition("(")[0] for call in calls if not re.match(allowed, call)})


if __name__ == "__main__":
    sys.exit(main())
