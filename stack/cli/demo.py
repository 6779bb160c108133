"""`simba demo`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def demo(
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as one JSON object.")] = False,
    data: Annotated[
        Path | None, typer.Option(help="Keep the stack's data here. Default: a temporary folder.")
    ] = None,
    invoice: Annotated[Path, typer.Option(help="Where the invoice's PDF goes.")] = Path(
        ".simba/demo/invoice.pdf"
    ),
) -> None:
    """Show the whole path, from a meter's payload to a bill.

    Starts a stack of its own on free ports, creates a small utility, publishes payloads of real LoRaWAN
    meters, imports a real half-hourly series, validates it, bills a month, disconnects a meter, forecasts
    tomorrow and fetches the invoice over REST. Stops everything at the end. Takes less than two minutes.
    """
    from rich.console import Console

    from stack.demo.run import run_demo
    from stack.demo.running_stack import StackDidNotStart

    console = Console(stderr=as_json, quiet=as_json)
    try:
        report = run_demo(console, data=data, invoice=invoice)
    except StackDidNotStart as error:
        typer.secho(f"The stack did not start:\n{error}", fg="red", err=True)
        raise typer.Exit(1) from None
    if as_json:
        print(json.dumps(report.as_dict()))
