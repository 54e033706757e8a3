"""Prints the findings of the model check, for people (a table) or for scripts (JSON)."""

import json

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tools.model_check.attempts import Change
from tools.model_check.runner import Findings, Outcome


def print_table(findings: Findings, console: Console) -> None:
    """Print every model and every rule, then what failed, then one line of summary."""
    table = Table(title=f"Rules of the schema, PostgreSQL {findings.server}", title_justify="left")
    table.add_column("Rule", overflow="fold")
    table.add_column("Kind", no_wrap=True)
    table.add_column("Tried", overflow="fold")
    table.add_column("Refused by", overflow="fold")
    for outcome in findings.outcomes:
        table.add_row(
            escape(outcome.rule.name),
            outcome.rule.kind,
            escape(_shown(outcome.tried)),
            "[green]✓[/] the rule" if outcome.held else f"[red]✗ {escape(_fault(outcome))}[/]",
        )
    console.print(table)
    for line in _problems(findings):
        console.print(f"[red]✗[/] {escape(line)}", soft_wrap=True)
    held = sum(outcome.held for outcome in findings.outcomes)
    whole = sum(problem is None for problem in findings.models.values())
    rules = len({outcome.rule for outcome in findings.outcomes})
    console.print(
        f"{whole} of {len(findings.models)} models stored and read back whole; "
        f"{held} of {len(findings.outcomes)} attempts on {rules} rules refused by their rule.",
        style="green" if findings.ok else "red",
    )


def as_json(findings: Findings) -> str:
    """Return the findings as one JSON object; `ok` is what the exit code says."""
    rules = [
        {
            "rule": outcome.rule.name,
            "kind": outcome.rule.kind,
            "table": outcome.rule.table,
            "tried": outcome.tried,
            "refused_by": outcome.refused_by,
            "held": outcome.held,
        }
        for outcome in findings.outcomes
    ]
    document = {
        "ok": findings.ok,
        "server": findings.server,
        "models": findings.models,
        "rules": rules,
        "problems": _problems(findings),
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _problems(findings: Findings) -> list[str]:
    models = [f"{model}: {problem}" for model, problem in findings.models.items() if problem]
    rules = [
        f"{outcome.rule.kind} {outcome.rule.name}: {_fault(outcome)}"
        for outcome in findings.outcomes
        if not outcome.held
    ]
    strays = [
        f"{name}: attempts.py names it, but no CHECK does" for name in findings.stray_attempts
    ]
    return models + rules + strays


def _fault(outcome: Outcome) -> str:
    if outcome.tried is None:
        return "no attempt: add one to tools/model_check/attempts.py"
    if outcome.refused_by is None:
        return f"ACCEPTED {_shown(outcome.tried)}"
    return f"refused by {outcome.refused_by} instead"


def _shown(change: Change | None) -> str:
    if change is None:
        return "nothing"
    return ", ".join(
        f"{column} = {json.dumps(value, ensure_ascii=False)}" for column, value in change.items()
    )
