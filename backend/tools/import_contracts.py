"""Import contracts of our own, for import-linter."""

import grimp
from importlinter import Contract, ContractCheck, output


class PrivateModules(Contract):
    """Modules whose name ends in `queries` or begins with `_` are used in their own package only.

    What another area needs of them, it asks a use case for.
    """

    type_name = "private"

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002
        """Find every import of a private module from outside its package."""
        found = [
            f"{importer} -> {module}"
            for module in sorted(graph.modules)
            if _is_private(module)
            for importer in sorted(graph.find_modules_that_directly_import(module))
            if not f"{importer}.".startswith(module.rpartition(".")[0] + ".")
        ]
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print the imports that were found."""
        for link in check.metadata["found"]:
            output.print_error(f"- {link}", bold=False)


def _is_private(module: str) -> bool:
    package, _, name = module.rpartition(".")
    return package.startswith("app.") and (
        name.endswith("queries") or (name.startswith("_") and not name.startswith("__"))
    )
