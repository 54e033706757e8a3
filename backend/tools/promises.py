"""Promises of the architecture that a reader can check by looking, and this by reading the code.

`python -m tools.promises`, run by `make check`: prints what breaks one, and ends with 1 then.
"""

# ruff: noqa: T201 - a command that talks to people
import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

APP = Path(__file__).resolve().parents[1] / "app"
HANDLES = {"AsyncSession", "AsyncConnection", "AsyncEngine", "Database", "Connection", "Session"}
MOST_LINES = 400
# Packages whose names the specification gives.
GATHERS = {"models/__init__.py", "core/database_utils.py"}


def main() -> int:
    """Print each broken promise with its file and line; return 1 if there is one."""
    found = [*_in_files(), *_routes_without_permission()]
    for each in found:
        print(each)
    return 1 if found else 0


def _in_files() -> Iterator[str]:
    for file in sorted(APP.rglob("*.py")):
        name, text = str(file.relative_to(APP)), file.read_text()
        tree = ast.parse(text)
        if text.count("\n") > MOST_LINES:
            yield f"{name}: more than {MOST_LINES} lines; split it by idea"
        if name not in GATHERS and _only_imports(tree):
            yield f"{name}: only imports; import things from where they are defined"
        if name.startswith("domain/"):
            yield from _in_domain(name, text, tree)


def _only_imports(tree: ast.Module) -> bool:
    rest = [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
    says = (ast.Expr, ast.Assign)  # a docstring, __all__
    return bool(
        len(rest) < len(tree.body) and all(isinstance(node, says) for node in rest)
    ) and all(
        isinstance(node, ast.Expr) or ast.unparse(node.targets[0]) == "__all__"
        for node in rest
        if isinstance(node, ast.Expr | ast.Assign)
    )


def _in_domain(name: str, text: str, tree: ast.Module) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        if "S608" in line:
            yield f"{name}:{number}: SQL made of strings; put it into a .sql file"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for argument in [*node.args.args, *node.args.kwonlyargs]:
                named = ast.unparse(argument.annotation) if argument.annotation else ""
                if HANDLES & set(named.strip("'\"").replace("[", ".").split(".")):
                    yield f"{name}:{node.lineno}: {node.name} takes {named}; take a Work"


def _routes_without_permission() -> Iterator[str]:
    from app.main import create_app  # noqa: PLC0415 - the application is slow to import

    for context in iter_route_contexts(create_app().routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            dependant = getattr(context, "dependant", None) or route.dependant
            if not any(hasattr(call, "permission") for call in _calls(dependant)):
                yield f"{context.path}: no permission; ask for an account, a role, or public()"


def _calls(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for each in dependant.dependencies:
        yield from _calls(each)


if __name__ == "__main__":
    sys.exit(main())
