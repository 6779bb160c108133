"""`simba doctor`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

_MARKS = {"ok": "[green]✓[/]", "warning": "[yellow]![/]", "failed": "[red]✗[/]"}


def doctor(
    data: Annotated[
        Path, typer.Option(help="Data directory of a `simba up` to examine.", envvar="SIMBA_DATA")
    ] = Path(".simba"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check every database and service that SiMBA uses, and say what to do.

    Looks at what the settings SIMBA_… name, and otherwise at the `simba up` that runs on DATA. Ends with
    status 1 when something does not work.
    """
    from rich.console import Console
    from rich.markup import escape

    from stack.doctor.examine import examine, failed

    findings = []
    console = Console()
    for finding in examine(data):
        findings.append(finding)
        if not as_json:
            console.print(
                f" {_MARKS[finding.verdict]} [bold]{finding.name:18}[/] {escape(finding.detail)}",
                soft_wrap=True,
            )
            if finding.advice:
                console.print(f"   {'':18} [dim]→ {escape(finding.advice)}[/]", soft_wrap=True)
    if as_json:
        print(json.dumps({"ok": not failed(findings), "checks": [finding.as_dict() for finding in findings]}))
    raise typer.Exit(int(failed(findings)))
